"""An outside system at the broker: it publishes, counts what was confirmed, and comes back when the broker was away.

    sender = Sender(uri, confirmed=lambda message: …)
    report = sender.send(messages)      # returns when all are confirmed, or after ``sender.stop()``

Confirms are pipelined: up to ``WINDOW`` messages are under way at once. After a lost connection everything not confirmed is sent
again, so some may arrive twice; namtot counts such copies as duplicates.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import amqp
from kombu import Connection

from shared.contracts import STRUCTURED
from shared.messaging.rpc import place_of
from shared.messaging.topology import INBOUND
from shared.simulation.lines import Message

WINDOW = 1_000
HEARTBEAT = 20
CONNECT_TIMEOUT = 5
WRITE_TIMEOUT = 60
"""Seconds. A broker short of memory or disk takes nothing for a while; a dead one is given up after this."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
"""Seconds between two attempts to connect."""
LISTEN = 64
"""Messages published between two looks at what the broker has to say."""
SETTLE = 10.0
"""Seconds that a stopped sender waits for what is still under way."""
PERSISTENT = 2


class SendError(Exception):
    """Sending cannot go on; the message says why and what to do. What was confirmed before stays confirmed."""


@dataclass(kw_only=True)
class Report:
    sent: int = 0
    """Messages confirmed in this run."""
    reconnects: int = 0
    stopped: bool = False
    """Ended by ``stop()`` before the last message."""


class _Broken(Exception):
    """The connection is of no more use; the cause is in the message."""


