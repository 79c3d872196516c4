"""The vault's keepers: reading for a purpose, finding, exporting and erasing a person, verification; all witnessed by the trail.

    reading     what a role may read, each time an entry
    people      one person across all cases: find, export, erase
    keys        master key and data keys: listed, rotated
    retiring    what was kept long enough, by the rules of retention
    verifying   the vault against the commitments in the log
"""

from __future__ import annotations

from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.intake.private.keys import Keys
from services.intake.private.people import People
from services.intake.private.reading import Reading
from services.intake.private.retiring import Retiring
from services.intake.private.verifying import verify_vault
from shared.audit import Trail
from shared.privacy import Cipher

Document = dict[str, Any]


class Private:
    def __init__(self, client: MongoClient[Document], db: Database[Document], cipher: Cipher, retention: str) -> None:
        self.db, self.cipher, self.trail = db, cipher, Trail(client, db)
        self.reading = Reading(db, cipher, self.trail)
        self.keys = Keys(db, cipher, self.trail)
        self.people = People(client, db, cipher, self.trail)
        self.retiring = Retiring(client, db, cipher, self.trail, retention)

    def prepare(self) -> None:
        self.trail.prepare()
        self._take_over()

    def _take_over(self) -> None:
        """Readings that an older release kept in ``access`` become entries, each exactly once: it is appended and deleted in one
        transaction."""
        self.trail.move_in(self.db["access"])

    def audit(self, after: int, limit: int, seal: bool) -> Document:
        if seal:
            self.trail.seal()
        # the page first: what is sealed in between lies behind it, never behind the head
        return {"entries": self.trail.page(after, limit), "head": self.trail.head()}

    def verify(self, after: str, limit: int) -> Document:
        return verify_vault(self.db, self.cipher, self.trail, after, limit)
