"""YAML with line numbers and without surprises: every scalar is text until a reader says what it is, a key stands
once, and a key that nobody asked for is an error.

    block = read(path)
    block.text("title"); block.block("window"); block.blocks("criteria")
    block.finish()      # anything left is unknown
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import yaml

from shared.rulebooks.plain import fit


class RulesError(ValueError):
    """Something in a rules file cannot be read. The text says where, what and what to do."""

    def __init__(self, file: Path, line: int, where: str, problem: str, remedy: str) -> None:
        at = f"{where}: " if where else ""
        super().__init__(f"{file.name}:{line}: {fit(at)}{fit(problem)}; {fit(remedy)}")
        self.file, self.line, self.where, self.problem, self.remedy = file, line, where, problem, remedy


class Item:
    """A node and how it is reached."""

    def __init__(self, node: yaml.Node, file: Path, where: str) -> None:
        self.node, self.file, self.where = node, file, where

    def error(self, problem: str, remedy: str) -> RulesError:
        return RulesError(self.file, self.line, self.where, problem, remedy)

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    @property
    def is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_block(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error("a single value is expected", "write it on one line after the colon")
        value = str(self.node.value).strip()
        if not value:
            raise self.error("the value is empty", "fill it in, or take the key out")
        return value

    def items(self) -> list[Item]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is expected", "begin each entry with a dash")
        if not self.node.value:
            raise self.error("the list is empty", "give at least one entry")
        return [Item(node, self.file, f"{self.where}[{i}]") for i, node in enumerate(self.node.value)]

    def block(self) -> Block:
        return Block(self)


class Block:
    """A mapping, whose keys are taken out one by one."""

    def __init__(self, item: Item) -> None:
        if not isinstance(item.node, yaml.MappingNode):
            raise item.error("keys with values are expected", "write `key: value` lines, indented alike")
        self.item = item
        self._left: dict[str, Item] = {}
        self._all: dict[str, Item] = {}
        self._asked: list[str] = []
        for key, value in item.node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            here = Item(value, item.file, f"{item.where}.{name}" if item.where else str(name))
            at_key = Item(key, item.file, here.where)
            if not isinstance(key, yaml.ScalarNode):
                raise at_key.error("a key must be plain text", "write `key: value`")
            if name in self._left:
                raise at_key.error(f"the key {name!r} stands twice", "keep one of them")
            self._left[str(name)] = self._all[str(name)] = here

    def error(self, problem: str, remedy: str) -> RulesError:
        return self.item.error(problem, remedy)

    def take(self, name: str) -> Item:
        found = self.maybe(name)
        if found is None:
            raise self.error(f"{name!r} is missing", f"add `{name}: …`")
        return found

    def maybe(self, name: str) -> Item | None:
        self._asked.append(name)
        return self._left.pop(name, None)

    def take_again(self, name: str) -> Item:
        """One that was taken before."""
        return self._all[name]

    def names(self) -> list[str]:
        """Keys that nobody has taken yet, for blocks whose keys are data."""
        return list(self._left)

    def text(self, name: str) -> str:
        return self.take(name).text()

    def block(self, name: str) -> Block:
        return self.take(name).block()

    def blocks(self, name: str) -> Iterator[Block]:
        return (item.block() for item in self.take(name).items())

    def finish(self) -> None:
        """Raise for the first key that nobody asked for."""
        for name, item in self._left.items():
            near = difflib.get_close_matches(name, self._asked, n=1)
            known = ", ".join(self._asked)
            raise item.error(
                f"unknown key {name!r}", f"did you mean {near[0]!r}?" if near else f"known here are: {known}"
            )


def read(path: Path) -> Block:
    """The file's top block. Raise ``RulesError``, or ``OSError`` if it cannot be opened."""
    return parsed(read_text(path), path)


def read_text(path: Path) -> str:
    """Raise ``RulesError``, or ``OSError`` if it cannot be opened."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulesError(path, 1, "", f"not UTF-8 ({error.reason})", "save the file as UTF-8") from None


def parsed(text: str, path: Path) -> Block:
    """The top block of a text. ``path``: what to call it. Raise ``RulesError``."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise RulesError(path, 1, "", "blocks within blocks without end", "check the indentation") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RulesError(
            path, mark.line + 1 if mark else 1, "", f"not YAML: {getattr(error, 'problem', None) or error}",
            "check the indentation, the quotes and the colons there",
        ) from None
    if node is None:
        raise RulesError(path, 1, "", "the file is empty", "copy a file that works and change it")
    return Item(node, path, "").block()
