"""Reading the vault: for a role, with a purpose, and never before the audit trail holds who reads what. A refused reading is an
entry, too."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
from pymongo.database import Database

from services.intake.domain.entries import Correction, live
from services.intake.domain.people import described
from services.intake.store import reading
from shared.audit import Trail
from shared.calendar import day_of
from shared.privacy import SALT_BYTES, Cipher
from shared.privacy.access import Denied, policy
from shared.storage import utc_now

Document = dict[str, Any]
MOST_CASES = 200
NOTES = 50


class Reading:
    def __init__(self, db: Database[Document], cipher: Cipher, trail: Trail) -> None:
        self.db, self.cipher, self.trail = db, cipher, trail

    def opened(self, document: Document) -> bytes:
        return self.cipher.decrypt(document["sealed"])[SALT_BYTES:]

    def cases(self, cases: list[str], who: str, role: str, purpose: str) -> Document:
        """{case: {parties, content?, agreement?}}, the latest words first kept. Raise ``ValueError``, ``Denied``."""
        if not who.strip() or not purpose.strip():
            raise ValueError("who reads and for which purpose must be stated")
        if len(cases) > MOST_CASES:
            raise ValueError(f"at most {MOST_CASES} cases at a time")
        parts = policy().parts(role, purpose, day_of(utc_now())) & {"parties", "content", "agreement"}
        self.trail.append(who, role, "read_case" if parts else "read_case_refused", purpose, cases)
        if not parts:
            raise Denied(f"{role!r} may not read private parts for {purpose!r}")
        return {"cases": {case: _only(private, parts) for case, private in self._private(cases).items()}}

    def _private(self, cases: list[str]) -> dict[str, Document]:
        """Corrections replace what they correct, withdrawn entries say nothing: as the fold has it."""
        found: dict[str, Document] = {}
        for case, entries in reading.entries(self.db, cases).items():
            corrected = {e.data.target: e.key for e in sorted(entries, key=lambda e: e.written) if isinstance(e.data, Correction)}
            alive = sorted(live(entries).entries, key=lambda e: (e.on, e.written))
            keys = [corrected.get(e.key, e.key) for e in alive]
            vault = {d["_id"]: d for d in self.db["vault"].find({"_id": {"$in": keys}})}
            told: Document = {"parties": []}
            for key in keys:
                if key in vault:
                    _merge(told, msgspec.json.decode(self.opened(vault[key])))
            found[case] = told
        return found

    def contact(self, source: str, ref: str, purpose: str, who: str, role: str) -> Document | None:
        """A mediator's mailbox and phone. None if the vault knows nobody by that reference."""
        if not purpose.strip():
            raise ValueError("a purpose must be stated")
        allowed = "contact" in policy().parts(role, purpose, day_of(utc_now()))
        about = [hashlib.sha256(f"{source}\0{ref}".encode()).hexdigest()[:32]]
        found = self.db["vault"].find_one({"source": source, "people": ref}, sort=[("on", -1), ("_id", -1)]) if allowed else None
        action = "read_contact_refused" if not allowed else "read_contact" if found is not None else "read_contact_unknown"
        self.trail.append(who, role, action, purpose, about)
        if not allowed:
            raise Denied(f"{role!r} may not read a contact for {purpose!r}")
        if found is None:
            return None
        person = described(self.opened(found)).get(ref)
        return None if person is None else {"name": person.name, "phone": person.phone, "email": person.email}

    def refused(self, id: str, who: str, role: str, purpose: str) -> Document | None:
        """Body and headers of what was refused: {body, encoding ("utf-8"|"base64"), headers}. None if nothing is kept under that
        id. Raise ``ValueError``, ``Denied``."""
        if not who.strip() or not purpose.strip():
            raise ValueError("who reads and for which purpose must be stated")
        allowed = "refused" in policy().parts(role, purpose, day_of(utc_now()))
        found = self.db["refused"].find_one({"_id": id}) if allowed else None
        action = "read_refused_denied" if not allowed else "read_refused" if found is not None else "read_refused_unknown"
        self.trail.append(who, role, action, purpose, [f"refused:{id}"])
        if not allowed:
            raise Denied(f"{role!r} may not read a refused body for {purpose!r}")
        if found is None:
            return None
        body = self.cipher.decrypt(found["sealed"])
        answer: Document = {"headers": msgspec.json.decode(self.cipher.decrypt(found["headers"]), type=dict[str, str])}
        try:
            return answer | {"body": body.decode(), "encoding": "utf-8"}
        except UnicodeDecodeError:
            return answer | {"body": base64.b64encode(body).decode(), "encoding": "base64"}

    def note(self, who: str, role: str, action: str, purpose: str, about: list[str]) -> Document:
        """What happened in another process, witnessed here."""
        if not action.strip():
            raise ValueError("an action must be named")
        self.trail.append(who, role, action, purpose, about[:NOTES])
        return {"noted": True}


def _only(private: Document, parts: frozenset[str]) -> Document:
    return {name: value for name, value in private.items() if name in parts}


def _merge(told: Document, private: Any) -> None:
    if not isinstance(private, dict):
        return
    for party in private.get("parties") or []:
        same = next((p for p in told["parties"] if p.get("name") == party.get("name")), None)
        if same is None:
            told["parties"].append(dict(party))
        else:
            same.update(party)
    for name in ("content", "agreement"):
        if private.get(name):
            told[name] = private[name]
