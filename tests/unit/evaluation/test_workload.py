"""What each mediator has on their hands: counted by the case's own days, by reference, with a hint and no ranking."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.facts import Case
from services.evaluation.domain.mediators.record import Service
from services.evaluation.domain.mediators.workload import Load, least, workload
from shared.calendar import Span

D = dt.date
YEAR = Span(D(2024, 1, 1), D(2024, 12, 31))


def case(id: str, mediator: str | None, *steps: tuple[str, str], sessions: tuple[str, ...] = ()) -> Case:
    days = tuple((D.fromisoformat(on), status) for on, status in steps)
    return Case(id=id, received=days[0][0], steps=days, mediator=mediator, sessions=tuple(map(D.fromisoformat, sessions)))


def member(ref: str, first: str = "2020-01-01", last: str | None = None, leader: bool = False) -> Service:
    return Service(ref=ref, first=D.fromisoformat(first), last=None if last is None else D.fromisoformat(last), leader=leader)


def of(ref: str, *cases: Case, services: tuple[Service, ...] = (member("a"), member("b"))) -> Load:
    return next(one for one in workload(services, cases, YEAR) if one.ref == ref)


def test_cases_are_counted_where_they_were_taken_held_and_ended() -> None:
    found = of(
        "a",
        case("1", "a", ("2024-02-01", "received"), ("2024-02-02", "assigned"), ("2024-02-20", "settled"),
             sessions=("2024-02-05", "2024-02-20")),
        case("2", "a", ("2023-12-20", "received"), ("2023-12-21", "assigned"), ("2024-01-10", "not_settled"),
             sessions=("2023-12-28", "2024-02-05")),
        case("3", "a", ("2023-11-01", "received"), ("2023-11-02", "chosen"), ("2023-11-09", "mediating")),
        case("4", "a", ("2024-12-31", "received"), ("2025-01-02", "assigned")),
        case("5", "b", ("2024-05-05", "received"), ("2024-05-05", "assigned")),
        case("6", "a", ("2022-05-05", "received"), ("2022-05-06", "settled")),
    )
    assert (found.taken, found.in_hand, found.settled, found.not_settled) == (1, 2, 1, 1)
    assert (found.sessions, found.days) == (3, 2), "two cases on one day are one day"
    assert found.case_ids == ("1", "2", "3", "4")


def test_a_case_that_goes_on_is_in_hand_again_and_the_new_hand_has_it() -> None:
    again = case("1", "b", ("2024-02-01", "assigned"), ("2024-03-01", "not_settled"), ("2024-04-01", "reopened"),
                 ("2024-04-02", "assigned"))
    assert (of("b", again).taken, of("b", again).in_hand, of("b", again).not_settled) == (1, 1, 0)
    assert of("a", again) == Load(
        ref="a", member=True, leader=False, taken=0, in_hand=0, settled=0, not_settled=0, sessions=0, days=0,
    )


def test_a_copied_register_without_assignments_counts_by_its_first_day() -> None:
    assert of("a", case("1", "a", ("2024-02-01", "received"), ("2024-02-01", "settled"))).taken == 1


def test_who_left_is_shown_only_with_a_case_and_never_hinted_at() -> None:
    gone = member("c", last="2024-06-30")
    assert [one.ref for one in workload((member("a"), gone), (), YEAR)] == ["a"]
    held = case("1", "c", ("2024-02-01", "assigned"), ("2024-03-01", "settled"))
    found = workload((member("a"), member("b"), gone), (held, case("2", "a", ("2024-02-01", "assigned"))), YEAR)
    assert [(one.ref, one.member) for one in found] == [("a", True), ("b", True), ("c", False)]
    assert least(found) == ("b",)


def test_where_all_have_as_many_nobody_is_hinted_at() -> None:
    assert least(workload((member("a"), member("b")), (), YEAR)) == ()
    assert least(()) == ()


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(("assigned", "mediating", "settled", "not_settled")),
                          st.integers(0, 800)), max_size=12))
def test_every_case_in_hand_or_ended_counts_for_one_mediator(drawn: list[tuple[str, str, int]]) -> None:
    cases = [
        case(str(n), ref, ((D(2023, 1, 1) + dt.timedelta(days=after)).isoformat(), status))
        for n, (ref, status, after) in enumerate(drawn)
    ]
    found = workload([member(ref) for ref in "ab"], cases, YEAR)
    assert [one.ref for one in found] == sorted(one.ref for one in found)
    by_end = [c for c in cases if c.steps[0][0] <= YEAR.last]
    assert sum(one.in_hand for one in found) == sum(c.steps[0][1] in ("assigned", "mediating") for c in by_end)
    ended = [c for c in by_end if c.steps[0][0] in YEAR and c.steps[0][1] in ("settled", "not_settled")]
    assert sum(one.settled + one.not_settled for one in found) == len(ended)
