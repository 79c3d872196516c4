"""What the directory answers. Days are days in Việt Nam, ``YYYY-MM-DD``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pymongo.database import Database

from services.directory.domain.facts import name_key
from services.directory.domain.onday import covers, details, members_on, natural, place_on, summary, works_on
from services.directory.domain.pending import PendingName
from services.directory.domain.suggest import suggestions
from services.directory.domain.units import COMMUNE
from shared.contracts import from_builtins, to_builtins
from shared.contracts.outgoing import TeamState, UnitState
from shared.naming import fold_name, read_code

Document = dict[str, Any]
Db = Database[Document]


def units(db: Db, day: str) -> list[Document]:
    """Units of that day in order of code: the fields of ``UnitState``."""
    found = sorted((u for u in _units(db) if covers(u, day)), key=lambda u: (u.code, u.valid_from))
    return [to_builtins(u) for u in found]


def teams(db: Db, day: str, unit: str | None) -> list[Document]:
    """Teams of that day, by unit, group and name; see ``onday.summary``. ``unit``: only those that work there."""
    wanted = {} if unit is None else {"units": unit}
    rows = [summary(t, day) for t in _teams(db, wanted) if works_on(t, day)]
    rows = [row for row in rows if unit is None or row["unit"] == unit]
    return sorted(rows, key=lambda r: (r["unit"] or "", natural(r["group"] or ""), r["name"], r["code"]))


def team(db: Db, code: str, day: str) -> Document | None:
    """One team on that day, see ``onday.details``; None for a code that was never issued."""
    document = db["teams"].find_one({"_id": read_code(code) or code})
    return None if document is None else details(from_builtins(document["state"], TeamState), day)


def find_team(db: Db, source: str, name: str) -> Document | None:
    """The document of the one team that ``source`` means by a name or code; None where none or several could be meant."""
    code = read_code(name)
    if code is not None:
        return db["teams"].find_one({"_id": code})
    codes = [d["_id"] for d in db["codes"].find({"keys": name_key(source, name)}, {"_id": 1})]
    found = list(db["teams"].find({"_id": {"$in": codes}, "state.ended_on": None}))
    return found[0] if len(found) == 1 else None


def totals(db: Db, day: str) -> Document:
    """{"units", "groups", "teams", "mediators"} of that day. Units are communes; a group counts if a register lists it or a team
    works there; a mediator of two teams is one."""
    groups = {
        (d["_id"], fold_name(life["name"]))
        for d in db["groups"].find()
        for life in d["lives"]
        if life["valid_from"] <= day and (life.get("valid_to") is None or day < life["valid_to"])
    }
    mediators: set[tuple[str, str]] = set()
    count = 0
    for one in _teams(db, {}):
        if not works_on(one, day):
            continue
        count += 1
        place = place_on(one, day)
        if place is not None:
            groups.add((place.unit, fold_name(place.group)))
        mediators.update((m.source, m.ref) for m in members_on(one, day))
    return {
        "units": sum(u.level == COMMUNE for u in _units(db) if covers(u, day)),
        "groups": len(groups), "teams": count, "mediators": len(mediators),
    }


def names_to_confirm(db: Db) -> list[Document]:
    """What waits for an officer: [{"source", "name", "kind", "unit", "group", "own", "seen", "since", "suggestions": [{"code",
    "name", "score"}]}], most used first. ``own``: the code that says it is a team of its own, where that is possible."""
    waiting = list(db["names"].find({"code": None}))
    known = list(_teams(db, {}, {"state.members": 0})) if waiting else []
    answer = []
    for document in sorted(waiting, key=lambda d: (-d["seen"], d["source"], d["name"])):
        name: PendingName = from_builtins({**document, "id": document["_id"]}, PendingName)
        near = [t for t in known if name.unit is None or any(p.unit == name.unit for p in t.places)]
        answer.append({
            "source": name.source, "name": name.name, "kind": name.kind, "unit": name.unit, "group": name.group, "own": name.own,
            "seen": name.seen, "since": name.since, "suggestions": suggestions(name, near),
        })
    return answer


def waiting_names(db: Db) -> int:
    return db["names"].count_documents({"code": None})


def batches(db: Db) -> int:
    """How many batches were ever taken; while it stays the same, so does every answer for the same day."""
    guard = db["guards"].find_one({"_id": "directory"})
    return int(guard["batches"]) if guard else 0


def _units(db: Db) -> Iterator[UnitState]:
    for document in db["units"].find():
        yield from_builtins(document["state"], UnitState)


def _teams(db: Db, wanted: Document, without: Document | None = None) -> Iterator[TeamState]:
    for document in db["teams"].find(wanted, without):
        yield from_builtins(document["state"], TeamState)
