"""Services that answer by nameko's RPC convention on a real broker, with answers that the test chooses; and an intake that
takes events from its real queues and replies as the test says. For the gateway's tests, and for looking at its pages without
the services.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import kombu
from kombu import Consumer, Exchange, Producer, Queue

from shared.messaging import topology

RPC = Exchange("nameko-rpc", type="topic", durable=True)
Answer = Any | Callable[..., Any]
"""A value, or a function of the call's keywords. An exception that it raises is told to the caller as nameko tells it."""
Take = Callable[[kombu.Message], Mapping[str, Any] | None]
"""What intake replies to a message; None: nothing."""


class Responder:
    """``with Responder(uri, {"intake.flow": {...}}) as r``: answers until the block ends. ``r.asked``: (method, keywords) in
    order; ``r.taken``: the events' messages."""

    def __init__(self, uri: str, answers: Mapping[str, Answer], take: Take | None = None) -> None:
        self._uri = uri
        self.answers = dict(answers)
        self._take = take
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.taken: list[kombu.Message] = []
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="responder")

    def __enter__(self) -> Responder:
        self._thread.start()
        assert self._ready.wait(20), "the responder did not start"
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(20)

    def _run(self) -> None:
        with kombu.Connection(self._uri) as connection:
            topology.declare(connection)
            services = sorted({method.split(".")[0] for method in self.answers})
            queues = [Queue(f"rpc-{name}", exchange=RPC, routing_key=f"{name}.*", durable=True) for name in services]
            producer = Producer(connection.channel())
            # a publication reads from the socket too, so answering within the callback would nest without end
            waiting: deque[tuple[Callable[[Producer, kombu.Message], None], kombu.Message]] = deque()
            consumers = [Consumer(connection.channel(), queues, on_message=lambda m: waiting.append((self._answer, m)))]
            if self._take is not None:
                inbound = [*topology.QUEUES[topology.INTAKE], *topology.QUEUES[topology.INTAKE_URGENT]]
                consumers.append(Consumer(connection.channel(), inbound, on_message=lambda m: waiting.append((self._taken, m))))
            for consumer in consumers:
                consumer.consume()
            self._ready.set()
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=0.2)
                while waiting:
                    handle, message = waiting.popleft()
                    handle(producer, message)

    def _answer(self, producer: Producer, message: kombu.Message) -> None:
        method = message.delivery_info["routing_key"]
        call = json.loads(message.body)
        self.asked.append((method, call["kwargs"]))
        result, error = None, None
        try:
            answer = self.answers[method]
            result = answer(**call["kwargs"]) if callable(answer) else answer
        except Exception as raised:  # noqa: BLE001 (the caller is told, as nameko does)
            error = {"exc_type": type(raised).__name__, "exc_path": "", "exc_args": [], "value": str(raised)}
        producer.publish(
            {"result": result, "error": error}, serializer="json", exchange=RPC, routing_key=message.properties["reply_to"],
            correlation_id=message.properties["correlation_id"],
        )
        message.ack()

    def _taken(self, producer: Producer, message: kombu.Message) -> None:
        assert self._take is not None
        self.taken.append(message)
        reply = self._take(message)
        if reply is not None:
            producer.publish(
                reply, serializer="json", exchange="", routing_key=message.properties["reply_to"],
                correlation_id=message.properties["correlation_id"],
            )
        message.ack()
