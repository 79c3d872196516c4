"""One measurement: a backlog waits, a consumer is started, the clock runs from its warmth to the last event's arrival."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from shared.messaging.topology import EVALUATION_FACTS
from tests.performance import workload
from tests.performance.sides import Side
from tests.performance.world import Room

WARM = 0.05
"""Share of the backlog worked off before the clock starts: start-up, connecting, the first message, which comes alone."""
EVERY = 0.02
STALLED = 120.0


class Stalled(RuntimeError):
    """Nothing has moved for two minutes."""


class Miscounted(RuntimeError):
    """Not every event of the backlog left exactly one trace: the figure would be worthless."""


@dataclass(frozen=True, slots=True)
class Drained:
    events: int
    rate: float
    """Events a second."""


def measure(room: Room, side: Side, bodies: list[bytes], already: int = 0, gently: bool = False) -> Drained:
    """Publish ``bodies`` as a backlog, start ``side``, and time it. ``already``: log entries that were there before; ``gently``:
    let the process end by itself.

    The clock starts when the database first counts 5% of the backlog in the log, and stops when a subscriber's queue holds an
    event for every message: each was committed, and published with the broker's confirm. Counts are polled every 20 ms.
    """
    side.prepare(room)
    announced = room.depth(EVALUATION_FACTS)
    workload.publish(room.amqp_uri, bodies, "", side.queue)
    side.start(room, side.setting)
    warm = max(1, int(len(bodies) * WARM))
    began, first = _reach(room, lambda: room.db["log"].estimated_document_count() - already, warm)
    _reach(room, lambda: room.db["log"].estimated_document_count() - already, len(bodies))
    ended, published = _reach(room, lambda: room.depth(EVALUATION_FACTS) - announced, len(bodies))
    room.end_all(gently)
    _account(room, already + len(bodies), published - len(bodies))
    return Drained(len(bodies), (len(bodies) - first) / (ended - began))


def _reach(room: Room, count: Callable[[], int], goal: int) -> tuple[float, int]:
    """When the count was first seen at ``goal`` or above, and what it was then."""
    last, moved = -1, time.perf_counter()
    while True:
        now, seen = time.perf_counter(), count()
        if seen >= goal:
            return now, seen
        if seen != last:
            last, moved = seen, now
        elif now - moved > STALLED:
            raise Stalled(f"{seen} of {goal} since {STALLED:.0f} s; logs are in {room.directory}")
        room.must_run()
        time.sleep(EVERY)


def _account(room: Room, entries: int, surplus: int) -> None:
    counted = room.db["log"].count_documents({})
    if counted != entries:
        raise Miscounted(f"{counted} entries in the log, {entries} expected")
    vault = room.db["vault"].count_documents({})
    if vault != entries:
        raise Miscounted(f"{vault} sealed private parts, {entries} expected")
    if surplus:
        raise Miscounted(f"{surplus} more events published than changes made")
