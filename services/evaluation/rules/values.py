"""Reading a value as the type that a measure asks for."""

from __future__ import annotations

import datetime as dt
import re
import types
from enum import StrEnum
from fractions import Fraction
from typing import Any, get_args, get_origin

from services.evaluation.domain.rules import MonthDay, Window
from services.evaluation.rules.source import Item

_FRACTION = re.compile(r"(\d+(?:\.\d+)?)%|(\d+)/([1-9]\d*)")
_WHOLE = re.compile(r"\d{1,3}(_\d{3})+|\d+")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


def read_value(item: Item, kind: Any) -> Any:
    """Raise ``RulesError``. ``kind``: Fraction, int, bool, MonthDay, Window, a StrEnum, or a tuple of one."""
    if get_origin(kind) is tuple:
        return tuple(read_value(part, get_args(kind)[0]) for part in item.items())
    if kind is Window:
        return _window(item)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word(item, kind)
    reader = _READERS.get(kind)
    if reader is None:
        raise TypeError(f"no reader for {kind!r}: {types.resolve_bases((kind,))!r}")
    return reader(item)


def read_day(item: Item) -> dt.date:
    text = item.text()
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise item.error(f"{text!r} is not a day", "write it as YYYY-MM-DD, for example 2016-01-01") from None


def _fraction(item: Item) -> Fraction:
    match = _FRACTION.fullmatch(item.text())
    if match is None:
        raise item.error(f"{item.text()!r} is not a share", "write 85% or 9/10")
    share = Fraction(match[1]) / 100 if match[1] else Fraction(int(match[2]), int(match[3]))
    if share > 1:
        raise item.error(f"{item.text()!r} is more than the whole", "a share lies between 0% and 100%")
    return share


def _whole(item: Item) -> int:
    text = item.text()
    if not _WHOLE.fullmatch(text):
        raise item.error(f"{text!r} is not a whole number", "write 30, or 300_000 for thousands")
    return int(text)


def _yes(item: Item) -> bool:
    text = item.text()
    if text not in ("true", "false"):
        raise item.error(f"{text!r} is neither true nor false", "write true or false")
    return text == "true"


def _month_day(item: Item) -> MonthDay:
    text = item.text()
    match = _MONTH_DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        found = MonthDay(int(match[1]), int(match[2]))
        found.of(2023)  # a day that every year has
    except ValueError:
        raise item.error(f"{text!r} is not a day of every year", 'write "MM-DD", for example "11-15"') from None
    return found


def _window(item: Item) -> Window:
    block = item.block()
    window = Window(
        first=_month_day(block.take("first")), starts_year_before=_yes(block.take("starts_year_before")),
        last=_month_day(block.take("last")),
    )
    block.finish()
    if (window.first > window.last) != window.starts_year_before:
        raise item.error(
            "the window would be empty or longer than a year",
            "set starts_year_before to true exactly if the first day comes later in the year than the last",
        )
    return window


def _word(item: Item, kind: type[StrEnum]) -> StrEnum:
    text = item.text()
    try:
        return kind(text)
    except ValueError:
        raise item.error(f"{text!r} is not known", "write one of: " + ", ".join(kind)) from None


_READERS: dict[Any, Any] = {Fraction: _fraction, int: _whole, bool: _yes, MonthDay: _month_day}
