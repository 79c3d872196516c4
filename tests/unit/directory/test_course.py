"""Votes counted exactly, and what a chair's decision makes of them (Luật 35/2013/QH13 Art. 8)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.directory.domain.course import Course, reading
from services.directory.domain.course.votes import elect, lead, tally
from services.directory.domain.onday import members_on
from shared.contracts.directory import Votes
from shared.contracts.outgoing import TeamState
from tests.unit.directory.world import World, mediator

HALF = Fraction(1, 2)
TEAM = "Tổ 5"


def votes(**counts: int) -> list[dict[str, Any]]:
    return [{"ref": ref, "votes": count} for ref, count in counts.items()]


@pytest.fixture
def world() -> World:
    world = World()
    world.snapshot("2024-01-10", teams=[{"name": TEAM, "group": "TDP 5", "mediators": [mediator("old", leader=True)]}])
    return world


def course(world: World) -> Course:
    (found,) = world.fold().courses.values()
    return found


def team(world: World) -> TeamState:
    return world.team(TEAM)


def recognise(world: World, on: str, *refs: str, number: str = "12/QĐ-UBND", **more: Any) -> None:
    entries = [ref if isinstance(ref, dict) else mediator(ref) for ref in refs]
    world.say("mediator.recognised", on, team=TEAM, number=number, mediators=entries, **more)


def present(world: World, day: str) -> list[str]:
    return [member.ref for member in members_on(team(world), day)]


# -- votes


@pytest.mark.parametrize(("count", "households", "outcome"), [
    (50, 100, "not_elected"), (51, 100, "elected"), (3, 6, "not_elected"), (3, 5, "elected"), (0, 1, "not_elected"),
    (1, 1, "elected"),
])
def test_elected_is_who_has_more_than_half_of_all_households(count: int, households: int, outcome: str) -> None:
    assert elect({"a": count}, households, HALF, None) == {"a": outcome}


@pytest.mark.parametrize(("counts", "seats", "outcomes"), [
    ({"a": 90, "b": 80, "c": 70}, 2, "elected elected surplus"),
    ({"a": 90, "b": 70, "c": 70}, 2, "elected tied tied"),
    ({"a": 70, "b": 70, "c": 70}, 2, "tied tied tied"),
    ({"a": 70, "b": 70, "c": 30}, 2, "elected elected not_elected"),
    ({"a": 90, "b": 70, "c": 70}, 3, "elected elected elected"),
    ({"a": 90, "b": 70}, 0, "surplus surplus"),
    ({"a": 90, "b": 70}, None, "elected elected"),
])
def test_too_many_are_taken_by_their_votes_and_equals_at_the_last_seat_are_not(
    counts: dict[str, int], seats: int | None, outcomes: str
) -> None:
    assert list(elect(counts, 100, HALF, seats).values()) == outcomes.split()


@settings(max_examples=100)
@given(
    counts=st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30), min_size=1), households=st.integers(1, 30),
    seats=st.none() | st.integers(0, 8), seed=st.randoms(use_true_random=False),
)
def test_any_vote(counts: dict[str, int], households: int, seats: int | None, seed: Any) -> None:
    found = elect(counts, households, HALF, seats)
    elected = [ref for ref, outcome in found.items() if outcome == "elected"]
    assert seats is None or len(elected) <= seats
    assert all((counts[ref] * 2 > households) == (outcome != "not_elected") for ref, outcome in found.items())
    for ref in elected:
        # nobody with as many votes or more is left out
        assert all(counts[other] < counts[ref] or other in elected for other in counts)
    shuffled = list(counts)
    seed.shuffle(shuffled)
    assert elect({ref: counts[ref] for ref in shuffled}, households, HALF, seats) == found


def test_a_leader_has_more_votes_than_every_other() -> None:
    assert lead({"a": 3, "b": 2}) == "a"
    assert lead({"a": 2, "b": 2, "c": 1}) is None and lead({"a": 0}) is None and lead({}) is None


def test_of_someone_listed_twice_the_lower_figure_counts() -> None:
    assert tally([Votes(ref="a", votes=60), Votes(ref="b", votes=1), Votes(ref="a", votes=20)]) == ({"a": 20, "b": 1}, ["a"])


# -- decisions


def test_a_decision_has_no_effect_for_whom_the_households_did_not_elect_until_a_supplementary_vote_does(world: World) -> None:
    world.say("election.held", "2024-03-01", team=TEAM, households=84, seats=2, votes=votes(a=61, b=42))
    recognise(world, "2024-03-05", "a", "b")
    assert sorted(present(world, "2024-03-05")) == ["a", "old"]
    (decision,) = course(world).decisions
    (refused,) = decision.refused
    assert (refused.code, refused.ref, refused.article) == ("not_elected", "b", "Luật 35/2013/QH13, Điều 8")
    assert "42/84" in refused.vi and "42/84" in refused.en and "50%" in refused.vi
    assert [step["code"] for step in reading.elections(course(world), "2024-03-05")["next"]] == ["supplementary"]
    world.say("election.held", "2024-03-10", team=TEAM, households=84, votes=votes(b=43), supplementary=True)
    recognise(world, "2024-03-12", "b", number="15/QĐ-UBND")
    assert sorted(present(world, "2024-03-11")) == ["a", "old"]
    assert sorted(present(world, "2024-03-12")) == ["a", "b", "old"]
    (row,) = [m for m in team(world).members if m.ref == "b"]
    assert (row.recognised_on, row.decision) == ("2024-03-12", "15/QĐ-UBND")
    assert reading.elections(course(world), "2024-03-12")["next"] == []


def test_a_vote_that_nobody_wrote_up_bars_nothing_and_is_noted(world: World) -> None:
    recognise(world, "2024-03-05", "a")
    (decision,) = course(world).decisions
    assert sorted(present(world, "2024-03-05")) == ["a", "old"]
    assert [flag.code for flag in decision.flags] == ["no_vote"] and not decision.refused


def test_a_vote_written_up_after_the_decision_counts_from_its_own_day(world: World) -> None:
    recognise(world, "2024-03-05", "a")
    world.say("election.held", "2024-03-01", team=TEAM, households=10, votes=votes(a=5), time="2024-06-01T08:00:00+07:00")
    assert present(world, "2024-03-05") == ["old"]
    assert course(world).decisions[0].refused[0].code == "not_elected"


def test_a_later_vote_in_which_one_did_not_stand_takes_nothing_away(world: World) -> None:
    world.say("election.held", "2024-03-01", team=TEAM, households=10, votes=votes(a=6))
    world.say("election.held", "2024-09-01", team=TEAM, households=10, votes=votes(b=6))
    recognise(world, "2024-09-05", "a", "b")
    assert not course(world).decisions[0].refused


def test_a_later_vote_that_one_lost_bars(world: World) -> None:
    world.say("election.held", "2024-03-01", team=TEAM, households=10, votes=votes(a=6))
    world.say("election.held", "2024-09-01", team=TEAM, households=10, votes=votes(a=5))
    recognise(world, "2024-09-05", "a")
    assert [r.code for r in course(world).decisions[0].refused] == ["not_elected"]


def test_a_supplementary_vote_fills_the_seats_that_are_open_and_leaves_the_elected_in_place(world: World) -> None:
    world.say("candidates.agreed", "2024-02-20", team=TEAM, candidates=["a", "b", "c", "d"], seats=3)
    world.say("election.held", "2024-03-01", team=TEAM, households=100, votes=votes(a=90, b=60, c=60, d=60))
    first = course(world).elections[0]
    assert (first.elected, first.seats, first.missing) == (["a"], 3, 2)
    assert [result.outcome for result in first.results] == ["elected", "tied", "tied", "tied"]
    world.say("election.held", "2024-03-08", team=TEAM, households=100, supplementary=True, votes=votes(a=1, b=70, c=65, d=60))
    second = course(world).elections[1]
    assert (sorted(second.elected), second.seats, second.missing) == (["a", "b", "c"], 2, 0)
    rows = {row["ref"]: row["state"] for row in reading.candidates(course(world), "2024-03-08")}
    assert rows == {"a": "elected", "b": "elected", "c": "elected", "d": "surplus"}
    recognise(world, "2024-03-09", "a", "b", "c", "d")
    decision = course(world).decisions[0]
    assert [entry.ref for entry in decision.recognised] == ["a", "b", "c"] and decision.refused[0].code == "surplus"


def test_the_chair_has_five_working_days_and_a_late_decision_stands(world: World) -> None:
    # 08/02-14/02/2024 is Tết
    recognise(world, "2024-02-19", "a", asked_on="2024-02-07")
    assert course(world).decisions[0].last_day == "2024-02-21"
    recognise(world, "2024-02-22", "b", asked_on="2024-02-07")
    assert [flag.code for flag in course(world).decisions[1].flags] == ["no_vote", "late"]
    assert "b" in present(world, "2024-02-22")


def test_whom_the_mediators_did_not_elect_is_recognised_as_a_mediator_and_not_as_the_leader(world: World) -> None:
    world.say("leader.elected", "2024-03-02", team=TEAM, mediators=3, votes=votes(a=2, b=1))
    recognise(world, "2024-03-05", mediator("a", leader=True), mediator("b", leader=True))  # type: ignore[arg-type]
    assert {m.ref: m.leader for m in members_on(team(world), "2024-03-05") if m.ref != "old"} == {"a": True, "b": False}
    (refused,) = course(world).decisions[0].refused
    assert (refused.code, refused.ref) == ("other_leader", "b")


def test_odd_figures_are_noted_and_judged_as_they_stand(world: World) -> None:
    world.say("candidates.agreed", "2024-02-20", team=TEAM, candidates=["a"])
    world.say("election.held", "2024-03-01", team=TEAM, households=10, present=12, votes=votes(a=11, b=6), supplementary=True)
    assert sorted(flag.code for flag in course(world).elections[0].flags) == ["no_first_vote", "not_agreed", "present", "votes"]
    world.say("leader.elected", "2024-03-02", team=TEAM, mediators=3, votes=votes(a=2, b=2))
    assert sorted(flag.code for flag in course(world).leaders[0].flags) == ["tied", "votes"]
    assert "leader" in [step["code"] for step in reading.elections(course(world), "2024-03-05")["next"]]


def test_one_who_ceased_is_gone_with_the_reason_and_may_be_recognised_again(world: World) -> None:
    world.say("mediator.ended", "2024-03-01", team=TEAM, ref="old", reason="own_wish", decision="9/QĐ-UBND")
    assert present(world, "2024-03-01") == []
    (ceased,) = course(world).ceased
    assert (ceased.ref, ceased.reason, ceased.decision) == ("old", "own_wish", "9/QĐ-UBND")
    recognise(world, "2024-05-01", "old")
    assert present(world, "2024-05-01") == ["old"]


def test_a_vote_of_a_team_that_nobody_knows_waits_for_an_officer(world: World) -> None:
    world.say("election.held", "2024-03-01", team="Tổ 55", households=10, votes=votes(a=6))
    done = world.fold()
    assert [name.name for name in done.names] == ["Tổ 55"] and not course(world).elections


@settings(max_examples=40, deadline=None)
@given(seed=st.randoms(use_true_random=False), counts=st.lists(st.integers(0, 12), min_size=8, max_size=8))
def test_what_comes_in_any_order_and_twice_leads_to_the_same(seed: Any, counts: list[int]) -> None:
    world = World()
    world.snapshot("2024-01-10", teams=[{"name": TEAM, "group": "TDP 5", "mediators": [mediator("a"), mediator("old")]}])
    a, b, c, d, *more = counts
    world.say("candidates.agreed", "2024-02-20", team=TEAM, candidates=["a", "b"], seats=1)
    world.say("election.held", "2024-03-01", team=TEAM, households=10, votes=votes(a=a, b=b))
    world.say("election.held", "2024-03-01", team=TEAM, households=10, votes=votes(a=c, b=d), supplementary=True)
    world.say("leader.elected", "2024-03-02", team=TEAM, mediators=3, votes=votes(a=more[0], b=more[1]))
    recognise(world, "2024-03-02", mediator("a", leader=True), "b")  # type: ignore[arg-type]
    world.say("mediator.ended", "2024-03-04", team=TEAM, ref="b")
    recognise(world, "2024-03-04", "c")
    world.say("election.held", "2024-03-03", team=TEAM, households=10, votes=votes(b=more[2], c=more[3]))
    first = world.fold()
    seed.shuffle(world.records)
    second = world.fold()
    assert (second.states, second.courses) == (first.states, first.courses)
    chosen = {m.ref for m in members_on(second.states[0], "2024-03-04")}
    assert ("c" in chosen) == (more[3] * 2 > 10 and more[3] > more[2])


REFS = st.sampled_from(["a", "b", "old"])
DAYS = st.sampled_from(["2013-12-30", "2024-02-20", "2024-03-01", "2024-03-02", "2024-03-08"])
COUNTS = st.sampled_from([0, 1, 5, 6, 10, 100_000])
BALLOT = st.lists(st.fixed_dictionaries({"ref": REFS, "votes": COUNTS}), min_size=1, max_size=4)
SEATS = st.none() | st.sampled_from([1, 2, 200])
ACTS = st.one_of(
    st.tuples(st.just("review.held"), st.fixed_dictionaries({"teams": st.just([TEAM, TEAM])})),
    st.tuples(st.just("candidates.agreed"), st.fixed_dictionaries({"candidates": st.lists(REFS, min_size=1), "seats": SEATS})),
    st.tuples(st.just("election.held"), st.fixed_dictionaries({
        "households": st.sampled_from([1, 10, 100_000]), "present": st.none() | COUNTS, "votes": BALLOT, "seats": SEATS,
        "supplementary": st.booleans(),
    })),
    st.tuples(st.just("leader.elected"), st.fixed_dictionaries({"mediators": st.sampled_from([1, 3]), "votes": BALLOT})),
    st.tuples(st.just("mediator.recognised"), st.fixed_dictionaries({
        "number": st.just("1"), "asked_on": st.none() | DAYS | st.just("1976-01-01"),
        "mediators": st.lists(st.builds(mediator, REFS, leader=st.booleans()), min_size=1, max_size=3),
    })),
    st.tuples(st.just("mediator.ended"), st.fixed_dictionaries({"ref": REFS})),
)


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(st.tuples(DAYS, ACTS), max_size=8), order=st.randoms(use_true_random=False))
def test_whatever_is_said_leads_to_one_course_that_can_be_read_on_any_day(acts: list[Any], order: Any) -> None:
    world = World()
    world.snapshot("2024-01-10", teams=[{"name": TEAM, "group": "TDP 5", "mediators": [mediator("old")]}])
    for on, (type_, data) in acts:
        own = {} if "teams" in data else {"team": TEAM}
        world.say(type_, on, **own, **{key: value for key, value in data.items() if value is not None})
    done = world.fold()
    order.shuffle(world.records)
    again = world.fold()
    assert (again.states, again.courses) == (done.states, done.courses)
    ((state, found),) = [(team, done.courses[team.code]) for team in done.states]
    barred = {(d.id, r.ref) for d in found.decisions for r in d.refused if r.code != "other_leader"}
    assert not barred & {(d.id, entry.ref) for d in found.decisions for entry in d.recognised}
    for day in ("2013-12-31", "2024-03-01", "2024-03-08"):
        reading.elections(found, day), reading.candidates(found, day)
        assert len({(m.source, m.ref) for m in members_on(state, day)}) == len(members_on(state, day))
