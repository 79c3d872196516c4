"""Refused bodies: kept under lock with the reason, listed, shown, sent again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from pymongo import UpdateOne

from services.intake.domain.accounting import Arrival
from services.intake.domain.inspection import Refused
from shared.contracts import Refusal
from shared.messaging.delivery import Delivery
from shared.privacy import Cipher

Document = dict[str, Any]
CAP = 256 * 1024
"""Bytes kept of a refused body; what is larger can be read but not sent again from here."""
LONGEST = 500


def clipped(text: str | None) -> str | None:
    """A sender's own words, made fit to keep: bounded, valid UTF-8."""
    return None if text is None else text[:LONGEST].encode("utf-8", "replace").decode()


def refused_write(arrival: Arrival, delivery: Delivery, refusal: Refusal, cipher: Cipher, now: dt.datetime) -> UpdateOne:
    """Upsert by raw key: the same bytes refused again count up and are open again."""
    if isinstance(arrival.read, Refused):
        source, id, type = arrival.read.source, arrival.read.id, arrival.read.type
    else:
        source, id, type = arrival.read.entry.source, arrival.read.entry.id, arrival.read.entry.type
    headers = {clipped(str(k)): clipped(str(v)) for k, v in delivery.headers.items() if not str(k).lower().startswith("x-")}
    return UpdateOne(
        {"_id": arrival.raw},
        {
            "$setOnInsert": {
                "source": clipped(source), "event_id": clipped(id), "type": clipped(type), "first_seen": now,
                "size": len(delivery.body), "truncated": len(delivery.body) > CAP, "queue": delivery.queue,
                "sealed": cipher.encrypt(delivery.body[:CAP], f"{now:%Y-%m}"), "content_type": clipped(delivery.content_type),
                "headers": cipher.encrypt(msgspec.json.encode(headers), f"{now:%Y-%m}"),
            },
            "$set": {
                "last_seen": now, "status": "open", "code": refusal.code, "field": clipped(refusal.field),
                "reason": clipped(refusal.reason),
            },
            "$inc": {"times": 1},
        },
        upsert=True,
    )
