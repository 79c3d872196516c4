"""The AsyncAPI document: valid by the project's own parser, complete, and true to the broker's topology."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from shared import contracts
from shared.contracts import outgoing, short
from shared.contracts.asyncapi import document
from shared.messaging import topology
from tests.support import node

ERROR = 0


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return dict(json.loads(json.dumps(document())))


@pytest.mark.node
def test_the_parser_of_asyncapi_accepts_it(written: dict[str, Any]) -> None:
    found = node.run("parse.mjs", stdin=json.dumps(written))
    assert [one for one in found["diagnostics"] if one["severity"] == ERROR] == []
    assert [one for one in found["diagnostics"] if "latest-version" not in one["code"]] == []
    assert found["valid"] and found["version"] == "3.0.0"
    assert found["messages"] == 2 * len(contracts.TYPES) + len(outgoing.EVENTS) + 1


@pytest.mark.node
def test_the_parser_would_find_what_is_broken(written: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(written))
    broken["operations"]["takeInbound"]["action"] = "eat"
    broken["channels"]["inbound"]["messages"]["case.settled"]["$ref"] = "#/components/messages/none"
    found = node.run("parse.mjs", stdin=json.dumps(broken))
    codes = {one["code"] for one in found["diagnostics"] if one["severity"] == ERROR}
    assert "invalid-ref" in codes
    assert any("eat" in one["message"] or one["path"][-1] == "action" for one in found["diagnostics"])


def test_twice_generated_is_the_same(written: dict[str, Any]) -> None:
    assert json.loads(json.dumps(document())) == written


def test_every_type_is_in_it_in_both_modes(written: dict[str, Any]) -> None:
    sent = set(written["channels"]["inbound"]["messages"])
    assert sent == {f"{short(name)}{mode}" for name in contracts.TYPES for mode in ("", ".binary")}
    assert set(written["channels"]["inboundUrgent"]["messages"]) == sent
    told = {
        name for key, channel in written["channels"].items() if key.endswith("Events") for name in channel["messages"]
    }
    assert told == set(outgoing.EVENTS)
    for one in written["components"]["messages"].values():
        assert one["title"]
        if one["name"] != "outcome":
            assert one["examples"]


def test_channels_are_the_brokers(written: dict[str, Any]) -> None:
    exchanges = {one.name: one for one in (topology.INBOUND, *map(topology.events_exchange, SERVICES))}
    told = {}
    for channel in written["channels"].values():
        if "bindings" in channel:
            exchange = channel["bindings"]["amqp"]["exchange"]
            told[exchange["name"]] = exchange
    assert set(told) == set(exchanges)
    for name, exchange in told.items():
        real = exchanges[name]
        assert (exchange["type"], exchange["durable"]) == (real.type, real.durable)
    assert written["channels"]["inboundUrgent"]["address"] == topology.URGENT
    assert written["channels"]["inbound"]["address"] != topology.URGENT


SERVICES = ("intake", "directory", "evaluation")


def fits(message: dict[str, Any], side: str, parts: dict[str, Any], value: Any) -> bool:
    """By draft 7, AsyncAPI's dialect. Its references start at the document's root."""
    return Draft7Validator({**message[side], "components": parts}).is_valid(value)


def test_each_example_fits_its_own_message_and_no_other(written: dict[str, Any]) -> None:
    """The parser does not look at the examples of version 3."""
    parts = written["components"]
    seen = 0
    for name, message in parts["messages"].items():
        other = parts["messages"]["case.linked.binary" if name.endswith(".binary") else "case.linked"]
        for example in message.get("examples", []):
            for side in example.keys() & {"payload", "headers"}:
                assert fits(message, side, parts, example[side]), (name, side)
                if other["name"] != message["name"]:
                    assert not fits(other, side, parts, example[side]), (name, side)
                seen += 1
    assert seen == 3 * len(contracts.TYPES) + len(outgoing.EVENTS)


def test_no_keyword_of_a_newer_draft_is_left(written: dict[str, Any]) -> None:
    text = json.dumps(written["components"]["schemas"])
    for keyword in ("prefixItems", "$defs", "unevaluatedProperties", "dependentRequired"):
        assert keyword not in text
    for schema in written["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)


def test_nothing_in_it_belongs_to_one_installation(written: dict[str, Any]) -> None:
    hosts = [server["host"] for server in written["servers"].values()]
    assert hosts == ["localhost:5672"]
