"""What a lock froze stays, in whatever order and however often it is told; with its corrections it gives what is counted now."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, permutations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.statistics.corrections import corrections
from services.evaluation.domain.statistics.locks import (
    Frozen,
    Told,
    differing,
    flags,
    month_span,
    read,
    settled_by,
    side_by_side,
    standing,
)
from services.evaluation.queries.locks import month
from services.evaluation.queries.statistics import BadQuestion
from shared.calendar import Span
from shared.contracts import TYPES, Refusal, When, decode_data
from shared.contracts.statistics import StatedFigures
from tests.unit.evaluation.told import activity

ids = st.lists(st.sampled_from("abcdef"), max_size=6, unique=True).map(lambda found: tuple(sorted(found)))
Ids = tuple[str, ...]
figures = st.fixed_dictionaries({"received": ids, "settled": ids, "not_settled": ids})


def told(entry: str = "e", time: str = "2024-04-02T09:00:00+07:00", on: str = "2024-04-02", **more: object) -> Told:
    given: dict[str, object] = {
        "entry": entry, "record": "r", "type": "statistics.locked", "month": "2024-03", "on": on, "time": time, "source": "s:x",
        "event_id": entry, "unit": "00118", **more,
    }
    return msgspec.convert(given, Told)


def frozen(lock: Told, **of: tuple[str, ...]) -> Frozen:
    return Frozen(lock=lock, as_of="2024-03-31", counted_at="2024-04-02T02:00:00+00:00", figures=of)


@settings(max_examples=60)
@given(figures, figures)
def test_the_lock_with_its_corrections_is_what_is_counted_now(locked: dict[str, Ids], now: dict[str, Ids]) -> None:
    assert settled_by(locked, corrections(locked, now, {})) == now


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), figures, st.booleans()), max_size=4))
def test_locks_stand_alike_in_every_order_and_each_change_leads_to_the_next(
    given_: list[tuple[int, dict[str, Ids], bool]],
) -> None:
    listed = [frozen(told(f"e{at}", f"2024-04-0{hour + 1}"), **found) for at, (hour, found, _) in enumerate(given_)]
    live = {one.lock.key: one.lock for one, (_, _, kept) in zip(listed, given_, strict=True) if kept}
    result = side_by_side(listed, live, {})
    for order in permutations(listed):
        assert side_by_side(order, live, {}) == result
    kept = [one for one in result if one.state != "withdrawn"]
    assert len(result) == len(listed) and {one.frozen.lock.key for one in kept} == live.keys()
    assert [one.state for one in kept] == ["replaced"] * (len(kept) - 1) + ["standing"] * bool(kept)
    for before, after in pairwise(kept):
        assert settled_by(before.frozen.figures, after.changed) == after.frozen.figures
    assert standing(result) == (kept[-1] if kept else None)


def test_a_lock_is_compared_with_the_one_before_it_that_was_not_taken_back() -> None:
    first, gone, last = told("a", "2024-04-01"), told("b", "2024-04-02"), told("c", "2024-04-03")
    listed = [frozen(first, received=("x",)), frozen(gone, received=("y",)), frozen(last, received=("x", "z"))]
    found = side_by_side(listed, {first.key: first, last.key: last}, {})
    assert [one.state for one in found] == ["replaced", "withdrawn", "standing"] and found[1].changed == ()
    assert [(one.added, one.removed) for one in found[2].changed] == [(("z",), ())]


def test_what_is_odd_about_a_lock_is_said_and_nothing_more() -> None:
    a, b = told("a", stated={"received": 2}), told("b", on="2024-03-31")
    first, second = side_by_side([frozen(a, received=("x",)), frozen(b, received=("x",))], {a.key: a, b.key: b}, {})
    both = [first, second]
    assert flags(first, both, known=True, then=True, missing=False, touched=False) == ["stated_differs"]
    assert flags(second, both, known=True, then=False, missing=True, touched=True) == [
        "unit_not_then", "month_not_over", "again", "teams_missing", "touched",
    ]
    unknown = flags(second, both, known=False, then=False, missing=False, touched=False)
    assert unknown == ["unit_unknown", "month_not_over", "again"]


def test_a_number_that_was_corrected_is_told_as_it_reads_now_and_a_lock_of_another_month_is_another_lock() -> None:
    one, mended = told(number="1/BC"), told(number="2/BC", stated={"received": 3})
    lock, = side_by_side([frozen(one, received=("x",))], {mended.key: mended}, {})
    assert (lock.told.number, lock.frozen.lock.number, lock.state) == ("2/BC", "1/BC", "standing") and lock.differing
    moved = told(month="2024-04")
    lock, = side_by_side([frozen(one, received=("x",))], {moved.key: moved}, {})
    assert lock.state == "withdrawn"


def test_only_stated_figures_that_differ_are_told_with_the_cases_that_are_counted() -> None:
    one, = differing({"received": 2, "settled": 1}, {"received": ("a", "b"), "settled": ()})
    assert (one.name, one.stated, one.counted) == ("settled", 1, ())


def test_a_month_ends_on_its_last_day_at_the_years_edge_too() -> None:
    assert month_span("2024-12") == Span(dt.date(2024, 12, 1), dt.date(2024, 12, 31))
    assert month_span("2024-02").last == dt.date(2024, 2, 29)


@pytest.mark.parametrize("period", ["2024", "2024-13", "x", "2024-3", "0001-01", "2024-W1", "9999-12"])
def test_what_is_no_month_is_refused_with_an_example(period: str) -> None:
    with pytest.raises(BadQuestion, match=r"period: "):
        month(period)


def test_an_announced_lock_without_its_unit_or_with_a_wrong_month_cannot_be_read() -> None:
    for data in ({"month": "2024-03"}, {"unit": "00118"}, {"unit": "00118", "month": "2024-99"}):
        record = activity("chot", "statistics.locked", "2024-04-02", **data)
        with pytest.raises((KeyError, ValueError)):
            read(record.record, record.entries)


@pytest.mark.parametrize(("data", "reason"), [
    ('{"on": "2024-04-01", "month": "2024-03"}', "one of `team` and `unit`"),
    ('{"on": "2024-04-01", "month": "2024-03", "team": "A", "unit": "00118"}', "one of `team` and `unit`"),
    ('{"on": "2024-04-01", "month": "2024-13", "team": "A"}', "month"),
    ('{"on": "2024-04-01", "month": "2024-03", "team": "A", "figures": {"received": -1}}', "received"),
    ('{"on": "2024-04-01", "month": "2024-03", "team": "A", "figures": {"receved": 1}}', "figures"),
])
def test_a_submission_is_of_one_month_by_one_team_or_unit(data: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        decode_data(TYPES["vn.namtot.statistics.submitted.v1"], msgspec.Raw(data.encode()), When("2025-01-01T00:00:00+07:00"))
    assert reason in f"{refused.value.field} {refused.value.reason}"


def test_a_stated_zero_is_stated() -> None:
    assert StatedFigures(received=0, settled=1).stated() == {"received": 0, "settled": 1}
