"""notification's one dependency: the database, the rules, the sender and its way to the mail server and to other services."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog
from nameko.extensions import DependencyProvider
from pymongo.errors import PyMongoError

from services.notification import metrics
from services.notification.channel import MailChannel
from services.notification.domain import progress
from services.notification.drafting import Drafter
from services.notification.loading import SHIPPED, load_rules
from services.notification.sender import Sender
from services.notification.store import ledger, occasions, prepare, replica
from shared.calendar import day_of
from shared.contracts import Refusal
from shared.contracts.outgoing import (
    CASE_CHANGED,
    EVENT_REFUSED,
    EVENTS,
    NAMES_CHANGED,
    TEAM_CHANGED,
    UNIT_CHANGED,
    CaseChanged,
    CommendationChanged,
    EventRefused,
    NamesChanged,
    RecognitionChanged,
    TeamState,
    UnitState,
    VerdictChanged,
)
from shared.messaging.delivery import Delivery, read_event
from shared.messaging.rpc import RpcClient, RpcError
from shared.settings import Settings
from shared.settings.sources import load_sources
from shared.storage import connect, database, probe, refusals, utc_now

log = structlog.get_logger(__name__)

ASK_SECONDS = 5.0

FACTS: dict[str, type] = {CASE_CHANGED: CaseChanged, EVENT_REFUSED: EventRefused}
DIRECTORY: dict[str, type] = {UNIT_CHANGED: UnitState, TEAM_CHANGED: TeamState, NAMES_CHANGED: NamesChanged}
VERDICTS: dict[str, type] = {one.name: one.data for one in EVENTS.values() if one.service == "evaluation"}
"""All that evaluation tells comes in by one queue."""


class NotificationProvider(DependencyProvider):
    """Gives each worker this object; it holds no state that another instance would need."""

    def setup(self) -> None:
        settings: Settings = self.container.config["namtot"]
        rules = load_rules(Path(settings.notification_rules) if settings.notification_rules else SHIPPED)
        self.rules = rules
        self.client = connect(settings)
        self.db = database(self.client, settings, "notification")
        self.rpc = RpcClient(settings.amqp_uri, ASK_SECONDS)
        drafter = Drafter(self.db, rules, load_sources(settings.sources_file), self.rpc.call)
        channel = MailChannel(settings.smtp_url) if settings.smtp_url else None
        self.sender = Sender(self.db, channel, drafter, rules, utc_now)
        self.prepared = False

    def stop(self) -> None:
        self.rpc.close()
        self.client.close()

    def get_dependency(self, worker_ctx: Any) -> NotificationProvider:
        return self

    def probe(self) -> str | None:
        problem = probe(self.db)
        if problem is None and not self.prepared:
            try:
                prepare(self.db)
            except PyMongoError as error:
                return type(error).__name__
            self.prepared = True
        return problem

    # -- batches

    def take_facts(self, deliveries: Sequence[Delivery]) -> None:
        def keep(events: list[Any]) -> None:
            now = utc_now()
            cases = [e for e in events if isinstance(e, CaseChanged)]
            metrics.ADDED.inc(occasions.take_cases(self.db, cases, self.rules, now))
            occasions.take_refusals(self.db, [e for e in events if isinstance(e, EventRefused)], now)

        self._take(deliveries, FACTS, keep)

    def take_directory(self, deliveries: Sequence[Delivery]) -> None:
        self._take(deliveries, DIRECTORY, lambda events: replica.take(
            self.db, [e for e in events if isinstance(e, UnitState)], [e for e in events if isinstance(e, TeamState)]
        ))

    def take_verdicts(self, deliveries: Sequence[Delivery]) -> None:
        def keep(events: list[Any]) -> None:
            now = utc_now()
            occasions.take_verdicts(self.db, [e for e in events if isinstance(e, VerdictChanged)], now)
            told = [e for e in events if isinstance(e, RecognitionChanged | CommendationChanged)]
            metrics.ADDED.inc(occasions.take_progress(self.db, told, self.rules, now))

        self._take(deliveries, VERDICTS, keep)

    def bury(self, deliveries: Sequence[Delivery]) -> None:
        """Keep what crashed the service again and again."""
        crashed = Refusal("crashed", "", "taken up again and again without an end")
        refusals.keep(self.db, [(delivery, crashed) for delivery in deliveries])

    def _take(self, deliveries: Sequence[Delivery], known: dict[str, type], keep: Callable[[list[Any]], None]) -> None:
        events: list[Any] = []
        unread: list[tuple[Delivery, Refusal]] = []
        for delivery in deliveries:
            try:
                events.append(read_event(delivery, known)[1])
            except Refusal as refusal:
                unread.append((delivery, refusal))
        refusals.keep(self.db, unread)
        keep(events)
        queue = deliveries[0].queue
        metrics.HEARD.labels(queue, "read").inc(len(events))
        metrics.HEARD.labels(queue, "unread").inc(len(unread))

    # -- ticks

    def send(self) -> None:
        """Gather what is ready, send what is due."""
        try:
            metrics.ADDED.inc(occasions.gather(self.db, self.rules, utc_now()))
            self.sender.run()
        except PyMongoError as error:
            log.warning("nothing sent", error=type(error).__name__)

    def remind(self) -> None:
        """See to it that offices hear of who waits for praise there; once a week each."""
        try:
            items = self.rpc.call("evaluation", "owed")["items"]
            now = utc_now()
            units = sorted({item["unit"] for item in items})
            metrics.ADDED.inc(ledger.add(self.db, [progress.owed(unit, self.rules, day_of(now)) for unit in units], now))
        except (RpcError, PyMongoError) as error:
            log.warning("offices not reminded; tried again", error=type(error).__name__)

    def count(self) -> None:
        try:
            count, oldest = ledger.pending(self.db, utc_now())
        except PyMongoError as error:
            log.warning("not counted", error=type(error).__name__)
            return
        metrics.PENDING.set(count)
        metrics.PENDING_AGE.set(oldest)
