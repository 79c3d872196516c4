"""The one transaction in which a batch takes effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bson.binary import Binary
from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.intake.domain.accounting import Tally
from services.intake.domain.inspection import Accepted
from services.intake.domain.record import Record
from shared.contracts import to_builtins

Document = dict[str, Any]
DUPLICATE_KEY = 11000


class Conflict(Exception):
    """Another instance was faster with one of these events or records: read again, judge again."""


@dataclass(slots=True)
class Writes:
    """Everything a batch changes; ``records``: replaced ones are written only if still at the version they were read at."""

    log: list[Document] = field(default_factory=list)
    records: list[InsertOne[Document] | ReplaceOne[Document]] = field(default_factory=list)
    replaced: int = 0
    vault: list[Document] = field(default_factory=list)
    refused: list[UpdateOne] = field(default_factory=list)
    tally: Document = field(default_factory=dict)
    outbox: Document | None = None

    def apply(self, db: Database[Document], session: ClientSession, slot: str) -> None:
        try:
            if self.log:
                db["log"].insert_many(self.log, session=session, ordered=True)
            if self.vault:
                db["vault"].insert_many(self.vault, session=session, ordered=True)
            if self.records:
                result = db["records"].bulk_write(self.records, session=session, ordered=False)
                if result.matched_count != self.replaced:
                    raise Conflict
        except DuplicateKeyError as error:
            raise Conflict from error
        except BulkWriteError as error:
            if any(e.get("code") == DUPLICATE_KEY for e in (error.details or {}).get("writeErrors", [])):
                raise Conflict from error
            raise
        if self.refused:
            db["refused"].bulk_write(self.refused, session=session, ordered=False)
        db["tally"].update_one({"_id": slot}, {"$inc": self.tally}, upsert=True, session=session)
        if self.outbox is not None:
            db["outbox"].insert_one(self.outbox, session=session)


def log_document(accepted: Accepted, now: dt.datetime, commitment: bytes | None) -> Document:
    entry = accepted.entry
    document: Document = {
        "_id": entry.key, "record": accepted.record, "subject": accepted.subject, "source": entry.source, "id": entry.id,
        "type": entry.type, "on": str.__str__(entry.on), "time": str.__str__(entry.time), "at": now,
        "data": accepted.public.decode(), "content": Binary(accepted.content),
    }
    if entry.data is None:
        document["unread"] = True
    if commitment is not None:
        document["commitment"] = Binary(commitment)
    return document


def record_document(id: str, subject: str, n: int, record: Record, now: dt.datetime) -> Document:
    document: Document = {"_id": id, "subject": subject, "n": n, "parked": record.parked, "at": now}
    if record.case is not None:
        document["status"] = record.case.status
        document["case"] = to_builtins(record.case)
    families = [name for name in ("activity", "directory") if getattr(record, name) is not None]
    if families:
        document["families"] = families
    return document


def record_write(document: Document) -> InsertOne[Document] | ReplaceOne[Document]:
    """Insert version 1, or replace the version before."""
    if document["n"] == 1:
        return InsertOne(document)
    return ReplaceOne({"_id": document["_id"], "n": document["n"] - 1}, document)


def tally_increments(tally: Tally) -> Document:
    increments: Document = {
        name: getattr(tally, name)
        for name in ("received", "redelivered", "applied", "duplicate", "refused")
        if getattr(tally, name)
    }
    for type, outcomes in tally.by_type.items():
        for outcome, count in outcomes.items():
            increments[f"by.{type.replace('.', '/')}.{outcome}"] = count
    return increments
