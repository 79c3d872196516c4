"""One connection to the broker that is kept up: it publishes with confirms and hands replies to whoever expects them.

    link = Link(uri); await link.start()
    with link.expect() as reply:
        await link.publish(parcel, timeout=5, reply=reply)    # returns once the broker has confirmed
        body = await reply.within(3)

aio-pika's own robust connection waits while the broker is away; a door must say so at once. So a lost connection here is dropped
whole, everything that hung on it fails, and a new one is made with a reply queue of a new name.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import aio_pika
import amqp
import kombu
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange, AbstractIncomingMessage
from aio_pika.exceptions import AMQPError
from aiormq.exceptions import ChannelInvalidStateError, PublishError
from kombu.exceptions import KombuError

from services.gateway import metrics
from shared.messaging import topology

log = logging.getLogger(__name__)

RPC_EXCHANGE = "nameko-rpc"
CONNECT_SECONDS = 5.0
HEARTBEAT_SECONDS = 10
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 3.0


class NotConfirmed(Exception):
    """The broker is away or did not confirm: the message counts as not sent. Send it again later."""


class Unroutable(NotConfirmed):
    """No queue takes the message."""


class ReplyLost(Exception):
    """The connection broke while a reply was awaited. What was confirmed before stays confirmed."""


class Parcel(NamedTuple):
    """A message to publish. ``seconds``: it expires unread after so long; None: never, and it survives the broker's restart."""

    exchange: str
    routing_key: str
    body: bytes
    content_type: str | None = "application/json"
    content_encoding: str | None = None
    headers: dict[str, Any] | None = None
    seconds: float | None = None


class Reply:
    """A reply to come."""

    def __init__(self, future: asyncio.Future[bytes]) -> None:
        self.id = uuid.uuid4().hex
        self._future = future

    async def within(self, seconds: float) -> bytes:
        """The reply's body. Raise ``TimeoutError`` or ``ReplyLost``."""
        async with asyncio.timeout(seconds):
            return await self._future

    def give(self, body: bytes) -> None:
        if not self._future.done():
            self._future.set_result(body)

    def lose(self) -> None:
        if not self._future.done():
            self._future.set_exception(ReplyLost())
            # nobody may be waiting yet, or any more: then it is not an error of the loop's
            self._future.exception()


class Link:
    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._task: asyncio.Task[None] | None = None
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchanges: dict[str, AbstractExchange] = {}
        self._queue = ""
        self._replies: dict[str, Reply] = {}
        self._up = asyncio.Event()
        self._lost = asyncio.Event()
        self._reason = "not connected to the broker yet"

    @property
    def trouble(self) -> str | None:
        """None while connected, else why not."""
        if self._task is not None and self._task.done():
            return "the connection to the broker is no longer kept up; restart the gateway"
        return None if self._up.is_set() else self._reason

    async def start(self) -> None:
        self._task = asyncio.create_task(self._keep(), name="gateway-link")
        self._task.add_done_callback(_complain)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._drop("the gateway is stopping")

    @contextlib.contextmanager
    def expect(self) -> Iterator[Reply]:
        reply = Reply(asyncio.get_running_loop().create_future())
        self._replies[reply.id] = reply
        try:
            yield reply
        finally:
            self._replies.pop(reply.id, None)

    async def publish(self, parcel: Parcel, *, timeout: float, reply: Reply | None = None, grace: float = 0.0) -> None:
        """Return once the broker has confirmed the parcel; raise ``NotConfirmed`` otherwise. ``grace``: how long to wait for a
        connection that is being made."""
        if not self._up.is_set():
            try:
                async with asyncio.timeout(grace):
                    await self._up.wait()
            except TimeoutError:
                raise NotConfirmed(self._reason) from None
        message = aio_pika.Message(
            parcel.body, headers=parcel.headers, content_type=parcel.content_type, content_encoding=parcel.content_encoding,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT if parcel.seconds is None else aio_pika.DeliveryMode.NOT_PERSISTENT,
            expiration=parcel.seconds, reply_to=self._queue if reply else None, correlation_id=reply.id if reply else None,
        )
        try:
            await self._exchanges[parcel.exchange].publish(
                message, parcel.routing_key, mandatory=True, timeout=timeout
            )
        except PublishError as error:
            raise Unroutable(f"no queue takes {parcel.routing_key!r} at {parcel.exchange!r}") from error
        except TimeoutError as error:
            raise NotConfirmed(f"the broker did not confirm within {timeout:g} s") from error
        except (AMQPError, OSError, ChannelInvalidStateError) as error:
            raise NotConfirmed(f"the broker did not confirm: {error!r}"[:300]) from error

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._connect()
                pause = FIRST_PAUSE
                await self._lost.wait()
                reason = "the connection to the broker broke"
            except _CONNECTING as error:
                reason = f"the broker does not answer: {type(error).__name__}"
                log.warning("no connection to the broker (%r); trying again in %g s", error, pause)
            await self._drop(reason)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _connect(self) -> None:
        self._lost.clear()
        await asyncio.to_thread(_declare_topology, self._uri)
        url = aio_pika.connection.make_url(self._uri)
        if "heartbeat" not in url.query:
            url = url.update_query(heartbeat=HEARTBEAT_SECONDS)
        async with asyncio.timeout(CONNECT_SECONDS * 2):
            self._connection = await aio_pika.connect(url, timeout=CONNECT_SECONDS)
            self._connection.close_callbacks.add(self._on_close)
            self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
            self._channel.close_callbacks.add(self._on_close)
            rpc = await self._channel.declare_exchange(RPC_EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
            queue = await self._channel.declare_queue(f"gateway.replies.{uuid.uuid4().hex}", exclusive=True, durable=False)
            # nameko answers by way of its exchange, intake by way of the default exchange: one name serves both
            await queue.bind(rpc, queue.name)
            await queue.consume(self._on_reply, no_ack=True)
            inbound = await self._channel.get_exchange(topology.INBOUND.name, ensure=False)
        self._queue = queue.name
        self._exchanges = {RPC_EXCHANGE: rpc, topology.INBOUND.name: inbound}
        self._up.set()
        metrics.BROKER_CONNECTED.set(1)
        log.info("connected to the broker")

    async def _drop(self, reason: str) -> None:
        self._up.clear()
        metrics.BROKER_CONNECTED.set(0)
        self._reason = reason
        for reply in self._replies.values():
            reply.lose()
        connection, self._connection, self._channel, self._exchanges = self._connection, None, None, {}
        if connection is not None:
            with contextlib.suppress(*_CONNECTING):
                async with asyncio.timeout(2):
                    await connection.close()

    def _on_close(self, *_: object) -> None:
        # from now on nothing can be sent; the keeper does the rest
        self._up.clear()
        self._lost.set()

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        reply = self._replies.get(message.correlation_id or "")
        if reply is not None:
            reply.give(message.body)


_CONNECTING: tuple[type[BaseException], ...] = (
    AMQPError, OSError, ChannelInvalidStateError, KombuError, amqp.exceptions.AMQPError,
)
"""What aio-pika, and kombu while it declares the topology, raise when the broker cannot be had."""


def _declare_topology(uri: str) -> None:
    """Whoever starts first declares: an event must find its queue even where intake has never run."""
    with kombu.Connection(uri, connect_timeout=CONNECT_SECONDS) as connection:
        topology.declare(connection)


def _complain(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("the connection to the broker is no longer kept up", exc_info=task.exception())
