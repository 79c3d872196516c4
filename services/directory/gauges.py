"""The gauges about what is stored, counted again only after a change or at midnight."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pymongo.database import Database

from services.directory import metrics
from services.directory.domain.standing import counts
from services.directory.store import announcing, oversight, queries
from shared.calendar import day_of


class Gauges:
    def __init__(self) -> None:
        self._counted: tuple[int, str] | None = None

    def refresh(self, db: Database[dict[str, Any]], now: dt.datetime) -> None:
        waiting, oldest = announcing.due(db, now)
        metrics.DUE.set(waiting)
        metrics.DUE_AGE.set(oldest)
        state = queries.batches(db), day_of(now).isoformat()
        if state == self._counted:
            return
        counted = queries.totals(db, state[1])
        metrics.UNITS.set(counted["units"])
        metrics.GROUPS.set(counted["groups"])
        metrics.TEAMS.set(counted["teams"])
        metrics.MEDIATORS.set(counted["mediators"])
        for what, count in counts(oversight.standing(db, state[1])).items():
            metrics.LACKING.labels(what).set(count)
        metrics.DOUBLES.set(len(oversight.doubles(db, state[1])))
        metrics.NAMES.set(queries.waiting_names(db))
        self._counted = state