class Sender:
    """``rate``: messages a second at most. ``patience``: seconds to wait for a broker that went away.

    ``confirmed`` hears, every now and then and at the end, of the last message that is confirmed with all before it. ``away``
    hears why the broker is not there and in how many seconds it is tried again; ``back`` when it is.
    """

    def __init__(
        self, uri: str, *, rate: float | None = None, patience: float = 600.0, window: int = WINDOW,
        confirmed: Callable[[Message], None] = lambda message: None,
        away: Callable[[str, float], None] = lambda reason, seconds: None, back: Callable[[], None] = lambda: None,
    ) -> None:
        self._uri = uri
        self._rate = rate
        self._patience = patience
        self._window = window
        self._confirmed, self._away, self._back = confirmed, away, back
        self._connection: Any = None
        self._channel: Any = None
        self._waiting: deque[Message] = deque()
        """Under way, oldest first; the tag of the oldest is ``_first_tag``."""
        self._first_tag = 1
        self._acked: set[int] = set()
        self._last: Message | None = None
        self._failure: Exception | None = None
        self._stopping = False
        self._report = Report()

    def stop(self) -> None:
        """Take no more messages. May be called from a signal handler."""
        self._stopping = True

    def send(self, messages: Iterable[Message]) -> Report:
        """Raise ``SendError``; what ``messages`` raises comes through after everything before it is confirmed."""
        self._connect_or_fail()
        try:
            self._send(iter(messages))
        finally:
            self._tell()
            self._close()
        self._report.stopped = self._stopping
        return self._report

    def _send(self, messages: Iterator[Message]) -> None:
        began, taken = time.monotonic(), 0
        error: Exception | None = None
        try:
            for message in messages:
                self._work_until(began + taken / self._rate if self._rate else 0.0)
                if self._stopping:
                    break
                taken += 1
                self._waiting.append(message)
                self._guarded(lambda: self._publish(message))  # noqa: B023 (called at once)
                if taken % LISTEN == 0:
                    self._guarded(lambda: self._drain(0))
                    self._tell()
        except SendError:
            raise
        except Exception as raised:  # noqa: BLE001 (from the file; told after what came before it is safe)
            error = raised
        deadline = time.monotonic() + SETTLE if self._stopping else None
        while self._waiting and (deadline is None or time.monotonic() < deadline):
            self._guarded(lambda: self._drain(1.0))
            self._tell()
            if self._stopping and deadline is None:
                deadline = time.monotonic() + SETTLE
        if error is not None:
            raise error

    def _work_until(self, due: float) -> None:
        """Take confirms until there is room for another message and its time has come."""
        while not self._stopping:
            wait = due - time.monotonic()
            if wait <= 0 and len(self._waiting) < self._window:
                return
            self._guarded(lambda: self._drain(min(1.0, wait) if wait > 0 else 1.0))  # noqa: B023 (called at once)
            self._tell()

    def _tell(self) -> None:
        """Outside of any step on the connection, so that what the listener raises is not taken for a broken one."""
        if self._last is not None:
            last, self._last = self._last, None
            self._confirmed(last)

    # -- one connection

    def _connect(self) -> None:
        self._failure = None
        connection = Connection(
            self._uri, heartbeat=HEARTBEAT, connect_timeout=CONNECT_TIMEOUT,
            transport_options={"write_timeout": WRITE_TIMEOUT, "client_properties": {"product": "namtot publish"}},
        )
        try:
            connection.connect()
            channel = connection.channel()
            channel.confirm_select()
        except BaseException:
            connection.collect(socket_timeout=1)
            raise
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)
        self._connection, self._channel = connection, channel
        self._first_tag, self._acked = 1, set()
        for message in list(self._waiting):
            self._publish(message)

    def _publish(self, message: Message) -> None:
        self._channel.basic_publish(
            amqp.Message(message.body, content_type=STRUCTURED, delivery_mode=PERSISTENT),
            INBOUND.name, message.routing_key, mandatory=True,
        )

    def _drain(self, seconds: float) -> None:
        """Take one thing that the broker says, or note that it said nothing in this time."""
        try:
            # 0 would mean: wait for ever
            self._connection.drain_events(timeout=max(seconds, 0.0005))
        except TimeoutError:
            self._connection.heartbeat_check(rate=2)
        if self._failure is not None:
            raise self._failure

    def _on_ack(self, tag: int, multiple: bool) -> None:
        if self._failure is not None:
            return  # a message that came back is confirmed too, but nobody has it
        self._acked.update(range(self._first_tag, tag + 1) if multiple else (tag,))
        while self._waiting and self._first_tag in self._acked:
            self._acked.discard(self._first_tag)
            self._first_tag += 1
            self._report.sent += 1
            self._last = self._waiting.popleft()

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._failure = _Broken("the broker did not take a message: a queue is full, or one of its nodes is away")

    def _on_return(self, error: Any, exchange: str, routing_key: str, message: Any) -> None:
        self._failure = SendError(_NOBODY)

    def _close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.collect(socket_timeout=1)

    # -- and the next

    def _guarded(self, step: Callable[[], None]) -> None:
        """Do a step on the connection; if it breaks, come back and send again what was not confirmed."""
        try:
            step()
        except amqp.exceptions.NotFound:
            raise SendError(_NOBODY) from None
        except _LOST as error:
            self._return(str(error) or type(error).__name__)

    def _return(self, reason: str) -> None:
        """Connect again, waiting longer each time; give up when patience ends."""
        deadline, wait = time.monotonic() + self._patience, FIRST_WAIT
        self._close()
        while not self._stopping:
            self._away(reason, wait)
            until = time.monotonic() + wait
            while not self._stopping and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, 0.1))
            if self._stopping:
                break
            try:
                self._connect()
            except amqp.exceptions.NotFound:
                raise SendError(_NOBODY) from None
            except _LOST as error:
                self._close()
                reason = str(error) or type(error).__name__
                if time.monotonic() > deadline:
                    raise SendError(
                        f"RabbitMQ at {place_of(self._uri)} was away for {self._patience:g} s ({reason}). "
                        "Run the command again when it is back; it goes on where it was"
                    ) from error
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                self._report.reconnects += 1
                self._back()
                return
        # stopped while the broker was away: what was under way is not confirmed, and is sent again next time
        self._waiting.clear()

    def _connect_or_fail(self) -> None:
        where = place_of(self._uri)
        try:
            self._connect()
        except (amqp.exceptions.AccessRefused, amqp.exceptions.NotAllowed) as error:
            raise SendError(f"RabbitMQ at {where} refused the login ({error}); check name, password and virtual host") from None
        except _LOST as error:
            raise SendError(f"RabbitMQ at {where} cannot be reached ({error}); is it running? `namtot status`") from error


_NOBODY = (
    f"nobody takes events at this broker: the exchange {INBOUND.name} has no queue. "
    "An intake has to run there once before others send: `namtot up`, or `namtot run intake`"
)
_LOST: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError, AttributeError, _Broken)
"""What a dead connection raises; py-amqp raises AttributeError where its transport is already gone."""
