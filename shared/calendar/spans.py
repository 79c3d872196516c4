"""Spans of days with both ends included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shared.calendar.periods import add_months

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From ``first`` to ``last``, both included. Raise ``ValueError`` if it would be empty."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a span cannot end ({self.last}) before it begins ({self.first})")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def meets(self, other: Span) -> bool:
        return self.first <= other.last and other.first <= self.last

    def cut(self, other: Span) -> Span | None:
        """What both have in common, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    def gaps(self, covers: Iterable[Span]) -> list[Span]:
        """The parts of this span that no span of ``covers`` reaches, in order."""
        found: list[Span] = []
        at = self.first
        for cover in sorted(covers):
            if cover.first > self.last:
                break
            if cover.first > at:
                found.append(Span(at, cover.first - _DAY))
            at = max(at, cover.last + _DAY)
        if at <= self.last:
            found.append(Span(at, self.last))
        return found

    def covered(self, covers: Iterable[Span]) -> int:
        """How many of this span's days some span of ``covers`` reaches."""
        return self.days - sum(gap.days for gap in self.gaps(covers))


@lru_cache(maxsize=1024)
def half_years(span: Span) -> tuple[Span, ...]:
    """``span`` in pieces of six months from its first day on; the last piece ends where the span ends."""
    pieces = []
    first, count = span.first, 0
    while first <= span.last:
        count += 1
        after = add_months(span.first, 6 * count)
        pieces.append(Span(first, min(after - _DAY, span.last)))
        first = after
    return tuple(pieces)


@lru_cache(maxsize=1024)
def months_of(span: Span) -> tuple[str, ...]:
    """Every month that the span touches, as ``YYYY-MM``."""
    first = span.first.year * 12 + span.first.month - 1
    last = span.last.year * 12 + span.last.month - 1
    return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1))
