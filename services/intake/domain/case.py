"""The fold of a case: its live entries in legal order → its public state, with flags where the law's order was not kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from services.intake.domain.entries import Dated, Entry, in_order
from services.intake.domain.life import CaseLife, case_life
from shared.calendar import add_months
from shared.contracts import When, record_id, short
from shared.contracts import cases as facts
from shared.contracts.outgoing import CaseState, Flag, Place, Session, Status, Step

STARTS = ("case.reported", "case.recorded")


def fold_case(entries: Iterable[Entry], parked: int = 0, life: CaseLife | None = None) -> CaseState:
    """``entries``: the live ones of the case family, in any order. Without a report all of them are parked."""
    entries = list(entries)
    if not any(short(entry.type) in STARTS for entry in entries):
        return CaseState(status="parked", entries=len(entries), parked=parked + len(entries))
    folding = _Folding(life or case_life())
    for dated in in_order(step for entry in entries for step in _steps(entry, folding.life)):
        folding.apply(dated)
    return folding.state(entries, parked)


class _Step(msgspec.Struct, frozen=True):
    name: str
    entry: Entry
    data: Any


def _steps(entry: Entry, life: CaseLife) -> Iterator[Dated]:
    name = short(entry.type)
    if name != "case.recorded":
        yield _dated(name, entry, entry.on, entry.data, life)
        return
    # a finished case from a paper log is the same life, told at once
    recorded: facts.Recorded = entry.data
    yield _dated("case.reported", entry, recorded.received_on, recorded, life)
    if recorded.assigned_on is not None or recorded.chosen_by_parties:
        taken = "case.chosen" if recorded.chosen_by_parties else "case.assigned"
        yield _dated(taken, entry, recorded.assigned_on or recorded.received_on, recorded, life)
    if recorded.started_on is not None:
        yield _dated("case.mediation-held", entry, recorded.started_on, recorded, life)
    yield _dated(f"case.{recorded.outcome.replace('_', '-')}", entry, recorded.on, recorded, life)
    if recorded.performance is not None:
        yield _dated(f"case.agreement-{recorded.performance}", entry, recorded.on, recorded, life)


def _dated(name: str, entry: Entry, on: When, data: Any, life: CaseLife) -> Dated:
    return Dated(on=on, rank=life.steps[name].rank, time=entry.time, key=entry.key, what=_Step(name, entry, data))


@dataclass
class _Folding:
    life: CaseLife
    status: Status = "parked"
    fields: dict[str, Any] = field(default_factory=dict)
    history: list[Step] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    urgent: list[str] = field(default_factory=list)

    def apply(self, dated: Dated) -> None:
        step: _Step = dated.what
        rule = self.life.steps[step.name]
        expected = self.status in rule.from_
        if not expected:
            again = step.name == "case.reported" and "received_on" in self.fields
            # a second report is another source's word about the same case, not a breach of order
            self.flags.append(Flag(code="reported_again" if again else "out_of_order", article=rule.cite, on=dated.on))
        # what ended stays ended until it is reopened; elsewhere a fact out of order still moves the case
        moves = rule.to is not None and (expected or self.status not in self.life.ended)
        if step.name == "case.reported" and not expected:
            moves = False
        if moves and rule.to is not None:
            self.status = rule.to
            self.history.append(Step(on=dated.on, status=rule.to, by=step.name))
        getattr(self, "_" + step.name.removeprefix("case.").replace("-", "_"))(dated, step.data, moves)

    def _reported(self, dated: Dated, data: facts.Reported | facts.Recorded, moves: bool) -> None:
        entry: Entry = dated.what.entry
        place = Place(source=entry.source, team=data.team, unit=data.unit, group=data.group)
        known = self.fields.get("place")
        if known is None or (known.team is None and place.team is not None):
            self.fields["place"] = place
        for name in ("dispute", "ground", "first_known_by"):
            self.fields.setdefault(name, getattr(data, name))
        self.fields.setdefault("received_on", dated.on)
        if isinstance(data, facts.Reported):
            if data.arose_on is not None:
                self.fields.setdefault("arose_on", When(data.arose_on))
            self.urgent.extend(urgency for urgency in data.urgent if urgency not in self.urgent)
        else:
            self.fields["invited"] = self.fields.get("invited", 0) + data.invited

    def _out_of_scope(self, dated: Dated, data: Any, moves: bool) -> None:
        if moves:
            self.fields["ended_on"] = dated.on

    _referred = _out_of_scope

    def _chosen(self, dated: Dated, data: facts.Chosen | facts.Recorded, moves: bool) -> None:
        self._take(dated, data, chosen=True)

    def _assigned(self, dated: Dated, data: facts.Assigned | facts.Recorded, moves: bool) -> None:
        self._take(dated, data, chosen=False)
        if isinstance(data, facts.Assigned) and data.start_agreed_on is not None:
            self.fields["start_agreed_on"] = data.start_agreed_on

    def _take(self, dated: Dated, data: Any, chosen: bool) -> None:
        self.fields["chosen_by_parties"] = chosen
        if data.mediator is not None:
            self.fields["mediator"] = data.mediator
        self.fields["assigned_on"] = dated.on
        self.fields.pop("start_agreed_on", None)

    def _mediation_held(self, dated: Dated, data: facts.MediationHeld | facts.Recorded, moves: bool) -> None:
        self.fields.setdefault("started_on", dated.on)
        invited = data.invited if isinstance(data, facts.MediationHeld) else 0
        self.fields["invited"] = self.fields.get("invited", 0) + invited
        self.sessions.append(Session(on=dated.on, invited=invited))

    def _settled(self, dated: Dated, data: Any, moves: bool) -> None:
        self._ended(dated, data, moves)
        if moves and isinstance(data, facts.Settled):
            self.fields["written"] = data.written
            if data.perform_by is not None:
                self.fields["perform_by"] = data.perform_by

    def _ended(self, dated: Dated, data: Any, moves: bool) -> None:
        if moves:
            self.fields["ended_on"] = dated.on

    _not_settled = _ended
    _ended_by_party = _ended

    def _reopened(self, dated: Dated, data: Any, moves: bool) -> None:
        if moves:
            self.fields.pop("ended_on", None)

    def _agreement_fulfilled(self, dated: Dated, data: Any, moves: bool) -> None:
        self.fields["performance"] = "fulfilled"

    def _agreement_broken(self, dated: Dated, data: Any, moves: bool) -> None:
        self.fields["performance"] = "broken"

    def _court_recognition_asked(self, dated: Dated, data: Any, moves: bool) -> None:
        self.fields["court"] = "asked"
        rule = self.life.deadlines.court_recognition
        agreed = self.fields.get("ended_on")
        if self.status == "settled" and agreed is not None and dated.on.day > add_months(agreed.day, rule.months):
            self.flags.append(Flag(code="court_asked_late", article=rule.cite, on=dated.on))

    def _court_recognition_granted(self, dated: Dated, data: Any, moves: bool) -> None:
        self.fields["court"] = "granted"

    def _court_recognition_refused(self, dated: Dated, data: Any, moves: bool) -> None:
        self.fields["court"] = "refused"

    def _linked(self, dated: Dated, data: facts.Linked, moves: bool) -> None:
        self.fields["linked_to"] = record_id(data.primary)

    def state(self, entries: list[Entry], parked: int) -> CaseState:
        self._flag_start()
        logged = min(entry.time for entry in entries if short(entry.type) in STARTS)
        self._flag_written_up(entries)
        return CaseState(
            status=self.status, logged_on=logged, sessions=self.sessions, history=self.history, flags=self.flags,
            urgent=sorted(self.urgent), entries=len(entries), parked=parked, **self.fields,
        )

    def _flag_start(self) -> None:
        """Art. 20.2: within three calendar days of assignment; no clock where the parties chose or agreed otherwise."""
        assigned: When | None = self.fields.get("assigned_on")
        if assigned is None or self.fields.get("chosen_by_parties") or self.fields.get("start_agreed_on"):
            return
        rule = self.life.deadlines.start_after_assignment
        last = assigned.day + dt.timedelta(days=rule.days)
        started = next((s.on for s in self.sessions if s.on[:10] >= assigned[:10]), None) or self.fields.get("ended_on")
        if started is not None and started.day > last:
            self.flags.append(Flag(code="started_late", article=rule.cite, on=started, days=(started.day - last).days))

    def _flag_written_up(self, entries: list[Entry]) -> None:
        rule = self.life.deadlines.written_up
        latest = max(entries, key=lambda e: ((e.time.day - e.on.day).days, e.key))
        days = (latest.time.day - latest.on.day).days
        if days > rule.days:
            self.flags.append(Flag(code="written_up_late", article=rule.cite, on=latest.on, days=days))
