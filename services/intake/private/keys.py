"""Keys: which there are and what they seal; the master key changed, a month's data key changed, while events flow.

Nothing here needs a pause: a data key carries the name of its master key, a ciphertext the id of its data key, so that old
and new stand side by side. A crash leaves some done and some not; the same command goes on.
"""

from __future__ import annotations

import re
from typing import Any

from bson.binary import Binary
from pymongo import UpdateOne
from pymongo.database import Database

from shared.audit import Trail
from shared.failpoints import reach
from shared.privacy import Cipher, key_of

Document = dict[str, Any]
REFUSED = "refused:"
SEALED = {"vault": ("sealed",), "refused": ("sealed", "headers")}
MAY = ("operator", "data_protection")


class Keys:
    def __init__(self, db: Database[Document], cipher: Cipher, trail: Trail) -> None:
        self.db, self.cipher, self.trail = db, cipher, trail

    def listed(self) -> Document:
        """The data keys with the master key that wraps each; never a key."""
        found = self.cipher.keys.find({}, {"keyAltNames": 1, "masterKey": 1, "creationDate": 1}).sort("creationDate", 1)
        return {"master": self.cipher.provider, "keys": [
            {"key": bytes(d["_id"]).hex(), "name": (d.get("keyAltNames") or ["?"])[0], "master": d["masterKey"]["provider"],
             "made": d["creationDate"].isoformat()} for d in found
        ]}

    def rotate(self, who: str, role: str, purpose: str, period: str | None, after: str, limit: int, begin: bool) -> Document:
        """{checked, changed, next}. Raise ``ValueError``, ``PermissionError``."""
        if not who.strip() or not purpose.strip():
            raise ValueError("who rotates and why must be stated")
        if role not in MAY:
            self.trail.append(who, role, "rotate_refused", purpose, [period or "master"])
            raise PermissionError(f"{role!r} may not rotate keys")
        if period is None:
            self.trail.append(who, role, "rotate", purpose, ["master", self.cipher.provider])
            count = self.cipher.rewrap()
            return {"checked": count, "changed": count, "next": None}
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", period) or not self.cipher.generations(period):
            raise ValueError(f"no data key is of {period!r}; `namtot keys list` shows which there are")
        if after == "" and begin:
            # an unfinished rotation is gone on with, so a period never gathers keys by being tried again
            new = self.cipher.renew(period) if self._finished(period) else self.cipher.key(period)
            self.trail.append(who, role, "rotate", purpose, [period, bytes(new).hex()])
        name, behind = ("refused", after.removeprefix(REFUSED)) if after.startswith(REFUSED) else ("vault", after)
        page = list(self.db[name].find({"_id": {"$gt": behind}}).sort("_id", 1).limit(limit))
        changed = self._sealed_anew(name, page, period)
        reach("keys.page")
        more = len(page) == limit
        prefix = REFUSED if name == "refused" else ""
        step = prefix + page[-1]["_id"] if more else REFUSED if name == "vault" else None
        return {"checked": len(page), "changed": changed, "next": step}

    def _older(self, period: str) -> set[bytes]:
        return {bytes(key) for key in self.cipher.generations(period)[:-1]}

    def _sealed_anew(self, name: str, page: list[Document], period: str) -> int:
        older = self._older(period)
        writes = []
        for document in page:
            old = {field: document[field] for field in SEALED[name] if key_of(document[field]) in older}
            if old:
                new: dict[str, Binary] = {field: self.cipher.encrypt(self.cipher.decrypt(s), period) for field, s in old.items()}
                # what was erased or sealed meanwhile is left as it is now
                writes.append(UpdateOne({"_id": document["_id"], **old}, {"$set": new}))
        if not writes:
            return 0
        return int(self.db[name].bulk_write(writes, ordered=False).modified_count)

    def _finished(self, period: str) -> bool:
        """Whether nothing is sealed under a key before the period's last one."""
        older = self._older(period)
        if not older:
            return True
        return not any(
            key_of(document[field]) in older
            for name, fields in SEALED.items()
            for document in self.db[name].find({}, dict.fromkeys(fields, 1))
            for field in fields
        )
