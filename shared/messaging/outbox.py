"""Events that a committed transaction owes to the broker: one small document per batch, deleted once confirmed.

Empty at rest. What a crash left over is leased and published by whichever instance finds it; subscribers apply only newer
versions, so once more does no harm.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

from shared.messaging.publisher import ConfirmingPublisher, Outgoing

LEASE = dt.timedelta(seconds=10)
"""Longer than publishing a batch takes. Were it ever too short, events would go out twice, which subscribers expect."""


class Outbox:
    def __init__(self, db: Database[dict[str, Any]], publisher: ConfirmingPublisher, exchange: str) -> None:
        self._documents: Collection[dict[str, Any]] = db["outbox"]
        self._publisher = publisher
        self._exchange = exchange

    def document(self, events: list[tuple[str, bytes]], now: dt.datetime) -> dict[str, Any]:
        """What to insert in the transaction. ``events``: routing key and body."""
        return {"_id": ObjectId(), "at": now, "leased_until": now + LEASE, "events": [list(event) for event in events]}

    def send(self, document: dict[str, Any]) -> None:
        """Publish a committed document's events and delete it. Raise ``PublishError``; the document then stays."""
        self._publisher.publish([Outgoing(self._exchange, key, body) for key, body in document["events"]])
        self._documents.delete_one({"_id": document["_id"]})

    def send_leftovers(self, now: dt.datetime) -> int:
        """Publish what other instances, or this one before a crash, left behind. Returns how many documents."""
        sent = 0
        while True:
            document = self._documents.find_one_and_update(
                {"leased_until": {"$lt": now}}, {"$set": {"leased_until": now + LEASE}}, sort=[("at", 1)]
            )
            if document is None:
                return sent
            self.send(document)
            sent += 1

    def waiting(self, now: dt.datetime) -> tuple[int, float]:
        """How many documents wait, and the oldest one's age in seconds."""
        oldest = self._documents.find_one({}, {"at": 1}, sort=[("at", 1)])
        if oldest is None:
            return 0, 0.0
        return self._documents.count_documents({}), max(0.0, (now - oldest["at"]).total_seconds())
