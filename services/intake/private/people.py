"""One person across all cases and rosters: found, exported, erased; in the vault and in refused bodies, corrected and withdrawn
entries included. The vault can be searched by no index, so it is decrypted page by page.

Erasing rewrites what stands in the vault under a new salt; the log and its commitments stay, and the audit trail says what each
rewritten entry is bound to since. A page is one transaction with its audit entry: a crash never leaves half a page.
Law: Luật 91/2025/QH15 (erasure and access; details are not verified [U]).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import os
from typing import Any

import msgspec
from bson.binary import Binary
from pymongo import MongoClient, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.intake.private.rewriting import Changed, until_unchanged
from services.intake.private.verifying import erasure_mark
from shared.audit import Trail
from shared.calendar import day_of
from shared.privacy import SALT_BYTES, Cipher, commitment
from shared.privacy.access import Denied, policy
from shared.privacy.names import ERASED, Taken, redacted, without, words
from shared.storage import transact, utc_now

Document = dict[str, Any]
REFUSED = "refused:"
DOING = ("find", "export", "erase")


class People:
    def __init__(self, client: MongoClient[Document], db: Database[Document], cipher: Cipher, trail: Trail) -> None:
        self.client, self.db, self.cipher, self.trail = client, db, cipher, trail

    def page(
        self, do: str, name: str, born: int | None, who: str, role: str, purpose: str, after: str, limit: int
    ) -> Document:
        """{checked, items, next}. Raise ``ValueError``, ``Denied``."""
        if do not in DOING or not who.strip() or not purpose.strip():
            raise ValueError("what is done, who does it and for which purpose must be stated")
        if len(words(name)) < 2:
            raise ValueError("give the whole name: one word alone would touch too many people")
        allowed = "person" in policy().parts(role, purpose, day_of(utc_now()))
        if not allowed or after == "":
            self.trail.append(who, role, f"{do}_person" + ("" if allowed else "_refused"), purpose, [self._pseudonym(name, born)])
        if not allowed:
            raise Denied(f"{role!r} may not look for a person for {purpose!r}")
        by = (who, role, purpose)
        if after.startswith(REFUSED):
            return until_unchanged(lambda: self._refused(do, name, born, by, after.removeprefix(REFUSED), limit))
        return until_unchanged(lambda: self._vault(do, name, born, by, after, limit))

    def _pseudonym(self, name: str, born: int | None) -> str:
        """Tells that two requests were about one person, to nobody without the vault's keys."""
        state = self.db["audit_state"]
        new = self.cipher.encrypt(os.urandom(32), f"{utc_now():%Y-%m}")
        state.update_one({"_id": "pseudonyms"}, {"$setOnInsert": {"sealed": new}}, upsert=True)
        held = state.find_one({"_id": "pseudonyms"})
        assert held is not None
        said = " ".join(w.plain for w in words(name)) + f"\0{born or ''}"
        return "person:" + hmac.new(self.cipher.decrypt(held["sealed"]), said.encode(), hashlib.sha256).hexdigest()[:32]

    # -- the vault

    def _vault(self, do: str, name: str, born: int | None, by: tuple[str, str, str], after: str, limit: int) -> Document:
        page = list(self.db["vault"].find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit))
        hits: list[tuple[Document, Taken]] = []
        for document in page:
            taken = without(_loaded(self.cipher.decrypt(document["sealed"])[SALT_BYTES:]), name, born)
            if taken.people or taken.texts:
                hits.append((document, taken))
        items = self._items(hits, do)
        if do == "erase" and hits:
            self._rewrite(hits, by, self._pseudonym(name, born))
        return {"checked": len(page), "items": items, "next": page[-1]["_id"] if len(page) == limit else REFUSED}

    def _items(self, hits: list[tuple[Document, Taken]], do: str) -> list[Document]:
        fields = {"record": 1, "subject": 1, "type": 1, "on": 1, "source": 1, "data": 1}
        log = {d["_id"]: d for d in self.db["log"].find({"_id": {"$in": [d["_id"] for d, _ in hits]}}, fields)}
        items = []
        for document, taken in hits:
            entry = log.get(document["_id"], {})
            item: Document = {"entry": document["_id"], "texts": taken.texts, "people": len(taken.people)}
            item |= {k: entry.get(k) for k in ("record", "subject", "type", "on", "source")}
            if do == "export":
                item |= {"said": taken.people, "facts": _loaded((entry.get("data") or "null").encode())}
            items.append(item)
        return items

    def _rewrite(self, hits: list[tuple[Document, Taken]], by: tuple[str, str, str], pseudonym: str) -> None:
        now = utc_now()
        writes, marks = [], []
        for document, taken in hits:
            salt, content = os.urandom(SALT_BYTES), msgspec.json.encode(taken.value)
            marks.append(erasure_mark(document["_id"], commitment(salt, content)))
            sealed = self.cipher.encrypt(salt + content, document["period"])
            writes.append(UpdateOne(
                {"_id": document["_id"], "sealed": document["sealed"]}, {"$set": {"sealed": sealed, "erased": now}}
            ))

        def write(session: ClientSession) -> None:
            if self.db["vault"].bulk_write(writes, session=session).matched_count != len(writes):
                raise Changed
            self.trail.append(by[0], by[1], "erase", by[2], [pseudonym, *marks], session)

        transact(self.client, write)

    # -- refused bodies

    def _refused(self, do: str, name: str, born: int | None, by: tuple[str, str, str], after: str, limit: int) -> Document:
        page = list(self.db["refused"].find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit))
        items = []
        for document in page:
            body, headers = self.cipher.decrypt(document["sealed"]), self.cipher.decrypt(document["headers"])
            left, clean = _body_without(body, name, born), _body_without(headers, name, born)
            if left is body and clean is headers:
                continue
            items.append({"refused": document["_id"], "type": document["type"], "on": document["last_seen"].isoformat()[:10]})
            if do == "erase":
                self._rewrite_refused(document, left, left == ERASED.encode(), clean, by, self._pseudonym(name, born))
        return {"checked": len(page), "items": items, "next": REFUSED + page[-1]["_id"] if len(page) == limit else None}

    def _rewrite_refused(
        self, document: Document, body: bytes, whole: bool, headers: bytes, by: tuple[str, str, str], pseudonym: str
    ) -> None:
        now: dt.datetime = utc_now()
        sealed: Binary = self.cipher.encrypt(body, f"{now:%Y-%m}")
        change: Document = {"sealed": sealed, "headers": self.cipher.encrypt(headers, f"{now:%Y-%m}"), "erased": now}
        as_read = {field: document[field] for field in ("_id", "sealed", "headers")}
        if whole:
            # what is left is no message: it cannot be sent in again
            change["truncated"] = True

        def write(session: ClientSession) -> None:
            if self.db["refused"].update_one(as_read, {"$set": change}, session=session).matched_count != 1:
                raise Changed
            self.trail.append(by[0], by[1], "erase", by[2], [pseudonym, f"refused:{document['_id']}"], session)

        transact(self.client, write)


def _loaded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _body_without(body: bytes, name: str, born: int | None) -> bytes:
    """The very ``body`` if it does not name the person. What is no JSON cannot be mended: it is given up as a whole."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        readings = (body.decode(code, "replace") for code in ("utf-8", "utf-16-le", "utf-16-be"))
        named = any(redacted(text, [name]) != text or redacted(_unescaped(text), [name]) != _unescaped(text) for text in readings)
        return ERASED.encode() if named else body
    try:
        taken = without(value, name, born)
    except RecursionError:
        return ERASED.encode()
    if not taken.people and not taken.texts:
        return body
    return json.dumps(taken.value, ensure_ascii=False).encode("utf-8", "replace")


def _unescaped(text: str) -> str:
    """``\\u1ebf`` as its letter, in what is almost JSON."""
    import re

    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
