"""What monthly locks froze. Documents here are only ever added, one for each lock, and bear the hash of what they hold: they are
records of what was counted when the lock came in, and cannot be derived again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
from pymongo.errors import BulkWriteError

from services.evaluation.domain.closing.canonical import content_hash
from services.evaluation.domain.statistics.locks import LOCKED, TYPES, Frozen, Told, read
from services.evaluation.store import Db, Document
from services.evaluation.store.gathering import as_written, codes_of
from shared.contracts.outgoing import RecordEntry

DUPLICATE = 11000


def held(db: Db, keys: Iterable[str]) -> set[str]:
    return {d["_id"] for d in db["locks"].find({"_id": {"$in": sorted(keys)}}, {"_id": 1})}


def freeze(db: Db, found: Iterable[Frozen], now: dt.datetime) -> int:
    """Add what is not there; how many were added. Another instance may be as quick: then its count stands."""
    documents = [
        {
            "_id": one.lock.key, "unit": one.lock.unit, "month": one.lock.month, "at": now, "body": msgspec.to_builtins(one),
            "hash": content_hash(one),
        }
        for one in found
    ]
    if not documents:
        return 0
    try:
        db["locks"].insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if any(one["code"] != DUPLICATE for one in (error.details or {}).get("writeErrors", ({"code": 0},))):
            raise
        return len(documents) - len((error.details or {})["writeErrors"])
    return len(documents)


def of(db: Db, months: Iterable[str], units: Iterable[str] | None = None) -> list[tuple[Frozen, str, bool]]:
    """What was frozen, each with its stored hash and whether it was touched since. One that somebody made unreadable is left out:
    ``unreadable`` names it."""
    wanted: Document = {"month": {"$in": sorted(months)}, **({} if units is None else {"unit": {"$in": sorted(units)}})}
    found = []
    for document in db["locks"].find(wanted):
        body = _body(document)
        if body is not None:
            found.append((body, document["hash"], _touched(document, body)))
    return found


def unsound(db: Db) -> list[str]:
    """Keys of what was touched, or cannot be read any more."""
    bodies = ((document, _body(document)) for document in db["locks"].find().sort("_id", 1))
    return [document["_id"] for document, body in bodies if body is None or _touched(document, body)]


def _body(document: Document) -> Frozen | None:
    try:
        return msgspec.convert(document["body"], Frozen)
    except (KeyError, msgspec.ValidationError):
        return None


def _touched(document: Document, body: Frozen) -> bool:
    return bool(
        content_hash(body) != document.get("hash") or document["_id"] != body.lock.key
        or (document.get("unit"), document.get("month")) != (body.lock.unit, body.lock.month)
    )


# -- what stands in the records

def told(db: Db, months: Iterable[str]) -> list[tuple[Told, str | None]]:
    """Every submission and lock of these months that was not taken back, each with the code of the team that it names."""
    listed = sorted(months)
    # `$exists` lets the partial index serve it
    wanted: Document = {"$and": [{"entries.data.month": {"$in": listed}}, {"entries.data.month": {"$exists": True}}]}
    found = []
    for document in db["activities"].find({**wanted, "entries.type": {"$in": list(TYPES)}}, {"entries": 1, "places": 1}):
        codes = codes_of(document)
        for one in _read(document):
            if one.month in listed:
                found.append((one, None if one.team is None else codes.get((one.source, one.team))))
    return sorted(found, key=lambda pair: (pair[0].time, pair[0].entry))


def live(db: Db) -> dict[str, str]:
    """Keys of all locks in the records, each with its record."""
    found = db["activities"].find(
        {"entries.data.month": {"$exists": True}, "entries.type": LOCKED}, {"entries": 1, "places": 1}
    )
    return {one.key: document["_id"] for document in found for one in _read(document) if one.type == LOCKED}


def _read(document: Document) -> list[Told]:
    entries: Any = [entry for entry in document["entries"] if entry["type"] in TYPES]
    return read(document["_id"], msgspec.convert(entries, list[RecordEntry], dec_hook=as_written))
