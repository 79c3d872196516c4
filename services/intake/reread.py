"""Entries of a version that an older release could not read: read now, folded, or refused if their data is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from bson.binary import Binary
from pymongo.client_session import ClientSession

from services.intake.batch import SKEW, Intake
from services.intake.domain.accounting import Tally, type_label
from services.intake.domain.inspection import accept
from services.intake.domain.record import fold
from services.intake.domain.telling import changed_events
from services.intake.store import reading
from services.intake.store.writing import Conflict, log_document, record_document, record_replacement, tally_increments
from shared.contracts import TYPES, Envelope, Refusal, When, decode, moment
from shared.privacy import SALT_BYTES, commitment
from shared.storage import transact

Document = dict[str, Any]


def reread(intake: Intake, now: dt.datetime) -> int:
    """Read every unread entry whose type this release knows. Returns how many became readable."""
    count = 0
    for document in intake.db["log"].find({"unread": True, "type": {"$in": list(TYPES)}}):
        count += _reread(intake, document, now)
    return count


def _reread(intake: Intake, document: Document, now: dt.datetime) -> int:
    vault = intake.db["vault"].find_one({"_id": document["_id"]})
    if vault is None:
        return 0
    opened = intake.cipher.decrypt(vault["sealed"])
    salt, raw = opened[:SALT_BYTES], opened[SALT_BYTES:]
    envelope = Envelope(
        specversion="1.0", id=document["id"], source=document["source"], type=document["type"], subject=document["subject"],
        data=msgspec.Raw(raw), time=When(document["time"]),
    )
    try:
        accepted = accept(envelope, decode(envelope, moment(now + SKEW)), When(document["time"]))
    except Refusal as refusal:
        # its sender was told "applied": it stays in the log, set aside, with the reason for whoever looks
        change = {"$set": {"unreadable": str(refusal)[:500]}, "$unset": {"unread": ""}}
        intake.db["log"].update_one({"_id": document["_id"]}, change)
        return 0
    bound = commitment(salt, accepted.private) if accepted.private else None
    readable = log_document(accepted, document["at"], bound) | {"content": document["content"]}
    record = intake.db["records"].find_one({"_id": document["record"]})
    if record is None:
        return 0
    others = [e for e in reading.entries(intake.db, [document["record"]])[document["record"]] if e.key != document["_id"]]
    folded = fold([*others, accepted.entry])
    outbox = intake.outbox.document(
        changed_events(record["_id"], record["subject"], record["n"] + 1, folded, [document["type"]]), now
    )

    def write(session: ClientSession) -> None:
        intake.db["log"].replace_one({"_id": document["_id"], "unread": True}, readable, session=session)
        replaced = intake.db["records"].bulk_write(
            [record_replacement(record_document(record["_id"], record["subject"], record["n"] + 1, folded, now))], session=session
        )
        if replaced.matched_count != 1:
            raise Conflict
        if accepted.private:
            sealed: Binary = intake.cipher.encrypt(salt + accepted.private, vault["period"])
            changed = intake.db["vault"].update_one(
                {"_id": document["_id"], "sealed": vault["sealed"]}, {"$set": {"sealed": sealed}, "$unset": {"erased": ""}},
                session=session,
            )
            if changed.matched_count != 1:
                raise Conflict  # erased, or sealed anew, since it was read
        else:
            intake.db["vault"].delete_one({"_id": document["_id"]}, session=session)
        tally = Tally(by_type={"newer_version": {"applied": -1}, type_label(document["type"]): {"applied": 1}})
        tally.move(record.get("status"), folded.status)
        intake.db["tally"].update_one({"_id": intake.slot}, {"$inc": tally_increments(tally)}, upsert=True, session=session)
        intake.db["outbox"].insert_one(outbox, session=session)

    try:
        transact(intake.client, write)
    except Conflict:
        return 0  # another event came in between: the next round reads it again
    intake.outbox.send(outbox)
    return 1
