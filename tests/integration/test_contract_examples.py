"""Every example of the contract goes through the real intake: from Python and from Node.js, in both modes."""

from __future__ import annotations

import json
import random
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import kombu
import pytest
from jsonschema import Draft202012Validator

from shared import contracts
from shared.contracts import outgoing, schemas
from shared.contracts.examples import load
from shared.messaging.topology import INBOUND, declare, events_exchange
from tests.support import node
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.support.sending import Sender, sender
from tests.unit.contracts.events import INBOUND as EXAMPLES
from tests.unit.contracts.events import binary, structured

Message = tuple[bytes, str, dict[str, Any]]
Heard = Callable[[], list[tuple[str, dict[str, Any]]]]
Publish = Callable[[str, list[Message]], list[dict[str, Any]]]

REPORTS = {"vn.namtot.case.reported.v1", "vn.namtot.case.recorded.v1"}
REPORTED = {event["subject"] for name, event in EXAMPLES.items() if name in REPORTS}
PARKED = sum(
    contracts.TYPES[name].family == "case" and event["subject"] not in REPORTED for name, event in EXAMPLES.items()
)
"""Facts about cases whose report is not among the examples."""


def from_python(uri: str, messages: list[Message]) -> list[dict[str, Any]]:
    """What became of each message, as intake told its sender."""
    replies: dict[str, dict[str, Any]] = {}
    with kombu.Connection(uri) as connection, connection.channel() as channel:
        queue = kombu.Queue(f"reply-{uuid.uuid4()}", exclusive=True, durable=False)
        queue(channel).declare()
        producer = kombu.Producer(channel, exchange=INBOUND)
        for i, (body, kind, headers) in enumerate(messages):
            producer.publish(
                body, content_type=kind, content_encoding="utf-8", headers=headers, reply_to=queue.name,
                correlation_id=str(i), delivery_mode=2,
            )

        def take(message: kombu.Message) -> None:
            replies[message.properties["correlation_id"]] = json.loads(message.body)

        with kombu.Consumer(channel, [queue], on_message=take, no_ack=True):
            end = time.monotonic() + 60
            while len(replies) < len(messages) and time.monotonic() < end:
                try:
                    connection.drain_events(timeout=1)
                except socket.timeout:  # noqa: UP041 (kombu's own name for it)
                    continue
    assert len(replies) == len(messages)
    return [replies[str(i)] for i in range(len(messages))]


def from_node(uri: str, messages: list[Message]) -> list[dict[str, Any]]:
    wanted = [
        {"body": body.decode(), "contentType": kind, "headers": headers, "routingKey": ""}
        for body, kind, headers in messages
    ]
    asked = {"uri": uri, "exchange": INBOUND.name, "messages": wanted}
    return list(node.run("publish.mjs", stdin=json.dumps(asked)))


@pytest.fixture
def intake(amqp_uri: str, run_service: ServiceProcesses) -> Iterator[Sender]:
    run_service("intake")
    with sender(amqp_uri) as opened:
        yield opened


@pytest.fixture
def told(amqp_uri: str) -> Iterator[Heard]:
    """Everything that services publish from now on, as (routing key, event)."""
    with kombu.Connection(amqp_uri) as connection:
        declare(connection)
        exchanges = [events_exchange(service) for service in {one.service for one in outgoing.EVENTS.values()}]
        bindings = [kombu.binding(exchange, routing_key="#") for exchange in exchanges]
        queue = kombu.Queue("", bindings=bindings, exclusive=True, durable=False)
        bound = queue(connection.channel())
        bound.declare()

        def collected() -> list[tuple[str, dict[str, Any]]]:
            found = []
            while (message := bound.get(no_ack=True)) is not None:
                assert message.content_type == contracts.JSON
                key = message.delivery_info["routing_key"]
                assert message.delivery_info["exchange"] == f"{outgoing.EVENTS[key].service}.events"
                found.append((key, json.loads(message.body)))
            return found

        yield collected


CLIENTS = [pytest.param(from_python, id="python"), pytest.param(from_node, id="node", marks=pytest.mark.node)]
MODES = [pytest.param(structured, binary, id="structured"), pytest.param(binary, structured, id="binary")]


