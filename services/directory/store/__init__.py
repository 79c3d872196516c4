"""The directory in MongoDB.

    records   record id → the version that its facts come from
    facts     what the records say, one fact a document, found by its keys
    codes     the register of team codes; only ever added to
    units     <code>@<valid from> → UnitState      ┐ derived from facts; ``n`` numbers the versions,
    teams     <code> → TeamState and its course    │ ``due`` until the broker has confirmed the newest
    names     names that wait, or waited, for an officer ┘
    groups    <unit> → its residential groups
    guards    one document that every batch writes first, so that batches of several instances follow one another
"""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

Document = dict[str, Any]

ANNOUNCED = ("units", "teams", "names")
"""Collections whose documents are published when they change."""


def prepare(db: Database[Document]) -> None:
    """Create the indexes; safe to repeat, and from several instances."""
    db["facts"].create_index([("keys", ASCENDING)])
    db["facts"].create_index([("record", ASCENDING)])
    db["codes"].create_index([("keys", ASCENDING)])
    db["units"].create_index([("code", ASCENDING)])
    db["teams"].create_index([("units", ASCENDING)])
    db["names"].create_index([("keys", ASCENDING)])
    db["names"].create_index([("unit", ASCENDING)])
    db["guards"].update_one({"_id": "directory"}, {"$setOnInsert": {"batches": 0}}, upsert=True)
    for name in ANNOUNCED:
        # holds nothing at rest
        db[name].create_index([("due", ASCENDING)], partialFilterExpression={"due": True})
