"""Durable messaging over RabbitMQ: batches in, confirmed events out, the outbox between database and broker.

Names are loaded when first used, so that the gateway and the command line get the topology without eventlet.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.messaging.batches import BatchEventHandler, batch_event_handler
    from shared.messaging.delivery import Delivery, read_event
    from shared.messaging.events import EventPublisher, Events, encode_event
    from shared.messaging.outbox import Outbox
    from shared.messaging.publisher import ConfirmingPublisher, Outgoing, PublishError

__all__ = [
    "BatchEventHandler", "ConfirmingPublisher", "Delivery", "EventPublisher", "Events", "Outbox", "Outgoing", "PublishError",
    "batch_event_handler", "encode_event", "read_event",
]

_HOMES = {
    "batches": ("BatchEventHandler", "batch_event_handler"),
    "delivery": ("Delivery", "read_event"),
    "events": ("EventPublisher", "Events", "encode_event"),
    "outbox": ("Outbox",),
    "publisher": ("ConfirmingPublisher", "Outgoing", "PublishError"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