@pytest.mark.parametrize("publish", CLIENTS)
@pytest.mark.parametrize(("mode", "other"), MODES)
def test_every_example_is_applied_once_however_it_is_sent(
    publish: Publish, mode: Callable[..., Message], other: Callable[..., Message], intake: Sender, amqp_uri: str,
    told: Heard,
) -> None:
    events = list(EXAMPLES.values())
    random.shuffle(events)

    replies = publish(amqp_uri, [mode(event) for event in events])
    for event, reply in zip(events, replies, strict=True):
        schema_of_a_reply().validate(reply)
        assert (reply["source"], reply["id"], reply["outcome"]) == (event["source"], event["id"], "applied"), reply
        assert reply["record"] == contracts.record_id(event["subject"])
        outcome = intake.ask("outcome", source=event["source"], id=event["id"])
        assert (outcome["outcome"], outcome["record"]) == ("applied", reply["record"]), outcome
    count = len(events)
    intake.sent = count
    accounts = intake.settled(received=count, applied=count, duplicate=0, refused=0, parked=PARKED)
    assert accounts["balanced"] is True

    heard = told()
    assert {key for key, _ in heard} == {
        outgoing.CASE_CHANGED, outgoing.ACTIVITY_CHANGED, outgoing.DIRECTORY_CHANGED,
    }
    subjects = {event["subject"] for event in events}
    assert {event["subject"] for _, event in heard} == subjects
    as_the_contract_says(heard)

    # the same events in the other mode are the same events
    again = publish(amqp_uri, [other(event) for event in events])
    assert {reply["outcome"] for reply in again} == {"duplicate"}
    intake.sent = 2 * count
    intake.settled(received=2 * count, applied=count, duplicate=count, refused=0, parked=PARKED)
    assert told() == []


def schema_of_a_reply() -> Draft202012Validator:
    schema = schemas.components([outgoing.Outcome])["Outcome"]
    return Draft202012Validator(schema | {"additionalProperties": False})


def as_the_contract_says(heard: list[tuple[str, dict[str, Any]]]) -> None:
    for key, event in heard:
        assert event["type"] == key
        assert event.keys() == load()[key].keys(), "the example shows what is really sent"
        Draft202012Validator(schemas.of(key)).validate(event["data"])
    nothing_private_in(heard)


def nothing_private_in(heard: list[tuple[str, dict[str, Any]]]) -> None:
    text = json.dumps(heard, ensure_ascii=False)
    private = [word for event in EXAMPLES.values() for word in words(event["data"].get("private"))]
    assert len(private) > 8
    assert [word for word in private if word in text] == []


def words(value: Any) -> list[str]:
    """Every text of several words: names, addresses, what was said."""
    if isinstance(value, dict | list):
        return [one for inner in (value.values() if isinstance(value, dict) else value) for one in words(inner)]
    return [value] if isinstance(value, str) and " " in value else []


def test_a_refusal_is_told_to_its_sender_and_to_whoever_listens(
    intake: Sender, amqp_uri: str, told: Heard
) -> None:
    event = json.loads(json.dumps(EXAMPLES["vn.namtot.case.reported.v1"]))
    event["data"]["dispute"] = "Nguyễn Văn Kín"
    (reply,) = from_python(amqp_uri, [structured(event)])
    schema_of_a_reply().validate(reply)
    assert (reply["outcome"], reply["code"], reply["field"]) == ("refused", "data", "data.dispute")
    assert reply["reason"] == "not one of: civil, family, minor_violation, personal"
    assert reply["people"] == "Trường dữ liệu thiếu hoặc sai (data.dispute)"

    ((key, heard),) = eventually(told)
    assert key == outgoing.EVENT_REFUSED
    Draft202012Validator(schemas.of(key)).validate(heard["data"])
    assert heard.keys() == load()[key].keys()
    assert "Kín" not in json.dumps([reply, heard], ensure_ascii=False)

    event["data"]["dispute"] = "civil"
    (mended,) = from_python(amqp_uri, [structured(event)])
    assert mended["outcome"] == "applied"
    intake.sent = 2
    intake.settled(received=2, applied=1, refused=1)


def test_what_every_service_tells_is_as_the_contract_says(
    intake: Sender, run_service: ServiceProcesses, told: Heard, amqp_uri: str
) -> None:
    run_service("directory")
    run_service("evaluation", NAMTOT_SCHEME="hanoi-v2")
    wrong = {**EXAMPLES["vn.namtot.case.settled.v1"], "id": "wrong", "data": {"on": "soon"}}
    events = [*EXAMPLES.values(), wrong]
    from_python(amqp_uri, [structured(event) for event in events])
    intake.sent = len(events)
    intake.settled(applied=len(EXAMPLES), refused=1)
    heard: list[tuple[str, dict[str, Any]]] = []

    def every_type() -> bool:
        heard.extend(told())
        missing = set(outgoing.EVENTS) - {key for key, _ in heard}
        assert not missing, missing
        return True

    eventually(every_type, timeout=60)
    as_the_contract_says(heard)
