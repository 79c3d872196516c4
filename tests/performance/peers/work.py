"""One message's work, as a careful author would write it for a handler that gets messages one by one.

The same reading, checking, folding and documents as intake's, and the same promise: nothing is lost, nothing counts twice. It
needs less than intake to keep it: no outbox and no tallies, for the message itself is acknowledged last, and a redelivered one is
found in the log and announced again. That is in the peers' favour: fewer round trips to the database.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from services.intake.domain.entries import Entry
from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import Record, fold
from services.intake.domain.telling import changed_events
from services.intake.store.writing import log_document, record_document
from shared.contracts import STRUCTURED, moment
from shared.privacy import SALT_BYTES, Cipher, commitment
from shared.storage import utc_now

Document = dict[str, Any]
MAX_BODY = 1024 * 1024
ENTRY_FIELDS = {"record": 1, "source": 1, "id": 1, "type": 1, "on": 1, "time": 1, "data": 1}


@dataclass(frozen=True, slots=True)
class Piece:
    """A message, read and checked, and what the transaction inserts for it."""

    accepted: Accepted
    log: Document
    vault: Document
    now: Any


def read(body: bytes, cipher: Cipher) -> Piece:
    """Decode, check against the contract, encrypt the private part. ``ValueError`` for what is not an acceptable event."""
    now = utc_now()
    at = moment(now)
    accepted = inspect(body, STRUCTURED, {}, now=at, limit=at, max_body=MAX_BODY, allowed=lambda source, type: True)
    if not isinstance(accepted, Accepted):
        raise ValueError(str(accepted.refusal))
    salt, period = os.urandom(SALT_BYTES), f"{now:%Y-%m}"
    vault = {"_id": accepted.entry.key, "period": period, "sealed": cipher.encrypt(salt + accepted.private, period)}
    return Piece(accepted, log_document(accepted, now, commitment(salt, accepted.private)), vault, now)


def changed(piece: Piece, earlier: list[Entry], version: int) -> tuple[Document, list[tuple[str, bytes]]]:
    """The record's new document, and what to publish, given its earlier entries and its version."""
    accepted = piece.accepted
    record: Record = fold([*earlier, accepted.entry])
    document = record_document(accepted.record, accepted.subject, version + 1, record, piece.now)
    return document, changed_events(accepted.record, accepted.subject, version + 1, record, [accepted.entry.type])
