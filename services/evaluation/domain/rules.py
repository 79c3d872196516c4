"""A scheme: its criteria and their values, each dated and cited, and its window.

A value in force on a day is found with ``Dated.at``; a year's values are those of the window's last day, save for
what names a day of its own (a rate of pay).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Generic, Literal, TypeVar

from services.evaluation.domain.tree import Duty, Evidence
from services.evaluation.domain.wording import Words
from shared.calendar import Span

T = TypeVar("T")
Mark = Literal["F", "I", "U"]
"""Found in a published source; inferred, so a default that may be changed; unverified."""


class NotInForceError(LookupError):
    """No value is in force on the day asked."""


@dataclass(frozen=True, slots=True)
class Cited(Generic[T]):
    """A value with its source. ``since``: the first day on which it holds."""

    value: T
    citation: str
    mark: Mark
    since: dt.date = dt.date.min


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value over time, oldest first."""

    values: tuple[Cited[T], ...]

    def at(self, day: dt.date) -> Cited[T]:
        """The value in force on ``day``. Raise ``NotInForceError``."""
        found = self.find(day)
        if found is None:
            raise NotInForceError(f"no value before {self.values[0].since}")
        return found

    def find(self, day: dt.date) -> Cited[T] | None:
        return next((value for value in reversed(self.values) if value.since <= day), None)


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of any year."""

    month: int
    day: int

    def of(self, year: int) -> dt.date:
        return dt.date(year, self.month, self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that a year's evaluation looks at. ``starts_year_before``: the first day lies in the year before."""

    first: MonthDay
    starts_year_before: bool
    last: MonthDay

    def of(self, year: int) -> Span:
        return Span(self.first.of(year - self.starts_year_before), self.last.of(year))


class NothingArose(StrEnum):
    """What it comes to when a team had nothing that a criterion could be measured by."""

    MET = "met"
    NOT_ENOUGH = "not_enough_evidence"
    NOT_MET = "not_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """``declared``, ``undeclared``: for a team without a case that did, or did not, declare so ("không phát sinh").
    ``declared_share``: how much of the window's days the declarations must cover."""

    declared: Cited[NothingArose]
    undeclared: Cited[NothingArose]
    declared_share: Cited[Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """``parameters``: by name, as the measure's parameter class declares them."""

    id: str
    number: int
    title: Words
    citation: str
    mark: Mark
    measure: str
    evidence: Evidence
    duty: Duty
    parameters: Mapping[str, Dated[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """``kind`` conjunctive: all criteria must be met. ``digest``: of the file, so that a changed rule is noticed."""

    id: str
    kind: Literal["conjunctive"]
    title: Words
    citation: str
    mark: Mark
    window: Dated[Window]
    policies: Mapping[str, Dated[Any]]
    criteria: tuple[Criterion, ...]
    digest: str = ""

    def span(self, year: int) -> Span | None:
        """The window of ``year``; None where the scheme did not exist yet."""
        # the window's own rule is looked up on the year's last day, which every window ends by
        window = self.window.find(dt.date(year, 12, 31))
        return None if window is None else window.value.of(year)

    def year_of(self, day: dt.date) -> int | None:
        for year in (day.year, day.year + 1):
            span = self.span(year)
            if span is not None and day in span:
                return year
        return None
