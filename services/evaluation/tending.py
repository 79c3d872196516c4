"""The scorer's tick: score who waits; every few seconds see to what no message would bring about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from time import monotonic, perf_counter
from typing import Any

from services.evaluation import metrics, queries, scoring
from services.evaluation.chosen import held_digest
from services.evaluation.closing import Closer
from services.evaluation.rules import shipped
from services.evaluation.store import Db, generations, placing, rules, verdicts
from services.evaluation.store.replica import Replica
from shared.calendar import day_of
from shared.settings import Settings
from shared.storage import utc_now

SELDOM = 5.0
"""Seconds between looks at rules, years, terms that ran out, and what a crash left over."""
PAUSE = 2.0
"""Seconds after something failed."""
NEWEST_YEARS = 3
"""Years whose verdicts are told to Prometheus."""

Publish = Callable[[list[Any]], None]
Breathe = Callable[[], None]


def clock() -> tuple[dt.datetime, dt.date]:
    """Now, and the day in Việt Nam."""
    now = utc_now()
    return now, day_of(now)


class Tending:
    """One per process."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._seen = float("-inf")
        self._not_before = float("-inf")
        self._ours = False
        self._counted: set[tuple[str, int, str]] = set()

    def tick(self, db: Db, publish: Publish, breathe: Breathe, default: str = Settings.scheme) -> None:
        """``breathe`` lets others have a turn. ``default``: the scheme of communes that chose none. Raise what the database or
        the broker raises; then the next ticks pass until the pause is over."""
        if monotonic() < self._not_before:
            return
        self._not_before = monotonic() + PAUSE
        self._work(db, publish, breathe, default)
        self._not_before = float("-inf")

    def _work(self, db: Db, publish: Publish, breathe: Breathe, default: str) -> None:
        seldom = monotonic() - self._seen >= SELDOM
        if seldom:
            self._ours = self._look(db, default)
        if self._ours:
            self._score(db, publish, breathe, default)
            if seldom:
                self._close(db, default)
        if seldom:
            metrics.ANNOUNCED.inc(verdicts.announce(db, publish))
            self._tell(db)
            # only a look that came to its end counts
            self._seen = monotonic()

    def _look(self, db: Db, default: str) -> bool:
        """Whether this release's rules are the ones to score by."""
        now, today = clock()
        metrics.MOVED.inc(placing.run_moves(db, self._replica, now, before=now - placing.LEFT_OVER))
        if not rules.hold(db, held_digest(default), now):
            return False
        rules.follow_periods(db, rules.periods(db, shipped().values(), today), now)
        generations.bump_idle(db, verdicts.due_for_a_look(db, today), now)
        return True

    def _close(self, db: Db, default: str) -> None:
        """Freeze the years that communes closed, and what was corrected since."""
        now, today = clock()
        closer = Closer(db=db, replica=self._replica, schemes=shipped(), default=default, now=now, today=today)
        metrics.FROZEN.inc(closer.run())

    def _score(self, db: Db, publish: Publish, breathe: Breathe, default: str) -> None:
        began = perf_counter()

        def done(teams: list[str]) -> None:
            metrics.SCORED.inc(len(teams))
            metrics.ANNOUNCED.inc(verdicts.announce(db, publish, teams))

        if scoring.score_waiting(db, self._replica, shipped(), clock, done, breathe, default=default):
            metrics.SCORING_SECONDS.observe(perf_counter() - began)

    def _tell(self, db: Db) -> None:
        now, today = clock()
        waiting, oldest = generations.lag(db, now)
        metrics.WAITING.set(waiting)
        metrics.LAG.set(oldest)
        metrics.UNPLACED.set(queries.unplaced_count(db))
        years = sorted({year for _, year in rules.periods(db, shipped().values(), today)})[-NEWEST_YEARS:]
        found = queries.teams_by_verdict(db, years)
        for scheme, year, verdict in self._counted - found.keys():
            metrics.TEAMS.remove(scheme, str(year), verdict)
        for (scheme, year, verdict), teams in found.items():
            metrics.TEAMS.labels(scheme, str(year), verdict).set(teams)
        self._counted = set(found)
