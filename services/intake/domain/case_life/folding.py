"""A case in the making: one fact after the other, in legal order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from services.intake.domain.case_life.table import CaseLaw, CaseLife
from services.intake.domain.entries import Dated, Entry
from shared.contracts import When
from shared.contracts.outgoing import Due, Flag, Obstacle, Session, Status
from shared.contracts.outgoing import Step as Moved


class Told(msgspec.Struct, frozen=True):
    """One fact: the short type of the step that it is, the entry that tells it, its data."""

    name: str
    entry: Entry
    data: Any


class Folding:
    """``fields``: of the case, as ``CaseState`` names them. ``recused``: references of mediators who stepped back."""

    def __init__(self, law: CaseLaw) -> None:
        self.law = law
        self.status: Status = "parked"
        self.fields: dict[str, Any] = {}
        self.history: list[Moved] = []
        self.sessions: list[Session] = []
        self.flags: list[Flag] = []
        self.due: list[Due] = []
        self.urgent: list[str] = []
        self.recused: set[str] = set()
        self.obstacles: dict[str, Obstacle] = {}

    def apply(self, dated: Dated, effects: Mapping[str, Effect]) -> None:
        told: Told = dated.what
        on, data, fields = dated.on, told.data, self.fields
        life = self.law.on(on)
        step = life.steps[told.name]
        expected = self.status in step.expected
        if not expected:
            # a second report is another source's word about the same case, not a breach of order
            again = told.name == "case.reported"
            self.flags.append(Flag(code="reported_again" if again else "out_of_order", article=step.cite, on=on))
        to = self._before(step.expected) if step.back and expected else step.to
        # what ended stays ended until the law opens it again; elsewhere a fact out of order still moves the case
        if to is not None and (expected or (self.status not in life.ended and told.name != "case.reported")):
            self.status = to
            self.history.append(Moved(on=on, status=to, by=told.name))
            if to in life.ended:
                fields["ended_on"] = on
            else:
                fields.pop("ended_on", None)
        elif step.ends:
            # what an ending brings counts only where the ending does
            return
        for name, value in step.set:
            fields[name] = value
        for name in step.keep:
            value = getattr(data, name, None)
            if value is not None:
                fields[name] = value
        for name in step.first:
            if fields.get(name) is None:
                fields[name] = getattr(data, name, None)
        if step.on is not None:
            fields[step.on] = on
        if step.first_on is not None:
            fields.setdefault(step.first_on, on)
        effect = effects.get(told.name)
        if effect is not None:
            effect(self, life, on, told)

    def _before(self, left: frozenset[Status]) -> Status | None:
        return next((moved.status for moved in reversed(self.history) if moved.status not in left), None)

    def append(self, name: str, value: Any) -> None:
        self.fields.setdefault(name, []).append(value)

    def flag(self, life: CaseLife, code: str, on: When) -> None:
        self.flags.append(Flag(code=code, article=life.flags[code].cite, on=on))

    def late(self, name: str, since: When, on: When) -> None:
        """Flag a fact of ``on`` that a deadline running from ``since`` had as its last day before."""
        deadline = self.law.on(since).deadlines[name]
        last = deadline.last_day(since)
        if on[:10] > last and deadline.flag is not None:
            self.flags.append(Flag(code=deadline.flag, article=deadline.cite, on=on, days=(on.day - last.day).days))

    def runs(self, name: str, since: When, last: When | None = None) -> None:
        """Say that a deadline runs from ``since``; ``last``: agreed on otherwise."""
        deadline = self.law.on(since).deadlines[name]
        last_day = deadline.last_day(since) if last is None else When(last[:10])
        self.due.append(Due(code=name, last_day=last_day, article=deadline.cite))


Effect = Callable[[Folding, CaseLife, When, Told], None]
"""What an event brings beyond what the table says."""
