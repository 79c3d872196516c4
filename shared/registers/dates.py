"""Days as registers write them, and whether day and month may be swapped.

Text is read in the order that the whole file follows; a cell that Excel turned into a date may have been turned the wrong way
round: typed 12/03 on a machine set to American dates it became 3 December, while 25/03 stayed text. Where the file does not
decide, ``Evidence.questions`` says what a person must be asked: nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from shared.registers.errors import RowError, Words
from shared.registers.text import folded, plain

Order = Literal["dmy", "mdy"]
Cells = Literal["kept", "swapped"]
EPOCH = dt.date(1899, 12, 30)
"""Day 0 of Excel's count (from 1 March 1900 on, before which no register begins)."""
YEARS = range(1976, 2200)
"""Those in which the contract lets a day lie."""
SERIALS = range(27_760, 73_051)
"""1976 to 2099."""
_PARTS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?")
_SPOKEN = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_YEAR = re.compile(r"(?:nam )?(19|20)\d\d")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})\s*[/.\- ]\s*(?:nam )?(\d{4})")


class Read(NamedTuple):
    """A day as written. ``other``: the day it would be with day and month swapped, where both readings exist and differ.
    ``how``: "text" or "cell" where the order matters, else "" ."""

    first: int
    second: int
    year: int
    how: str

    def day(self, order: Order, cells: Cells) -> dt.date:
        swap = (self.how == "text" and order == "mdy") or (
            self.how == "cell" and cells == "swapped" and self.first <= 12
        )
        d, m = (self.second, self.first) if swap else (self.first, self.second)
        if self.year not in YEARS:
            raise RowError(
                f"Năm {self.year} không hợp lệ: từ {YEARS[0]} đến {YEARS[-1]}.",
                f"The year {self.year} lies outside {YEARS[0]} to {YEARS[-1]}.",
            )
        try:
            return dt.date(self.year, m, d)
        except ValueError:
            raise RowError(
                f"Ngày “{self.first}/{self.second}/{self.year}” không có trong lịch.",
                f"There is no day {self.first}/{self.second}/{self.year}.",
            ) from None

    @property
    def both(self) -> bool:
        return bool(self.how) and self.first <= 12 and self.second <= 12 and self.first != self.second


def read(value: Any) -> Read | None:
    """None for an empty cell. Raise ``RowError``."""
    if isinstance(value, str):
        return _read_text(value)
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return Read(value.day, value.month, value.year, "cell")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value in range(1900, 2101):
            raise _only_year(plain(value))
        return _serial(value)
    return _read_text(plain(value))


@lru_cache(maxsize=8_192)
def _read_text(written: str) -> Read | None:
    """Many rows bear the same day."""
    text = plain(written)
    if not text:
        return None
    if match := _PARTS.fullmatch(text.removeprefix("ngày ").removeprefix("Ngày ").strip(" .")):
        first, second, year = (int(part) for part in match.groups())
        return Read(first, second, year if year > 99 else 2000 + year, "text")
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return Read(day, month, year, "")
    words = folded(text)
    if match := _SPOKEN.fullmatch(words):
        day, month, year = (int(part) for part in match.groups())
        return Read(day, month, year, "")
    if _YEAR.fullmatch(words):
        raise _only_year(text)
    if text.isdecimal() and len(text) < 7:
        return _serial(int(text))
    if _MONTH.fullmatch(words):
        raise RowError(f"“{text}” chỉ có tháng: ghi đủ ngày/tháng/năm.", f"“{text}” gives the month only: write day/month/year.")
    raise RowError(f"“{text[:40]}” không phải là ngày: ghi ngày/tháng/năm.", f"“{text[:40]}” is no day: write day/month/year.")


def _serial(value: float) -> Read:
    if int(value) not in SERIALS:
        raise RowError(f"“{plain(value)}” không phải là ngày.", f"“{plain(value)}” is no day.")
    day = EPOCH + dt.timedelta(days=int(value))
    return Read(day.day, day.month, day.year, "cell")


def _only_year(text: str) -> RowError:
    return RowError(f"“{text}” chỉ có năm: ghi đủ ngày/tháng/năm.", f"“{text}” gives the year only: write day/month/year.")


def read_year(value: Any, latest: int) -> int | None:
    """A year of birth, at most ``latest``: a year, or the year of a date, which may be of two digits. Raise ``RowError``."""
    if isinstance(value, int | float) and 1900 <= value <= 2100:
        return int(value)
    text = plain(value)
    if not text:
        return None
    if re.fullmatch(r"(19|20)\d\d", text):
        return int(text)
    found = read(value)
    assert found is not None
    return found.year if found.year <= latest else found.year - 100


def read_month(value: Any) -> tuple[dt.date, dt.date]:
    """First and last day of a month: "3/2024", "tháng 3 năm 2024", "2024-03", or any day of it. Raise ``RowError``."""
    if isinstance(value, dt.date):
        return _month(value.year, value.month)
    text = plain(value)
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})", text):
        return _month(int(match[1]), int(match[2]))
    if match := _MONTH.fullmatch(folded(text)):
        return _month(int(match[2]), int(match[1]))
    raise RowError(f"“{text[:40]}” không phải là tháng: ghi tháng/năm.", f"“{text[:40]}” is no month: write month/year.")


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    if not 1 <= month <= 12 or not 1976 <= year <= 2100:
        raise RowError(f"Không có tháng {month}/{year}.", f"There is no month {month}/{year}.")
    first = dt.date(year, month, 1)
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


class Question(NamedTuple):
    """``option``: of the command, which answers it with one of ``answers``."""

    option: str
    answers: tuple[str, str]
    words: Words
    lines: tuple[str, ...]


