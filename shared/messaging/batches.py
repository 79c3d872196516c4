"""A nameko entrypoint that hands a service method whole batches and acknowledges only what the method finished.

nameko's own consumers acknowledge a message whose handler raised and drop what they cannot decode. Here the method gets raw
deliveries, and

    returns   all of them are acknowledged, in one go
    raises    none is: the channel is closed (the broker takes everything back), the service's stores are probed until they
              answer, and consuming starts again

One greenthread owns the connection: it alone drains, sends heartbeats and acknowledges (py-amqp connections must not be
written to by two). The method runs in a worker. A batch is whatever arrived while the last one was worked on: no time window.

Consuming starts with one message at a time, and stays so while what comes was given back ``SUSPICIOUS`` times already: a
message that kills its reader then does so alone, and is not fetched together with neighbours whose returns would count against
the queue's delivery limit too.
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic
from types import TracebackType
from typing import Any

import amqp
import eventlet
import structlog
from eventlet import hubs
from eventlet.event import Event
from kombu import Connection
from nameko.extensions import Entrypoint

from shared.messaging import frames, topology
from shared.messaging.delivery import Delivery
from shared.quiet import message_of
from shared.settings import Settings

SUSPICIOUS = 2
"""One return is a restart or a lost connection; a second one may be the message's own doing."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger(__name__)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType]
BROKEN: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError, ssl.SSLError)


class Wakeup:
    """What the owner sleeps on: its socket became readable, a batch ended, it is time to stop, or some seconds went by.

    Built on the hub, because no second greenthread may wait for a socket that the owner also reads.
    """

    def __init__(self) -> None:
        self._pending = False
        self._sleeper: Any = None
        self._timer: Any = None

    def set(self) -> None:
        self._pending = True
        if self._sleeper is not None and self._timer is None:
            self._timer = hubs.get_hub().schedule_call_global(0, self._sleeper.switch)

    def wait(self, seconds: float, sock: Any = None) -> None:
        hub = hubs.get_hub()
        if not self._pending:
            self._sleeper = eventlet.getcurrent()
            alarm = hub.schedule_call_global(seconds, self._sleeper.switch)
            listener = None
            try:
                if sock is not None:
                    listener = hub.add(
                        hub.READ, sock.fileno(), self._sleeper.switch, self._sleeper.throw, lambda: None
                    )
                hub.switch()
            finally:
                self._sleeper = None
                alarm.cancel()
                if listener is not None:
                    hub.remove(listener)
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
        self._pending = False


