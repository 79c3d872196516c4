"""intake's one dependency: the database, the vault's cipher, the outbox, and the gauges about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from time import perf_counter
from typing import Any, get_args

import msgspec
import structlog
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider
from pymongo.errors import PyMongoError

from services.intake import metrics
from services.intake.batch import Intake, Result
from services.intake.domain.accounting import type_label
from services.intake.domain.inspection import Refused
from services.intake.private import Private
from services.intake.queries import Queries
from services.intake.reread import reread
from services.intake.store import prepare
from shared.contracts.outgoing import Status
from shared.messaging.delivery import Delivery
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import ConfirmingPublisher, Outgoing, PublishError
from shared.privacy import Cipher
from shared.settings import Settings
from shared.settings.sources import cached_allows, load_sources
from shared.storage import connect, database, probe, utc_now

log = structlog.get_logger(__name__)


class IntakeProvider(DependencyProvider):
    """Gives each worker this object; it holds no state between batches."""

    def setup(self) -> None:
        settings: Settings = self.container.config["namtot"]
        self.settings = settings
        self.client = connect(settings)
        self.db = database(self.client, settings, "intake")
        self.cipher = Cipher(self.client, settings, self.db.name)
        self.publisher = ConfirmingPublisher(settings.amqp_uri)
        allowed = cached_allows(load_sources(settings.sources_file))
        self.intake = Intake(
            self.client, self.db, self.cipher, Outbox(self.db, self.publisher, "intake.events"), settings, allowed
        )
        self.queries = Queries(self.intake, self.publisher)
        self.private = Private(self.client, self.db, self.cipher, settings.retention_rules)
        self.prepared = False
        self.preparing = Semaphore()

    def stop(self) -> None:
        self.publisher.close()
        self.cipher.close()
        self.client.close()

    def get_dependency(self, worker_ctx: Any) -> IntakeProvider:
        return self

    def probe(self) -> str | None:
        """None once MongoDB took a majority write and the indexes stand; else what is wrong."""
        problem = probe(self.db)
        if problem is not None or self.prepared:
            return problem
        with self.preparing:
            try:
                prepare(self.db)
                self.cipher.prepare()
                self.private.prepare()
            except PyMongoError as error:
                return type(error).__name__
            self.prepared = True
        return None

    def take(self, deliveries: Sequence[Delivery], queue: str) -> None:
        self._measured(self.intake.take, deliveries, queue)

    def bury(self, deliveries: Sequence[Delivery], queue: str) -> None:
        self._measured(self.intake.bury, deliveries, queue)

    def _measured(self, work: Any, deliveries: Sequence[Delivery], queue: str) -> None:
        began = perf_counter()
        result: Result = work(deliveries)
        metrics.BATCH_SECONDS.labels(queue).observe(perf_counter() - began)
        metrics.BATCH_SIZE.labels(queue).observe(len(deliveries))
        metrics.DELIVERIES.labels(queue).inc(len(deliveries))
        for type, outcomes in result.tally.by_type.items():
            for outcome, count in outcomes.items():
                metrics.EVENTS.labels(type, outcome).inc(count)
        if result.tally.redelivered:
            metrics.EVENTS.labels("any", "redelivered").inc(result.tally.redelivered)
        now = utc_now().timestamp()
        for delivery in deliveries:
            published = delivery.published_at
            if published is not None and not delivery.redelivered:
                metrics.WAIT_SECONDS.observe(max(0.0, now - published))
        self._reply(deliveries, result)

    def _reply(self, deliveries: Sequence[Delivery], result: Result) -> None:
        """Tell who asked. The reply is a hint, the ledger is the truth: if it cannot be sent, the sender asks the ledger."""
        replies = [
            Outgoing(
                "", delivery.reply_to, msgspec.json.encode(told(result, i)), correlation_id=delivery.correlation_id,
                persistent=False,
            )
            for i, delivery in enumerate(deliveries)
            if delivery.reply_to
        ]
        try:
            self.publisher.publish(replies)
        except PublishError as error:
            log.warning("replies not sent", count=len(replies), error=str(error))

    def tend(self) -> None:
        if self.probe() is not None:
            return  # the batch handlers say so, and consume nothing meanwhile
        now = utc_now()
        try:
            sent = self.intake.outbox.send_leftovers(now)
            metrics.LEFTOVERS.inc(sent)
            reread(self.intake, now)
            self.private.trail.seal()
            self._gauges(now)
        except (PyMongoError, PublishError) as error:
            log.warning("not tended", error=type(error).__name__)

    def _gauges(self, now: dt.datetime) -> None:
        flow = self.queries.flow()
        metrics.PARKED.set(flow["parked"])
        metrics.REFUSED_OPEN.set(flow["refused_open"])
        metrics.BALANCED.set(int(flow["balanced"]))
        for queue, count in flow["queued"].items():
            metrics.QUEUED.labels(queue).set(count)
        waiting, oldest = self.intake.outbox.waiting(now)
        metrics.OUTBOX_DOCUMENTS.set(waiting)
        metrics.OUTBOX_AGE.set(oldest)
        counted = self.queries.totals()["cases_by_status"]
        for status in get_args(Status):
            metrics.CASES.labels(status).set(counted.get(status, 0))


def told(result: Result, index: int) -> dict[str, Any]:
    """The outcome of one delivery, as its sender reads it."""
    verdict, read = result.verdicts[index], result.arrivals[index].read
    answer: dict[str, Any] = {"source": None, "id": None, "outcome": verdict.outcome}
    if isinstance(read, Refused):
        answer |= {"source": read.source, "id": read.id, "type": type_label(read.type)}
    else:
        n = result.versions.get(read.record)
        answer |= {"source": read.entry.source, "id": read.entry.id, "record": read.record, "n": n}
    if verdict.refusal is not None:
        refusal = verdict.refusal
        answer |= {"code": refusal.code, "field": refusal.field, "reason": refusal.reason, "people": refusal.people}
    return answer
