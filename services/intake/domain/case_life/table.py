"""The life of a case as data: which table of the law is in force on a day, and what it says of an event."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from shared.calendar import add_calendar_days, add_months, add_working_days, next_working_day
from shared.contracts import When
from shared.contracts.outgoing import Status
from shared.rulebooks import Mark

Unit = Literal["days", "working_days", "months"]
DEADLINES = ("start", "tell_danger", "court_recognition", "court_answer", "performance", "written_up")
FLAGS = ("recused_other", "recused_again", "no_replacement", "joint_session", "settlement_incomplete", "obstacle_unknown")
"""What every table must say something about: the fold asks for it by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event's effect; the fields are those of the file, whose head explains them. ``back`` stands for ``to: back``; ``ends``:
    it leads to a status in which the case has ended."""

    rank: int
    expected: frozenset[Status]
    cite: str
    mark: Mark
    to: Status | None = None
    back: bool = False
    ends: bool = False
    set: tuple[tuple[str, Any], ...] = ()
    keep: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    on: str | None = None
    first_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    length: int
    unit: Unit
    cite: str
    mark: Mark
    flag: str | None = None
    roll: bool = False

    def last_day(self, day: str) -> When:
        """The last day in time, counted from ``day`` (a ``When``), which is not counted itself."""
        return _last_day(self.length, self.unit, self.roll, day[:10])


@lru_cache(maxsize=16384)
def _last_day(length: int, unit: Unit, roll: bool, since: str) -> When:
    """Remembered: a batch asks for the same days again and again, and the fold of a case is the hot path."""
    day = dt.date.fromisoformat(since)
    if unit == "working_days":
        last = add_working_days(day, length)
    elif unit == "months":
        last = add_months(day, length)
        last = next_working_day(last) if roll else last
    else:
        last = add_calendar_days(day, length, roll=roll)
    return When(last.isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where something stands."""

    cite: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLife:
    """One table. ``since``: the first day on which it is in force, as ``YYYY-MM-DD``. ``items``: contents of a written
    settlement."""

    id: str
    since: str
    ended: frozenset[Status]
    items: tuple[str, ...]
    steps: Mapping[str, Step]
    deadlines: Mapping[str, Deadline]
    flags: Mapping[str, Rule]


class CaseLaw:
    """Every table, the oldest first."""

    def __init__(self, tables: tuple[CaseLife, ...]) -> None:
        self.tables = tables
        self._first = tables[0]
        self._later = [table.since for table in tables[1:]]

    def on(self, when: str) -> CaseLife:
        """The table in force on a day (``When``). What lies before the first one is read by it, too."""
        if not self._later:
            return self._first
        return self.tables[bisect_right(self._later, when[:10])]
