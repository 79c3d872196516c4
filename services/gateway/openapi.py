"""What ``/openapi.json`` says of the door. Envelope and data are described from the contract's types, so they cannot drift."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from services.gateway.inbound import BATCH, BATCH_EVENTS
from shared.contracts import JSON, STRUCTURED, TYPES, short
from shared.contracts.when import schema_hook

_BOTH = {"type": "object", "properties": {"vi": {"type": "string"}, "en": {"type": "string"}}}
_TROUBLE = {
    "type": "object", "required": ["code", "reason", "next"],
    "properties": {"code": {"type": "string"}, "reason": _BOTH, "next": _BOTH},
}
_EVENT_HEAD = {"source": {"type": ["string", "null"]}, "id": {"type": ["string", "null"]}, "outcome": {"type": "string"}}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": schema}}}


def _event(outcome: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {**_EVENT_HEAD, "outcome": {"enum": outcome.split()}, **more}}


_APPLIED = _event("applied duplicate", {
    "record": {"type": "string", "description": "Key of the case or record"},
    "n": {"type": "integer", "description": "Its version after this event"}, "message": _BOTH,
})
_REFUSED = _event("refused", {
    "code": {"type": "string"}, "field": {"type": "string", "description": "Path of the field at fault"},
    "reason": _BOTH, "next": _BOTH,
})
_PENDING = _event("pending", {"status_url": {"type": "string"}, "message": _BOTH})

POST_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: _answer("Taken in, or had been taken in before", _APPLIED),
    202: _answer("Confirmed by the broker, outcome still to come: ask at `status_url`", _PENDING),
    207: _answer("A batch: one answer per event, in order, each with its own `status`", {
        "type": "object", "properties": {"events": {"type": "array", "items": {"type": "object"}}},
    }),
    400: _answer("The batch is not a JSON array; nothing was forwarded", _TROUBLE),
    401: _answer("The bearer token is missing or wrong", _TROUBLE),
    413: _answer("The body is too large, or the batch too long; nothing was forwarded", _TROUBLE),
    422: _answer("Refused, kept in the ledger with the reason; mend it and send it again", _REFUSED),
    503: _answer("The broker did not confirm, so nothing was accepted; send it again after `Retry-After`", _TROUBLE),
}
GET_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: _answer("The outcome: applied, duplicate or refused", {"anyOf": [_APPLIED, _REFUSED]}),
    401: POST_ANSWERS[401],
    404: _answer("The ledger does not know the event (yet)", _event("unknown", {"message": _BOTH})),
    503: _answer("Intake does not answer; ask again", _TROUBLE),
}

POST_EVENTS: dict[str, Any] = {
    "description": "A CloudEvent in structured or binary mode (attributes as `ce-*` headers, data as the body), or a batch of "
                   f"at most {BATCH_EVENTS} events. What is sent twice with the same source and id counts once.",
    "security": [{}, {"bearer": []}],
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED: {"schema": {"$ref": "#/components/schemas/CloudEvent"}},
            BATCH: {"schema": {
                "type": "array", "maxItems": BATCH_EVENTS, "items": {"$ref": "#/components/schemas/CloudEvent"},
            }},
            JSON: {"schema": {"type": "object", "description": "The data alone; its attributes are `ce-*` headers"}},
        },
    },
}
GET_OUTCOME: dict[str, Any] = {
    "description": "Also `/events/{source}/{id}` with the source URL-encoded.",
    "security": [{}, {"bearer": []}],
    "parameters": [
        {"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in ("source", "id")
    ],
}


@cache
def components() -> dict[str, Any]:
    """The schemas of an event of each type, and their parts."""
    reference = "#/components/schemas/{name}"
    _, parts = msgspec.json.schema_components(
        [kind.data for kind in TYPES.values()], schema_hook=schema_hook, ref_template=reference
    )
    events = {_name(kind.name): _event_schema(kind.name, kind.data, kind.summary) for kind in TYPES.values()}
    union = {
        "oneOf": [{"$ref": reference.format(name=name)} for name in events],
        "discriminator": {
            "propertyName": "type", "mapping": {kind: reference.format(name=_name(kind)) for kind in TYPES},
        },
    }
    return {**parts, **events, "CloudEvent": union}


def _name(kind: str) -> str:
    return f"event.{short(kind)}"


def _event_schema(kind: str, data: type, summary: str) -> dict[str, Any]:
    return {
        "type": "object", "title": summary, "required": ["specversion", "id", "source", "type", "subject", "data"],
        "properties": {
            "specversion": {"const": "1.0"}, "type": {"const": kind},
            "id": {"type": "string", "minLength": 1}, "source": {"type": "string", "format": "uri"},
            "subject": {"type": "string", "format": "uri", "description": "Globally unique URI of the case or record"},
            "time": {"type": "string", "format": "date-time"}, "datacontenttype": {"const": JSON},
            "expectedversion": {"type": "integer", "minimum": 0, "description": "Refuse if the record has another version"},
            "data": {"$ref": f"#/components/schemas/{data.__name__}"},
        },
    }


def extend(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's document with the contract's schemas and the bearer token."""
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {}).update(components())
    parts.setdefault("securitySchemes", {})["bearer"] = {"type": "http", "scheme": "bearer"}
    return document