class BatchEventHandler(Entrypoint):
    """``queue``: a name of ``topology.QUEUES``. ``maximum``: most messages of a batch, else ``Settings.batch``.

    ``abreast``: how many batches may be worked on at the same time. A further one is started only when it is full, so that the
    method can compute with one while it waits for the database or the broker with another; it must then bear being called as if
    by several instances. Acknowledged in order, whichever ends first.
    """

    def __init__(self, queue: str, maximum: int | None = None, abreast: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queue = queue
        self.maximum = maximum
        self.abreast = abreast

    def setup(self) -> None:
        self.settings: Settings = self.container.config["namtot"]
        self.size = self.maximum or self.settings.batch
        self.wakeup = Wakeup()
        self.stopping = False
        self.stopped = Event()
        self.consuming = False

    def start(self) -> None:
        self.container.spawn_managed_thread(self.run, identifier=f"batches.{self.queue}")

    def stop(self) -> None:
        """Finish the batch in hand, acknowledge it, and leave the rest to the broker."""
        self.stopping = True
        self.wakeup.set()
        self.stopped.wait()

    def kill(self) -> None:
        self.stopping = True
        self.wakeup.set()

    # -- the owner greenthread

    def run(self) -> None:
        pause = FIRST_PAUSE
        try:
            while not self.stopping:
                began = monotonic()
                try:
                    self._stores_answer()
                    with Connection(self.settings.amqp_uri, heartbeat=self.settings.heartbeat, connect_timeout=5) as connection:
                        connection.connect()
                        topology.declare(connection)
                        _Session(self, connection).run()
                except BROKEN as error:
                    log.warning("broker connection lost", queue=self.queue, error=repr(error), retry_in=pause)
                except BatchFailed as failed:
                    log.warning("batch failed, will be taken again", queue=self.queue, error=str(failed), retry_in=pause)
                self.consuming = False
                if monotonic() - began > LONGEST_PAUSE:
                    pause = FIRST_PAUSE
                if not self.stopping:
                    self.wakeup.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self.stopped.send(None)

    def _stores_answer(self) -> None:
        """Wait until every store of the service takes a write: nothing is fetched that could not be kept."""
        pause = FIRST_PAUSE
        for provider in self.container.dependencies:
            probe = getattr(provider, "probe", None)
            while probe is not None and not self.stopping:
                problem = probe()
                if problem is None:
                    break
                log.warning("store does not answer", queue=self.queue, problem=problem, retry_in=pause)
                self.wakeup.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


def stamped(properties: dict[str, Any]) -> float | None:
    """When a message was published: RabbitMQ's ``timestamp_in_ms`` header, else the AMQP timestamp (whole seconds)."""
    milliseconds = (properties.get("application_headers") or {}).get("timestamp_in_ms")
    if isinstance(milliseconds, int):
        return milliseconds / 1000
    stamp = properties.get("timestamp")
    if isinstance(stamp, dt.datetime):
        return stamp.replace(tzinfo=stamp.tzinfo or dt.UTC).timestamp()
    return float(stamp) if isinstance(stamp, int) else None


def returned(headers: Mapping[str, Any], redelivered: bool) -> int:
    """How often a quorum queue got a message back: its own count, under whichever name this release of RabbitMQ gives it."""
    counts = [count for name in ("x-delivery-count", "x-acquired-count") if isinstance(count := headers.get(name), int)]
    return max(counts, default=int(redelivered))


class BatchFailed(Exception):
    """The method raised; carries what."""


@dataclass(slots=True)
class _Batch:
    """What a worker has in hand. ``error``: why it failed, once ``done``."""

    deliveries: list[tuple[int, Delivery]]
    done: bool = False
    error: BaseException | None = None


class _Session:
    """One channel's life: consume, hand over, acknowledge, until something breaks."""

    def __init__(self, handler: BatchEventHandler, connection: Any) -> None:
        self.handler = handler
        self.connection = connection
        self.channel = connection.default_channel
        self.waiting: deque[tuple[int, Delivery]] = deque()
        self.prefetch = 1
        self.beat_every = handler.settings.heartbeat / 4
        self.in_hand: deque[_Batch] = deque()

    def run(self) -> None:
        handler = self.handler
        self._consume()
        handler.consuming = True
        beat = monotonic()
        try:
            while True:
                self._drain()
                if self.in_hand and self.in_hand[0].done:
                    self._finish()
                    continue
                if handler.stopping:
                    if not self.in_hand:
                        return
                elif self._next_is_due():
                    self._hand_over()
                    continue
                now = monotonic()
                if now - beat >= self.beat_every:
                    self.connection.heartbeat_check()
                    beat = now
                handler.wakeup.wait(self.beat_every, self.connection.connection.sock)
        finally:
            handler.consuming = False
            while not all(batch.done for batch in self.in_hand):
                # the connection broke under a running batch: it may still commit, so let it end before another one starts
                handler.wakeup.wait(self.beat_every)

    def _consume(self) -> None:
        self.channel.basic_qos(0, self.prefetch, False)
        self.channel.basic_consume(
            self.handler.queue, consumer_tag=f"{self.handler.queue}-{self.prefetch}", no_ack=False, callback=self._receive,
            on_cancel=self._cancelled,
        )

    def _cancelled(self, consumer_tag: str) -> None:
        raise amqp.exceptions.ConsumerCancelled(consumer_tag, (60, 20))

    def _receive(self, message: Any) -> None:
        info, properties = message.delivery_info, message.properties
        body = message.body
        self.waiting.append((
            info["delivery_tag"],
            Delivery(
                body=body if isinstance(body, bytes) else str(body).encode(),
                content_type=properties.get("content_type"),
                headers=properties.get("application_headers") or {},
                routing_key=info["routing_key"],
                redelivered=bool(info["redelivered"]),
                returns=returned(properties.get("application_headers") or {}, bool(info["redelivered"])),
                queue=self.handler.queue,
                reply_to=properties.get("reply_to"),
                correlation_id=properties.get("correlation_id"),
                published_at=stamped(properties),
            ),
        ))

    def _drain(self) -> None:
        while len(self.waiting) <= self.handler.size * 2:
            try:
                frames.handle_arrived(self.connection.connection, timeout=0)
            except TimeoutError:
                return

    def _next_is_due(self) -> bool:
        if not self.in_hand:
            return bool(self.waiting)
        return self.prefetch > 1 and len(self.in_hand) < self.handler.abreast and len(self.waiting) >= self.handler.size

    def _hand_over(self) -> None:
        count = 1 if self.prefetch == 1 else min(len(self.waiting), self.handler.size)
        batch = _Batch([self.waiting.popleft() for _ in range(count)])
        self.in_hand.append(batch)
        self.handler.container.spawn_worker(
            self.handler, ([delivery for _, delivery in batch.deliveries],), {}, handle_result=partial(self._result, batch)
        )

    def _result(self, batch: _Batch, context: Any, result: Any, exc_info: ExcInfo | None) -> tuple[Any, ExcInfo | None]:
        batch.error = exc_info[1] if exc_info else None
        batch.done = True
        self.handler.wakeup.set()
        return result, exc_info

    def _finish(self) -> None:
        batch = self.in_hand.popleft()
        if batch.error is not None:
            # closing the channel gives everything back at once: one step towards the delivery limit, not one per message
            self.channel.close()
            raise BatchFailed(f"{type(batch.error).__name__}: {message_of(batch.error)}") from None
        tag, last = batch.deliveries[-1]
        self.channel.basic_ack(tag, multiple=True)
        if self.prefetch == 1 and last.returns < SUSPICIOUS and self.handler.size > 1:
            # one batch more than are in hand: it travels while they commit. A second consumer beside the narrow one, because
            # cancelling that would give back, flagged as redelivered, what is on its way to it
            self.prefetch = self.handler.size * (self.handler.abreast + 1)
            self._consume()


batch_event_handler = BatchEventHandler.decorator
