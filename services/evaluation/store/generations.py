"""Which teams are to be scored, and by whom.

Every change bumps its teams' generation. The scorer claims some waiting teams for a short while, scores them at the generation
that it read, and says so; a team whose generation went on meanwhile still waits. A claim that its owner did not live to honour
runs out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import UpdateMany, UpdateOne
from pymongo.client_session import ClientSession

from services.evaluation.store import LONG_AGO, Db

CLAIM = dt.timedelta(seconds=30)


def bump(db: Db, teams: Iterable[str], now: dt.datetime, session: ClientSession | None = None) -> None:
    """Something that is known of these teams changed at ``now``: ``facts`` counts such changes alone."""
    writes = [
        UpdateOne(
            {"_id": team},
            {
                "$inc": {"generation": 1, "facts": 1}, "$set": {"waiting": True}, "$min": {"since": now},
                "$setOnInsert": {"scored": 0, "claimed_until": LONG_AGO},
            },
            upsert=True,
        )
        for team in sorted(set(teams))
    ]
    if writes:
        db["generations"].bulk_write(writes, ordered=False, session=session)


def bump_all(db: Db, now: dt.datetime) -> None:
    _bump_many(db, {}, now)


def bump_idle(db: Db, teams: Iterable[str], now: dt.datetime) -> int:
    """Those of them that do not wait anyway; how many."""
    return _bump_many(db, {"_id": {"$in": sorted(set(teams))}, "waiting": False}, now)


def _bump_many(db: Db, which: dict[str, Any], now: dt.datetime) -> int:
    return db["generations"].update_many(
        which, {"$inc": {"generation": 1}, "$set": {"waiting": True}, "$min": {"since": now}}
    ).modified_count


def claim(db: Db, count: int, now: dt.datetime) -> dict[str, int]:
    """Up to ``count`` waiting teams that nobody else has claimed, longest waiting first, with the generation of each."""
    free = {"waiting": True, "claimed_until": {"$lte": now}}
    wanted = [d["_id"] for d in db["generations"].find(free, {"_id": 1}).sort("since", 1).limit(count)]
    if not wanted:
        return {}
    token = uuid.uuid4().hex
    db["generations"].update_many(
        {"_id": {"$in": wanted}, **free}, {"$set": {"claim": token, "claimed_until": now + CLAIM}}
    )
    mine = db["generations"].find({"_id": {"$in": wanted}, "claim": token}, {"generation": 1})
    return {d["_id"]: d["generation"] for d in mine}


def scored(db: Db, generations: Mapping[str, int], claimed_at: dt.datetime) -> None:
    """These teams' verdicts stand for these generations. What changed since ``claimed_at`` waits on."""
    together: dict[int, list[str]] = {}
    for team, generation in generations.items():
        together.setdefault(generation, []).append(team)
    writes: list[UpdateMany] = []
    for generation, teams in together.items():
        writes.append(UpdateMany(
            {"_id": {"$in": teams}, "generation": generation},
            {"$set": {"waiting": False, "scored": generation, "claimed_until": LONG_AGO}, "$unset": {"since": "", "claim": ""}},
        ))
        writes.append(UpdateMany(
            {"_id": {"$in": teams}, "generation": {"$gt": generation}},
            {
                "$max": {"scored": generation}, "$set": {"claimed_until": LONG_AGO, "since": claimed_at},
                "$unset": {"claim": ""},
            },
        ))
    if writes:
        db["generations"].bulk_write(writes, ordered=False)


def none_waits(db: Db) -> bool:
    return db["generations"].find_one({"waiting": True}, {"_id": 1}) is None


def lag(db: Db, now: dt.datetime) -> tuple[int, float]:
    """How many teams wait, and for how many seconds the longest."""
    waiting = db["generations"].count_documents({"waiting": True})
    oldest = db["generations"].find_one({"waiting": True}, {"since": 1}, sort=[("since", 1)]) if waiting else None
    return waiting, 0.0 if oldest is None else max(0.0, (now - oldest["since"]).total_seconds())
