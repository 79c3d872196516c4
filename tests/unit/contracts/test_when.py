"""Days and moments: one normal form, RFC 3339 only, the same on every version of Python."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.when import DAY_PATTERN, VIETNAM, WHEN_PATTERN, Day, When, moment
from tests.unit.contracts.events import UNHURRIED


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-02-29", "2024-02-29"),
        ("2000-02-29", "2000-02-29"),
        ("1976-01-01", "1976-01-01"),
        ("2199-12-31", "2199-12-31"),
        ("2024-03-05T09:30:00+07:00", "2024-03-05T09:30:00+07:00"),
        ("2024-03-05T02:30:00Z", "2024-03-05T09:30:00+07:00"),
        ("2024-03-05t02:30:00z", "2024-03-05T09:30:00+07:00"),
        ("2024-03-05T02:30:00-00:00", "2024-03-05T09:30:00+07:00"),
        # the day changes on the way to Việt Nam
        ("2024-12-31T17:00:00Z", "2025-01-01T00:00:00+07:00"),
        ("2024-12-31T20:00:00-08:00", "2025-01-01T11:00:00+07:00"),
        ("2024-03-01T05:00:00+14:00", "2024-02-29T22:00:00+07:00"),
        ("1975-12-31T18:00:00Z", "1976-01-01T01:00:00+07:00"),
        ("2024-03-05T09:30:00.5+07:00", "2024-03-05T09:30:00.500000+07:00"),
        # finer than a microsecond is cut off
        ("2024-03-05T09:30:00.123456789+07:00", "2024-03-05T09:30:00.123456+07:00"),
    ],
)
def test_what_is_read(text: str, normal: str) -> None:
    assert When.parse(text) == normal
    assert re.search(WHEN_PATTERN, text)


NO_OFFSET = "a date-time needs an offset such as +07:00"
FORM = "use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS+07:00"
NO_DAY = "there is no such day"
YEAR = "the year must lie between 1976 and 2199"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2023-02-29", NO_DAY), ("1900-02-29", NO_DAY), ("2024-04-31", NO_DAY),
        ("2023-02-29T00:00:00Z", NO_DAY), ("0000-01-01", NO_DAY), ("1975-12-31", YEAR),
        ("2200-01-01", YEAR), ("0001-01-01", YEAR), ("9999-12-31", YEAR),
        ("0001-01-01T00:00:00+14:00", YEAR), ("9999-12-31T23:59:59-10:00", YEAR),
        ("2199-12-31T17:00:00Z", YEAR), ("2024-03-05T09:30:00", NO_OFFSET),
        ("2024-03-05 09:30:00", NO_OFFSET), ("2024-03-05T09:30:00.25", NO_OFFSET),
        # second 60 and hour 24: some readers take them, each its own way
        ("2016-12-31T23:59:60Z", FORM), ("2024-03-05T24:00:00+07:00", FORM),
        ("2024-03-05T25:00:00+07:00", FORM), ("2024-03-05T09:60:00+07:00", FORM),
        ("2024-03-05T09:30:00+24:00", FORM), ("2024-03-05T09:30:00+07:99", FORM),
        ("2024-03-05T09:30:00+07:00:30", FORM), ("2024-03-05T09:30:00+0700", FORM),
        ("2024-03-05T09:30+07:00", FORM), ("2024-W10-2", FORM), ("20240305", FORM), ("2024-065", FORM),
        ("05/03/2024", FORM), ("2024-3-5", FORM), ("2024-13-05", FORM), ("2024-03-00", FORM),
        ("2024", FORM), ("", FORM), ("2024-03-05\n", FORM), ("２０２４-03-05", FORM),
        ("2024-03-05x09:30:00+07:00", FORM), ("+2024-03-05", FORM), ("-2024-03-05", FORM),
    ],
)
def test_what_is_not(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        When.parse(text)


NO_STRINGS: list[object] = [None, 20240305, 1709600000.0, True, b"2024-03-05", [], {}, dt.date(2024, 3, 5)]


@pytest.mark.parametrize("value", NO_STRINGS)
def test_a_date_is_a_string(value: object) -> None:
    with pytest.raises(ValueError, match="as a string"):
        When.parse(value)


def test_a_day_has_no_clock() -> None:
    assert Day.parse("2024-03-05").day == dt.date(2024, 3, 5)
    with pytest.raises(ValueError, match="not a day: use YYYY-MM-DD"):
        Day.parse("2024-03-05T09:30:00+07:00")
    assert not re.search(DAY_PATTERN, "2024-03-05\n")


FIRST = dt.datetime(1976, 1, 2, tzinfo=dt.UTC)
LONG = dt.datetime(2199, 12, 30, tzinfo=dt.UTC) - FIRST
zones = st.timedeltas(dt.timedelta(hours=-23), dt.timedelta(hours=23)).map(
    lambda offset: dt.timezone(dt.timedelta(minutes=offset // dt.timedelta(minutes=1)))
)
moments = st.builds(
    lambda after, zone: (FIRST + after).astimezone(zone), st.timedeltas(dt.timedelta(), LONG), zones
)


@given(moments)
@UNHURRIED
def test_every_moment_keeps_its_place_in_time(at: dt.datetime) -> None:
    when = moment(at)
    assert dt.datetime.fromisoformat(when) == at
    assert when.has_time
    assert when.day == at.astimezone(VIETNAM).date()
    assert When.parse(when) == when


@given(moments, moments)
@UNHURRIED
def test_comparing_strings_compares_times(one: dt.datetime, other: dt.datetime) -> None:
    assert (moment(one) < moment(other)) == (one < other)


@given(st.dates(dt.date(1976, 1, 1), dt.date(2199, 12, 31)), moments)
@UNHURRIED
def test_a_day_sorts_before_every_moment_in_it_and_after_those_before(day: dt.date, at: dt.datetime) -> None:
    when = Day.parse(day.isoformat())
    assert (when < moment(at)) == (day <= at.astimezone(VIETNAM).date())


@given(st.text() | st.from_regex(WHEN_PATTERN))
@UNHURRIED
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        when = When.parse(text)
    except ValueError as error:
        assert str(error)
        return
    assert re.search(WHEN_PATTERN, text), "the schema must allow what is read"
    assert re.search(WHEN_PATTERN, when)
