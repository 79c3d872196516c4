"""The gauges about what is stored, counted again only after a change or at midnight."""

from __future__ import annotations

import datetime as dt
from time import perf_counter
from typing import Any

from pymongo.database import Database

from services.directory import metrics
from services.directory.store import announcing, oversight, queries
from shared.calendar import day_of

SHARE = 20
"""How teams stand by law is gone through again after this many times as long as it took."""


class Gauges:
    def __init__(self) -> None:
        self._counted: tuple[int, str] | None = None
        self._judged: tuple[int, str] | None = None
        self._not_before = 0.0

    def refresh(self, db: Database[dict[str, Any]], now: dt.datetime) -> None:
        waiting, oldest = announcing.due(db, now)
        metrics.DUE.set(waiting)
        metrics.DUE_AGE.set(oldest)
        state = queries.batches(db), day_of(now).isoformat()
        self._judge(db, state)
        if state == self._counted:
            return
        counted = queries.totals(db, state[1])
        metrics.UNITS.set(counted["units"])
        metrics.GROUPS.set(counted["groups"])
        metrics.TEAMS.set(counted["teams"])
        metrics.MEDIATORS.set(counted["mediators"])
        metrics.NAMES.set(queries.waiting_names(db))
        self._counted = state

    def _judge(self, db: Database[dict[str, Any]], state: tuple[int, str]) -> None:
        """Every team is gone through, so only a small share of the time is spent on it."""
        began = perf_counter()
        if state == self._judged or began < self._not_before:
            return
        lacking, several = oversight.counts(db, state[1])
        for what, count in lacking.items():
            metrics.LACKING.labels(what).set(count)
        metrics.DOUBLES.set(several)
        self._judged, self._not_before = state, began + SHARE * (perf_counter() - began)
