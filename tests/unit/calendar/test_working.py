"""Working days, with Tết and the swapped days that the Government announced."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import (
    add_calendar_days,
    add_working_days,
    holiday_name,
    is_working_day,
    next_working_day,
)

DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2030, 12, 1))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(("text", "worked"), [
    ("2024-02-07", True),     # the last working day before Tết Giáp Thìn
    ("2024-02-08", False),
    ("2024-02-14", False),
    ("2024-02-15", True),
    ("2024-04-29", False),    # swapped with …
    ("2024-05-04", True),     # … this Saturday
    ("2024-05-11", False),    # an ordinary Saturday
    ("2025-04-26", True),
    ("2025-05-02", False),
    ("2024-11-18", True),
])
def test_known_days(text: str, worked: bool) -> None:
    assert is_working_day(day(text)) is worked


def test_holidays_have_vietnamese_names() -> None:
    assert holiday_name(day("2024-02-10")) == "Tết Nguyên Đán"
    assert holiday_name(day("2024-02-15")) is None


def test_five_working_days_across_tet_are_not_five_days() -> None:
    asked = day("2024-02-06")
    assert add_calendar_days(asked, 5) == day("2024-02-11")
    assert add_working_days(asked, 5) == day("2024-02-20")


def test_five_working_days_count_a_worked_saturday() -> None:
    assert add_working_days(day("2024-04-26"), 5) == day("2024-05-07")


def test_the_day_itself_does_not_count() -> None:
    assert add_working_days(day("2024-11-18"), 1) == day("2024-11-19")
    assert add_working_days(day("2024-11-18"), 0) == day("2024-11-18")


def test_a_negative_period_is_an_error() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        add_working_days(day("2024-11-18"), -1)


def test_a_last_day_off_rolls_over_only_where_asked() -> None:
    assigned = day("2024-02-06")
    assert add_calendar_days(assigned, 3) == day("2024-02-09")
    assert add_calendar_days(assigned, 3, roll=True) == day("2024-02-15")


@given(DAYS, st.integers(0, 30))
def test_periods_end_on_a_working_day_and_count_them(start: dt.date, count: int) -> None:
    end = add_working_days(start, count)
    between = [start + dt.timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert sum(map(is_working_day, between)) == count
    assert count == 0 or is_working_day(end)


@given(DAYS)
def test_the_next_working_day_is_worked_and_near(start: dt.date) -> None:
    found = next_working_day(start)
    assert is_working_day(found)
    assert start <= found <= start + dt.timedelta(days=14)
