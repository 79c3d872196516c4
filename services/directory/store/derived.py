"""Units, groups, teams and names as they follow from the facts; written only where they differ from what is stored."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pymongo import DeleteOne, ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.directory.domain.course import Course
from services.directory.domain.facts import Fact
from services.directory.domain.groups import fold_groups
from services.directory.domain.life import empty_life
from services.directory.domain.pending import PendingName
from services.directory.domain.teams import FoldedTeams, fold_teams
from services.directory.domain.units import fold_units
from services.directory.store.documents import fact_of, plain
from services.directory.store.scope import TeamScope
from shared.contracts import from_builtins
from shared.contracts.outgoing import TeamState
from shared.naming import spelling
from shared.storage import utc_now

Document = dict[str, Any]
OWN = ("_id", "n", "due", "changed_at")
"""What the store adds to a derived document."""


def units(db: Database[Document], session: ClientSession, codes: set[str]) -> None:
    """Fold these units again. An extent that nothing speaks of any more is told to have had no day."""
    if not codes:
        return
    facts = _by_key(db, session, "u:", codes)
    held = {d["_id"]: d for d in db["units"].find({"code": {"$in": list(codes)}}, session=session)}
    fresh = {f"{u.code}@{u.valid_from}": plain(u) for code in codes for u in fold_units(code, facts[code])}
    for key in held.keys() - fresh.keys():
        fresh[key] = {**held[key]["state"], "valid_to": held[key]["state"]["valid_from"]}
    _write(db, session, "units", held, {key: {"code": state["code"], "state": state} for key, state in fresh.items()})


def groups(db: Database[Document], session: ClientSession, codes: set[str]) -> None:
    if not codes:
        return
    facts = _by_key(db, session, "g:", codes)
    db["groups"].bulk_write(
        [
            ReplaceOne({"_id": unit}, {"_id": unit, "lives": plain(fold_groups(unit, facts[unit]))}, upsert=True)
            for unit in codes
        ],
        ordered=False, session=session,
    )


def teams(scope: TeamScope, seq: int) -> None:
    """Fold the teams in scope again; write them, the register of codes and the names that wait."""
    if not scope.keys:
        return
    before = dict(scope.lines)
    done = _folded(scope, seq)
    db, session = scope.db, scope.session
    held = {d["_id"]: d for d in db["teams"].find({"_id": {"$in": [line.code for line in done.lines]}}, session=session)}
    held |= {d["_id"]: d for d in db["teams"].find({"_id": {"$in": list(scope.lines)}}, session=session)}
    states = {team.code: team for team in done.states}
    for code in held.keys() - states.keys():
        states[code] = empty_life(from_builtins(held[code]["state"], TeamState), done.heirs.get(code))
    _write(db, session, "teams", held, {
        code: {
            "units": sorted({p.unit for p in team.places}), "state": plain(team),
            "course": plain(done.courses.get(code, Course())),
        }
        for code, team in states.items()
    })
    changed = [line for line in done.lines if before.get(line.code) != line]
    if changed:
        db["codes"].bulk_write(
            [ReplaceOne({"_id": line.code}, {**plain(line), "_id": line.code}, upsert=True) for line in changed],
            ordered=False, session=session,
        )
    _names(scope, done)


def _folded(scope: TeamScope, seq: int) -> FoldedTeams:
    """Fold, and once more where a code that is issued now was spoken of before it was."""
    while True:
        done = fold_teams(scope.all_facts(), scope.lines.values(), seq, taken=scope.taken, outside=scope.outside)
        new = {line.code: line for line in done.lines if line.code not in scope.lines}
        keys = {f"c:{code}" for code in new}
        scope.grow(keys)
        # who spoke of it may have come in this batch or in an earlier one
        if not any(keys.intersection(fact.keys) for fact in scope.facts.values()):
            return done
        scope.lines.update(new)


def _names(scope: TeamScope, done: FoldedTeams) -> None:
    db, session = scope.db, scope.session
    held = {d["_id"]: d for d in db["names"].find({"keys": {"$in": list(scope.keys)}}, session=session)}
    fresh: dict[str, Document] = {}
    for name in done.names:
        fresh.setdefault(name.id, _name_document(name))
    for key in held.keys() - fresh.keys():
        code = _settled(held[key], done.states)
        if code is not None:
            fresh[key] = {k: v for k, v in held[key].items() if k not in OWN} | {"code": code}
    gone = [DeleteOne({"_id": key}) for key in held.keys() - fresh.keys()]
    if gone:
        db["names"].bulk_write(gone, ordered=False, session=session)
    _write(db, session, "names", held, fresh)


def _name_document(name: PendingName) -> Document:
    document: Document = plain(name)
    document.pop("id")
    return {"unit": None, **document, "code": None}


def _settled(document: Document, states: list[TeamState]) -> str | None:
    """The team that a name which waited now means."""
    wanted = document["source"], spelling(document["name"])
    bearers = [t for t in states if any((source, spelling(name)) == wanted for source, name in t.names)]
    here = [t for t in bearers if any(p.unit == document["unit"] for p in t.places)]
    bearers = here or bearers
    return bearers[0].code if len(bearers) == 1 else None


def _by_key(db: Database[Document], session: ClientSession, kind: str, codes: set[str]) -> defaultdict[str, list[Fact]]:
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for document in db["facts"].find({"keys": {"$in": [kind + code for code in codes]}}, session=session):
        for key in document["keys"]:
            if key.startswith(kind) and key.removeprefix(kind) in codes:
                found[key.removeprefix(kind)].append(fact_of(document))
    return found


def _write(
    db: Database[Document], session: ClientSession, collection: str, held: dict[str, Document], fresh: dict[str, Document]
) -> None:
    """Replace what differs, with the next version and due to be announced."""
    now = utc_now()
    writes = []
    for key, document in fresh.items():
        old = held.get(key)
        was = old["n"] if old else 0
        if old is not None and _numbered(document, was) == {k: v for k, v in old.items() if k not in OWN}:
            continue
        own = {"_id": key, "n": was + 1, "due": True, "changed_at": now}
        writes.append(ReplaceOne({"_id": key}, {**_numbered(document, was + 1), **own}, upsert=True))
    if writes:
        db[collection].bulk_write(writes, ordered=False, session=session)


def _numbered(document: Document, n: int) -> Document:
    """The document with its version where subscribers read it."""
    return {**document, "state": {**document["state"], "n": n}} if "state" in document else document
