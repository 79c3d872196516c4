"""Notification in MongoDB.

    deliveries   the ledger: one document a delivery, under its key; unique, so nothing is told twice
    cases        case id → to whom it is assigned now and how urgent it is, for cases that ever were either
    standings    <team> <scheme> <year> → what it lacks, what it was told
    progress     recognition or commendation → the state that it is known to be in
    refusals     refused events, until and after their source was told
    units, teams replicas of the directory's states
    salt         one document: the salt under which addresses are hashed
"""

from __future__ import annotations

import secrets
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database

Document = dict[str, Any]

KEPT_DAYS = 365
"""How long a refusal that was told is remembered, so that it is not told again."""


def prepare(db: Database[Document]) -> None:
    """Create the indexes and the salt; safe to repeat, and from several instances."""
    db["deliveries"].create_index([("created_at", DESCENDING)])
    # what is to be done; holds nothing at rest
    db["deliveries"].create_index([("next_at", ASCENDING)], partialFilterExpression={"next_at": {"$exists": True}})
    db["deliveries"].create_index([("rule", ASCENDING), ("about", ASCENDING), ("created_at", DESCENDING)])
    db["standings"].create_index([("since", ASCENDING)])
    db["refusals"].create_index([("told", ASCENDING), ("source", ASCENDING), ("at", ASCENDING)])
    db["refusals"].create_index([("told_at", ASCENDING)], expireAfterSeconds=KEPT_DAYS * 86_400)
    db["teams"].create_index([("keys", ASCENDING)])
    db["teams"].create_index([("refs", ASCENDING)])
    db["units"].create_index([("code", ASCENDING)])
    db["salt"].update_one({"_id": "addresses"}, {"$setOnInsert": {"salt": secrets.token_bytes(32)}}, upsert=True)
