"""Reading what is known of many teams at once: a few queries for all of them, each record read once however many it names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from services.evaluation.domain.casework import counted
from services.evaluation.domain.facts import (
    Activity,
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Step,
    TeamFacts,
    Training,
    UnitStep,
)
from services.evaluation.domain.reading import EVERY, every, read_activity, read_case, read_unit_steps
from services.evaluation.store import Db, Document
from services.evaluation.store.links import related
from shared.contracts.outgoing import CaseState, RecordEntry


@dataclass(slots=True)
class _Gathered:
    """A team's facts while they are gathered."""

    cases: list[Case] = field(default_factory=list)
    aliases: dict[str, frozenset[str]] = field(default_factory=dict)
    activities: dict[type, list[Activity]] = field(default_factory=lambda: defaultdict(list))

    def all(self) -> TeamFacts:
        of = self.activities
        return TeamFacts(
            cases=tuple(self.cases), aliases=self.aliases,
            trainings=tuple(f for f in of[Training] if isinstance(f, Training)),
            deliveries=tuple(f for f in of[Delivery] if isinstance(f, Delivery)),
            payments=tuple(f for f in of[Payment] if isinstance(f, Payment)),
            meetings=tuple(f for f in of[Meeting] if isinstance(f, Meeting)),
            coordinations=tuple(f for f in of[Coordination] if isinstance(f, Coordination)),
            attestations=tuple(f for f in of[Attestation] if isinstance(f, Attestation)),
            declarations=tuple(f for f in of[Declaration] if isinstance(f, Declaration)),
            steps=tuple(f for f in of[Step] if isinstance(f, Step)),
        )


def read_facts(db: Db, teams: Iterable[str]) -> dict[str, TeamFacts]:
    """All that is known of each of these teams, by id; of what names many teams, each team's part."""
    wanted = {code: _Gathered() for code in teams}
    _gather_cases(db, wanted)
    for document in db["activities"].find({"teams": {"$in": sorted(wanted)}}, {"entries": 1, "places": 1}):
        for fact in _activities(document):
            for code, own in _parts(fact):
                if code in wanted:
                    wanted[code].activities[type(own)].append(own)
    return {code: gathered.all().in_order() for code, gathered in wanted.items()}


def read_activities(db: Db, teams: Iterable[str], types: Sequence[str]) -> Iterator[tuple[str, Activity]]:
    """Of records that hold an entry of one of these types, each of these teams with its part."""
    wanted = set(teams)
    asked = {"teams": {"$in": sorted(wanted)}, "entries.type": {"$in": list(types)}}
    for document in db["activities"].find(asked, {"entries": 1, "places": 1}):
        for fact in _activities(document):
            yield from ((code, own) for code, own in _parts(fact) if code in wanted)


@dataclass(frozen=True, slots=True)
class UnitSteps:
    """What units that bore one code decided for all their teams, by id. ``begun``: the days from which one bears it."""

    steps: tuple[UnitStep, ...] = ()
    begun: tuple[dt.date, ...] = ()

    def about(self, year: int, last: dt.date | None) -> tuple[UnitStep, ...]:
        """Codes are reused with another extent: what an earlier unit of the same code decided is nothing to the one that bears
        it on ``last``, the last day of the year's window."""
        since = dt.date.min if last is None else max((day for day in self.begun if day <= last), default=dt.date.min)
        return tuple(step for step in self.steps if step.data["year"] == year and step.on >= since)


def read_units(db: Db, units: Iterable[str]) -> dict[str, UnitSteps]:
    wanted = set(units)
    begun: dict[str, list[dt.date]] = {code: [] for code in wanted}
    for document in db["units"].find({"code": {"$in": sorted(wanted)}}, {"code": 1, "state.valid_from": 1}):
        begun[document["code"]].append(dt.date.fromisoformat(document["state"]["valid_from"][:10]))
    found: dict[str, list[UnitStep]] = {code: [] for code in wanted}
    for document in db["activities"].find({"units": {"$in": sorted(wanted)}}, {"entries": 1}):
        for step in read_unit_steps(document["_id"], _stored(document["entries"], list[RecordEntry])):
            if step.unit in wanted:
                found[step.unit].append(step)
    return {
        code: UnitSteps(tuple(sorted(steps, key=lambda step: step.id)), tuple(sorted(begun[code])))
        for code, steps in found.items()
    }


def as_written(kind: type, value: Any) -> Any:
    """A ``When`` that was read once, and kept in its one form, needs no reading again."""
    return str.__new__(kind, value)


def _stored(value: Any, kind: Any) -> Any:
    return msgspec.convert(value, kind, dec_hook=as_written)


def _gather_cases(db: Db, wanted: Mapping[str, _Gathered]) -> None:
    own = list(db["cases"].find({"teams": {"$in": sorted(wanted)}}, {"state": 1, "teams": 1, "linked_to": 1}))
    documents = related(db, (), also=own, fields=("state", "teams", "linked_to"))
    cases = {id: read_case(id, _stored(d["state"], CaseState)) for id, d in documents.items()}
    leaders = counted(cases)
    followers: dict[str, set[str]] = defaultdict(set)
    for id, leader in leaders.items():
        if id != leader:
            followers[leader].add(id)
    for document in own:
        id = document["_id"]
        for code in document["teams"]:
            if leaders[id] == id and code in wanted:
                wanted[code].cases.append(cases[id])
                if followers[id]:
                    wanted[code].aliases[id] = frozenset(followers[id])


def _activities(document: Document) -> list[Activity]:
    return read_activity(document["_id"], _stored(document["entries"], list[RecordEntry]), codes_of(document))


def codes_of(document: Document) -> dict[tuple[str, str], str]:
    """What the names of an activity's record were found to mean."""
    return {
        (place["source"], _name(place)): place["code"] for place in document["places"]
        if place["code"] is not None and place["team"] is not None
    }


def _name(place: Mapping[str, Any]) -> str:
    named: str = place["team"]
    return every(place["unit"], place["on"], place["code"]) if named == EVERY else named


def _parts(fact: Activity) -> Iterator[tuple[str, Activity]]:
    """Each team that a fact concerns, with the part that is about it."""
    if isinstance(fact, Training):
        for code in fact.invited | fact.sheets.keys():
            sheets = {code: fact.sheets[code]} if code in fact.sheets else {}
            yield code, replace(fact, invited=fact.invited & {code}, sheets=sheets)
    elif isinstance(fact, Delivery):
        for code in fact.teams:
            yield code, replace(fact, teams=frozenset({code}))
    else:
        yield fact.team, fact
