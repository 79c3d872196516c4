"""Whatever people write up, in whatever order it comes: the same commendations, and never one against a bar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.evaluation.domain.commendation.fold import fold
from services.evaluation.domain.facts import Step
from tests.unit.evaluation.commendation.builders import (
    RECOGNISED,
    RULES,
    TEAM,
    appraised,
    closed,
    decided,
    opened,
    proposed,
    step,
    submitted,
    uri,
)

DAYS = st.dates(dt.date(2024, 12, 1), dt.date(2025, 1, 20)).map(dt.date.isoformat)
RECORDS = st.sampled_from("abc")
MEDIATORS = st.sampled_from([None, None, "m1"])


class Office(RuleBasedStateMachine):
    """People of a commune, who write up at any moment what happened on any day."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: dict[str, Step] = {}

    @rule(
        name=RECORDS, on=DAYS, kind=st.sampled_from(["merit", "campaign"]), mediator=MEDIATORS,
        form=st.sampled_from(["giay_khen_commune", "bang_khen_city"]), goal=st.sampled_from(["recognition:2024", "x"]),
        supports=st.lists(RECORDS, max_size=1), written=DAYS,
    )
    def propose(
        self, name: str, on: str, kind: str, mediator: str | None, form: str, goal: str, supports: list[str], written: str
    ) -> None:
        more: dict[str, Any] = {} if mediator is None else {"mediator": mediator}
        self._add(proposed(
            name, on, kind=kind, form=form, achievement=goal, supports=[uri(s) for s in supports], written=_time(written), **more,
        ))

    @rule(name=RECORDS, on=DAYS, written=DAYS, suspect=st.booleans())
    def carry_through(self, name: str, on: str, written: str, suspect: bool) -> None:
        time = _time(written)
        if suspect:
            self._add(opened(on=on, written=time))
        for one in (proposed, submitted, appraised, decided):
            self._add(one(name, on, written=time))

    @rule(name=RECORDS, on=DAYS, written=DAYS, favourable=st.booleans())
    def prepare(self, name: str, on: str, written: str, favourable: bool) -> None:
        self._add(submitted(name, on, written=_time(written)))
        self._add(appraised(name, on, favourable, written=_time(written)))

    @rule(
        name=RECORDS, on=DAYS, written=DAYS, form=st.sampled_from(["giay_khen_commune", "bang_khen_city", "giay_khen_district"]),
        signer=st.sampled_from(["commune_chair", "city_chair"]),
    )
    def decide(self, name: str, on: str, written: str, form: str, signer: str) -> None:
        self._add(decided(name, on, form=form, signed_by=signer, written=_time(written)))

    @rule(name=RECORDS, on=DAYS, written=DAYS, type=st.sampled_from(["supplement-asked", "declined", "given", "supplemented"]))
    def go_on(self, name: str, on: str, written: str, type: str) -> None:
        more = {"reason": "Lý do"} if type in ("supplement-asked", "declined") else {}
        self._add(step(name, type, on, written=_time(written), **more))

    @rule(name=RECORDS, on=DAYS, written=DAYS, amount=st.integers(1, 2_000_000))
    def pay(self, name: str, on: str, written: str, amount: int) -> None:
        self._add(step(name, "paid", on, written=_time(written), amount=amount))

    @rule(name=RECORDS, on=DAYS, written=DAYS)
    def revoke(self, name: str, on: str, written: str) -> None:
        self._add(step(name, "revoked", on, written=_time(written), number="9", ground="fraud", reason="Gian dối"))

    @rule(on=DAYS, written=DAYS, mediator=MEDIATORS)
    def suspect(self, on: str, written: str, mediator: str | None) -> None:
        self._add(opened(on=on, written=_time(written), **({} if mediator is None else {"mediator": mediator})))

    @rule(on=DAYS, written=DAYS, upheld=st.booleans())
    def conclude(self, on: str, written: str, upheld: bool) -> None:
        self._add(closed(on=on, written=_time(written), upheld=upheld))

    def _add(self, one: Step) -> None:
        self.steps[one.id] = one

    @invariant()
    def any_order_and_any_repetition_come_to_the_same(self) -> None:
        steps = list(self.steps.values())
        found = fold(RULES, TEAM, steps, RECOGNISED)
        assert fold(RULES, TEAM, steps[::-1], RECOGNISED) == found
        assert fold(RULES, TEAM, sorted([*steps, *steps], key=lambda s: s.id), RECOGNISED) == found

    @invariant()
    def no_decision_stands_against_a_bar(self) -> None:
        found = fold(RULES, TEAM, self.steps.values(), RECOGNISED)
        standing = [c for c in found if c.decided_on is not None and c.revoked_on is None]
        for one in standing:
            others = [c for c in standing if c.record != one.record and c.mediator == one.mediator]
            assert all(c.achievement != one.achievement for c in others)
            shown = next(s for s in one.steps if s.type == "commendation.decided")
            decision = self.steps[shown.entry]
            form = RULES.forms[decision.data["form"]]
            assert form.authority.at(decision.on).value == decision.data["signed_by"]
            assert not self._suspended(decision, one.mediator)
        for one in found:
            assert sum(s.type == "commendation.supplement-asked" for s in one.steps) <= 1
            assert {s.entry for s in one.steps} | {s.entry for s in (*one.refused, *one.waiting)} == {
                s.id for s in self.steps.values() if s.record == one.record
            }

    def _suspended(self, decision: Step, mediator: str | None) -> bool:
        """Whether a verification was known and open when the decision was written up; told anew, without the fold."""
        seen = [s for s in self.steps.values() if s.time <= decision.time and s.on <= decision.on]
        first = min((s for s in seen if s.type == "verification.opened"), key=lambda s: (s.on, s.time, s.id), default=None)
        if first is None or first.data.get("mediator") not in (None, mediator):
            return False
        return not any(s.type == "verification.closed" for s in seen)


def _time(day: str) -> str:
    return f"{day}T20:00:00+07:00"


Office.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestOffice = Office.TestCase
