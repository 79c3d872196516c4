"""Where two documents differ, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

ABSENT = "(absent)"


class Difference(NamedTuple):
    """``field``: a path such as ``case.history.2.on``, empty where the whole document is meant; ``expected``: what it should
    be."""

    collection: str
    id: str
    field: str
    stored: Any
    expected: Any


def differences(collection: str, id: str, stored: Any, expected: Any, field: str = "") -> Iterator[Difference]:
    """The innermost fields that differ; nothing where both say the same."""
    if stored == expected and type(stored) is type(expected):
        return
    if isinstance(stored, dict) and isinstance(expected, dict):
        pairs = [(name, stored.get(name, ABSENT), expected.get(name, ABSENT)) for name in sorted(stored.keys() | expected.keys())]
    elif isinstance(stored, list) and isinstance(expected, list) and len(stored) == len(expected):
        pairs = [(str(place), *both) for place, both in enumerate(zip(stored, expected, strict=True))]
    else:
        if stored != expected:
            yield Difference(collection, id, field, stored, expected)
        return
    for name, ours, theirs in pairs:
        yield from differences(collection, id, ours, theirs, f"{field}.{name}" if field else name)
