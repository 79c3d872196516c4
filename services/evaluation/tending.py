"""The scorer's tick: score who waits; every few seconds see to what no message would bring about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from time import monotonic, perf_counter
from typing import Any

from services.evaluation import metrics, queries, scoring
from services.evaluation.chosen import held_digest
from services.evaluation.closing import Closer
from services.evaluation.gauges import tell_praise
from services.evaluation.rules import shipped
from services.evaluation.store import Db, commendations, generations, placing, recognitions, rules, verdicts
from services.evaluation.store.replica import Replica
from shared.calendar import day_of
from shared.settings import Settings
from shared.storage import utc_now

SELDOM = 5.0
"""Seconds between looks at rules, years, terms that ran out, and what a crash left over."""
QUIET = 2.0
"""Seconds without anything to score after which a year is closed: while a backlog comes in, some of its facts are still on the
way."""
PAUSE = 2.0
"""Seconds after something failed."""
PRAISE_EVERY = 30.0
"""Seconds between counts of who is owed praise: it changes with the day."""
NEWEST_YEARS = 3
"""Years whose verdicts are told to Prometheus."""

TOLD = (recognitions.STANDING, commendations.COMMENDATIONS)
"""What is announced besides verdicts."""

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
        self._busy = float("-inf")
        self._closed = False
        self._praised = float("-inf")
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
            if self._score(db, publish, breathe, default):
                self._busy, self._closed = monotonic(), False
            quiet = monotonic() - self._busy >= QUIET
            if seldom or (quiet and not self._closed):
                self._close(db, default, quiet)
                self._closed = quiet
        if seldom:
            _announce(db, publish)
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

    def _close(self, db: Db, default: str, quiet: bool) -> None:
        """Freeze the years that communes closed, and what was corrected since."""
        now, today = clock()
        closer = Closer(db=db, replica=self._replica, schemes=shipped(), default=default, now=now, today=today, quiet=quiet)
        done = closer.run()
        metrics.FROZEN.inc(done.made)
        metrics.STUCK.set(done.stuck)

    def _score(self, db: Db, publish: Publish, breathe: Breathe, default: str) -> int:
        began = perf_counter()

        def done(teams: list[str]) -> None:
            metrics.SCORED.inc(len(teams))
            _announce(db, publish, teams)

        count = scoring.score_waiting(db, self._replica, shipped(), clock, done, breathe, default=default)
        if count:
            metrics.SCORING_SECONDS.observe(perf_counter() - began)
        return count

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
        _tell_recognitions(db, years)
        if monotonic() - self._praised >= PRAISE_EVERY:
            tell_praise(db, today, years)
            self._praised = monotonic()


def _announce(db: Db, publish: Publish, teams: list[str] | None = None) -> None:
    metrics.ANNOUNCED.inc(verdicts.announce(db, publish, teams))
    for standing in TOLD:
        metrics.TOLD.labels(standing.collection).inc(standing.announce(db, publish, teams))


def _tell_recognitions(db: Db, years: list[int]) -> None:
    found = queries.recognition_counts(db, years)
    for year in years:
        metrics.REFUSED.labels("recognition", str(year)).set(sum(refused for _, refused in found[year].values()))
        for state, (teams, _) in found[year].items():
            metrics.RECOGNITION.labels(str(year), state).set(teams)
