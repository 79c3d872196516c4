"""Arrivals by the clock: messages are published when they are due, whatever became of those before (an open loop).

A closed loop would wait for a slow system and so measure it at its best; here every message that falls due in a stall feels it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import amqp
from kombu import Connection

from shared.contracts import STRUCTURED
from shared.messaging import topology

LATE = 0.01
"""Seconds after which a start counts as late: then it is the load that lags, not what is measured."""


@dataclass(slots=True)
class Arrivals:
    """``due``: when each was to be published, in seconds of the monotonic clock; all waits count from then."""

    due: list[float] = field(default_factory=list)
    late: int = 0
    refused: int = 0
    """Not confirmed by the broker."""


def publish(uri: str, bodies: Sequence[bytes], rate: float) -> Arrivals:
    arrivals = Arrivals()
    unconfirmed: set[int] = set()

    def confirmed(tag: int, multiple: bool) -> None:
        if multiple:
            unconfirmed.difference_update([t for t in unconfirmed if t <= tag])
        else:
            unconfirmed.discard(tag)

    def refused(tag: int, multiple: bool) -> None:
        before = len(unconfirmed)
        confirmed(tag, multiple)
        arrivals.refused += before - len(unconfirmed)

    with Connection(uri, heartbeat=0) as connection, connection.channel() as channel:
        channel.confirm_select()
        channel.events["basic_ack"].add(confirmed)
        channel.events["basic_nack"].add(refused)
        begin = time.monotonic() + 0.1
        for number, body in enumerate(bodies):
            due = begin + number / rate
            _read_until(connection, due)
            arrivals.late += time.monotonic() - due > LATE
            arrivals.due.append(due)
            unconfirmed.add(number + 1)
            message = amqp.Message(body, content_type=STRUCTURED, delivery_mode=2)
            channel.basic_publish(message, topology.INBOUND.name, "")
        end = time.monotonic() + 30
        while unconfirmed and time.monotonic() < end:
            _read_until(connection, time.monotonic() + 0.1)
        arrivals.refused += len(unconfirmed)
    return arrivals


def _read_until(connection: Any, due: float) -> None:
    """Read confirms until a message is due; return at once if one is."""
    while (left := due - time.monotonic()) > 0:
        try:
            connection.drain_events(timeout=left)
        except TimeoutError:
            return
