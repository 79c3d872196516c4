"""What people read, as data: ``vi*.yaml`` and ``en*.yaml`` hold the same keys.

    words.say("vi", "team.lacking", n=3)      # one sentence
    words.both("outcome.applied")             # {"vi": …, "en": …}, for programs' answers
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("vi", "en")
"""The first is what a reader gets who asked for none."""


class Words:
    def __init__(self, tables: dict[str, dict[str, str]]) -> None:
        self._tables = tables

    def say(self, language: str, key: str, /, **values: Any) -> str:
        """Raise ``KeyError`` for a sentence that does not exist, and for a value that it needs."""
        text = self._tables[language][key]
        return text.format(**values)

    def has(self, key: str) -> bool:
        return key in self._tables[LANGUAGES[0]]

    def both(self, key: str, /, **values: Any) -> dict[str, str]:
        return {language: self.say(language, key, **values) for language in LANGUAGES}

    def keys(self, language: str) -> set[str]:
        return set(self._tables[language])


@cache
def load() -> Words:
    return Words({language: table(language) for language in LANGUAGES})


def table(language: str, folder: Path = Path(__file__).parent) -> dict[str, str]:
    """Every sentence of a language, from all of its files. Raise ``ValueError`` where two files say the same key."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob(f"{language}*.yaml")):
        more = _flat(path)
        if twice := found.keys() & more.keys():
            raise ValueError(f"{path.name}: {min(twice)} stands in another file too")
        found |= more
    return found


def _flat(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(node: Any, at: str) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                walk(value, f"{at}.{key}" if at else str(key))
        elif isinstance(node, str):
            found[at] = node
        else:
            raise ValueError(f"{path.name}: {at} is not text but {node!r}; put it in quotes")

    walk(yaml.load(path.read_text("utf-8"), Loader=_Strict), "")
    return found


class _Strict(yaml.SafeLoader):
    """Refuses a key that stands twice: the second would win unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)
