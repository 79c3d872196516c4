"""Evaluation's database filled as its service would have filled it: a simulated city, or the city many times over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pymongo.database import Database

from services.evaluation.store import LONG_AGO, directory, prepare
from services.evaluation.store.facts import days_of, document_of
from services.evaluation.store.replica import Replica
from shared.contracts.outgoing import CaseChanged
from shared.settings import load
from shared.storage import database, utc_now
from tests.performance.city import City
from tests.performance.world import Room

CHUNK = 5_000
Document = dict[str, Any]
Db = Database[Document]


def evaluation(room: Room) -> Db:
    return database(room.client, load(room.environ), "evaluation")


def stock(db: Db, city: City) -> int:
    """Every team, unit and fact; how many documents of facts. Every team then waits to be scored."""
    prepare(db)
    directory.take(db, city.teams, city.units, utc_now())
    # facts come placed: nothing is left to be placed anew
    db["moves"].delete_many({})
    replica = Replica()
    replica.refresh(db)
    days: set[str] = set()
    documents: dict[str, list[Document]] = {"cases": [], "activities": []}
    for fact in city.facts:
        name, id = ("cases", fact.case) if isinstance(fact, CaseChanged) else ("activities", fact.record)
        documents[name].append({"_id": id, **document_of(fact, replica)})
        days |= days_of(fact)
    for name, listed in documents.items():
        for start in range(0, len(listed), CHUNK):
            db[name].insert_many(listed[start:start + CHUNK], ordered=False)
    db["days"].insert_many([{"_id": day, "opened": utc_now()} for day in sorted(days)])
    return sum(map(len, documents.values()))


def copy(source: Db, target: Db, times: int) -> int:
    """``times`` copies of every team with its sheet, each with a code of its own; how many teams. The records that the sheets
    were read from stay behind."""
    prepare(target)
    target["units"].insert_many(list(source["units"].find({})))
    target["days"].insert_many(list(source["days"].find({})))
    target["directory"].replace_one({"_id": "version"}, {"_id": "version", "seq": 1}, upsert=True)
    now = utc_now()
    teams = 0
    for number in range(times):
        for documents in _pieces(source["teams"].find({})):
            codes = [document["_id"] for document in documents]
            sheets = list(source["sheets"].find({"_id": {"$in": codes}}))
            changes = {d["_id"]: d["facts"] for d in source["generations"].find({"_id": {"$in": codes}}, {"facts": 1})}
            target["teams"].insert_many([
                {**d, "_id": code, "seq": 1, "heir": None, "state": {**d["state"], "code": code}}
                for d in documents for code in [_code(d["_id"], number)]
            ])
            target["sheets"].insert_many([
                # of equal length, so the sheet's own lengths still hold
                {**d, "_id": _code(d["_id"], number), "sheet": re.sub(rb"HG-", b"%02d-" % number, d["sheet"])} for d in sheets
            ])
            target["generations"].insert_many([
                {
                    "_id": _code(code, number), "generation": 1, "facts": changes[code], "waiting": True, "since": now,
                    "scored": 0, "claimed_until": LONG_AGO,
                }
                for code in codes
            ])
            teams += len(codes)
    return teams


def _code(code: str, number: int) -> str:
    return f"{number:02d}-{code.removeprefix('HG-')}"


def _pieces(found: Any) -> Iterator[list[Document]]:
    listed: list[Document] = []
    for document in found:
        listed.append(document)
        if len(listed) == CHUNK:
            yield listed
            listed = []
    if listed:
        yield listed
