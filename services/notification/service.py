"""notification: tells the assigned mediator, the team that lacks something or was decided about, the source of refused events,
the office in whose commune somebody waits for praise; each once.

A thin shell over ``services.notification.provider``. Sending has a worker of its own: a slow mail server delays mails, never an
acknowledgement or a heartbeat.
"""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc
from nameko.timer import timer

from services.notification.provider import NotificationProvider
from services.notification.store import ledger
from shared.messaging.batches import batch_event_handler
from shared.messaging.delivery import Delivery
from shared.messaging.topology import NOTIFICATION_DIRECTORY, NOTIFICATION_FACTS, NOTIFICATION_VERDICTS
from shared.storage import utc_now


class NotificationService:
    name = "notification"

    provider = NotificationProvider()

    @batch_event_handler(NOTIFICATION_FACTS)
    def take_facts(self, deliveries: list[Delivery]) -> None:
        self.provider.take_facts(deliveries)

    @batch_event_handler(NOTIFICATION_DIRECTORY)
    def take_directory(self, deliveries: list[Delivery]) -> None:
        self.provider.take_directory(deliveries)

    @batch_event_handler(NOTIFICATION_VERDICTS)
    def take_verdicts(self, deliveries: list[Delivery]) -> None:
        self.provider.take_verdicts(deliveries)

    @batch_event_handler("notification.dead")
    def bury(self, deliveries: list[Delivery]) -> None:
        self.provider.bury(deliveries)

    @timer(interval=1)
    def send(self) -> None:
        self.provider.send()

    @timer(interval=60)
    def remind(self) -> None:
        self.provider.remind()

    @timer(interval=5)
    def count(self) -> None:
        self.provider.count()

    @rpc
    def deliveries(self, limit: int = 50, skip: int = 0) -> dict[str, Any]:
        return ledger.listed(self.provider.db, limit, skip)

    @rpc
    def totals(self) -> dict[str, Any]:
        return ledger.totals(self.provider.db, utc_now())


SERVICE = NotificationService
