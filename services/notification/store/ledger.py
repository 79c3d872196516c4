"""The ledger of deliveries: added once, leased for sending, marked when the server has accepted."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Any

from pymongo import ASCENDING, DESCENDING, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.notification.domain.ledger import Delivery
from shared.contracts import from_builtins, to_builtins

Document = dict[str, Any]
Db = Database[Document]

LEASE = dt.timedelta(seconds=180)
"""Longer than a mail server may take: six commands of at most 15 seconds each."""
AHEAD = dt.timedelta(days=366)
"""What goes ahead counts as due for so long already."""
OPEN = ["waiting", "sending"]
STATES = ("waiting", "sending", "sent", "failed", "dropped")


def add(db: Db, deliveries: Iterable[Delivery], now: dt.datetime, session: ClientSession | None = None) -> int:
    """Add what the ledger does not hold yet; how many that were."""
    writes = [
        UpdateOne({"_id": d.key}, {"$setOnInsert": {
            **to_builtins(d), "state": "waiting", "attempts": 0, "created_at": now, "channel": "mail",
            "next_at": now - AHEAD if d.ahead else now,
        }}, upsert=True)
        for d in deliveries
    ]
    return db["deliveries"].bulk_write(writes, ordered=False, session=session).upserted_count if writes else 0


class Leased:
    """A delivery that this process alone is sending, until ``until``."""

    def __init__(self, document: Document) -> None:
        self.key: str = document["_id"]
        self.token: str = document["lease"]
        self.until: dt.datetime = document["next_at"]
        self.attempts: int = document["attempts"]
        self.delivery = from_builtins(document, Delivery)


def lease(db: Db, now: dt.datetime) -> Leased | None:
    """The delivery that is due first, if any. One whose sender died is due again when its lease has run out."""
    document = db["deliveries"].find_one_and_update(
        {"state": {"$in": OPEN}, "next_at": {"$lte": now}},
        {"$set": {"state": "sending", "lease": secrets.token_hex(8), "next_at": now + LEASE}, "$inc": {"attempts": 1}},
        sort=[("next_at", ASCENDING)], return_document=True,
    )
    return None if document is None else Leased(document)


def held(db: Db, leased: Leased) -> bool:
    """Whether the lease still stands: asked right before the message goes out."""
    return db["deliveries"].find_one({"_id": leased.key, "state": "sending", "lease": leased.token}, {"_id": 1}) is not None


def sent(db: Db, leased: Leased, address: str, now: dt.datetime) -> bool:
    """The server has accepted it."""
    return _close(db, leased, {"state": "sent", "done_at": now, "reason": None, "address": hashed(db, address)})


def dropped(db: Db, leased: Leased, reason: str, now: dt.datetime) -> bool:
    return _close(db, leased, {"state": "dropped", "done_at": now, "reason": reason})


def failed(db: Db, leased: Leased, reason: str, now: dt.datetime) -> bool:
    return _close(db, leased, {"state": "failed", "done_at": now, "reason": reason})


def again(db: Db, leased: Leased, reason: str, at: dt.datetime, counted: bool) -> bool:
    """Try again at ``at``. ``counted``: it was this message that was turned away; not that nobody could be reached."""
    update: Document = {"$set": {"state": "waiting", "next_at": at, "reason": reason}, "$unset": {"lease": ""}}
    if not counted:
        update["$inc"] = {"attempts": -1}
    return bool(db["deliveries"].update_one(_mine(leased), update).matched_count)


def _close(db: Db, leased: Leased, fields: Document) -> bool:
    update = {"$set": fields, "$unset": {"lease": "", "next_at": ""}}
    return bool(db["deliveries"].update_one(_mine(leased), update).matched_count)


def _mine(leased: Leased) -> Document:
    return {"_id": leased.key, "state": "sending", "lease": leased.token}


def hashed(db: Db, address: str) -> str:
    """An address as it is kept: whether two went to one mailbox can be seen, which mailbox cannot."""
    salt = db["salt"].find_one({"_id": "addresses"})
    if salt is None:
        raise LookupError("the salt is missing: `prepare` was not run on this database")
    return hmac.new(salt["salt"], address.strip().lower().encode(), hashlib.sha256).hexdigest()[:32]


# -- questions


def listed(db: Db, limit: int, skip: int) -> Document:
    """{"total", "items"}, latest first; no address in clear."""
    found = db["deliveries"].find().sort([("created_at", DESCENDING), ("_id", ASCENDING)]).skip(max(skip, 0))
    return {
        "total": db["deliveries"].estimated_document_count(),
        "items": [_shown(d) for d in found.limit(min(max(limit, 1), 500))],
    }


def pending(db: Db, now: dt.datetime) -> tuple[int, float]:
    """How many deliveries are neither sent nor given up, and the oldest one's age in seconds."""
    found = [d["created_at"] for d in db["deliveries"].find({"next_at": {"$exists": True}}, {"created_at": 1})]
    return len(found), max(0.0, (now - min(found)).total_seconds()) if found else 0.0


def totals(db: Db, now: dt.datetime) -> Document:
    """{state: number for each state, "pending", "oldest_pending_seconds", "by_rule": {rule: {state: number}}}."""
    by_rule: dict[str, dict[str, int]] = {}
    for group in db["deliveries"].aggregate([{"$group": {"_id": {"rule": "$rule", "state": "$state"}, "n": {"$sum": 1}}}]):
        by_rule.setdefault(group["_id"]["rule"], {})[group["_id"]["state"]] = group["n"]
    count = {state: sum(states.get(state, 0) for states in by_rule.values()) for state in STATES}
    waiting, oldest = pending(db, now)
    return {**count, "pending": waiting, "oldest_pending_seconds": oldest, "by_rule": by_rule}


def _shown(document: Document) -> Document:
    at = {key: document[key].isoformat() for key in ("created_at", "next_at", "done_at") if document.get(key) is not None}
    return {
        "id": document["_id"], "rule": document["rule"], "about": document["about"], "to": document["to"]["kind"],
        "channel": document["channel"], "state": document["state"], "attempts": document["attempts"],
        "reason": document.get("reason"), "address": document.get("address"),
        "created_at": None, "next_at": None, "done_at": None, **at,
    }
