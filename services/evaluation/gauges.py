"""Praise for Prometheus: how many dossiers there are in each state; by unit who is owed praise, and how long it takes. Units with
the most owed are told by themselves, the others together, so that labels stay bounded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.evaluation import metrics, queries
from services.evaluation.domain.commendation.titles import STATES
from services.evaluation.store import Db, Document

MOST_UNITS = 150
OTHERS = "other"


def tell_praise(db: Db, today: dt.date, years: Iterable[int]) -> None:
    counted = {d["_id"]: d["count"] for d in db["commendations"].aggregate([{"$group": {"_id": "$state", "count": {"$sum": 1}}}])}
    for state in STATES:
        metrics.COMMENDATIONS.labels(state).set(counted.get(state, 0))
    found = queries.praise_by_unit(db, today, years)
    for gauge in (metrics.OWED, metrics.OWED_DAYS, metrics.PRAISE_DAYS):
        gauge.clear()
    for unit, timing in bounded(found).items():
        metrics.OWED.labels(unit).set(timing["owed"])
        metrics.OWED_DAYS.labels(unit).set(timing["longest_wait"] or 0)
        for share in ("median", "p90", "worst"):
            if timing[share] is not None:
                metrics.PRAISE_DAYS.labels(unit, share).set(timing[share])


def bounded(found: dict[str, Document]) -> dict[str, Document]:
    """At most ``MOST_UNITS`` units, and the sum and the longest wait of the others; shares of days cannot be added up."""
    ordered = sorted(found, key=lambda unit: (-found[unit]["owed"], unit))
    kept = {unit: found[unit] for unit in ordered[:MOST_UNITS]}
    rest = [found[unit] for unit in ordered[MOST_UNITS:]]
    if rest:
        kept[OTHERS] = {
            "owed": sum(timing["owed"] for timing in rest), "median": None, "p90": None, "worst": None,
            "longest_wait": max(timing["longest_wait"] or 0 for timing in rest),
        }
    return kept
