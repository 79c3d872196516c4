"""Three-valued logic and wording."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest

from services.evaluation.domain import wording
from services.evaluation.domain.verdict import Verdict, all_of, any_of
from shared.calendar import Span

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_ENOUGH


@pytest.mark.parametrize(("given", "all_", "any_"), [
    ((MET, MET), MET, MET), ((MET, UNKNOWN), UNKNOWN, MET), ((MET, NOT_MET), NOT_MET, MET),
    ((UNKNOWN, UNKNOWN), UNKNOWN, UNKNOWN), ((UNKNOWN, NOT_MET), NOT_MET, UNKNOWN), ((NOT_MET, NOT_MET), NOT_MET, NOT_MET),
])
def test_tables(given: tuple[Verdict, Verdict], all_: Verdict, any_: Verdict) -> None:
    for order in (given, given[::-1]):
        assert all_of(order) is all_
        assert any_of(order) is any_


def test_what_is_unknown_could_turn_out_either_way() -> None:
    """The definition of Kleene's logic: replace each unknown by either truth; if all agree, that is the answer."""
    for given in product(Verdict, repeat=3):
        worlds = product(*((MET, NOT_MET) if v is UNKNOWN else (v,) for v in given))
        conjunctions = {all(v is MET for v in world) for world in worlds}
        expected = UNKNOWN if len(conjunctions) == 2 else MET if conjunctions == {True} else NOT_MET
        assert all_of(given) is expected


def test_nothing_is_neither() -> None:
    with pytest.raises(ValueError, match="no verdicts"):
        all_of([])
    with pytest.raises(ValueError, match="no verdicts"):
        any_of([])


def test_numbers_and_days_in_both_languages() -> None:
    assert wording.number(1315) == "1.315"
    assert wording.number(1315, "en") == "1,315"
    assert wording.number(Decimal("1234.50")) == "1.234,50"
    assert wording.money(400_000) == "400.000 đ"
    assert wording.day(dt.date(2024, 11, 5)) == "05/11/2024"
    assert wording.day(dt.date(2024, 11, 5), "en") == "2024-11-05"
    assert wording.span(Span(dt.date(2024, 5, 1), dt.date(2024, 7, 31))) == "01/05/2024 - 31/07/2024"


def test_long_lists_of_days_are_cut() -> None:
    many = [dt.date(2024, 1, n) for n in range(1, 8)]
    assert wording.days(many) == "01/01/2024, 02/01/2024, 03/01/2024 và 4 ngày khác"
    assert wording.days([many[0], many[0]]) == "01/01/2024"
    assert wording.days([]) == ""


def test_sentences_join() -> None:
    assert wording.Words("Một.", "One.") + wording.Words("Hai.", "Two.") == wording.Words("Một. Hai.", "One. Two.")
    assert wording.NOTHING + wording.Words("Hai.", "Two.") == wording.Words("Hai.", "Two.")
