"""Replicas of the directory's units and teams, and what is asked of them when a message is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from services.notification.domain import whereabouts
from shared.contracts import from_builtins, to_builtins
from shared.contracts.outgoing import Place, TeamState, UnitState
from shared.contracts.when import When
from shared.naming import fold_name, read_code

Document = dict[str, Any]
Db = Database[Document]


def take(db: Db, units: Iterable[UnitState], teams: Iterable[TeamState]) -> None:
    """Keep what is newer; safe to repeat and in any order."""
    _newer(db, "units", {
        f"{u.code}@{u.valid_from}": {"n": u.n, "code": u.code, "state": to_builtins(u)} for u in _last(units, "valid_from")
    })
    _newer(db, "teams", {
        t.code: {"n": t.n, "keys": _keys(t), "refs": sorted({m.ref for m in t.members}), "state": to_builtins(t)}
        for t in _last(teams, "code")
    })


def _last(states: Iterable[Any], field: str) -> list[Any]:
    """The newest of each, in a batch that may hold several versions."""
    newest: dict[tuple[str, str], Any] = {}
    for state in states:
        key = state.code, getattr(state, field)
        if key not in newest or newest[key].n < state.n:
            newest[key] = state
    return list(newest.values())


def _newer(db: Db, collection: str, documents: dict[str, Document]) -> None:
    if not documents:
        return
    db[collection].bulk_write(
        [UpdateOne({"_id": key}, {"$setOnInsert": {"n": -1}}, upsert=True) for key in documents], ordered=False
    )
    db[collection].bulk_write(
        [UpdateOne({"_id": key, "n": {"$lt": d["n"]}}, {"$set": d}) for key, d in documents.items()], ordered=False
    )


def _keys(team: TeamState) -> list[str]:
    names = {f"n:{source}|{fold_name(name)}" for source, name in team.names}
    return sorted({f"c:{team.code}", *names, *(f"g:{p.unit}|{fold_name(p.group)}" for p in team.places)})


def team(db: Db, code: str | None) -> TeamState | None:
    document = db["teams"].find_one({"_id": code, "state": {"$exists": True}}) if code else None
    return None if document is None else from_builtins(document["state"], TeamState)


def team_at(db: Db, place: Place | None, on: When) -> TeamState | None:
    """The team that a place means on that day, or None; see ``TeamIndex.resolve``."""
    if place is None:
        return None
    keys = []
    if place.team is not None:
        keys += [f"c:{read_code(place.team) or place.team}", f"n:{place.source}|{fold_name(place.team)}"]
    if place.unit is not None and place.group is not None:
        keys.append(f"g:{place.unit}|{fold_name(place.group)}")
    near = _teams(db, {"keys": {"$in": keys}})
    heirs = [t.merged_into for t in near if t.merged_into]
    code = whereabouts.team_of(place, [*near, *_teams(db, {"_id": {"$in": heirs}})], on)
    return team(db, code)


def unit(db: Db, code: str | None, day: str) -> UnitState | None:
    if code is None:
        return None
    found = [from_builtins(d["state"], UnitState) for d in db["units"].find({"code": code})]
    return whereabouts.unit_on(found, code, day)


def source_of(db: Db, ref: str, said_by: str | None) -> str | None:
    """See ``whereabouts.source_of``."""
    return whereabouts.source_of(ref, _teams(db, {"refs": ref}), said_by)


def _teams(db: Db, wanted: Document) -> list[TeamState]:
    return [from_builtins(d["state"], TeamState) for d in db["teams"].find(wanted) if "state" in d]
