"""The AsyncAPI 3.0 document of the contract, generated from its types, its examples and the broker's
topology.

Spec: https://www.asyncapi.com/docs/reference/specification/v3.0.0; AMQP 0-9-1 bindings 0.3.0.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import msgspec

from shared.contracts import JSON, STRUCTURED, TYPES, short
from shared.contracts.envelope import SPECVERSIONS, Envelope
from shared.contracts.examples import load
from shared.contracts.outgoing import EVENTS, Outcome
from shared.contracts.schemas import components, known, prose
from shared.messaging import topology

Node = dict[str, Any]
BINDING = "0.3.0"
BINARY = "cloudEvents:"

ABOUT = """\
What systems around grassroots mediation (hòa giải ở cơ sở) tell namtot, and what namtot tells them.

Send an event to the exchange `namtot.inbound` as a CloudEvent 1.0: structured
(`application/cloudevents+json`), or binary with its attributes in headers `cloudEvents:*`. Every delivery
ends in exactly one of *applied*, *duplicate*, *refused*; with a `reply_to` you are told which. Sending the
same event (source and id) again does no harm. What identifies a person stands in `data.private` and never
leaves namtot. """


def document() -> Node:
    services = list(dict.fromkeys(one.service for one in EVENTS.values()))
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "namtot", "version": version("namtot"), "description": ABOUT},
        "defaultContentType": STRUCTURED,
        "servers": {
            "broker": {
                "host": "localhost:5672", "pathname": "/", "protocol": "amqp", "protocolVersion": "0-9-1",
                "description": "RabbitMQ 3.10 or newer; the address is that of your installation.",
            }
        },
        "channels": {
            "inbound": _inbound("normal", "Any routing key but `urgent` leads to the same queue."),
            "inboundUrgent": _inbound(topology.URGENT, "What cannot wait: danger, domestic violence."),
            "outcome": {
                "address": None, "description": "The queue that the sender named in `reply_to`.",
                "messages": {"outcome": {"$ref": "#/components/messages/outcome"}},
            },
            **{f"{service}Events": _events(service) for service in services},
        },
        "operations": {
            "takeInbound": _take("inbound", "Take in an event"),
            "takeUrgent": _take("inboundUrgent", "Take in an event that cannot wait"),
            **{f"tell{service.capitalize()}Events": _tell(service) for service in services},
        },
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _inbound(key: str, description: str) -> Node:
    names = [name for one in TYPES for name in (short(one), f"{short(one)}.binary")]
    return {
        "address": key, "description": description, "messages": _references(names),
        "bindings": {"amqp": _routing(topology.INBOUND.name, topology.INBOUND.type)},
    }


def _events(service: str) -> Node:
    names = [name for name, one in EVENTS.items() if one.service == service]
    exchange = topology.events_exchange(service)
    return {
        "address": "{type}",
        "description": "The present state, at least once: apply it if its `n` is newer than what you hold.",
        "parameters": {"type": {"description": "The event's type; bind with * and #", "enum": names}},
        "messages": _references(names),
        "bindings": {"amqp": _routing(exchange.name, exchange.type)},
    }


def _routing(exchange: str, kind: str) -> Node:
    about = {"name": exchange, "type": kind, "durable": True, "autoDelete": False}
    return {"is": "routingKey", "exchange": about, "bindingVersion": BINDING}


def _take(channel: str, summary: str) -> Node:
    return {
        "action": "receive", "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary,
        "bindings": {"amqp": {"deliveryMode": 2, "ack": True, "bindingVersion": BINDING}},
        "reply": {
            "address": {"location": "$message.header#/reply_to"}, "channel": {"$ref": "#/channels/outcome"},
        },
    }


def _tell(service: str) -> Node:
    return {
        "action": "send", "channel": {"$ref": f"#/channels/{service}Events"},
        "summary": f"Tell what changed in {service}",
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": BINDING}},
    }


def _references(names: list[str]) -> Node:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _messages() -> Node:
    examples = load()
    messages: Node = {}
    for name, one in TYPES.items():
        about = {"title": one.summary, "tags": [{"name": one.family}], **_description(one.data)}
        event = examples[name]
        messages[short(name)] = {
            "name": name, **about, "contentType": STRUCTURED,
            "payload": _whole(name, one.data), "examples": [{"name": short(name), "payload": event}],
        }
        headers = {f"{BINARY}{key}": event[key] for key in event if key not in ("data", "datacontenttype")}
        messages[f"{short(name)}.binary"] = {
            "name": name, **about, "contentType": JSON,
            "headers": {
                "allOf": [
                    {"$ref": "#/components/schemas/BinaryHeaders"},
                    {"type": "object", "properties": {f"{BINARY}type": {"const": name}}},
                ]
            },
            "payload": _reference(one.data),
            "examples": [{"name": f"{short(name)}.binary", "headers": headers, "payload": event["data"]}],
        }
    for name, told in EVENTS.items():
        messages[name] = {
            "name": name, "title": told.summary, **_description(told.data), "contentType": JSON,
            "payload": _whole(name, told.data), "examples": [{"name": name, "payload": examples[name]}],
        }
    messages["outcome"] = {
        "name": "outcome", "title": "What became of a delivery", **_description(Outcome), "contentType": JSON,
        "correlationId": {"location": "$message.header#/correlation_id"}, "payload": _reference(Outcome),
    }
    return messages


def _description(kind: type[msgspec.Struct]) -> Node:
    return {"description": prose(kind.__doc__)} if kind.__doc__ else {}


def _reference(kind: type[msgspec.Struct]) -> Node:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _whole(name: str, kind: type[msgspec.Struct]) -> Node:
    properties = {"type": {"const": name}, "data": _reference(kind)}
    return {"allOf": [_reference(Envelope), {"type": "object", "properties": properties}]}


def _schemas() -> Node:
    kinds: list[type[msgspec.Struct]] = [Envelope, Outcome, *(one.data for one in known().values())]
    found = components(kinds, "#/components/schemas/{name}")
    envelope = found["Envelope"]["properties"]
    envelope["specversion"] = {"enum": list(SPECVERSIONS)}
    envelope["data"] = {"type": "object"}
    names = [name for name in envelope if name not in ("data", "datacontenttype")]
    found["BinaryHeaders"] = {
        "title": "BinaryHeaders", "type": "object",
        "description": "The attributes in binary mode. Headers `ce-*` and `cloudEvents_*` are read as well.",
        "properties": {f"{BINARY}{name}": envelope[name] for name in names},
        "required": [f"{BINARY}{name}" for name in found["Envelope"]["required"] if name in names],
    }
    plain: Node = _plain(found)
    return plain


def _plain(schema: Any) -> Any:
    """AsyncAPI's own schema dialect is draft 7, which writes a tuple as ``items``."""
    if isinstance(schema, list):
        return [_plain(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: _plain(inner) for key, inner in schema.items()}
    if "prefixItems" in schema:
        schema |= {"items": schema.pop("prefixItems"), "additionalItems": False}
    return schema
