"""How evaluation reads what intake makes of a case: across years, across units, given back, linked and parted."""

from __future__ import annotations

import datetime as dt

from services.evaluation.domain.casework import counted, standings, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.reading import case_place, read_case
from shared.calendar import Span
from shared.contracts import When
from shared.contracts.outgoing import CaseState, Place, Step

Y2024, Y2025 = (Span(dt.date(y - 1, 11, 1), dt.date(y, 10, 31)) for y in (2024, 2025))


def case(id: str, *steps: tuple[str, str], linked_to: str | None = None) -> Case:
    history = [Step(on=When(on), status=status, by="x") for on, status in steps]  # type: ignore[arg-type]
    return read_case(id, CaseState(status=history[-1].status, received_on=history[0].on, history=history, linked_to=linked_to))


REOPENED = case(
    "a", ("2024-03-01", "received"), ("2024-03-04", "mediating"), ("2024-03-10", "not_settled"), ("2025-02-01", "reopened"),
    ("2025-02-05", "mediating"), ("2025-02-05", "settled"),
)


def test_a_case_reopened_in_a_later_year_leaves_the_closed_year_and_is_carried_into_the_new_one() -> None:
    closed, new = standings([REOPENED], Y2024), standings([REOPENED], Y2025)
    assert (len(closed.not_settled), len(closed.settled), closed.carried) == (1, 0, frozenset())
    assert (len(new.settled), len(new.counted), new.carried) == (1, 1, frozenset({"a"}))


def test_reopened_twice_in_a_year_it_counts_once() -> None:
    twice = case("a", ("2025-01-01", "received"), ("2025-01-05", "not_settled"), ("2025-02-01", "reopened"),
                 ("2025-02-05", "ended_by_party"), ("2025-03-01", "reopened"), ("2025-03-05", "settled"))
    assert standings([twice], Y2025).tally.received == 1
    assert len(standings([twice], Y2025).settled) == 1


def test_a_paused_case_and_one_whose_scope_is_looked_into_are_pending_and_carried_with_their_first_day() -> None:
    for status in ("paused", "scope_review"):
        waiting = case("a", ("2024-10-01", "received"), ("2024-10-05", status))
        assert len(standings([waiting], Y2024).pending) == 1
        assert standings([waiting], Y2025).carried == frozenset({"a"})
        assert waiting.received == dt.date(2024, 10, 1)


def test_a_case_given_back_in_a_later_year_is_carried_over() -> None:
    back = case("a", ("2024-10-01", "received"), ("2024-10-05", "referred"), ("2025-01-05", "received"))
    assert len(standings([back], Y2024).left_out) == 1
    assert (len(standings([back], Y2025).pending), standings([back], Y2025).carried) == (1, frozenset({"a"}))


def test_a_case_across_units_is_placed_by_its_lead_team_alone() -> None:
    state = CaseState(
        status="received", received_on=When("2025-03-01"), place=Place(source="s", team="Tổ 9"), lead_team="Tổ 9",
        other_teams=["Tổ 5"],
    )
    assert case_place(state) == (Place(source="s", team="Tổ 9"), "2025-03-01")


def test_links_in_a_circle_end_and_count_once_and_a_link_taken_back_counts_for_itself() -> None:
    first = ("2025-03-01", "received")
    circle = {i: case(i, first, linked_to=j) for i, j in (("a", "b"), ("b", "c"), ("c", "a"))}
    assert set(counted(circle).values()) == {"a"}
    assert counted({**circle, "c": case("c", first)}) == {"a": "c", "b": "c", "c": "c"}
    assert status_on(circle["a"], dt.date(2025, 3, 1)) == "received"
