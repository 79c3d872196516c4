"""directory: keeps units, groups, teams and mediators, issues team codes, says who a team is on a day.

A thin shell over ``services.directory.store``.
"""

from __future__ import annotations

import datetime as dt
from time import perf_counter
from typing import Any

import msgspec
import structlog
from nameko.rpc import rpc
from nameko.timer import timer
from pymongo.errors import PyMongoError

from services.directory import metrics
from services.directory.domain.facts import facts_of
from services.directory.domain.reorganising.plan import read_plan
from services.directory.gauges import Gauges
from services.directory.store import announcing, changes, oversight, prepare, queries, reorganising
from shared.calendar import day_of
from shared.contracts import Refusal, When
from shared.contracts.outgoing import ACTIVITY_CHANGED, DIRECTORY_CHANGED, RecordChanged
from shared.messaging import Delivery, EventPublisher, PublishError, batch_event_handler, read_event
from shared.messaging.topology import DIRECTORY_RECORDS
from shared.storage import refusals, utc_now
from shared.storage.provider import Store

log = structlog.get_logger(__name__)

LEFT_OVER = dt.timedelta(seconds=15)
"""A change that is still due after this long was left by a crash or a broker that was away."""
GAUGES = Gauges()


def read(delivery: Delivery) -> changes.Change:
    """Raise ``Refusal`` for what is not a record of the directory, or an activity."""
    kind, record = read_event(delivery, {DIRECTORY_CHANGED: RecordChanged, ACTIVITY_CHANGED: RecordChanged})
    try:
        return changes.Change(record, facts_of(record, others=kind == ACTIVITY_CHANGED))
    except (msgspec.ValidationError, KeyError) as error:
        raise Refusal("data", "data.entries", str(error)[:300]) from None


class DirectoryService:
    name = "directory"

    db = Store("directory", prepare)
    events = EventPublisher("directory")

    @batch_event_handler(DIRECTORY_RECORDS)
    def take_records(self, deliveries: list[Delivery]) -> None:
        began = perf_counter()
        good: list[changes.Change] = []
        unread: list[tuple[Delivery, Refusal]] = []
        for delivery in deliveries:
            try:
                good.append(read(delivery))
            except Refusal as refusal:
                unread.append((delivery, refusal))
        refusals.keep(self.db, unread)
        taken = changes.take(self.db, good)
        metrics.ANNOUNCED.inc(announcing.announce(self.db, self.events.publish))
        metrics.RECORDS.labels("applied").inc(taken.applied)
        metrics.RECORDS.labels("stale").inc(taken.stale)
        metrics.RECORDS.labels("aside").inc(taken.aside)
        metrics.RECORDS.labels("unread").inc(len(unread))
        metrics.BATCH_SIZE.observe(len(deliveries))
        metrics.BATCH_SECONDS.observe(perf_counter() - began)

    @batch_event_handler("directory.dead")
    def bury(self, deliveries: list[Delivery]) -> None:
        """Keep what crashed the service again and again."""
        crashed = Refusal("crashed", "", "taken up again and again without an end")
        refusals.keep(self.db, [(delivery, crashed) for delivery in deliveries])
        metrics.RECORDS.labels("crashed").inc(len(deliveries))

    @timer(interval=5)
    def tend(self) -> None:
        """Announce what was left over, refresh the gauges."""
        now = utc_now()
        try:
            metrics.ANNOUNCED.inc(announcing.announce(self.db, self.events.publish, before=now - LEFT_OVER))
            GAUGES.refresh(self.db, now)
        except (PyMongoError, PublishError) as error:
            log.warning("not tended", error=type(error).__name__)

    # -- questions; ``on``: a day as YYYY-MM-DD, today in Việt Nam if left out

    @rpc
    def units(self, on: str | None = None) -> list[dict[str, Any]]:
        return queries.units(self.db, _day(on))

    @rpc
    def teams(self, unit: str | None = None, on: str | None = None) -> list[dict[str, Any]]:
        return queries.teams(self.db, _day(on), unit)

    @rpc
    def team(self, code: str, on: str | None = None) -> dict[str, Any] | None:
        return queries.team(self.db, code, _day(on))

    @rpc
    def totals(self, on: str | None = None) -> dict[str, Any]:
        return queries.totals(self.db, _day(on))

    @rpc
    def standing(self, unit: str | None = None, on: str | None = None) -> dict[str, Any]:
        return oversight.standing(self.db, _day(on), unit)

    @rpc
    def doubles(self, on: str | None = None) -> list[dict[str, Any]]:
        return oversight.doubles(self.db, _day(on))

    @rpc
    def elections(self, unit: str | None = None, team: str | None = None, on: str | None = None) -> list[dict[str, Any]]:
        return oversight.elections(self.db, _day(on), unit, team)

    @rpc
    def candidates(self, unit: str | None = None, team: str | None = None, on: str | None = None) -> list[dict[str, Any]]:
        return oversight.candidates(self.db, _day(on), unit, team)

    @rpc
    def training(self, unit: str, year: int, on: str | None = None) -> dict[str, Any]:
        return oversight.training(self.db, unit, year, _day(on) if on else min(_day(None), f"{year}-12-31"))

    @rpc
    def check(self, type: str, data: dict[str, Any], subject: str = "", source: str = "") -> dict[str, Any]:
        """What would have no effect, were this event published now."""
        return oversight.check(self.db, type, data, source)

    @rpc
    def names_to_confirm(self) -> list[dict[str, Any]]:
        return queries.names_to_confirm(self.db)

    @rpc
    def reorganise(self, text: str, name: str = "plan.yaml") -> dict[str, Any]:
        """What a plan file would change, and which of its events are in force. Raise ``ValueError`` for a plan that cannot be
        read."""
        return reorganising.reorganise(self.db, read_plan(text, name))

    @rpc
    def plans(self) -> list[dict[str, Any]]:
        return reorganising.plans(self.db)


def _day(on: str | None) -> str:
    """Raise ``ValueError`` for what is not a day."""
    return When.parse(on)[:10] if on else day_of(utc_now()).isoformat()


SERVICE = DirectoryService
