"""Months, "before D", half-years, spans."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import ZONE, Span, add_months, day_of, half_years, last_day_before, months_of

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def spans() -> st.SearchStrategy[Span]:
    return st.builds(lambda a, n: Span(a, a + dt.timedelta(days=n)), DAYS, st.integers(0, 800))


@pytest.mark.parametrize(("start", "count", "end"), [
    ("2024-08-31", 6, "2025-02-28"),
    ("2023-08-31", 6, "2024-02-29"),
    ("2024-12-15", 1, "2025-01-15"),
    ("2024-03-31", -1, "2024-02-29"),
    ("2024-01-31", 12, "2025-01-31"),
])
def test_months(start: str, count: int, end: str) -> None:
    assert add_months(day(start), count) == day(end)


def test_before_the_fifteenth_the_fourteenth_is_the_last_day() -> None:
    assert last_day_before(day("2024-11-15")) == day("2024-11-14")
    assert last_day_before(day("2024-11-15"), "inclusive") == day("2024-11-15")


def test_the_day_is_the_one_in_viet_nam() -> None:
    assert day_of(dt.datetime(2024, 11, 14, 18, 0, tzinfo=dt.UTC)) == day("2024-11-15")
    assert day_of(dt.datetime(2024, 11, 14, 16, 59, tzinfo=dt.UTC)) == day("2024-11-14")
    assert day_of(dt.datetime(2024, 11, 14, 23, 59, tzinfo=ZONE)) == day("2024-11-14")
    with pytest.raises(ValueError, match="time zone"):
        day_of(dt.datetime(2024, 11, 14))  # noqa: DTZ001 - that is what the error is about


def test_half_years_of_the_default_window() -> None:
    assert half_years(Span(day("2023-11-01"), day("2024-10-31"))) == (
        Span(day("2023-11-01"), day("2024-04-30")), Span(day("2024-05-01"), day("2024-10-31")),
    )


def test_months_of_a_span() -> None:
    assert months_of(Span(day("2023-11-30"), day("2024-01-01"))) == ("2023-11", "2023-12", "2024-01")


def test_an_empty_span_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Span(day("2024-01-02"), day("2024-01-01"))


@given(spans())
def test_half_years_cover_the_span_without_overlap(span: Span) -> None:
    pieces = half_years(span)
    assert sum(piece.days for piece in pieces) == span.days
    assert span.gaps(pieces) == []


@given(spans(), st.lists(spans(), max_size=5))
def test_gaps_are_exactly_the_days_not_covered(span: Span, covers: list[Span]) -> None:
    gaps = span.gaps(covers)
    inside = {span.first + dt.timedelta(days=i) for i in range(span.days)}
    open_days = {d for d in inside if not any(d in cover for cover in covers)}
    assert {gap.first + dt.timedelta(days=i) for gap in gaps for i in range(gap.days)} == open_days
    assert span.covered(covers) == span.days - len(open_days)


@given(spans(), spans())
def test_cutting_is_common_days(a: Span, b: Span) -> None:
    common = a.cut(b)
    assert common == b.cut(a)
    assert (common is None) == (a.last < b.first or b.last < a.first)
