"""From the self-assessments to the wards' decisions: in an order that could be, with what can go wrong in it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import contracts
from shared.calendar import is_working_day
from shared.contracts import Refusal
from shared.naming import fold_name
from shared.simulation import Plan, broken, simulate
from shared.simulation.wards import LOCAL
from tests.unit.simulation.reading import LIMIT, Event, by_type, district, events, is_broken, once

SEEDS = [1, 2, 3]
Team = tuple[str, str]


@cache
def kinds_of(seed: int) -> dict[str, list[Event]]:
    return by_type(once(district(seed)))


def team(event: Event, name: str = "") -> Team:
    return event.source, fold_name(name or event.data.team)


@cache
def votes(seed: int) -> dict[Team, Event]:
    found = {team(e): e for e in kinds_of(seed)["recognition.self-assessed"]}
    assert len(found) == len(kinds_of(seed)["recognition.self-assessed"]), "a team assesses itself once"
    return found


@cache
def requests(seed: int) -> dict[Team, list[Event]]:
    found: dict[Team, list[Event]] = defaultdict(list)
    for event in kinds_of(seed)["recognition.requested"]:
        found[team(event)].append(event)
    return found


@cache
def recognised(seed: int) -> dict[Team, Event]:
    return {team(e, name): e for e in kinds_of(seed)["recognition.decided"] for name in e.data.recognised}


def more_than_half(event: Event) -> bool:
    return Fraction(event.data.agreed, event.data.members) > Fraction(1, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_three_counts_that_differ(seed: int) -> None:
    """Most teams assess themselves, fewer ask, fewer still are recognised; more than half are (a ward that does well)."""
    assert 222 > len(votes(seed)) > len(requests(seed)) > len(recognised(seed)) > 111


@pytest.mark.parametrize("seed", SEEDS)
def test_a_vote_of_three_of_six_is_decided_upon_all_the_same_and_three_of_five_passes(seed: int) -> None:
    cast = {(e.data.agreed, e.data.members): t for t, e in votes(seed).items()}
    assert (3, 5) in cast
    against = [t for t in recognised(seed) if t in votes(seed) and not more_than_half(votes(seed)[t])]
    assert [(votes(seed)[t].data.agreed, votes(seed)[t].data.members) for t in against] == [(3, 6)]
    assert all(votes(seed)[t].data.all_met for t in recognised(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_self_assessments_requests_and_decisions_are_in_time_and_late(seed: int) -> None:
    """Before 15/11, 30/11 and 15/12."""
    kinds = kinds_of(seed)
    for kind, first_late, most in (
        ("recognition.self-assessed", "2024-11-15", 12), ("recognition.requested", "2024-11-30", 15),
        ("recognition.decided", "2024-12-15", 2),
    ):
        late = Counter(e.data.on >= first_late for e in kinds[kind])
        assert 1 <= late[True] <= most < late[False] or kind == "recognition.decided", kind
        assert late[True] and late[False]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_meeting_with_a_vote_is_told_once(seed: int) -> None:
    held = [team(e) for e in kinds_of(seed)["meeting.held"] if e.data.kind == "self_assessment"]
    assert not set(held) & set(votes(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_decision_rests_on_was_written_up_before_it_but_for_one_request(seed: int) -> None:
    reviewed = {(e.source, fold_name(line.team)): e for e in kinds_of(seed)["recognition.reviewed"] for line in e.data.results}
    without = []
    for one, decision in recognised(seed).items():
        assert votes(seed)[one].time < decision.time
        assert reviewed[one].time < decision.time
        assert reviewed[one].data.on <= decision.data.on
        asked = requests(seed).get(one, [])
        assert all(votes(seed)[one].data.on < e.data.on < decision.data.on for e in asked)
        assert all(e.time < reviewed[one].time for e in asked)
        without += [one] if not asked else []
    assert len(without) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_given_back_mostly_came_again_unless_the_vote_was_missing(seed: int) -> None:
    came = Counter()  # type: Counter[bool]
    for back in kinds_of(seed)["recognition.returned"]:
        before, *again = sorted(requests(seed)[team(back)], key=lambda e: e.time)
        assert before.time < back.time
        assert all(e.time > back.time for e in again)
        came[bool(again)] += 1
        assert team(back) in votes(seed) or not again
        assert again or team(back) not in recognised(seed)
    assert came[True] > came[False] >= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_teams_that_could_ask_and_do_not(seed: int) -> None:
    could = {t for t, e in votes(seed).items() if e.data.all_met and more_than_half(e)}
    assert len(could - set(requests(seed))) >= 5


@pytest.mark.parametrize("seed", SEEDS)
def test_each_ward_picks_its_criteria_one_the_older_ones_with_a_change(seed: int) -> None:
    chosen = kinds_of(seed)["evaluation.scheme-chosen"]
    assert Counter(e.data.scheme for e in chosen) == {"hanoi-v2": 12, "hanoi-v1": 1}
    (older,) = [e for e in chosen if e.data.changes]
    assert (older.data.scheme, contracts.to_builtins(older.data.changes)) == ("hanoi-v1", list(LOCAL))
    v1 = {c for t, e in votes(seed).items() if t[0] == older.source for c in e.data.criteria}
    assert v1 == {"detection", "coordination", "settled_rate", "training", "meetings"}


@pytest.mark.parametrize("seed", SEEDS)
def test_one_ward_has_met_and_not_decided_and_some_have_closed_the_year(seed: int) -> None:
    kinds = kinds_of(seed)
    met, decided = ({e.source for e in kinds[f"recognition.{step}"]} for step in ("reviewed", "decided"))
    assert len(met - decided) == 1
    closed = {e.source: e for e in kinds["evaluation.closed"]}
    assert set(closed) < decided
    assert all(e.data.on < closed[e.source].data.on for e in kinds["recognition.decided"] if e.subject.endswith("-2024-1")
               and e.source in closed)
    (late,) = [e for e in kinds["meeting.held"] if e.time > "2025"]
    (correction,) = kinds["evaluation.corrected"]
    assert closed[late.source].time < late.time < correction.time
    assert team(late) == team(correction)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.builds(Plan, year=st.integers(2001, 2099), seed=st.integers(0, 10**6), teams=st.integers(1, 60)))
def test_of_any_plan_who_is_decided_upon_has_voted_and_who_is_praised_was_recognised(plan: Plan) -> None:
    kinds = by_type(once(events(simulate(plan))))
    voted = {team(e): e.time for e in kinds["recognition.self-assessed"]}
    decided = {team(e, name): e.time for e in kinds["recognition.decided"] for name in e.data.recognised}
    assert all(voted[one] < time for one, time in decided.items())
    for proposed in kinds["commendation.proposed"]:
        if proposed.data.mediator is None:
            assert decided[team(proposed)] < proposed.time
    for subject, steps in by_subject(kinds, "commendation.").items():
        assert [e.time for e in steps] == sorted(e.time for e in steps), subject
        assert steps[0].type == "commendation.proposed"


def by_subject(kinds: dict[str, list[Event]], family: str) -> dict[str, list[Event]]:
    """In the order of the days on which it happened."""
    found: dict[str, list[Event]] = defaultdict(list)
    for kind, listed in kinds.items():
        for event in listed if kind.startswith(family) else ():
            found[event.subject].append(event)
    return {subject: sorted(listed, key=lambda e: (e.data.on, e.time)) for subject, listed in found.items()}


def test_offices_work_on_working_days_only() -> None:
    office = ("evaluation.", "recognition.re", "recognition.decided", "commendation.", "verification.", "practice.")
    acts = [e for e in district() if e.type.startswith(office)]
    assert len(acts) > 250
    assert [e for e in acts if not is_working_day(e.data.on.day)] == []


def test_a_good_way_of_working_names_nobody() -> None:
    noted = kinds_of(1)["practice.noted"]
    assert len({e.data.title for e in noted}) == len(noted) >= 4
    assert all(team(e) in recognised(1) for e in noted)


def test_one_outside_system_sends_what_cannot_be_taken_in() -> None:
    lines = [line for line in simulate(Plan(year=2024)) if is_broken(line)]
    refused: dict[str, Any] = {}
    for line in lines:
        sent = json.loads(line)
        assert sent["simulated"] is True
        assert sent["data"]["ext"] == {"simulated": True}
        with pytest.raises(Refusal) as raised:
            contracts.decode(contracts.read(line, contracts.STRUCTURED, {}), LIMIT)
        refused[sent["id"]] = (raised.value.code, raised.value.field)
    assert sorted(refused.values()) == [
        ("data", "data"), ("data", "data.on"), ("envelope", "subject"), ("future", "data.on"), ("unknown_type", "type"),
    ]


def test_a_small_run_has_none_of_them() -> None:
    assert not [line for line in simulate(Plan(year=2024, teams=broken.LEAST_TEAMS - 1)) if is_broken(line)]
