"""A rule's value as text, both ways: what a scheme's file, a change on the command line and a commune's choice have in
common. Strict: one way to write each kind, so that two people read the same.

    share    85%  9/10        whole    30  300_000        day of a year    11-15        word    one of a list
    points   5  2.5  5/2      amount   80%  12            yes or no        true         several words    a, b
"""

from __future__ import annotations

import re
from enum import StrEnum
from fractions import Fraction
from typing import Any, NewType, get_args, get_origin

from services.evaluation.domain.rules import MonthDay, Window

Points = NewType("Points", Fraction)
"""Points of a table: not negative, exact, as decimals or a fraction."""
Amount = NewType("Amount", Fraction)
"""What a band begins at: a share, or a number of something."""
Otherwise = NewType("Otherwise", object)
"""What there is in place of points that cannot be made: points, or None for not enough evidence."""
NOT_ENOUGH = "not_enough_evidence"

_SHARE = re.compile(r"(\d+(?:\.\d+)?)%|(\d+)/([1-9]\d*)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\d+/[1-9]\d*")
_WHOLE = re.compile(r"\d{1,3}(_\d{3})+|\d+")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")
_DAY_OF_COMMON_YEAR = 2023


class ValueTextError(ValueError):
    """A text is not a value of the kind asked for: what is wrong, and how to write it. ``vi``: both in Vietnamese."""

    def __init__(self, problem: str, remedy: str, vi: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem, self.remedy, self.vi = problem, remedy, vi


def parse(text: str, kind: Any) -> Any:
    """``kind``: Fraction (a share), int, bool, MonthDay, Points, Amount, a StrEnum, or a tuple of one (parted by commas).
    Raise ``ValueTextError``; ``TypeError`` for a kind that has no text."""
    if get_origin(kind) is tuple:
        return tuple(parse(part.strip(), get_args(kind)[0]) for part in text.split(","))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word(text, kind)
    reader = _READERS.get(kind)
    if reader is None:
        raise TypeError(f"no text for {kind!r}")
    return reader(text)


def has_text(kind: Any) -> bool:
    """Whether a value of this kind can be written on one line."""
    if get_origin(kind) is tuple:
        kind = get_args(kind)[0]
    return kind in _READERS or (isinstance(kind, type) and issubclass(kind, StrEnum))


def written(value: Any, kind: Any) -> str:
    """The value as a file would hold it: ``parse(written(v, kind), kind) == v`` for what has a text."""
    if isinstance(value, tuple):
        inner = get_args(kind)[0] if get_origin(kind) is tuple else None
        return ", ".join(written(part, inner) for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return NOT_ENOUGH
    if isinstance(value, MonthDay):
        return f"{value.month:02d}-{value.day:02d}"
    if isinstance(value, Window):
        year_before = " (year before)" if value.starts_year_before else ""
        return f"{written(value.first, MonthDay)}{year_before} to {written(value.last, MonthDay)}"
    if isinstance(value, Fraction):
        return _decimal(value) if kind in (Points, Otherwise) or (kind is Amount and value > 1) else _percent(value)
    if isinstance(value, int):
        return f"{value:_}"
    return str(value)


def _percent(value: Fraction) -> str:
    shown = _decimal(value * 100)
    return f"{value.numerator}/{value.denominator}" if "/" in shown else f"{shown}%"


def _decimal(value: Fraction) -> str:
    """With as many decimals as it needs; as a fraction where no number of them is enough."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _share(text: str) -> Fraction:
    match = _SHARE.fullmatch(text)
    if match is None:
        raise ValueTextError(
            f"{text!r} is not a share", "write 85% or 9/10", f"“{text}” không phải một tỷ lệ; ghi 85% hoặc 9/10"
        )
    share = Fraction(match[1]) / 100 if match[1] else Fraction(int(match[2]), int(match[3]))
    if share > 1:
        raise ValueTextError(
            f"{text!r} is more than the whole", "a share lies between 0% and 100%",
            f"“{text}” lớn hơn toàn bộ; tỷ lệ nằm từ 0% đến 100%",
        )
    return share


def _points(text: str) -> Fraction:
    if not _NUMBER.fullmatch(text):
        raise ValueTextError(
            f"{text!r} is not a number of points", "write 5, 2.5 or 5/2; never less than 0",
            f"“{text}” không phải số điểm; ghi 5, 2.5 hoặc 5/2, không nhỏ hơn 0",
        )
    return Fraction(text)


def _otherwise(text: str) -> Fraction | None:
    if text == NOT_ENOUGH:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueTextError(
            f"{text!r} is neither points nor {NOT_ENOUGH}", f"write a number as 0, or {NOT_ENOUGH}",
            f"“{text}” không phải số điểm; ghi một số như 0, hoặc {NOT_ENOUGH}",
        )
    return Fraction(text)


def _amount(text: str) -> Fraction:
    if text.endswith("%"):
        return _share(text)
    if not _NUMBER.fullmatch(text):
        raise ValueTextError(
            f"{text!r} is not an amount", "write a share as 80%, a number as 12",
            f"“{text}” không phải một mức; ghi tỷ lệ như 80%, số như 12",
        )
    return Fraction(text)


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueTextError(
            f"{text!r} is not a whole number", "write 30, or 300_000 for thousands",
            f"“{text}” không phải số nguyên; ghi 30, hàng nghìn ghi 300_000",
        )
    return int(text)


def _yes(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueTextError(
            f"{text!r} is neither true nor false", "write true or false",
            f"“{text}” không phải có hay không; ghi true (có) hoặc false (không)",
        )
    return text == "true"


def _month_day(text: str) -> MonthDay:
    match = _MONTH_DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        found = MonthDay(int(match[1]), int(match[2]))
        found.of(_DAY_OF_COMMON_YEAR)
    except ValueError:
        raise ValueTextError(
            f"{text!r} is not a day of every year", 'write "MM-DD", for example "11-15"',
            f"“{text}” không phải một ngày của mọi năm; ghi tháng-ngày, ví dụ 11-15",
        ) from None
    return found


def _word(text: str, kind: type[StrEnum]) -> StrEnum:
    try:
        return kind(text)
    except ValueError:
        raise ValueTextError(
            f"{text!r} is not known", "write one of: " + ", ".join(kind),
            f"không có giá trị “{text}”; ghi một trong: {', '.join(kind)}",
        ) from None


_READERS: dict[Any, Any] = {
    Fraction: _share, int: _whole, bool: _yes, MonthDay: _month_day, Points: _points, Amount: _amount,
    Otherwise: _otherwise, str: str,
}
