"""Every durable exchange and queue, in one place. Whichever service starts first declares them all; the arguments must not
differ between releases, because RabbitMQ refuses to redeclare a queue with others.

    namtot.inbound (direct) --urgent--> intake.urgent
          └─ anything else: alternate exchange namtot.inbound.rest (fanout) ──> intake
    intake.events (topic) ──> directory.records, evaluation.facts, notification.facts
    directory.events (topic) ──> evaluation.directory, notification.directory
    evaluation.events (topic) ──> notification.verdicts

Each queue is a quorum queue with a delivery limit; what exceeds it goes, at least once, to the owner's ``<owner>.dead``, which
the owner always consumes. https://www.rabbitmq.com/docs/quorum-queues
"""

from __future__ import annotations

from typing import Any

from kombu import Exchange, Queue

DELIVERY_LIMIT = 20
"""Each crash counts once against everything prefetched, so the limit must outlast a crash loop."""

DEAD = Exchange("namtot.dead", type="direct", durable=True)
INBOUND_REST = Exchange("namtot.inbound.rest", type="fanout", durable=True)
INBOUND = Exchange(
    "namtot.inbound", type="direct", durable=True, arguments={"alternate-exchange": INBOUND_REST.name}
)
URGENT = "urgent"
"""Routing key of what cannot wait: danger, domestic violence."""


def events_exchange(service: str) -> Exchange:
    """The same exchange that nameko's own event handlers bind to."""
    return Exchange(f"{service}.events", type="topic", durable=True)


def _queue(name: str, owner: str, bindings: tuple[tuple[Exchange, str], ...]) -> tuple[Queue, ...]:
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD.name,
        "x-dead-letter-routing-key": f"{owner}.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    return tuple(
        Queue(name, exchange=exchange, routing_key=key, durable=True, queue_arguments=arguments) for exchange, key in bindings
    )


def _dead(owner: str) -> tuple[Queue, ...]:
    # no delivery limit of its own: this is the last stop. 0 would drop; RabbitMQ 4 defaults to 20, -1 means none there,
    # 3.10 knows none by default.
    return (Queue(f"{owner}.dead", exchange=DEAD, routing_key=f"{owner}.dead", durable=True,
                  queue_arguments={"x-queue-type": "quorum"}),)


INTAKE = "intake"
INTAKE_URGENT = "intake.urgent"
INTAKE_DEAD = "intake.dead"
DIRECTORY_RECORDS = "directory.records"
EVALUATION_FACTS = "evaluation.facts"
EVALUATION_DIRECTORY = "evaluation.directory"
NOTIFICATION_FACTS = "notification.facts"
NOTIFICATION_DIRECTORY = "notification.directory"
NOTIFICATION_VERDICTS = "notification.verdicts"

QUEUES: dict[str, tuple[Queue, ...]] = {
    INTAKE: _queue(INTAKE, "intake", ((INBOUND_REST, ""),)),
    INTAKE_URGENT: _queue(INTAKE_URGENT, "intake", ((INBOUND, URGENT),)),
    DIRECTORY_RECORDS: _queue(
        DIRECTORY_RECORDS, "directory",
        # who attended which class is an activity
        tuple((events_exchange("intake"), f"vn.namtot.intake.{kind}.changed.v1") for kind in ("directory", "activity")),
    ),
    EVALUATION_FACTS: _queue(
        EVALUATION_FACTS, "evaluation",
        tuple((events_exchange("intake"), f"vn.namtot.intake.{kind}.changed.v1") for kind in ("case", "activity")),
    ),
    EVALUATION_DIRECTORY: _queue(EVALUATION_DIRECTORY, "evaluation", ((events_exchange("directory"), "#"),)),
    NOTIFICATION_FACTS: _queue(
        NOTIFICATION_FACTS, "notification",
        (
            (events_exchange("intake"), "vn.namtot.intake.case.changed.v1"),
            (events_exchange("intake"), "vn.namtot.intake.event.refused.v1"),
        ),
    ),
    NOTIFICATION_DIRECTORY: _queue(NOTIFICATION_DIRECTORY, "notification", ((events_exchange("directory"), "#"),)),
    NOTIFICATION_VERDICTS: _queue(NOTIFICATION_VERDICTS, "notification", ((events_exchange("evaluation"), "#"),)),
    **{f"{owner}.dead": _dead(owner) for owner in ("intake", "directory", "evaluation", "notification")},
}


def declare(connection: Any) -> None:
    """Declare everything; idempotent. ``connection``: a kombu connection."""
    with connection.channel() as channel:
        for service in ("intake", "directory", "evaluation"):
            events_exchange(service)(channel).declare()
        for exchange in (DEAD, INBOUND_REST, INBOUND):
            exchange(channel).declare()
        for bindings in QUEUES.values():
            for queue in bindings:
                queue(channel).declare()


def depths(connection: Any, names: tuple[str, ...]) -> dict[str, int]:
    """Messages ready in each queue. ``connection``: a kombu connection."""
    found: dict[str, int] = {}
    with connection.channel() as channel:
        for name in names:
            found[name] = channel.queue_declare(name, passive=True).message_count
    return found
