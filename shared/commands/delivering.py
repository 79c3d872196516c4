"""Publishing what a person decided at the terminal, and waiting for what intake says of it."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Sequence
from typing import Any

import typer

from shared.commands.asking import say, settings

COMMAND_LINE = "namtot://command-line"
"""The source in whose name a command speaks unless told otherwise."""
WAIT = 10.0
"""Seconds without any outcome from intake."""


def deliver(bodies: Sequence[bytes]) -> list[dict[str, Any]]:
    """Publish to intake and return its outcomes, in the order in which they came: {"outcome", "reason", …}. Fewer than bodies:
    published, but intake was silent. Exit with 1 if the broker did not take them."""
    import amqp
    import kombu

    from shared.contracts import STRUCTURED
    from shared.messaging import ConfirmingPublisher, Outgoing, PublishError
    from shared.messaging.topology import INBOUND

    uri = settings().amqp_uri
    publisher = ConfirmingPublisher(uri)
    answers: list[dict[str, Any]] = []
    with kombu.Connection(uri, connect_timeout=5) as connection:
        try:
            connection.connect()
            channel = connection.default_channel
            replies = kombu.Queue(f"namtot.reply.{uuid.uuid4().hex}", exclusive=True, auto_delete=True)(channel)
            replies.declare()
            publisher.publish([
                Outgoing(INBOUND.name, "", body, content_type=STRUCTURED, reply_to=replies.name) for body in bodies
            ])
            with kombu.Consumer(channel, [replies], accept=["json"], no_ack=True) as consumer:
                consumer.register_callback(lambda answer, message: answers.append(answer))
                until = time.monotonic() + WAIT
                while len(answers) < len(bodies) and time.monotonic() < until:
                    before = len(answers)
                    with contextlib.suppress(TimeoutError):
                        connection.drain_events(timeout=max(0.1, until - time.monotonic()))
                    if len(answers) > before:
                        until = time.monotonic() + WAIT
        except (PublishError, OSError, amqp.exceptions.AMQPError) as error:
            say(f"RabbitMQ did not take it ({error}); say it again once `namtot status` is fine", error=True)
            raise typer.Exit(1) from None
        finally:
            publisher.close()
    return answers


def silent() -> str:
    return f"published, but intake said nothing within {WAIT:g} s; does it run? `namtot status`"
