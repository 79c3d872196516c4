"""A scheme: its criteria and their values, each dated and cited, its window and its policies.

A value in force on a day is found with ``Dated.at``; a year's values are those of the window's last day, save for
what names a day of its own (a rate of pay). Two kinds: ``conjunctive`` (all criteria must be met) and ``points``
(``domain.points``).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from services.evaluation.domain.tree import Duty, Evidence
from services.evaluation.domain.wording import Words
from shared.calendar import Span
from shared.rulebooks.scalars import Mark as Mark

if TYPE_CHECKING:
    from services.evaluation.domain.points.table import Table

T = TypeVar("T")


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
    """A value over time, oldest first. ``expected``: days from which a value is announced and not known yet; until it is,
    the one before goes on."""

    values: tuple[Cited[T], ...]
    expected: tuple[Cited[None], ...] = ()

    def at(self, day: dt.date) -> Cited[T]:
        """The value in force on ``day``. Raise ``NotInForceError``."""
        found = self.find(day)
        if found is None:
            raise NotInForceError(f"no value before {self.values[0].since}")
        return found

    def find(self, day: dt.date) -> Cited[T] | None:
        for value in reversed(self.values):
            if value.since <= day:
                return value
        return None


_HINTS: dict[type[Any], Mapping[str, Any]] = {}
"""Of each parameter class, evaluated once: it takes as long as all the rest."""


def _hints(declared: type[Any]) -> Mapping[str, Any]:
    if declared not in _HINTS:
        _HINTS[declared] = get_type_hints(declared)
    return _HINTS[declared]


def bound(declared: type[Any], given: Mapping[str, Dated[Any]], day: dt.date) -> Any:
    """An instance of ``declared`` with the values of ``day``. Raise ``NotInForceError``."""
    hints = _hints(declared)
    return declared(**{
        field.name: given[field.name] if get_origin(hints[field.name]) is Dated else given[field.name].at(day)
        for field in dataclasses.fields(declared)
    })


def kinds(declared: type[Any]) -> dict[str, Any]:
    """What each field of a parameter class holds: ``Cited[Fraction]`` → Fraction."""
    hints = _hints(declared)
    return {field.name: get_args(hints[field.name])[0] for field in dataclasses.fields(declared)}


def of_other_days(declared: type[Any]) -> list[str]:
    """The fields whose values are asked of single days, and may be missing on some."""
    return [name for name, hint in _hints(declared).items() if get_origin(hint) is Dated]


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


class Young(StrEnum):
    """How a team is judged that began within the window."""

    OWN_DAYS = "own_days"
    """By what was due on its own days."""
    WHOLE_WINDOW = "whole_window"
    """Like any other."""
    NOT_ENOUGH = "not_enough_evidence"


class Reorganised(StrEnum):
    """What it comes to when a team changed its unit, or took another one in, within the window."""

    AS_ON_LAST_DAY = "as_on_last_day"
    """The team as it is on the window's last day is judged; facts of others count where the directory gives them to it."""
    NOT_ENOUGH = "not_enough_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """``declared``, ``undeclared``: for a team without a case that did, or did not, declare so ("không phát sinh").
    ``declared_share``: how much of the window's days the declarations must cover. ``young``: for a team that began within
    the window; with fewer days in it than ``young_least_days``, or less of it than ``young_least_share``, it is not judged
    that year at all. ``moved``, ``merged``: for a team that came from another unit, or that others were merged into."""

    declared: Cited[NothingArose]
    undeclared: Cited[NothingArose]
    declared_share: Cited[Fraction]
    young: Cited[Young]
    young_least_days: Cited[int]
    young_least_share: Cited[Fraction]
    moved: Cited[Reorganised]
    merged: Cited[Reorganised]


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
    """``procedure``: the id of the one by which a team is recognised under it. ``criteria``: of the conjunctive kind;
    ``table``: of the points kind. ``digest``: of the file, so that a changed rule is noticed. ``base``: of a variant, the
    scheme that it differs from."""

    id: str
    kind: Literal["conjunctive", "points"]
    title: Words
    citation: str
    mark: Mark
    window: Dated[Window]
    policies: Mapping[str, Dated[Any]]
    criteria: tuple[Criterion, ...] = ()
    table: Table | None = None
    procedure: str | None = None
    digest: str = ""
    base: str | None = None

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
