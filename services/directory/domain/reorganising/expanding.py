"""A plan over what the directory knows → events of the contract.

A plan's own earlier events must not be among the facts: then the same plan leads to the same events however often it is read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from services.directory.domain.codes import Issued
from services.directory.domain.facts import Fact, facts_of, is_team_key
from services.directory.domain.groups import fold_groups
from services.directory.domain.onday import covers, place_on
from services.directory.domain.reorganising.plan import Change, Move, Plan, TeamStep
from services.directory.domain.teams import fold_teams
from services.directory.domain.units import fold_units
from shared.contracts import record_id
from shared.contracts.outgoing import RecordChanged, RecordEntry, TeamState, UnitState
from shared.contracts.registry import PREFIX
from shared.contracts.when import When
from shared.naming import alphabet, fold_name

SEQ = 1 << 60
"""Codes that a preview would issue are numbered after all that were."""


def subject_of(plan: str) -> str:
    """All events of a plan are one record."""
    return f"namtot://directory/plans/{plan}"


class Planned(msgspec.Struct, kw_only=True, frozen=True):
    """An event to publish. ``type``: short."""

    type: str
    on: str
    data: dict[str, Any]

    @property
    def key(self) -> str:
        """16 hex digits of what it says."""
        said = msgspec.json.encode([self.type, self.data], order="sorted")
        return hashlib.sha256(said).hexdigest()[:16]


class Problem(msgspec.Struct, kw_only=True, frozen=True):
    """Something that the plan takes for granted and the directory does not know. ``code`` names the sentence."""

    code: str
    on: str
    unit: str
    what: str


class Expansion(msgspec.Struct, kw_only=True):
    events: list[Planned] = []
    problems: list[Problem] = []


class World:
    """What the directory knows, as facts; with planned events it is another world."""

    def __init__(
        self, facts: Iterable[Fact], issued: Iterable[Issued], *, taken: Callable[[list[str]], set[str]],
        outside: Callable[[], Iterable[TeamState]],
    ) -> None:
        self.facts = list({fact.id: fact for fact in facts}.values())
        self._issued, self._taken, self._outside = list(issued), taken, outside
        self._teams: list[TeamState] | None = None

    def and_(self, plan: str, events: Iterable[Planned]) -> World:
        record = RecordChanged(record=record_id(subject_of(plan)), subject=subject_of(plan), n=1, entries=[
            RecordEntry(
                entry=event.key, source=subject_of(plan), id=event.key, type=event.type, on=When(event.on), time=When(event.on),
                data=event.data,
            )
            for event in events
        ])
        return World([*self.facts, *facts_of(record)], self._issued, taken=self._taken, outside=self._outside)

    def units(self, code: str) -> list[UnitState]:
        return fold_units(code, [fact for fact in self.facts if f"u:{code}" in fact.keys])

    def unit_on(self, code: str, day: str) -> UnitState | None:
        return next((unit for unit in self.units(code) if covers(unit, day)), None)

    def teams(self) -> list[TeamState]:
        if self._teams is None:
            facts = [f for f in self.facts if any(is_team_key(key) or key.startswith("m:") for key in f.keys)]
            self._teams = fold_teams(facts, self._issued, SEQ, taken=self._taken, outside=self._outside).states
        return self._teams

    def groups_on(self, unit: str, day: str) -> list[str]:
        """Groups that a register lists or in which a team works, each as it was first written."""
        found: dict[str, str] = {}
        for group in fold_groups(unit, [fact for fact in self.facts if f"g:{unit}" in fact.keys]):
            if group.valid_from <= day and (group.valid_to is None or day < group.valid_to):
                found.setdefault(fold_name(group.name), group.name)
        for team in self.teams():
            place = place_on(team, day)
            if place is not None and place.unit == unit:
                found.setdefault(fold_name(place.group), place.group)
        return sorted(found.values(), key=alphabet.order)


def day_before(day: str) -> str:
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()


def expand(plan: Plan, world: World) -> Expansion:
    done = Expansion()
    for change in plan.changes:
        _Step(change, world.and_(plan.id, done.events), done).run()
    return done


class _Step:
    def __init__(self, change: Change, world: World, done: Expansion) -> None:
        self.change, self.world, self.done = change, world, done
        self.on, self.before = change.on, day_before(change.on)
        self.fresh = {begin.unit for begin in change.begin} | {alter.unit for alter in change.change}

    def run(self) -> None:
        change = self.change
        for begin in change.begin:
            parent = {"parent": begin.parent} if begin.parent else {}
            self._say("unit.registered", code=begin.unit, name=begin.name, level=begin.level, **parent)
        for alter in change.change:
            name = {"name": alter.name} if alter.name else {}
            sources = [key for unit in alter.sources if (key := self._key(unit, self.before))]
            self._say("unit.changed", code=alter.unit, predecessors=sources, **name)
        for move in change.move:
            self._move(move)
        for merge in change.merge:
            if fold_name(merge.into) not in {fold_name(group) for group in merge.groups}:
                self._say("group.registered", unit=merge.unit, name=merge.into)
            for group in merge.groups:
                if fold_name(group) != fold_name(merge.into):
                    self._known(merge.unit, group)
                    self._say("group.ended", unit=merge.unit, name=group, merged_into=merge.into)
        for split in change.split:
            self._known(split.unit, split.group)
            for group in split.into:
                if fold_name(group) not in {fold_name(split.group), fold_name(split.keeps or "")}:
                    self._say("group.registered", unit=split.unit, name=group)
            if split.keeps is None:
                self._say("group.ended", unit=split.unit, name=split.group)
            elif fold_name(split.keeps) != fold_name(split.group):
                self._say("group.changed", unit=split.unit, name=split.group, new_name=split.keeps)
        for end in change.end:
            heirs = [key for unit in end.into if (key := self._key(unit, self.on))]
            self._say("unit.ended", code=end.unit, successors=heirs)
        for team in change.teams:
            self._team(team)

    def _move(self, move: Move) -> None:
        groups = move.groups
        if groups is None:
            groups = [(name, None) for name in self.world.groups_on(move.source, self.before)]
            if not groups:
                self._problem("no_groups", move.source, "")
        for name, new in groups:
            self._known(move.source, name)
            said = {"new_name": new} if new else {}
            self._say("group.changed", unit=move.source, name=name, new_unit=move.to, **said)

    def _team(self, step: TeamStep) -> None:
        if step.into or step.end:
            into = {"merged_into": step.into} if step.into else {}
            self._say("team.ended", team=step.team, **into)
        else:
            place = {key: value for key, value in (("unit", step.unit), ("group", step.group)) if value}
            self._say("team.changed", team=step.team, **place)

    def _key(self, unit: str, day: str) -> dict[str, str] | None:
        """The unit over the extent of that day: codes are reused."""
        if unit in self.fresh and day == self.on:
            return {"code": unit, "valid_from": self.on}
        held = self.world.unit_on(unit, day)
        if held is None:
            self._problem("unknown_unit", unit, "")
            return None
        return {"code": unit, "valid_from": held.valid_from[:10]}

    def _known(self, unit: str, group: str) -> None:
        if fold_name(group) not in {fold_name(name) for name in self.world.groups_on(unit, self.before)}:
            self._problem("unknown_group", unit, group)

    def _say(self, type_: str, **data: Any) -> None:
        self.done.events.append(Planned(type=f"directory.{type_}", on=self.on, data={"on": self.on, **data}))

    def _problem(self, code: str, unit: str, what: str) -> None:
        self.done.problems.append(Problem(code=code, on=self.on, unit=unit, what=what))


def full_type(short: str) -> str:
    return f"{PREFIX}{short}.v1"
