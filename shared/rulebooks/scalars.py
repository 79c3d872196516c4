"""The scalars that every rules file has: days, words of a list, marks, notes, whole numbers, yes or no."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal, cast, get_args

from shared.rulebooks.source import Block, Item

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
