"""Publishing with pipelined confirms: a list goes out in one go, and the call returns once the broker has confirmed each.

Works with and without eventlet. One greenthread or thread at a time uses the connection; others wait for their turn.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import amqp
from kombu import Connection

from shared.messaging import frames, topology

PERSISTENT = 2
WRITTEN_AT_ONCE = 250
"""Messages in one write to the socket: few system calls, and other greenthreads get their turn in between."""


class PublishError(Exception):
    """The broker did not confirm: it is away, refused, or had no queue for a mandatory message. Publish again later."""


class Outgoing(NamedTuple):
    """One message to publish. ``exchange``: its name, "" for the default exchange."""

    exchange: str
    routing_key: str
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, Any] | None = None
    reply_to: str | None = None
    correlation_id: str | None = None
    persistent: bool = True


def _properties(message: Outgoing) -> bytes:
    if message.headers or message.reply_to or message.correlation_id:
        given: dict[str, Any] = {"content_type": message.content_type, "application_headers": message.headers or {}}
        given |= {"delivery_mode": PERSISTENT} if message.persistent else {}
        given |= {"reply_to": message.reply_to} if message.reply_to else {}
        given |= {"correlation_id": message.correlation_id} if message.correlation_id else {}
        return frames.properties(**given)
    return _plain_properties(message.content_type, message.persistent)


@lru_cache(maxsize=64)
def _plain_properties(content_type: str, persistent: bool) -> bytes:
    """Those of nearly every message, encoded once."""
    given = {"delivery_mode": PERSISTENT} if persistent else {}
    return frames.properties(content_type=content_type, application_headers={}, **given)


class ConfirmingPublisher:
    """A connection that publishes and waits for the broker's word. Connects when first used and again after a failure."""

    def __init__(self, uri: str, timeout: float = 30.0, mandatory: bool = False, declare: bool = True) -> None:
        self._uri = uri
        self._timeout = timeout
        self._mandatory = mandatory
        self._declare = declare
        self._lock = threading.Lock()  # green under eventlet
        self._connection: Any = None
        self._channel: Any = None
        self._unconfirmed: set[int] = set()
        self._tag = 0
        self._settled = 0
        """No tag up to this one is unconfirmed."""
        self._nacked = 0
        self._returned: list[str] = []

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Return when all are confirmed; raise ``PublishError`` otherwise (some may have gone out: publish all again)."""
        if not messages:
            return
        with self._lock:
            fresh = self._channel is None
            try:
                self._publish(messages)
            except _BROKEN as error:
                self._drop()
                if fresh:
                    raise PublishError(f"the broker did not confirm: {error!r}") from error
                # an idle connection may have died unnoticed: once more on a new one
                try:
                    self._publish(messages)
                except _BROKEN as again:
                    self._drop()
                    raise PublishError(f"the broker did not confirm: {again!r}") from again
            except BaseException:
                self._drop()
                raise

    def _publish(self, messages: Sequence[Outgoing]) -> None:
        if self._channel is None:
            self._connect()
        self._nacked = 0
        self._returned.clear()
        connection, frame_max = self._connection, self._connection.frame_max
        for start in range(0, len(messages), WRITTEN_AT_ONCE):
            some = messages[start:start + WRITTEN_AT_ONCE]
            self._unconfirmed.update(range(self._tag + 1, self._tag + 1 + len(some)))
            self._tag += len(some)
            connection.transport.write(b"".join([
                frames.published(
                    self._channel.channel_id, message.exchange, message.routing_key, _properties(message), message.body,
                    frame_max, mandatory=self._mandatory and bool(message.exchange),
                )
                for message in some
            ]))
        while self._unconfirmed:
            frames.handle_arrived(connection, self._timeout)
        if self._nacked:
            raise PublishError(f"the broker refused {self._nacked} message(s): a queue is full or a node is away")
        if self._returned:
            raise PublishError(f"no queue takes routing key {self._returned[0]!r} ({len(self._returned)} message(s))")

    def _connect(self) -> None:
        # no heartbeat: nobody drains this connection between two publications; a dead peer shows as a missing confirm
        opened = Connection(self._uri, heartbeat=0, connect_timeout=5)
        self._connection = opened.connect()
        if self._declare:
            topology.declare(opened)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._tag = self._settled = 0
        self._unconfirmed.clear()

    def _on_ack(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._unconfirmed.difference_update(range(self._settled + 1, tag + 1))
            self._settled = tag
        else:
            self._unconfirmed.discard(tag)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        before = len(self._unconfirmed)
        self._on_ack(tag, multiple)
        self._nacked += before - len(self._unconfirmed)

    def _on_return(self, error: Exception, exchange: str, routing_key: str, message: Any) -> None:
        self._returned.append(routing_key)

    def _drop(self) -> None:
        """Throw the connection away without a word to the broker: it may be broken, and nothing on it is owed an answer."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(*_BROKEN):
                connection.collect()

    def close(self) -> None:
        with self._lock:
            self._drop()


_BROKEN: tuple[type[BaseException], ...] = (
    OSError, amqp.exceptions.AMQPError, amqp.exceptions.RecoverableConnectionError, AttributeError,
)
"""What a dead connection raises; py-amqp raises AttributeError where its transport is already gone."""
