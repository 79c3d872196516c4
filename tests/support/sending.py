"""Sending events as an outside system does, and asking intake what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from shared.contracts import STRUCTURED, write
from shared.messaging.publisher import ConfirmingPublisher, Outgoing
from shared.messaging.rpc import RpcClient
from shared.messaging.topology import INBOUND, URGENT
from tests.support.eventually import eventually

SOURCE = "https://so.example/phuong"
PLANTED = "Nguyễn Thị Tuyệt Mật"
"""A party's name that must never be seen outside the vault."""


def event(type: str, id: str, subject: str | None = None, *, source: str = SOURCE, time: str | None = None, **data: Any) -> bytes:
    """One structured event; ``case.reported`` comes with all that it needs, a planted party included."""
    if type == "case.reported":
        data = {
            "on": "2024-03-05", "team": "Tổ hòa giải số 5", "dispute": "civil", "ground": "party_request",
            "private": {"parties": [{"name": PLANTED, "phone": "0900000000"}], "content": f"{PLANTED} tranh chấp ngõ đi"}, **data,
        }
    return write(
        type=f"vn.namtot.{type}.v1", source=source, id=id, subject=subject or f"case://so.example/{id}", data=data, time=time
    )


def reports(count: int, run: str = "r") -> list[bytes]:
    return [event("case.reported", f"{run}-{i}") for i in range(count)]


class Sender:
    """An outside system with its own connection, and the question to intake."""

    def __init__(self, amqp_uri: str) -> None:
        self.publisher = ConfirmingPublisher(amqp_uri, mandatory=True)
        self.rpc = RpcClient(amqp_uri)
        self.sent = 0

    def send(self, bodies: Iterable[bytes], *, content_type: str = STRUCTURED, headers: Mapping[str, Any] | None = None,
             urgent: bool = False) -> None:
        messages = [
            Outgoing(INBOUND.name, URGENT if urgent else "", body, content_type=content_type, headers=dict(headers or {}))
            for body in bodies
        ]
        self.publisher.publish(messages)
        self.sent += len(messages)

    def ask(self, method: str, **arguments: Any) -> Any:
        return self.rpc.call("intake", method, timeout=20, **arguments)

    def settled(self, timeout: float = 120.0, **expected: int) -> dict[str, Any]:
        """The accounts, once the queues are empty, every delivery is accounted for and ``expected`` holds."""

        def accounts() -> dict[str, Any]:
            found: dict[str, Any] = self.ask("reconcile")
            assert found["balanced"], found
            assert found["queued"] == 0, found
            assert found["received"] + found["redelivered"] >= self.sent, f"{self.sent} sent, {found}"
            for name, count in expected.items():
                assert found[name] == count, f"{name} should be {count}: {found}"
            return found

        return eventually(accounts, timeout)

    def close(self) -> None:
        self.publisher.close()
        self.rpc.close()


@contextmanager
def sender(amqp_uri: str) -> Iterator[Sender]:
    opened = Sender(amqp_uri)
    try:
        yield opened
    finally:
        opened.close()
