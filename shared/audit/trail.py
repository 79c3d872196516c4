"""The trail in MongoDB. Collections of the service that owns it:

    audit        one per entry: _id, at, who, role, action, purpose, about; once sealed also seq, prev, hash
    audit_state  "head" (seq, hash), "sealer" (owner, fence, until), "appended-N" (count)

An entry is durable once it is appended. One writer at a time seals: it holds a lease by the server's clock, and each sealing
writes to the lease's document under the fence that it was given, in the transaction that moves the head. Whoever lost the lease,
paused for however long, cannot commit; whoever dies leaves either all of a sealing or nothing.
"""

from __future__ import annotations

import datetime as dt
import random
import secrets
from collections.abc import Iterable
from functools import partial
from typing import Any

from bson import ObjectId
from pymongo import MongoClient, ReturnDocument, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.audit.chain import GENESIS, link
from shared.failpoints import reach
from shared.storage import transact, utc_now

Document = dict[str, Any]
LEASE_MS = 10_000
BATCH = 500
SLOTS = 16
LONGEST = 300
MOST_ABOUT = 5_000
OPEN = {"seq": {"$exists": False}}


class Lost(Exception):
    """Another sealer holds the lease now."""


class Trail:
    def __init__(self, client: MongoClient[Document], db: Database[Document]) -> None:
        self._client, self._entries, self._state = client, db["audit"], db["audit_state"]
        self.owner = secrets.token_hex(8)

    def prepare(self) -> None:
        self._entries.create_index("seq", unique=True, partialFilterExpression={"seq": {"$exists": True}})
        self._state.update_one({"_id": "head"}, {"$setOnInsert": {"seq": 0, "hash": GENESIS}}, upsert=True)
        free = {"owner": "", "fence": 0, "until": dt.datetime.fromtimestamp(0, dt.UTC)}
        self._state.update_one({"_id": "sealer"}, {"$setOnInsert": free}, upsert=True)

    def append(
        self, who: str, role: str, action: str, purpose: str, about: Iterable[str], session: ClientSession | None = None,
        at: dt.datetime | None = None,
    ) -> None:
        """Durable when it returns; with ``session``, when that transaction commits. ``about``: ids and hashed references."""
        document: Document = {
            "_id": ObjectId(), "at": _milliseconds(at or utc_now()), "who": clean(who), "role": clean(role),
            "action": clean(action), "purpose": clean(purpose), "about": [clean(one) for one in about][:MOST_ABOUT],
        }
        if session is not None:
            self._append(document, session)
        else:
            transact(self._client, lambda own: self._append(document, own))

    def _append(self, document: Document, session: ClientSession) -> None:
        self._entries.insert_one(document, session=session)
        slot = f"appended-{random.randrange(SLOTS)}"
        self._state.update_one({"_id": slot}, {"$inc": {"count": 1}}, upsert=True, session=session)

    def move_in(self, old: Collection[Document]) -> None:
        """Entries for the documents of a collection that kept readings before there was a trail (at, who, purpose, found)."""
        for document in old.find():
            def write(session: ClientSession, document: Document = document) -> None:
                if old.delete_one({"_id": document["_id"]}, session=session).deleted_count:
                    action = "read_contact" if document.get("found") else "read_contact_unknown"
                    by = "notification"
                    self.append(by, by, action, document["purpose"], [document["who"]], session, document["at"])

            transact(self._client, write)

    # -- sealing

    def seal(self) -> int:
        """Seal what waits, if the lease is free or ours. Returns how many entries were sealed."""
        fence = self._lease()
        sealed = 0
        while fence is not None:
            reach("audit.leased")
            try:
                count = transact(self._client, partial(self._seal, fence))
            except (Lost, DuplicateKeyError):
                break
            sealed += count
            if count < BATCH:
                break
            fence = self._lease()
        return sealed

    def _lease(self) -> int | None:
        mine = {"$eq": ["$owner", self.owner]}
        held = self._state.find_one_and_update(
            {"_id": "sealer", "$expr": {"$or": [mine, {"$lte": ["$until", "$$NOW"]}]}},
            [{"$set": {
                "fence": {"$cond": [mine, "$fence", {"$add": ["$fence", 1]}]}, "owner": self.owner,
                "until": {"$add": ["$$NOW", LEASE_MS]},
            }}],
            return_document=ReturnDocument.AFTER,
        )
        return None if held is None else int(held["fence"])

    def _seal(self, fence: int, session: ClientSession) -> int:
        # a write, so that whoever takes the lease meanwhile conflicts with this transaction
        kept = self._state.update_one(
            {"_id": "sealer", "owner": self.owner, "fence": fence}, {"$inc": {"sealings": 1}}, session=session
        )
        if kept.matched_count != 1:
            raise Lost
        head = self._state.find_one({"_id": "head"}, session=session)
        assert head is not None
        seq, hash = head["seq"], head["hash"]
        writes = []
        for entry in self._entries.find(OPEN, session=session).sort("_id", 1).limit(BATCH):
            seq += 1
            prev, hash = hash, link(hash, {**entry, "seq": seq})
            writes.append(UpdateOne({"_id": entry["_id"], **OPEN}, {"$set": {"seq": seq, "prev": prev, "hash": hash}}))
        if writes:
            self._entries.bulk_write(writes, session=session)
            self._state.update_one({"_id": "head"}, {"$set": {"seq": seq, "hash": hash}}, session=session)
        reach("audit.sealing")
        return len(writes)

    # -- reading

    def head(self) -> Document:
        """{seq, hash, unsealed, appended}, of one moment."""
        with self._client.start_session(snapshot=True) as session:
            head = self._state.find_one({"_id": "head"}, session=session) or {"seq": 0, "hash": GENESIS}
            open = list(self._entries.aggregate([{"$match": OPEN}, {"$count": "n"}], session=session))
            counts = self._state.find({"_id": {"$regex": "^appended-"}}, session=session)
            appended = sum(d["count"] for d in counts)
        return {"seq": head["seq"], "hash": head["hash"], "unsealed": open[0]["n"] if open else 0, "appended": appended}

    def page(self, after: int, limit: int) -> list[Document]:
        found = self._entries.find({"seq": {"$gt": after}}).sort("seq", 1).limit(min(max(1, limit), 1000))
        return [_shown(document) for document in found]

    def witnessed(self, actions: Iterable[str], about: str) -> bool:
        """Whether an entry of one of these actions names ``about``."""
        return self._entries.find_one({"action": {"$in": list(actions)}, "about": about}, {"_id": 1}) is not None


def _shown(document: Document) -> Document:
    at = document["at"]
    shown = at.isoformat(timespec="milliseconds") if isinstance(at, dt.datetime) else at
    return {name: value for name, value in document.items() if name != "_id"} | {"at": shown}


def _milliseconds(at: dt.datetime) -> dt.datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def clean(text: str) -> str:
    """Bounded, and what UTF-8 can hold."""
    return str(text)[:LONGEST].encode("utf-8", "replace").decode()
