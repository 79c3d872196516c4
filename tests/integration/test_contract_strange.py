"""What clients of AMQP can send and JSON cannot say: tables in headers, bytes that are no text, missing properties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import amqp
import kombu
import pytest

from shared import contracts
from shared.messaging.topology import INBOUND, declare
from tests.support.processes import ServiceProcesses
from tests.support.sending import Sender, sender
from tests.unit.contracts.events import binary, example, structured


@pytest.fixture
def intake(amqp_uri: str, run_service: ServiceProcesses) -> Iterator[Sender]:
    run_service("intake")
    with sender(amqp_uri) as opened:
        yield opened


def publish(uri: str, messages: list[amqp.Message]) -> None:
    with kombu.Connection(uri) as connection:
        declare(connection)
        channel = connection.channel()
        channel.confirm_select()
        for message in messages:
            channel.basic_publish_confirm(message, INBOUND.name, "")


def settled(number: int, change: dict[Any, Any]) -> amqp.Message:
    event = example("case.settled") | {"id": f"strange-{number}"}
    body, kind, headers = binary(event)
    return amqp.Message(body, content_type=kind, application_headers=headers | change)


HARMLESS: list[dict[Any, Any]] = [
    {"x-trace": {"deep": [1, {"er": [None, True]}]}},
    {"cloudEvents:partitionkey": {"a": [1]}},
    {"cloudEvents:knobs": Decimal("1.5")},
    {"when": dt.datetime(2025, 9, 14, tzinfo=dt.UTC)},
    {"x-death": [{"count": 3, "queue": "theirs"}]},
    {"long": "x" * 100_000},
    {"cloudEvents:extra": "\ud800"},
]
WRONG: list[tuple[dict[Any, Any], str]] = [
    ({"cloudEvents:subject": "https://a.example/\ud800"}, "subject"),
    ({"cloudEvents:source": {"a": 1}}, "source"),
    ({"cloudEvents:time": dt.datetime(2025, 9, 14, tzinfo=dt.UTC)}, "time"),
    ({"cloudEvents:type": None}, "type"),
    ({"cloudEvents:specversion": Decimal("1.0")}, "specversion"),
    ({"cloudEvents:expectedversion": 2**40 * -1}, "expectedversion"),
    ({"ce-source": "https://another.example"}, "source"),
]


def test_strange_headers_neither_stop_intake_nor_are_lost(intake: Sender, amqp_uri: str) -> None:
    wrong = [settled(len(HARMLESS) + i, change) for i, (change, _) in enumerate(WRONG)]
    publish(amqp_uri, [settled(i, change) for i, change in enumerate(HARMLESS)] + wrong)
    intake.sent = len(HARMLESS) + len(WRONG)
    accounts = intake.settled(received=intake.sent, applied=len(HARMLESS), refused=len(WRONG), redelivered=0)
    assert accounts["balanced"]
    kept = intake.ask("refused")["items"]
    assert sorted(item["field"] for item in kept) == sorted(field for _, field in WRONG)
    assert {item["code"] for item in kept} == {"envelope"}
    for item in kept:
        shown = intake.ask("reveal_refused", id=item["id"], who="an", role="data_protection", purpose="mend")
        assert shown["body"] == binary(example("case.settled"))[0].decode()


def test_messages_without_properties_are_accounted_for(intake: Sender, amqp_uri: str) -> None:
    body, kind, _ = structured(example("case.settled"))
    good = amqp.Message(body, content_type=kind)
    bare = [amqp.Message(body), amqp.Message(b""), amqp.Message(b"\xff\xfe"), amqp.Message(b"", content_type=kind),
            amqp.Message(body, content_type="application/x-python-serialize"),
            amqp.Message(body, content_type=kind, content_encoding="gzip", priority=9, expiration="600000")]
    publish(amqp_uri, [*bare, good])
    intake.sent = len(bare) + 1
    # the encoding that a client declares does not make another event of the same bytes
    intake.settled(received=len(bare) + 1, applied=1, duplicate=1, refused=len(bare) - 1)
    codes = sorted(item["code"] for item in intake.ask("refused")["items"])
    assert codes == sorted(["content_type"] * 4 + ["unreadable"])
    assert contracts.CODES.keys() >= set(codes)
