"""The one transaction in which a batch takes effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from bson.binary import Binary
from pymongo import ReplaceOne, UpdateOne
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
    """Everything a batch changes. ``created``: new records; ``replaced``: only if still at the version they were read at."""

    log: list[Document] = field(default_factory=list)
    created: list[Document] = field(default_factory=list)
    replaced: list[ReplaceOne[Document]] = field(default_factory=list)
    vault: list[Document] = field(default_factory=list)
    refused: list[UpdateOne] = field(default_factory=list)
    tally: Document = field(default_factory=dict)
    outbox: Document | None = None

    def enter(self, log: Document, vault: Document | None) -> None:
        self.log.append(log)
        if vault is not None:
            self.vault.append(vault)

    def record(self, document: Document) -> None:
        """Insert version 1, or replace the version before."""
        if document["n"] == 1:
            self.created.append(document)
        else:
            self.replaced.append(record_replacement(document))

    def apply(self, db: Database[Document], session: ClientSession, slot: str) -> None:
        """Raise ``Conflict`` when another instance was faster.

        One kind of write per call, and ordered: the first error ends the transaction, so that a further command would only hear
        "aborted", which the driver takes for a reason to send the same stale writes again, for two minutes.
        """
        try:
            for name, documents in (("log", self.log), ("vault", self.vault), ("records", self.created)):
                if documents:
                    db[name].insert_many(documents, session=session)
            if self.replaced:
                result = db["records"].bulk_write(self.replaced, session=session)
                if result.matched_count != len(self.replaced):
                    raise Conflict
            if self.refused:
                db["refused"].bulk_write(self.refused, session=session)
            db["tally"].update_one({"_id": slot}, {"$inc": self.tally}, upsert=True, session=session)
            if self.outbox is not None:
                db["outbox"].insert_one(self.outbox, session=session)
        except DuplicateKeyError as error:
            raise Conflict from error
        except BulkWriteError as error:
            if any(e.get("code") == DUPLICATE_KEY for e in (error.details or {}).get("writeErrors", [])):
                raise Conflict from error
            raise


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


def record_replacement(document: Document) -> ReplaceOne[Document]:
    """Write a record's next version in place of the one before, if that is still there."""
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
    return increments | {f"cases.{status}": change for status, change in tally.cases.items() if change}
