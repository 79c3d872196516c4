"""Reads ``rules.yaml``: strict, and naming file and line of whatever is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

from services.notification.domain.rules import Rule, Rules
from services.notification.domain.text import SMS_PART, WORDS, longest_sms, words_used
from shared.rulebooks.plain import STUMBLES, fit, stumbled

SHIPPED = Path(__file__).with_name("rules.yaml")


class RulesError(ValueError):
    """The rules cannot be read; the message names file and line."""

    def __init__(self, text: str) -> None:
        super().__init__(fit(text))


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice, which YAML itself lets pass, and remembers the line of every value. Dates stay text,
    because YAML's own reading of a bad one does not say where it stands."""

    def __init__(self, text: str, lines: dict[str, int]) -> None:
        super().__init__(text)
        self.lines = lines

    def read(self, path: Path) -> Any:
        node = self.get_single_node()
        if node is None:
            raise RulesError(f"{path}: is empty")
        self._walk(node, "$", path)
        return self.construct_document(node)

    def _walk(self, node: yaml.Node, at: str, path: Path) -> None:
        self.lines[at] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise RulesError(f"{path}:{key.start_mark.line + 1}: a key must be a text")
                if key.value in seen:
                    raise RulesError(f"{path}:{key.start_mark.line + 1}: {key.value!r} is given twice")
                seen.add(key.value)
                self.lines[f"{at}.{key.value}"] = key.start_mark.line + 1
                self._walk(value, f"{at}.{key.value}", path)
                self.lines[f"{at}.{key.value}"] = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for i, item in enumerate(node.value):
                self._walk(item, f"{at}[{i}]", path)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_rules(path: Path = SHIPPED) -> Rules:
    """Raise ``RulesError``."""
    lines: dict[str, int] = {}
    try:
        loaded = _Loader(path.read_text(encoding="utf-8"), lines).read(path)
        rules = msgspec.convert(loaded, Rules)
    except OSError as error:
        raise RulesError(f"{path} cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RulesError(f"{path}:{mark.line + 1 if mark else '?'}: {getattr(error, 'problem', None) or error}") from None
    except msgspec.ValidationError as error:
        raise RulesError(_located(path, str(error), lines)) from None
    except RulesError:
        raise
    except STUMBLES as error:
        raise RulesError(f"{path}: {stumbled(error)}") from None
    _check(path, rules, lines)
    return rules


def _located(path: Path, message: str, lines: dict[str, int]) -> str:
    found = re.search(r" - at `(\$[^`]*)`$", message)
    at = found[1] if found else "$"
    what = message[: found.start()] if found else message
    named = re.search(r"field `(\w+)`", what)
    if named and f"{at}.{named[1]}" in lines:
        at = f"{at}.{named[1]}"
    return f"{path}:{lines.get(at, 1)}: {what} ({at.removeprefix('$').lstrip('.') or 'top level'})"


def _check(path: Path, rules: Rules, lines: dict[str, int]) -> None:
    """What the types cannot say."""
    where = {rule.id: i for i, rule in enumerate(rules.rules)}
    missing = set(WORDS) - set(where)
    if missing:
        raise RulesError(f"{path}: no rule {', '.join(sorted(missing))}")
    for i, rule in enumerate(rules.rules):
        if where[rule.id] != i:
            raise RulesError(f"{path}:{lines[f'$.rules[{i}]']}: rule {rule.id!r} is given twice")
        for field, text in _texts(rule):
            at = f"{path}:{lines[f'$.rules[{i}].{field}']}"
            try:
                unknown = words_used(text) - WORDS[rule.id]
            except ValueError as error:
                raise RulesError(f"{at}: {error}") from None
            if unknown:
                raise RulesError(f"{at}: {{{sorted(unknown)[0]}}} is not known here; known: {', '.join(sorted(WORDS[rule.id]))}")
        if longest_sms(rule) > SMS_PART:
            line = lines[f"$.rules[{i}].sms"]
            raise RulesError(f"{path}:{line}: the SMS may get {longest_sms(rule)} characters long, {SMS_PART} fit one part")
    if rules["assignment"].deadline is None:
        raise RulesError(f"{path}:{lines[_at(where['assignment'])]}: the rule 'assignment' needs a deadline")


def _at(index: int) -> str:
    return f"$.rules[{index}]"


def _texts(rule: Rule) -> list[tuple[str, str]]:
    return [("mail.subject", rule.mail.subject), ("mail.body", rule.mail.body), ("sms", rule.sms)]
