"""The vault against the commitments in the log: what differs was erased, and the audit trail says so, or it was tampered with."""

from __future__ import annotations

from typing import Any

from pymongo.database import Database
from pymongo.errors import EncryptionError

from shared.audit import Trail
from shared.privacy import SALT_BYTES, Cipher, commitment

Document = dict[str, Any]
ERASING = ("erase", "retention")


def erasure_mark(key: str, bound: bytes) -> str:
    """What an audit entry says about a vault entry that was rewritten: which, and what it is bound to since."""
    return f"{key}={bound.hex()}"


def verify_vault(db: Database[Document], cipher: Cipher, trail: Trail, after: str, limit: int) -> Document:
    """One page, by entry key. Findings: ``missing``, ``unreadable``, ``tampered``."""
    fields = {"commitment": 1}
    page = list(db["log"].find({"_id": {"$gt": after}, "commitment": {"$exists": True}}, fields).sort("_id", 1).limit(limit))
    vault = {d["_id"]: d for d in db["vault"].find({"_id": {"$in": [d["_id"] for d in page]}})}
    findings: list[Document] = []
    erased = 0
    for entry in page:
        kind = _wrong(vault.get(entry["_id"]), entry, cipher, trail)
        if kind == "erased":
            erased += 1
        elif kind is not None:
            findings.append({"kind": kind, "entry": entry["_id"]})
    return {
        "checked": len(page), "erased": erased, "findings": findings, "next": page[-1]["_id"] if len(page) == limit else None,
    }


def _wrong(held: Document | None, entry: Document, cipher: Cipher, trail: Trail) -> str | None:
    if held is None:
        return "missing"
    try:
        opened = cipher.decrypt(held["sealed"])
    except EncryptionError:
        return "unreadable"
    bound = commitment(opened[:SALT_BYTES], opened[SALT_BYTES:])
    if bound == entry["commitment"]:
        return None
    return "erased" if trail.witnessed(ERASING, erasure_mark(entry["_id"], bound)) else "tampered"
