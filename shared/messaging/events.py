"""The events that a service publishes: CloudEvents JSON on ``<service>.events``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from nameko.extensions import DependencyProvider

from shared.contracts import write
from shared.messaging.publisher import ConfirmingPublisher, Outgoing
from shared.settings import Settings


def encode_event(service: str, type: str, subject: str, data: Any) -> bytes:
    """A service's event as a body. ``data``: a struct of ``shared.contracts.outgoing``."""
    return write(type=type, source=f"namtot://{service}", id=uuid.uuid4().hex, subject=subject, data=data)


class Events:
    """What a worker uses: ``publish([(type, subject, struct), …])`` returns once the broker has confirmed all."""

    def __init__(self, service: str, publisher: ConfirmingPublisher) -> None:
        self._service = service
        self.publisher = publisher

    def publish(self, events: Iterable[tuple[str, str, Any]]) -> None:
        """Raise ``PublishError`` if the broker did not confirm all; publish them again later."""
        exchange = f"{self._service}.events"
        self.publisher.publish(
            [Outgoing(exchange, type, encode_event(self._service, type, subject, data)) for type, subject, data in events]
        )


class EventPublisher(DependencyProvider):
    def __init__(self, service: str) -> None:
        self.service = service

    def setup(self) -> None:
        settings: Settings = self.container.config["namtot"]
        self.publisher = ConfirmingPublisher(settings.amqp_uri)

    def stop(self) -> None:
        self.publisher.close()

    def get_dependency(self, worker_ctx: Any) -> Events:
        return Events(self.service, self.publisher)
