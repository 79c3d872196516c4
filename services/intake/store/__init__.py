"""MongoDB of intake. Collections:

    log       one document per entry: _id = entry key, record, subject, type, on, time, at, data (JSON), content, commitment
    records   one per subject: _id = record id, subject, n (version), status, parked, case, families, at
    vault     one per entry with a private part: _id = entry key, period, sealed (salt + JSON), source, people, on
    refused   one per refused body: _id = raw key, code, field, reason, source, event_id, type, sealed, times, status
    tally     one per instance slot: received, applied, duplicate, refused, redelivered, by.<type>.<outcome>,
              cases.<status>
    outbox    one per batch that is not yet confirmed by the broker; empty at rest
    audit     the audit trail, and audit_state: its head, its sealer's lease (``shared.audit.trail``)
"""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, OperationFailure

Document = dict[str, Any]
NAMESPACE_EXISTS = 48
IMPORTED = {"$gte": "xlsx-", "$lt": "xlsx."}
"""Ids of what came of registers: only these are indexed by their source."""


def prepare(db: Database[Document]) -> None:
    """Create collections and indexes; idempotent. Collections are made here because a transaction should not have to."""
    present = set(db.list_collection_names())
    for name in ("log", "records", "vault", "refused", "tally", "outbox", "audit", "audit_state"):
        if name not in present:
            _create(db, name)
    db["log"].create_index([("record", ASCENDING)])
    db["log"].create_index([("source", ASCENDING), ("_id", ASCENDING)], name="imported", partialFilterExpression={"id": IMPORTED})
    db["log"].create_index([("unread", ASCENDING)], partialFilterExpression={"unread": True})
    db["records"].create_index([("parked", ASCENDING)], partialFilterExpression={"parked": {"$gt": 0}})
    db["refused"].create_index([("status", ASCENDING), ("last_seen", DESCENDING)])
    db["refused"].create_index([("source", ASCENDING), ("event_id", ASCENDING)])
    db["vault"].create_index(
        [("people", ASCENDING), ("source", ASCENDING)], partialFilterExpression={"people": {"$exists": True}}
    )
    db["outbox"].create_index([("leased_until", ASCENDING)])


def _create(db: Database[Document], name: str) -> None:
    try:
        db.create_collection(name)
    except CollectionInvalid:
        return  # another instance made it since we looked
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
