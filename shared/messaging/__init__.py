"""Durable messaging over RabbitMQ: batches in, confirmed events out, the outbox between database and broker."""

from shared.messaging.batches import BatchEventHandler, batch_event_handler
from shared.messaging.delivery import Delivery, read_event
from shared.messaging.events import EventPublisher, Events, encode_event
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import ConfirmingPublisher, Outgoing, PublishError

__all__ = [
    "BatchEventHandler", "ConfirmingPublisher", "Delivery", "EventPublisher", "Events", "Outbox", "Outgoing", "PublishError",
    "batch_event_handler", "encode_event", "read_event",
]
