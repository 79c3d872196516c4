"""Every number traces to cases, adds up, and is read as published figures are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.facts import Case
from services.evaluation.domain.rates import Denominator, Rounding, Tally
from services.evaluation.domain.statistics.counting import DISPUTES, Entry, by_unit, figures, tally
from services.evaluation.domain.statistics.forms import filled
from services.evaluation.domain.statistics.identities import broken
from services.evaluation.domain.statistics.readings import explained
from services.evaluation.rules.reports import shipped_forms
from shared.calendar import Span

Y2024 = Span(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
Y2025 = Span(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
STATUSES = (
    "received", "scope_review", "out_of_scope", "referred", "chosen", "assigned", "mediating", "paused", "settled",
    "not_settled", "ended_by_party", "reopened",
)
days = st.dates(dt.date(2023, 6, 1), dt.date(2026, 3, 1))


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    ids = [f"c{i}" for i in range(draw(st.integers(0, 8)))]
    found = []
    for id in ids:
        steps = sorted(draw(st.lists(st.tuples(days, st.sampled_from(STATUSES)), max_size=5)), key=lambda step: step[0])
        found.append(Entry(
            case=Case(
                id=id, received=draw(st.none() | days), steps=tuple(steps), linked_to=draw(st.none() | st.sampled_from(ids)),
            ),
            dispute=draw(st.sampled_from([None, *DISPUTES])), team=draw(st.sampled_from([None, "A", "B", "C"])),
            unit=draw(st.sampled_from([None, "00118"])),
        ))
    return found


def moves(team: str, on: dt.date) -> str:
    if team == "A" and on < dt.date(2025, 7, 1):
        return "00133"
    return "00118" if team == "A" else "00127"


def case(*steps: tuple[dt.date, str], received: dt.date) -> Entry:
    return Entry(case=Case(id="c", received=received, steps=((received, "received"), *steps)), dispute="civil", team="A")


@settings(max_examples=40)
@given(entries())
def test_the_identities_of_form_12_hold_for_whatever_cases_there_are(found: list[Entry]) -> None:
    n = {name: len(ids) for name, ids in figures(found, Y2024).items()}
    form = shipped_forms()["form-12"]
    cells = filled(form, figures(found, Y2024))
    assert broken(form.identities, {id: len(cases) for id, cases in cells.items() if cases is not None}) == ()
    assert n["received"] == n["carried"] + n["new"]


@settings(max_examples=40)
@given(entries(), st.sampled_from([dt.date(2024, 12, 31), dt.date(2025, 7, 1)]))
def test_the_units_add_up_to_the_city_by_whichever_map(found: list[Entry], as_of: dt.date) -> None:
    parts = by_unit(found, Y2025, as_of, moves).values()
    for name, ids in figures(found, Y2025).items():
        assert sorted(id for part in parts for id in part[name]) == list(ids), name


@settings(max_examples=40)
@given(entries())
def test_no_case_is_counted_twice_in_a_number_and_the_order_does_not_matter(found: list[Entry]) -> None:
    once = figures(found, Y2025)
    assert all(len(set(ids)) == len(ids) for ids in once.values())
    assert figures(found[::-1], Y2025) == once
    assert tally(once).received == len(once["received"])


def test_a_case_reopened_next_year_leaves_the_old_year_and_is_carried_over_once() -> None:
    found = [case(
        (dt.date(2024, 6, 1), "not_settled"), (dt.date(2025, 2, 1), "reopened"), (dt.date(2025, 3, 1), "settled"),
        received=dt.date(2024, 5, 1),
    )]
    old, new = figures(found, Y2024), figures(found, Y2025)
    assert (old["new"], old["not_settled"], old["settled"], old["reopened"]) == (("c",), ("c",), (), ())
    assert (new["received"], new["carried"], new["new"], new["settled"], new["reopened"]) == (
        ("c",), ("c",), (), ("c",), ("c",),
    )


def test_a_case_that_is_paused_at_the_turn_of_the_year_is_carried_over() -> None:
    found = [case((dt.date(2024, 12, 20), "paused"), received=dt.date(2024, 12, 1))]
    assert figures(found, Y2024)["in_progress"] == figures(found, Y2025)["carried"] == ("c",)


def test_a_team_whose_ward_was_merged_counts_where_it_works_on_the_day_asked() -> None:
    found = [case(received=dt.date(2025, 2, 1))]
    assert set(by_unit(found, Y2025, dt.date(2025, 6, 30), moves)) == {"00133"}
    assert set(by_unit(found, Y2025, dt.date(2025, 7, 1), moves)) == {"00118"}


ENDED, RECEIVED = Denominator.RECEIVED_LESS_PENDING, Denominator.RECEIVED
UP, CUT = Rounding.HALF_UP, Rounding.TRUNCATE


@pytest.mark.parametrize(("printed", "received", "settled", "pending", "expected"), [
    ("81", 7445, 6025, 0, {(ENDED, UP), (RECEIVED, UP)}),
    ("85.3", 6049, 5008, 183, {(ENDED, CUT)}),
    ("82.7", 4596, 3615, 226, {(ENDED, UP), (ENDED, CUT)}),
    ("80.75", 2098, 1577, 145, {(ENDED, UP)}),
    ("85.29", 3028, 2483, 160, set()),
    ("85.51", 3850, 3186, 124, {(ENDED, UP)}),
    ("89.26", 2456, 2153, 44, {(ENDED, UP), (ENDED, CUT)}),
    ("79.29", 5111, 4053, 0, {(ENDED, CUT), (RECEIVED, CUT)}),
])
def test_published_figures_of_ha_noi(
    printed: str, received: int, settled: int, pending: int, expected: set[tuple[Denominator, Rounding]]
) -> None:
    found = explained(Decimal(printed), Tally(received=received, settled=settled, pending=pending))
    assert {(one.denominator, one.rounding) for one in found} == expected


def test_a_broken_identity_is_named_with_both_sides() -> None:
    values = {"2": 10, "3": 4, "4": 5, "5": 2, "6": 8, "7": 11, "8": 0}
    found = broken(shipped_forms()["form-10"].identities, values)
    assert [(one.identity.left, one.left, one.right) for one in found] == [("2", 10, 9), ("7", 11, 10)]


def test_nothing_is_divided_by_nothing() -> None:
    assert explained(Decimal("100"), Tally(received=0, settled=0)) == ()
