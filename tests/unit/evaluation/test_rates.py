"""Published figures of Hà Nội held against the rate and rounding code, contradictions shown as they are.

Sources: the city's reports as printed by newspapers; the 10 months of 2021 and 2,822/4,937 in Nhân Dân 680055.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.rates import Denominator, Rounding, Tally, exact_percent, percent, rounded

LESS, ALL = Denominator.RECEIVED_LESS_PENDING, Denominator.RECEIVED
UP, CUT = Rounding.HALF_UP, Rounding.TRUNCATE


@pytest.mark.parametrize(("tally", "rule", "exact", "printed", "decimals", "modes"), [
    pytest.param(Tally(received=7445, settled=6025), ALL, "6025/7445", "81%", 0, {UP}, id="2017"),
    pytest.param(Tally(received=6049, settled=5008, pending=183), LESS, "5008/5866", "85,3%", 1, {CUT}, id="2018"),
    pytest.param(Tally(received=4596, settled=3615, pending=226), LESS, "3615/4370", "82,7%", 1, {UP, CUT}, id="2020"),
    pytest.param(Tally(received=2098, settled=1577, pending=145), LESS, "1577/1953", "80,75%", 2, {UP}, id="6-2021"),
    pytest.param(Tally(received=3850, settled=3186, pending=124), LESS, "3186/3726", "85,51%", 2, {UP}, id="2022"),
    pytest.param(Tally(received=2456, settled=2153, pending=44), LESS, "2153/2412", "89,26%", 2, {UP, CUT}, id="2024"),
])
def test_settled_rates(
    tally: Tally, rule: Denominator, exact: str, printed: str, decimals: int, modes: set[Rounding]
) -> None:
    rate = tally.rate(rule)
    assert rate == Fraction(exact)
    assert {mode for mode in Rounding if percent(rate, decimals, mode) == printed} == modes


def test_ten_months_of_2021_contradict_themselves_and_both_are_shown() -> None:
    printed = Fraction(2483, 2911)
    assert percent(printed, 2, CUT) == "85,29%"
    assert percent(printed, 2, UP) == "85,30%"
    by_the_formula = Tally(received=3028, settled=2483, pending=160)
    assert by_the_formula.rate(LESS) == Fraction(2483, 2868) != printed
    assert percent(Fraction(2483, 2868), 2, UP) == "86,58%"


@pytest.mark.parametrize(("met", "teams", "decimals", "mode", "printed"), [
    (2447, 5429, 2, CUT, "45,07%"),
    (2822, 4937, 0, UP, "57%"),
    (3001, 4964, 1, UP, "60,5%"),
    (4053, 5111, 2, CUT, "79,29%"),
])
def test_shares_of_five_good_teams(met: int, teams: int, decimals: int, mode: Rounding, printed: str) -> None:
    assert percent(Fraction(met, teams), decimals, mode) == printed


def test_june_2025_was_cut_off_not_rounded() -> None:
    share = Fraction(4053, 5111)
    assert rounded(share * 100, 4, UP) == Decimal("79.2995")
    assert percent(share, 2, UP) == "79,30%"


def test_long_bien() -> None:
    assert percent(Fraction(938, 1000), 1) == "93,8%"
    assert percent(Fraction(938, 1000), 1, lang="en") == "93.8%"


def test_eleven_of_thirteen_displays_85_and_is_less() -> None:
    rate = Tally(received=13, settled=11).rate(LESS)
    assert rate is not None
    assert percent(rate, 0) == "85%"
    assert rate < Fraction(85, 100)
    assert exact_percent(rate) == "84,615%"
    assert Tally(received=20, settled=17).rate(LESS) == Fraction(85, 100)


@pytest.mark.parametrize(("value", "text"), [
    ("1", "100%"), ("0", "0%"), ("17/20", "85%"), ("1/3", "33,333%"), ("999999/1000000", "99,999%"), ("1/8", "12,5%"),
])
def test_exact_percent_has_no_zeros_and_is_never_rounded_up(value: str, text: str) -> None:
    assert exact_percent(Fraction(value)) == text


def test_nothing_by_nothing_is_no_rate() -> None:
    assert Tally(received=0, settled=0).rate(LESS) is None
    assert Tally(received=3, settled=0, pending=3).rate(LESS) is None
    assert Tally(received=3, settled=0, pending=3).rate(ALL) == 0


@pytest.mark.parametrize("counts", [(1, 2, 0), (3, 2, 2), (-1, 0, 0)])
def test_impossible_counts_are_an_error(counts: tuple[int, int, int]) -> None:
    received, settled, pending = counts
    with pytest.raises(ValueError, match="among those received"):
        Tally(received=received, settled=settled, pending=pending)


@given(st.fractions(0, 1), st.integers(0, 6))
def test_rounding_stays_within_half_a_unit(value: Fraction, decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    up, cut = Fraction(rounded(value, decimals, UP)), Fraction(rounded(value, decimals, CUT))
    assert abs(up - value) <= unit / 2
    assert 0 <= value - cut < unit


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_cut_off_percentage_never_crosses_a_whole_threshold(value: Fraction, other: Fraction) -> None:
    bar = Fraction(round(other * 100), 100)
    shown = Fraction(exact_percent(value, "en").rstrip("%"))
    assert (shown >= bar * 100) == (value >= bar)
