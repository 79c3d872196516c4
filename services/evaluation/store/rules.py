"""By which rules teams are scored, and which years.

While releases with different rules run side by side (a rolling upgrade), one of them scores: the one that began, as long as any
instance of it lives. Then the next takes over, and scores everybody again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.evaluation.domain.rules import Scheme
from services.evaluation.store import LONG_AGO, Db
from services.evaluation.store.generations import bump_all

HELD = dt.timedelta(seconds=20)
"""Rules of which no instance was seen for so long are given up."""

Periods = list[tuple[str, int]]


def hold(db: Db, digest: str, now: dt.datetime) -> bool:
    """Whether this release's rules are those by which teams are scored now. Where they are new, every team is bumped."""
    try:
        meta = db["meta"].find_one_and_update(
            {"_id": "rules", "$or": [{"digest": digest}, {"seen": {"$lt": now - HELD}}]},
            [{"$set": {
                "seen": now, "digest": digest,
                "bumped": {"$and": [{"$eq": ["$digest", digest]}, {"$ifNull": ["$bumped", False]}]},
            }}],
            upsert=True, return_document=ReturnDocument.AFTER,
        )
    except DuplicateKeyError:
        return False  # others hold it, and live
    if meta is not None and not meta["bumped"]:
        bump_all(db, now)
        db["meta"].update_one({"_id": "rules", "digest": digest}, {"$set": {"bumped": True}})
    return True


def release(db: Db, digest: str) -> None:
    """At a graceful end: other rules need not wait until these are given up. Another instance of these holds them again."""
    db["meta"].update_one({"_id": "rules", "digest": digest}, {"$set": {"seen": LONG_AGO}})


def periods(db: Db, schemes: Iterable[Scheme], today: dt.date) -> Periods:
    """Every scheme with every year in whose window some fact lies, and the present one; sorted, later years not."""
    days = [dt.date.fromisoformat(d["_id"]) for d in db["days"].find({}, {"_id": 1})]
    found: set[tuple[str, int]] = set()
    for scheme in schemes:
        present = scheme.year_of(today)
        years = {year for day in days if (year := scheme.year_of(day)) is not None}
        if present is not None:
            years = {year for year in years if year <= present} | {present}
        found |= {(scheme.id, year) for year in years}
    return sorted(found)


def follow_periods(db: Db, current: Periods, now: dt.datetime) -> bool:
    """Bump every team if the list is another than the last time; whether it was."""
    listed = [list(period) for period in current]
    held = db["meta"].find_one({"_id": "periods"})
    if held is not None and held["periods"] == listed:
        return False
    bump_all(db, now)
    db["meta"].update_one({"_id": "periods"}, {"$set": {"periods": listed}}, upsert=True)
    return True
