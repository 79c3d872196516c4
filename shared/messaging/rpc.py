"""Asking a service from outside nameko, by nameko's RPC convention over plain AMQP.

    with RpcClient(settings.amqp_uri) as ask:
        flow = ask.call("intake", "flow")
    flow = call(settings, "intake", "flow")          # one question, one connection

The request goes to the topic exchange ``nameko-rpc`` with routing key ``<service>.<method>`` and body
``{"args": [], "kwargs": {…}}``; the answer comes back over the same exchange to the key in ``reply_to`` as
``{"result": …, "error": null | {"exc_type", "value", …}}``.

    RpcError                no answer that can be used; the message says what to do next
      RpcTimeout            the service did not answer in time
      RpcUnreachable        the broker is away, or no such service ever ran there
      RpcFailed             the service raised; ``kind`` is its exception's name
"""

from __future__ import annotations

import threading
import time
import uuid
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import amqp
from kombu import Connection, Consumer, Exchange, Producer, Queue

from shared.settings import Settings

EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
TIMEOUT = 10.0
"""Seconds."""


class RpcError(Exception):
    pass


class RpcTimeout(RpcError):
    pass


class RpcUnreachable(RpcError):
    pass


class RpcFailed(RpcError):
    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def place_of(uri: str) -> str:
    """Host and port of a broker's address, for messages: never its password."""
    parts = urlsplit(uri)
    try:
        return f"{parts.hostname or 'localhost'}:{parts.port or 5672}"
    except ValueError:
        return parts.hostname or "the broker"


class RpcClient:
    """One connection for many questions, opened when the first is asked. Threads take turns."""

    def __init__(self, uri: str, timeout: float = TIMEOUT) -> None:
        self._uri = uri
        self._timeout = timeout
        self._lock = threading.Lock()
        self._connection: Any = None
        self._producer: Any = None
        self._reply_to = ""
        self._answers: dict[str, Any] = {}
        self._unroutable = False

    def __enter__(self) -> RpcClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(self, service: str, method: str, /, *, timeout: float | None = None, **kwargs: Any) -> Any:
        """The service's answer, plain JSON values. Raise ``RpcError``. ``timeout``: seconds."""
        wait = self._timeout if timeout is None else timeout
        deadline = time.monotonic() + wait
        with self._lock:
            question = self._ask(service, method, kwargs, wait)
            try:
                answer = self._await(question, deadline)
            except TimeoutError:
                raise RpcTimeout(
                    f"{service} did not answer {method!r} within {wait:g} s; does it run? `namtot status`"
                ) from None
            except _BROKEN as error:
                self._drop()
                raise RpcUnreachable(
                    f"RabbitMQ at {place_of(self._uri)} went away while {service} was asked; ask again"
                ) from error
            finally:
                self._answers.clear()
        if answer is None:
            raise RpcUnreachable(
                f"nothing takes questions for {service}; start it: `namtot run {service}` or `namtot up`"
            )
        failure = answer.get("error")
        if failure:
            kind = str(failure.get("exc_type", "Exception"))
            raise RpcFailed(f"{service}.{method} failed: {kind}: {failure.get('value', '')}", kind)
        return answer.get("result")

    def _ask(self, service: str, method: str, kwargs: dict[str, Any], wait: float) -> str:
        """Publish the question. An idle connection may have died unnoticed, so once more on a new one."""
        question = str(uuid.uuid4())
        used_before = self._connection is not None
        for attempt in (1, 2):
            try:
                if self._connection is None:
                    self._connect()
                else:
                    # a connection that the broker has closed shows here, before the question is lost on it
                    self._drain_waiting()
                self._unroutable = False
                self._producer.publish(
                    {"args": [], "kwargs": kwargs}, serializer="json", exchange=EXCHANGE,
                    routing_key=f"{service}.{method}", reply_to=self._reply_to, correlation_id=question,
                    mandatory=True,
                    # nobody waits longer: a service that comes back later need not do the work
                    expiration=wait,
                )
                return question
            except _BROKEN as error:
                self._drop()
                if attempt == 2 or not used_before:
                    raise RpcUnreachable(
                        f"RabbitMQ at {place_of(self._uri)} cannot be reached ({error}); see `namtot status`"
                    ) from error
        raise AssertionError("unreachable")

    def _await(self, question: str, deadline: float) -> dict[str, Any] | None:
        """The answer, or None if the broker returned the question because nobody takes it."""
        while question not in self._answers:
            if self._unroutable:
                return None
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.drain_events(timeout=left)
        answer: dict[str, Any] = self._answers[question]
        return answer

    def _drain_waiting(self) -> None:
        """Take what has come in meanwhile: late answers, or the news that the connection is closed."""
        while True:
            try:
                self._connection.drain_events(timeout=0.001)
            except TimeoutError:
                return

    def _connect(self) -> None:
        # no heartbeat: nobody drains between two questions, and each question has a deadline of its own
        connection = Connection(self._uri, heartbeat=0, connect_timeout=5)
        try:
            connection.connect()
            channel = connection.channel()
            self._reply_to = str(uuid.uuid4())
            replies = Queue(
                f"rpc.reply-client-{self._reply_to}", exchange=EXCHANGE, routing_key=self._reply_to,
                durable=False, exclusive=True, auto_delete=True,
            )
            Consumer(
                channel, [replies], no_ack=True, accept=["json"], on_message=self._on_answer,
            ).consume()
            channel.events["basic_return"].add(self._on_return)
            self._producer = Producer(channel)
        except BaseException:
            connection.collect()
            raise
        self._connection = connection

    def _on_answer(self, message: Any) -> None:
        self._answers[str(message.properties.get("correlation_id"))] = message.decode()

    def _on_return(self, *_: object) -> None:
        self._unroutable = True

    def _drop(self) -> None:
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            connection.collect()

    def close(self) -> None:
        with self._lock:
            connection, self._connection, self._producer = self._connection, None, None
            if connection is not None:
                connection.release()


def call(settings: Settings, service: str, method: str, /, *, timeout: float = TIMEOUT, **kwargs: Any) -> Any:
    """Ask once. Raise ``RpcError``; ``timeout`` in seconds."""
    with RpcClient(settings.amqp_uri, timeout) as client:
        return client.call(service, method, **kwargs)


_BROKEN: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError, AttributeError)
"""What a dead connection raises; py-amqp raises AttributeError where its transport is already gone."""
