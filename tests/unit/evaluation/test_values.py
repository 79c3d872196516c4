"""Values as text, both ways."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.rules import MonthDay, NothingArose
from services.evaluation.domain.values import Amount, Otherwise, Points, ValueTextError, has_text, parse, written

SHARES = st.fractions(0, 1, max_denominator=2000)
NUMBERS = st.fractions(0, 500, max_denominator=40)


@given(st.one_of(
    st.tuples(st.just(Fraction), SHARES), st.tuples(st.just(int), st.integers(0, 10**9)), st.tuples(st.just(bool), st.booleans()),
    st.tuples(st.just(MonthDay), st.builds(MonthDay, st.integers(1, 12), st.integers(1, 28))),
    st.tuples(st.just(Points), NUMBERS), st.tuples(st.just(Amount), NUMBERS), st.tuples(st.just(Otherwise), st.none() | NUMBERS),
    st.tuples(st.just(NothingArose), st.sampled_from(NothingArose)),
    st.tuples(st.just(tuple[NothingArose, ...]), st.lists(st.sampled_from(NothingArose), min_size=1).map(tuple)),
))
def test_what_is_written_reads_back_the_same(case: tuple[Any, Any]) -> None:
    kind, value = case
    assert has_text(kind)
    assert parse(written(value, kind), kind) == value


@pytest.mark.parametrize(("value", "kind", "text"), [
    (Fraction(17, 20), Fraction, "85%"), (Fraction(1, 3), Fraction, "1/3"), (Fraction(1, 1000), Fraction, "0.1%"),
    (Fraction(5, 2), Points, "2.5"), (Fraction(212, 25), Points, "8.48"), (Fraction(1, 3), Points, "1/3"),
    (300_000, int, "300_000"),
    (Fraction(12), Amount, "12"), (Fraction(4, 5), Amount, "80%"), (None, Otherwise, "not_enough_evidence"),
    (MonthDay(5, 1), MonthDay, "05-01"), (True, bool, "true"),
])
def test_how_it_is_written(value: Any, kind: Any, text: str) -> None:
    assert written(value, kind) == text


@given(st.text(max_size=12), st.sampled_from([Fraction, int, bool, MonthDay, Points, Amount, Otherwise, NothingArose]))
def test_any_text_is_read_or_refused_with_a_remedy(text: str, kind: Any) -> None:
    try:
        value = parse(text, kind)
    except ValueTextError as error:
        assert error.problem and error.remedy and error.vi
    else:
        assert kind not in (Fraction, int, Points, Amount) or value >= 0
