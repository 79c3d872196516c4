"""Private parts that were kept long enough, by the rules of retention: shown, or emptied, with an entry of the audit trail."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import msgspec
from pymongo import MongoClient, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.intake.private.rewriting import Changed, until_unchanged
from services.intake.private.verifying import erasure_mark
from shared.audit import Trail
from shared.calendar import ZONE, day_of
from shared.contracts import TYPES
from shared.privacy import SALT_BYTES, Cipher, commitment
from shared.privacy.names import ERASED
from shared.privacy.retention import Retention, retention
from shared.storage import transact, utc_now

Document = dict[str, Any]
REFUSED = "refused:"
NOTHING = b"{}"
CORRECTED = "vn.namtot.record.corrected.v1"
MAY = ("data_protection",)


class Retiring:
    def __init__(self, client: MongoClient[Document], db: Database[Document], cipher: Cipher, trail: Trail, rules: str) -> None:
        self.client, self.db, self.cipher, self.trail = client, db, cipher, trail
        self.rules: Retention = retention(Path(rules) if rules else None)

    def page(self, who: str, role: str, purpose: str, apply: bool, after: str, limit: int) -> Document:
        """{checked, due, next}: how many are past their time; emptied if ``apply``. Raise ``ValueError``, ``PermissionError``."""
        if not who.strip() or not purpose.strip():
            raise ValueError("who applies the rules and why must be stated")
        if apply and role not in MAY:
            self.trail.append(who, role, "retention_refused", purpose, [])
            raise PermissionError(f"{role!r} may not erase by the rules of retention")
        by = (who, role, purpose)
        if after.startswith(REFUSED):
            return until_unchanged(lambda: self._refused(by, apply, after.removeprefix(REFUSED), limit))
        return until_unchanged(lambda: self._vault(by, apply, after, limit))

    def _vault(self, by: tuple[str, str, str], apply: bool, after: str, limit: int) -> Document:
        page = list(self.db["vault"].find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit))
        found = self.db["log"].find({"_id": {"$in": [d["_id"] for d in page]}}, {"type": 1, "on": 1, "data": 1})
        log = {d["_id"]: d for d in found}
        due = [d for d in page if "retired" not in d and self._over(log.get(d["_id"]))]
        if apply and due:
            self._empty(due, by)
        return {"checked": len(page), "due": len(due), "next": page[-1]["_id"] if len(page) == limit else REFUSED}

    def _over(self, entry: Document | None) -> bool:
        fact = None if entry is None else _fact(entry)
        if fact is None:
            return False
        family, on = fact
        before = self.rules.before(family, day_of(utc_now()))
        return before is not None and on[:10] < before.isoformat()

    def _empty(self, due: list[Document], by: tuple[str, str, str]) -> None:
        writes, marks, now = [], [], utc_now()
        for document in due:
            salt = os.urandom(SALT_BYTES)
            marks.append(erasure_mark(document["_id"], commitment(salt, NOTHING)))
            sealed = self.cipher.encrypt(salt + NOTHING, document["period"])
            as_read = {"_id": document["_id"], "sealed": document["sealed"]}
            writes.append(UpdateOne(as_read, {"$set": {"sealed": sealed, "erased": now, "retired": True}}))

        def write(session: ClientSession) -> None:
            if self.db["vault"].bulk_write(writes, session=session).matched_count != len(writes):
                raise Changed
            self.trail.append(*by[:2], "retention", by[2], marks, session)

        transact(self.client, write)

    def _refused(self, by: tuple[str, str, str], apply: bool, after: str, limit: int) -> Document:
        before = self.rules.before("refused", day_of(utc_now()))
        fields = {"last_seen": 1, "retired": 1, "sealed": 1}
        page = list(self.db["refused"].find({"_id": {"$gt": after}}, fields).sort("_id", 1).limit(limit))
        due: list[Document] = []
        if before is not None:
            moment = dt.datetime.combine(before, dt.time(), ZONE)
            due = [d for d in page if "retired" not in d and d["last_seen"] < moment]
        if apply and due:
            period = f"{utc_now():%Y-%m}"
            change = {
                "sealed": self.cipher.encrypt(ERASED.encode(), period), "headers": self.cipher.encrypt(NOTHING, period),
                "erased": utc_now(), "retired": True, "truncated": True,
            }

            def write(session: ClientSession) -> None:
                # refused again meanwhile, its time runs anew
                as_read = [{field: d[field] for field in ("_id", "sealed", "last_seen")} for d in due]
                writes = [UpdateOne(filter, {"$set": change}) for filter in as_read]
                if self.db["refused"].bulk_write(writes, session=session).matched_count != len(writes):
                    raise Changed
                self.trail.append(*by[:2], "retention", by[2], [f"refused:{d['_id']}" for d in due], session)

            transact(self.client, write)
        return {"checked": len(page), "due": len(due), "next": REFUSED + page[-1]["_id"] if len(page) == limit else None}


def _fact(entry: Document) -> tuple[str, str] | None:
    """Family and day of what happened; None where no rule of retention counts. A correction is about the fact that it corrects:
    to write it up again does not begin its time anew."""
    type, on = entry["type"], entry["on"]
    if type == CORRECTED:
        replacement = msgspec.json.decode(entry["data"])
        type, on = replacement["of"], replacement["data"]["on"]
    if type not in TYPES or TYPES[type].family not in ("case", "activity"):
        return None
    return TYPES[type].family, on
