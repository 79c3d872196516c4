"""The sides that are measured: how each is started, where its backlog waits, which settings are tried for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kombu import Queue

from shared.messaging import topology
from tests.performance.sizes import Sizes
from tests.performance.world import Room

NAMEKO_QUEUE = "evt-outside-case--intake.take"


@dataclass(frozen=True, kw_only=True)
class Side:
    """``setting``: the batch size, or how many messages are worked on at once. ``start`` launches it in a room."""

    name: str
    title: str
    kind: str
    setting: int
    start: Callable[[Room, int], None]
    queue: str = topology.INTAKE
    batched: bool = True

    def at(self, setting: int) -> Side:
        return replace(self, setting=setting)

    def events(self, sizes: Sizes) -> int:
        return sizes.batched if self.batched else sizes.single

    def settings(self, sizes: Sizes) -> tuple[int, ...]:
        return sizes.batches if self.batched else sizes.workers

    def prepare(self, room: Room) -> None:
        """Have the queue before its consumer comes, for the backlog."""
        if self.queue != topology.INTAKE:
            with room.connection.channel() as channel:
                queue = Queue(self.queue, durable=True, queue_arguments={"x-queue-type": "quorum"})(channel)
                queue.declare()
                queue.purge()


def _namtot(room: Room, batch: int) -> None:
    room.service("intake", NAMTOT_BATCH=str(batch))


def _two(room: Room, batch: int) -> None:
    _namtot(room, batch)
    _namtot(room, batch)


def _peer(module: str) -> Callable[[Room, int], None]:
    def start(room: Room, setting: int) -> None:
        room.launch(module, ["-m", f"tests.performance.peers.{module}", str(setting)])

    return start


NAMTOT = Side(name="namtot", title="namtot, one process", kind="batch", setting=1000, start=_namtot)
NAMEKO = Side(
    name="nameko", title="nameko @event_handler", kind="workers", setting=30, start=_peer("plain_nameko"), queue=NAMEKO_QUEUE,
    batched=False,
)
FASTSTREAM = Side(
    name="faststream", title="FastStream", kind="prefetch", setting=30, start=_peer("faststream_app"), batched=False
)
CEILING = Side(name="ceiling", title="ceiling", kind="batch", setting=1000, start=_peer("ceiling"))
TWO = Side(name="two", title="namtot, two processes", kind="batch", setting=1000, start=_two)
