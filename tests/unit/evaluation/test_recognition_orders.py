"""Workflows that nobody thought of: any steps, in any order, written up at any time."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from services.evaluation.domain.facts import Step
from services.evaluation.domain.recognition import Recognition, State
from shared.contracts import When
from tests.unit.evaluation.steps import FULL, assessed, decided, outcome, requested, returned, reviewed, revoked

FIRST = dt.date(2024, 11, 1)
DAYS = st.integers(0, 60).map(lambda n: (FIRST + dt.timedelta(days=n)).isoformat())
DELAYS = st.sampled_from([0, 0, 0, 1, 5, 20, 60])
GOOD = st.sampled_from([True, True, False])


def written(on: str, delay: int) -> str:
    return f"{(dt.date.fromisoformat(on) + dt.timedelta(days=delay)).isoformat()}T20:00:00+07:00"


class Workflow(RuleBasedStateMachine):
    """People enter steps one after the other; each may be about any day, and be written up long after."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.count = 0

    def enter(self, make: Any, on: str, delay: int, **data: Any) -> None:
        self.count += 1
        self.steps.append(make(on, time=written(on, delay), id=f"entry-{self.count:03d}", **data))

    @rule(on=DAYS, delay=DELAYS, vote=st.tuples(st.integers(0, 7), st.integers(1, 7)), all_met=GOOD)
    def assess(self, on: str, delay: int, vote: tuple[int, int], all_met: bool) -> None:
        self.enter(assessed, on, delay, agreed=min(vote), members=max(*vote, 1), all_met=all_met)

    @rule(on=DAYS, delay=DELAYS)
    def request(self, on: str, delay: int) -> None:
        self.enter(requested, on, delay)

    @rule(on=DAYS, delay=DELAYS)
    def give_back(self, on: str, delay: int) -> None:
        self.enter(returned, on, delay)

    @rule(on=DAYS, delay=DELAYS, good=GOOD)
    def review(self, on: str, delay: int, good: bool) -> None:
        self.enter(reviewed, on, delay, good=good)

    @rule(on=DAYS, delay=DELAYS, good=GOOD, signed_by=st.sampled_from(["commune_chair", "commune_chair", "other"]))
    def decide(self, on: str, delay: int, good: bool, signed_by: str) -> None:
        self.enter(decided, on, delay, good=good, signed_by=signed_by, number=f"{self.count}/QĐ")

    @rule(on=DAYS, delay=DELAYS)
    def revoke(self, on: str, delay: int) -> None:
        self.enter(revoked, on, delay)

    @precondition(lambda self: self.steps)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        self.steps.pop(data.draw(st.integers(0, len(self.steps) - 1)))

    @invariant()
    def what_must_hold(self) -> None:
        found = outcome(*self.steps)
        shuffled = [*self.steps, *self.steps[:2]]
        random.Random(self.count).shuffle(shuffled)
        assert outcome(*shuffled) == found, "neither order nor number of arrivals matters"
        assert sorted(line.entry for line in found.lines) == sorted(step.id for step in self.steps)
        for effect, listed in (("refused", found.refused), ("waiting", found.waiting)):
            assert {line.entry for line in found.lines if line.effect == effect} == {one.entry for one in listed}
        assert not any(one.code.startswith("late") for one in (*found.refused, *found.waiting)), "late is never a bar"
        done = [line.act for line in found.lines if line.effect == "done"]
        assert done.count("revoke") <= done.count("recognise") <= done.count("revoke") + 1, "one decision stands at most"
        if found.state is State.RECOGNISED:
            check_recognised(found, self.steps)


def check_recognised(found: Recognition, steps: list[Step]) -> None:
    decision = found.progress.decided
    assert decision is not None and decision.step.data["signed_by"] != "other"
    done = {line.entry: line for line in found.lines if line.effect == "done"}
    assert decision.id in done
    acts = {line.act for line in done.values()}
    assert {"assess", "request", "review"} <= acts
    # whatever was on record of the vote when the decision came is not all against it
    known = [s for s in steps if s.type.endswith("self-assessed")]
    assert any(Fraction(s.data["agreed"], s.data["members"]) > Fraction(1, 2) and s.data["all_met"] for s in known)


Workflow.TestCase.settings = settings(max_examples=50, stateful_step_count=12, deadline=None)
TestWorkflow = Workflow.TestCase


@given(st.lists(st.integers(0, 400), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_however_late_a_full_course_is_written_up_it_recognises(delays: list[int]) -> None:
    """Each step on its own day, written up up to a year later, in whatever order."""
    late = [
        replace(step, time=When(written(step.data["on"], delay)), id=f"entry-{index}")
        for index, (step, delay) in enumerate(zip(FULL, delays, strict=True))
    ]
    found = outcome(*late)
    assert found.state is State.RECOGNISED and not found.refused and not found.flags


@given(st.lists(st.integers(0, 300), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_however_late_the_days_themselves_are_they_only_flag(shifts: list[int]) -> None:
    """Steps in order, each some days after the one before: late in the year, or in the next one."""
    moved, shift = [], 0
    for step, more in zip(FULL, shifts, strict=True):
        shift += more
        on = step.on + dt.timedelta(days=shift)
        moved.append(replace(step, on=on, time=When(f"{on.isoformat()}T20:00:00+07:00")))
    found = outcome(*moved)
    assert found.state is State.RECOGNISED
    assert all(flag.code.startswith("late.") for flag in found.flags)
