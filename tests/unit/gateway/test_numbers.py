"""Numbers and dates as each language writes them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.pages import bars, numbers


@pytest.mark.parametrize(("settled", "rated", "vi", "en"), [
    (11, 13, "84,6%", "84.6%"),  # shows near 85 and is below it
    (17, 20, "85,0%", "85.0%"),
    (107, 114, "93,9%", "93.9%"),
    (2153, 2412, "89,3%", "89.3%"),
    (0, 7, "0,0%", "0.0%"),
    (7, 7, "100,0%", "100.0%"),
    (1999, 2000, "100,0%", "100.0%"),  # half up; the exact fraction stands beside it
])
def test_a_rate_has_one_decimal(settled: int, rated: int, vi: str, en: str) -> None:
    assert numbers.percent("vi", settled, rated) == vi
    assert numbers.percent("en", settled, rated) == en


@settings(deadline=None)
@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_shown_rate_is_within_half_a_tenth(settled: int, rated: int) -> None:
    shown = Fraction(Decimal(numbers.percent("en", settled, rated).rstrip("%").replace(",", "")))
    assert abs(shown - Fraction(settled * 100, rated)) <= Fraction(1, 20)


def test_thousands() -> None:
    assert numbers.number("vi", 1315) == "1.315"
    assert numbers.number("en", 1315) == "1,315"
    assert numbers.number("vi", 999) == "999"


@pytest.mark.parametrize(("text", "day", "moment"), [
    ("2024-03-05", "05/03/2024", "05/03/2024"),
    ("2024-03-05T23:30:00+00:00", "06/03/2024", "06:30 06/03/2024"),  # already the next day in Việt Nam
    ("2024-03-05T09:30:00+07:00", "05/03/2024", "09:30 05/03/2024"),
    ("soon", "soon", "soon"),
    ("", "", ""),
    (None, "", ""),
])
def test_dates(text: str | None, day: str, moment: str) -> None:
    assert numbers.day("vi", text) == day
    assert numbers.moment("vi", text) == moment


def test_english_dates_cannot_be_read_the_american_way() -> None:
    assert numbers.day("en", "2024-03-05") == "2024-03-05"


@settings(deadline=None)
@given(st.integers(0, 10**5), st.integers(0, 10**5), st.integers(0, 10**5))
def test_a_bar_is_filled_exactly(met: int, not_met: int, open_: int) -> None:
    pieces = bars.split(met, not_met, open_)
    assert [p.name for p in pieces] == [
        name for name, n in (("met", met), ("not_met", not_met), ("not_enough_evidence", open_)) if n
    ]
    if pieces:
        assert pieces[0].x == "0.00"
        assert abs(sum(Decimal(p.width) for p in pieces) - 100) <= Decimal("0.02")
