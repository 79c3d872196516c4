"""What every rules file has: versions with their first days, days, words of a list, marks, notes, whole numbers, yes or no."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast, get_args

from shared.rulebooks.source import Block, Item

T = TypeVar("T")
Mark = Literal["F", "I", "U"]
"""Found in a published source; inferred, so a default that may be changed; unverified."""


def read_day(item: Item) -> dt.date:
    text = item.text()
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise item.error(f"{text!r} is not a day", "write it as YYYY-MM-DD, for example 2016-01-01") from None


def read_one_of(item: Item, allowed: Any) -> Any:
    """``allowed``: a ``Literal``."""
    text = item.text()
    if text not in get_args(allowed):
        raise item.error(f"{text!r} is not known", "write one of: " + ", ".join(get_args(allowed)))
    return cast(Any, text)


def read_yes_no(item: Item) -> bool:
    return bool(read_one_of(item, Literal["true", "false"]) == "true")


def read_whole(item: Item) -> int:
    text = item.text()
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise item.error(f"{text!r} is not a whole number", "write digits only, for example 30")
    return int(text)


def read_note(block: Block) -> None:
    """A note is for people; it must still be a text."""
    note = block.maybe("note")
    if note is not None:
        note.text()


def read_versions(top: Block, version: Callable[[dt.date, Block], T]) -> tuple[T, ...]:
    """The blocks under ``versions``, each holding from its day ``from`` on; ``version`` takes the rest of a block."""
    found: list[T] = []
    before: dt.date | None = None
    for block in top.blocks("versions"):
        first = block.take("from")
        day = read_day(first)
        if before is not None and day <= before:
            raise first.error("is not after the version before it", "put the versions in the order of their days")
        found.append(version(day, block))
        block.finish()
        before = day
    return tuple(found)
