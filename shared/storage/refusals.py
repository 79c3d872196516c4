"""What a subscriber could not read is kept in its own database, never dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bson.binary import Binary
from pymongo import UpdateOne
from pymongo.database import Database

from shared.contracts import Refusal
from shared.messaging.delivery import Delivery
from shared.storage import Document, utc_now

CAP = 64 * 1024
"""Bytes kept of a body. Events between services hold nothing private, so these are kept as they are."""


def keep(db: Database[Document], deliveries: Iterable[tuple[Delivery, Refusal]]) -> None:
    """Upsert into ``unread``, keyed by queue and body; safe to repeat."""
    now = utc_now()
    writes = [
        UpdateOne(
            {"_id": hashlib.sha256(delivery.queue.encode() + b"\0" + delivery.body).hexdigest()[:32]},
            {
                "$setOnInsert": {
                    "queue": delivery.queue, "routing_key": delivery.routing_key, "code": refusal.code, "field": refusal.field,
                    "reason": refusal.reason, "body": Binary(delivery.body[:CAP]), "size": len(delivery.body), "first_seen": now,
                },
                "$set": {"last_seen": now},
                "$inc": {"times": 1},
            },
            upsert=True,
        )
        for delivery, refusal in deliveries
    ]
    if writes:
        db["unread"].bulk_write(writes, ordered=False)
