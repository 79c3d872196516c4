"""Praise after recognition: some of it, step by step, and what the law does not allow."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from statistics import median

import pytest

from tests.unit.simulation.reading import Event, by_type, district, once

SEEDS = [1, 2, 3]
ORDER = [
    "proposed", "submitted", "supplement-asked", "supplemented", "appraised", "decided", "given", "paid", "revoked", "recovered",
]


@cache
def commendations(seed: int) -> dict[str, list[Event]]:
    """Subject → its events in the order in which they were written up."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in once(district(seed)):
        if event.type.startswith("commendation."):
            found[event.subject].append(event)
    return found


def steps(events: list[Event]) -> list[str]:
    return [e.type.partition(".")[2] for e in events]


@cache
def kinds_of(seed: int) -> dict[str, list[Event]]:
    return by_type(once(district(seed)))


@cache
def recognised(seed: int) -> dict[tuple[str, str], Event]:
    return {
        (e.source, name): e for e in kinds_of(seed)["recognition.decided"] for name in e.data.recognised
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_each_goes_step_by_step_and_stops_somewhere(seed: int) -> None:
    ends = Counter()  # type: Counter[str]
    for events in commendations(seed).values():
        went = steps(events)
        ends[went[-1]] += 1
        assert went[0] == "proposed"
        if went[-1] == "declined":
            assert went == ["proposed", "submitted", "appraised", "declined"]
        else:
            assert went == [step for step in ORDER if step in went]
        assert [e.data.on for e in events] == sorted(e.data.on for e in events)
    assert set(ends) == {
        "proposed", "submitted", "supplement-asked", "appraised", "decided", "declined", "given", "paid", "recovered",
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_most_recognised_teams_are_still_owed_praise_and_the_others_waited(seed: int) -> None:
    waits = []
    praised = set()
    for events in commendations(seed).values():
        first = events[0]
        if first.data.mediator is None:
            recognition = recognised(seed)[first.source, first.data.team]
            assert first.data.achievement == "recognition:2024"
            assert recognition.time < first.time
            waits += [(e.data.on.day - recognition.data.on.day).days for e in events if e.type == "commendation.decided"]
            praised |= {first.data.team + first.source for e in events if e.type == "commendation.decided"}
    assert len(praised) < len(recognised(seed)) / 3
    assert 14 < median(waits) < 60
    assert max(waits) > 60


@pytest.mark.parametrize("seed", SEEDS)
def test_mediators_are_praised_too_by_reference(seed: int) -> None:
    found = [e[0].data for e in commendations(seed).values() if e[0].data.mediator]
    assert len(found) >= 4
    assert all(data.mediator.startswith("hgv-") for data in found)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_team_is_decided_upon_twice_for_one_achievement(seed: int) -> None:
    decided: Counter[tuple[str, str]] = Counter()
    for events in commendations(seed).values():
        if "decided" in steps(events) and events[0].data.mediator is None:
            decided[events[0].source, events[0].data.team] += 1
    assert sorted(decided.values())[-2:] == [1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_decided_while_a_complaint_is_looked_into(seed: int) -> None:
    kinds = kinds_of(seed)
    closed = {e.subject: e for e in kinds["verification.closed"]}
    assert len(kinds["verification.opened"]) == 2 > len(closed) == 1
    for opened in kinds["verification.opened"]:
        own = [e for e in kinds["commendation.decided"] if (e.source, e.data.team) == (opened.source, opened.data.team)]
        if opened.subject in closed:
            assert [e.time > closed[opened.subject].time for e in own] == [True]
        else:
            assert own == []


@pytest.mark.parametrize("seed", SEEDS)
def test_ordinals_count_within_a_decision_and_money_follows_base_pay(seed: int) -> None:
    decisions: dict[tuple[str, str], list[int]] = defaultdict(list)
    amounts: Counter[tuple[bool, int]] = Counter()
    for events in commendations(seed).values():
        for e in events:
            if e.type == "commendation.decided":
                decisions[e.source, e.data.number].append(e.data.ordinal)
                amounts[events[0].data.mediator is None, e.data.amount] += 1
            elif e.type == "commendation.paid":
                assert e.data.amount in {d.data.amount for d in events if d.type == "commendation.decided"}
    for ordinals in decisions.values():
        assert sorted(ordinals) == list(range(1, len(ordinals) + 1))
    # 0,6 and 0,3 of 2.340.000 đ; one decision rounds as it likes
    assert set(amounts) == {(True, 1_404_000), (True, 1_400_000), (False, 702_000)}
    assert amounts[True, 1_400_000] == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_taken_back_comes_back_and_so_is_the_recognition(seed: int) -> None:
    (revoked,) = kinds_of(seed)["commendation.revoked"]
    (recognition,) = kinds_of(seed)["recognition.revoked"]
    assert (revoked.source, revoked.data.team) == (recognition.source, recognition.data.team)
    went = commendations(seed)[revoked.subject]
    assert steps(went)[-3:] == ["paid", "revoked", "recovered"]
    assert went[-1].data.amount == went[-3].data.amount
