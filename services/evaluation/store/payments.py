"""Claims for payment as they stand in the records: read anew for each question, so nothing derived can be out of date.

A claim is looked at beside all others that name one of its cases, or a case linked to one, of whatever team: only so is it seen
that a case was paid before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from services.evaluation.domain.casework import counted
from services.evaluation.domain.facts import Step
from services.evaluation.domain.payments.fold import TYPES
from services.evaluation.domain.payments.rules import Known
from services.evaluation.domain.reading import read_case, read_steps
from services.evaluation.store import Db, Document
from services.evaluation.store.gathering import as_written, codes_of
from services.evaluation.store.links import related
from services.evaluation.store.replica import Replica
from shared.contracts import record_id
from shared.contracts.outgoing import CaseState, Place, RecordEntry

_HEAD = ("entries", "places", "subject", "n")


@dataclass(frozen=True, slots=True)
class Read:
    """``known``: cases by id; ``subjects``: URIs of cases and records by id; ``versions``: of the records."""

    steps: list[Step] = field(default_factory=list)
    known: dict[str, Known] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


def of_teams(db: Db, replica: Replica, teams: Iterable[str], cases: Iterable[str] = ()) -> Read:
    """Claims of these teams, and all that name one of their cases, or one of ``cases`` (URIs)."""
    found = db["activities"].find({"teams": {"$in": sorted(teams)}, "entries.type": {"$in": list(TYPES)}}, _HEAD)
    return _beside(db, replica, list(found), cases)


def of_record(db: Db, replica: Replica, record: str) -> Read:
    """Claims of a record's teams. ``record``: an id, or its beginning."""
    wanted = {"_id": {"$gte": record, "$lt": record + "g"}, "entries.type": {"$in": list(TYPES)}}
    found = db["activities"].find(wanted, {"teams": 1}).limit(2)
    # a month may have been paid in another record of the team, that no case leads to
    return of_teams(db, replica, {team for document in found for team in document["teams"]})


def naming(uris: Iterable[str]) -> Document:
    """Records of claims that name one of these cases."""
    # `$exists` lets the partial index serve it
    named = [{"entries.data.cases": {"$in": sorted(uris)}}, {"entries.data.cases": {"$exists": True}}]
    return {"$and": named, "entries.type": {"$in": list(TYPES)}}


def _beside(db: Db, replica: Replica, records: Iterable[Document], cases: Iterable[str]) -> Read:
    found = Read()
    documents: dict[str, Document] = {}
    uris: set[str] = set(cases)
    fresh, wanted = list(records), set(uris)
    while fresh or wanted:
        for record in fresh:
            found.steps.extend(_steps(record))
            found.subjects[record["_id"]], found.versions[record["_id"]] = record["subject"], record["n"]
            wanted |= {uri for entry in record["entries"] for uri in entry["data"].get("cases", ())} - uris
        uris |= wanted
        found.subjects.update((record_id(uri), uri) for uri in wanted)
        joined = related(db, map(record_id, wanted), fields=("state", "teams", "linked_to", "subject"))
        documents |= joined
        uris |= (aliases := {document["subject"] for document in joined.values()} - uris)
        named = wanted | aliases
        beside: Iterable[Document] = db["activities"].find(naming(named), _HEAD) if named else ()
        fresh = [record for record in beside if record["_id"] not in found.versions]
        wanted = set()
    found.subjects.update((id, document["subject"]) for id, document in documents.items())
    found.known.update(_known(replica, documents))
    return found


def _steps(record: Document) -> list[Step]:
    entries: Any = [entry for entry in record["entries"] if entry["type"] in TYPES]
    return read_steps(record["_id"], msgspec.convert(entries, list[RecordEntry], dec_hook=as_written), codes_of(record))


def _known(replica: Replica, documents: dict[str, Document]) -> dict[str, Known]:
    states = {id: msgspec.convert(d["state"], CaseState, dec_hook=as_written) for id, d in documents.items()}
    cases = {id: read_case(id, state) for id, state in states.items()}
    leaders = counted(cases)
    # a quarrel that several teams wrote down, or worked at, is none of them another's
    whose: dict[str, set[str]] = {}
    for id, leader in leaders.items():
        whose.setdefault(leader, set()).update(documents[id]["teams"], _beside_lead(replica, states[id]))
    return {
        id: Known(leaders[id], case, heirs(replica, whose[leaders[id]])) for id, case in cases.items()
        if case.received is not None
    }


def _beside_lead(replica: Replica, state: CaseState) -> Iterator[str]:
    """Teams that a case across units has besides the one that leads."""
    if state.place is not None and state.received_on is not None:
        for name in state.other_teams:
            code = replica.resolve(Place(source=state.place.source, team=name), state.received_on)
            if code is not None:
                yield code


def heirs(replica: Replica, teams: Iterable[str]) -> frozenset[str]:
    """These teams, and those that they were merged into: they are who is paid."""
    found: set[str] = set()
    at = list(teams)
    while at:
        code = at.pop()
        if code not in found:
            found.add(code)
            state = replica.index.get(code)
            if state is not None and state.merged_into is not None:
                at.append(state.merged_into)
    return frozenset(found)