@lru_cache(maxsize=8_192)
def _disordered(found: tuple[Read, ...], order: Order, cells: Cells, today: dt.date) -> bool:
    try:
        days = [one.day(order, cells) for one in found]
    except RowError:
        return False
    return any(a > b for a, b in pairwise(days)) or any(day > today for day in days)


@lru_cache(maxsize=8_192, typed=True)
def iso(value: Any, order: Order, cells: Cells, today: dt.date) -> str | None:
    """The day of a cell, None for an empty one. Raise ``RowError``, also for a day after ``today``."""
    found = read(value)
    if found is None:
        return None
    day = found.day(order, cells)
    if day > today:
        raise RowError(f"Ngày {day:%d/%m/%Y} ở tương lai.", f"The day {day.isoformat()} lies in the future.")
    return day.isoformat()


@dataclass(slots=True)
class Evidence:
    """What the dates of a file say about their order; ``today``: what lies after it cannot be meant."""

    today: dt.date
    day_first: list[str] = field(default_factory=list)
    month_first: list[str] = field(default_factory=list)
    either: list[str] = field(default_factory=list)
    cells_either: list[str] = field(default_factory=list)
    cells_clear: int = 0
    text_wrong: dict[str, list[str]] = field(default_factory=lambda: {"dmy": [], "mdy": []})
    cells_wrong: dict[str, list[str]] = field(default_factory=lambda: {"kept": [], "swapped": []})

    def note(self, found: list[Read], where: str) -> None:
        """The dates of one row, in the order in which they must follow one another."""
        for one in found:
            if one.how == "text":
                if one.both:
                    self.either.append(where) if len(self.either) < 1000 else None
                elif one.first > 12:
                    self.day_first.append(where) if len(self.day_first) < 1000 else None
                elif one.second > 12:
                    self.month_first.append(where)
            elif one.how == "cell":
                if one.both:
                    self.cells_either.append(where) if len(self.cells_either) < 1000 else None
                elif one.first > 12:
                    self.cells_clear += 1
        if any(one.how == "text" for one in found):
            for order in ("dmy", "mdy"):
                if _disordered(tuple(found), order, "kept", self.today):
                    self.text_wrong[order].append(where)
        if any(one.how == "cell" and one.both for one in found):
            for cells in ("kept", "swapped"):
                if _disordered(tuple(found), "dmy", cells, self.today):
                    self.cells_wrong[cells].append(where)

    def questions(self, order: Order | None, cells: Cells | None) -> list[Question]:
        """What must be asked before anything is taken in; empty if all is clear or answered."""
        asked = []
        if order is None and (why := self._text_doubt()):
            asked.append(Question("--day-order", ("dmy", "mdy"), why[0], tuple(why[1][:5])))
        if cells is None and (why := self._cell_doubt()):
            asked.append(Question("--excel-dates", ("kept", "swapped"), why[0], tuple(why[1][:5])))
        return asked

    def _text_doubt(self) -> tuple[Words, list[str]] | None:
        if self.day_first and self.month_first:
            return Words(
                "Có ngày ghi ngày trước (25/03), có ngày ghi tháng trước (03/25). Ngày hay tháng đứng trước?",
                "Some dates put the day first (25/03), some the month (03/25). Which stands first?",
            ), self.month_first
        if self.month_first:
            return Words(
                "Các ngày có vẻ ghi tháng trước (03/25). Ngày hay tháng đứng trước?",
                "The dates seem to put the month first (03/25). Which stands first?",
            ), self.month_first
        if self.either and not self.day_first:
            if self.text_wrong["mdy"] and not self.text_wrong["dmy"]:
                return None
            return Words(
                "Không rõ 05/03 là ngày 5 tháng 3 hay ngày 3 tháng 5. Ngày hay tháng đứng trước?",
                "05/03 may be 5 March or 3 May. Does the day or the month stand first?",
            ), self.either
        if self.either and self.text_wrong["dmy"] and len(self.text_wrong["mdy"]) < len(self.text_wrong["dmy"]):
            return Words(
                "Đọc ngày trước thì có việc kết thúc trước khi nhận, hoặc ngày ở tương lai. Ngày hay tháng đứng trước?",
                "With the day first, something ended before it was received or lies ahead. Which stands first?",
            ), self.text_wrong["dmy"]
        return None

    def _cell_doubt(self) -> tuple[Words, list[str]] | None:
        if not self.cells_either:
            return None
        if self.day_first and not self.cells_clear:
            return Words(
                "Excel có thể đã đổi ngày với tháng: mọi ô dạng ngày đều có ngày ≤ 12, ô có ngày > 12 vẫn là chữ. "
                "Giữ nguyên (kept) hay đổi lại (swapped)?",
                "Excel may have swapped day and month: all its date cells have a day ≤ 12, later days stayed text. "
                "Keep them (kept) or swap them back (swapped)?",
            ), self.cells_either
        if self.cells_wrong["kept"] and len(self.cells_wrong["swapped"]) < len(self.cells_wrong["kept"]):
            return Words(
                "Theo các ô dạng ngày thì có việc kết thúc trước khi nhận, hoặc ngày ở tương lai; đổi ngày với tháng thì hợp lý. "
                "Giữ nguyên (kept) hay đổi lại (swapped)?",
                "By Excel's date cells something ended before it was received or lies ahead; with day and month swapped it fits. "
                "Keep them (kept) or swap them (swapped)?",
            ), self.cells_wrong["kept"]
        return None

    def order(self, given: Order | None) -> Order:
        return given or "dmy"
