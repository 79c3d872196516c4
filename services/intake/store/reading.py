"""What intake reads: the ledger of a batch, the entries of records, and the answers to queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.intake.domain.entries import Entry, decoded
from shared.contracts import When

Document = dict[str, Any]
ALL = 10_000
"""Documents in the server's first answer, which otherwise holds 101: a batch's ledger should come in one."""
ENTRY = dict.fromkeys(("record", "source", "id", "type", "on", "time", "data", "unread", "unreadable"), 1)
"""What an entry is made of."""
OUTCOMES = ("received", "applied", "duplicate", "refused", "redelivered")


def entry_of(document: Document) -> Entry:
    # a newer version, not read yet, or read and found wrong
    unread = "unread" in document or "unreadable" in document
    return Entry(
        key=document["_id"], source=document["source"], id=document["id"], type=document["type"], on=When(document["on"]),
        time=When(document["time"]), data=None if unread else decoded(document["type"], document["data"].encode()),
    )


def contents(db: Database[Document], keys: Iterable[str]) -> dict[str, bytes]:
    """Content hash of each entry that is in the log, by entry key."""
    keys = list(keys)
    if not keys:
        return {}
    return {d["_id"]: d["content"] for d in db["log"].find({"_id": {"$in": keys}}, {"content": 1}, batch_size=ALL)}


def refused_keys(db: Database[Document], keys: Iterable[str]) -> frozenset[str]:
    keys = list(keys)
    if not keys:
        return frozenset()
    return frozenset(d["_id"] for d in db["refused"].find({"_id": {"$in": keys}}, {"_id": 1}, batch_size=ALL))


class Head(NamedTuple):
    """A record's version, and its status if it is a case."""

    n: int
    status: str | None


def heads(db: Database[Document], records: Iterable[str]) -> dict[str, Head]:
    records = list(records)
    if not records:
        return {}
    found = db["records"].find({"_id": {"$in": records}}, {"n": 1, "status": 1}, batch_size=ALL)
    return {d["_id"]: Head(d["n"], d.get("status")) for d in found}


def entries(db: Database[Document], records: Iterable[str]) -> dict[str, list[Entry]]:
    """All entries of each record, by record id."""
    records = list(records)
    found: dict[str, list[Entry]] = {}
    if not records:
        return found
    for document in db["log"].find({"record": {"$in": records}}, ENTRY, batch_size=ALL):
        found.setdefault(document["record"], []).append(entry_of(document))
    return found


def flow(db: Database[Document], now: dt.datetime) -> Document:
    """The accounts: tallies summed over all instances, what is parked, what waits."""
    total: Document = dict.fromkeys(OUTCOMES, 0)
    by_type: dict[str, dict[str, int]] = {}
    for tally in db["tally"].find():
        for name in total:
            total[name] += tally.get(name, 0)
        for type, outcomes in tally.get("by", {}).items():
            counts = by_type.setdefault(type.replace("/", "."), {})
            for outcome, count in outcomes.items():
                counts[outcome] = counts.get(outcome, 0) + count
    total["parked"] = parked(db)
    total["balanced"] = total["received"] == total["applied"] + total["duplicate"] + total["refused"]
    total["refused_open"] = db["refused"].count_documents({"status": "open"})
    total["outbox"] = db["outbox"].estimated_document_count()
    total["by_type"] = dict(sorted(by_type.items()))
    return total


def accounts(db: Database[Document], session: ClientSession) -> Document:
    """The tallies beside what is stored, all read in one snapshot."""
    answer: Document = dict.fromkeys(OUTCOMES, 0)
    for tally in db["tally"].find({}, session=session):
        for name in OUTCOMES:
            answer[name] += tally.get(name, 0)
    counted = list(db["log"].aggregate([{"$count": "entries"}], session=session))
    times = list(db["refused"].aggregate([{"$group": {"_id": None, "times": {"$sum": "$times"}}}], session=session))
    answer["parked"] = parked(db, session)
    answer["entries"] = counted[0]["entries"] if counted else 0
    answer["refusals"] = times[0]["times"] if times else 0
    answer["balanced"] = (
        answer["received"] == answer["applied"] + answer["duplicate"] + answer["refused"]
        and answer["entries"] == answer["applied"]
        and answer["refusals"] == answer["refused"]
        and stored_by_status(db, session) == cases_by_status(db, session)
    )
    return answer


def parked(db: Database[Document], session: ClientSession | None = None) -> int:
    pipeline: list[Document] = [
        {"$match": {"parked": {"$gt": 0}}}, {"$group": {"_id": None, "parked": {"$sum": "$parked"}}}
    ]
    sums = list(db["records"].aggregate(pipeline, session=session))
    return int(sums[0]["parked"]) if sums else 0


def stored_by_status(db: Database[Document], session: ClientSession) -> dict[str, int]:
    """Counted one by one."""
    found = db["records"].aggregate(
        [{"$match": {"status": {"$exists": True}}}, {"$group": {"_id": "$status", "count": {"$sum": 1}}}], session=session
    )
    return {d["_id"]: d["count"] for d in found}


def cases_by_status(db: Database[Document], session: ClientSession | None = None) -> dict[str, int]:
    """As the tally has it: however many cases are stored, asking costs the same."""
    found: dict[str, int] = {}
    for tally in db["tally"].find({}, {"cases": 1}, session=session):
        for status, count in tally.get("cases", {}).items():
            found[status] = found.get(status, 0) + count
    return {status: count for status, count in sorted(found.items()) if count}


def totals(db: Database[Document]) -> Document:
    statuses = cases_by_status(db)
    return {
        "cases": sum(count for status, count in statuses.items() if status != "parked"),
        "cases_by_status": statuses,
        "records": db["records"].estimated_document_count(),
        "entries": db["log"].estimated_document_count(),
    }


def record(db: Database[Document], id: str) -> Document | None:
    return db["records"].find_one({"_id": id})


def iso(document: Mapping[str, Any]) -> Document:
    """A document with its times as ISO 8601 in UTC, for JSON."""
    return {k: v.isoformat() if isinstance(v, dt.datetime) else v for k, v in document.items()}
