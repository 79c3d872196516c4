"""Which cases count in a year, and how they stand at its end."""

from __future__ import annotations

import datetime as dt

import pytest

from services.evaluation.domain.casework import counted, ended_on, standings, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.rates import Tally
from shared.calendar import Span

Y2024 = Span(dt.date(2023, 11, 1), dt.date(2024, 10, 31))
Y2025 = Span(dt.date(2024, 11, 1), dt.date(2025, 10, 31))


def case(id: str = "a", *steps: tuple[str, str], linked_to: str | None = None) -> Case:
    """``steps``: (day, status), the first being the reception."""
    dated = tuple((dt.date.fromisoformat(on), status) for on, status in steps)
    return Case(id=id, received=dated[0][0] if dated else None, steps=dated, linked_to=linked_to)


REOPENED_NEXT_YEAR = case(
    "a", ("2024-03-05", "received"), ("2024-03-20", "not_settled"), ("2024-12-02", "reopened"), ("2024-12-10", "settled")
)


def test_a_closed_year_stays_when_the_case_reopens_later() -> None:
    before = case("a", ("2024-03-05", "received"), ("2024-03-20", "not_settled"))
    assert standings([REOPENED_NEXT_YEAR], Y2024).tally == standings([before], Y2024).tally
    assert standings([before], Y2025).tally == Tally(received=0, settled=0)
    later = standings([REOPENED_NEXT_YEAR], Y2025)
    assert later.tally == Tally(received=1, settled=1)
    assert later.carried == {"a"}


def test_a_case_reopened_in_the_same_year_counts_once() -> None:
    again = case(
        "a", ("2024-03-05", "received"), ("2024-03-20", "not_settled"), ("2024-04-02", "reopened"), ("2024-04-10", "settled")
    )
    assert standings([again], Y2024).tally == Tally(received=1, settled=1)


def test_pending_at_the_end_is_carried_over() -> None:
    slow = case("a", ("2024-10-20", "received"), ("2024-10-21", "assigned"), ("2024-11-08", "settled"))
    assert standings([slow], Y2024).tally == Tally(received=1, settled=0, pending=1)
    assert standings([slow], Y2025).tally == Tally(received=1, settled=1)


@pytest.mark.parametrize("status", ["out_of_scope", "referred"])
def test_left_out(status: str) -> None:
    found = standings([case("a", ("2024-03-05", "received"), ("2024-03-06", status))], Y2024)
    assert found.tally == Tally(received=0, settled=0)
    assert [c.id for c in found.left_out] == ["a"]


def test_ended_by_a_party_is_not_settled() -> None:
    found = standings([case("a", ("2024-03-05", "received"), ("2024-03-06", "ended_by_party"))], Y2024)
    assert found.tally == Tally(received=1, settled=0)


def test_steps_of_one_day_keep_their_order() -> None:
    quick = case("a", ("2024-03-05", "received"), ("2024-03-05", "mediating"), ("2024-03-05", "settled"))
    assert status_on(quick, dt.date(2024, 3, 5)) == "settled"
    assert status_on(quick, dt.date(2024, 3, 4)) is None


def test_a_report_that_has_not_come_counts_nowhere() -> None:
    assert standings([case("a")], Y2024).tally == Tally(received=0, settled=0)


def test_the_windows_edges_belong_to_it() -> None:
    edges = [case("a", ("2023-11-01", "received")), case("b", ("2024-10-31", "received"))]
    assert standings(edges, Y2024).tally.received == 2
    assert standings([case("c", ("2024-11-01", "received"))], Y2024).tally.received == 0


def test_ended_on_is_the_last_end_within_the_window() -> None:
    assert ended_on(REOPENED_NEXT_YEAR, Y2024) == dt.date(2024, 3, 20)
    assert ended_on(REOPENED_NEXT_YEAR, Y2025) == dt.date(2024, 12, 10)
    assert ended_on(case("a", ("2024-03-05", "received")), Y2024) is None


def leaders(*cases: Case) -> dict[str, str]:
    return counted({c.id: c for c in cases})


def test_a_linked_case_is_not_counted_where_its_primary_is_known() -> None:
    found = leaders(
        case("a", ("2024-03-05", "received"), linked_to="b"), case("b", ("2024-03-06", "received"))
    )
    assert found == {"a": "b", "b": "b"}


def test_links_to_an_unknown_case_count_once() -> None:
    found = leaders(
        case("a", ("2024-03-07", "received"), linked_to="z"), case("b", ("2024-03-05", "received"), linked_to="z"),
        case("c", ("2024-03-01", "received"), linked_to="a"),
    )
    assert found == {"a": "b", "b": "b", "c": "b"}


def test_a_primary_whose_report_has_not_come_is_unknown() -> None:
    found = leaders(case("a", ("2024-03-07", "received"), linked_to="z"), case("z"))
    assert found["a"] == "a"


def test_chains_lead_to_their_end() -> None:
    found = leaders(
        case("a", ("2024-03-01", "received"), linked_to="b"), case("b", ("2024-03-02", "received"), linked_to="c"),
        case("c", ("2024-03-03", "received")),
    )
    assert set(found.values()) == {"c"}


def test_a_circle_counts_once() -> None:
    found = leaders(
        case("b", ("2024-03-01", "received"), linked_to="c"), case("c", ("2024-03-02", "received"), linked_to="b"),
        case("d", ("2024-03-02", "received"), linked_to="c"),
    )
    assert set(found.values()) == {"b"}


def test_a_case_linked_to_itself_counts() -> None:
    assert leaders(case("a", ("2024-03-01", "received"), linked_to="a")) == {"a": "a"}
