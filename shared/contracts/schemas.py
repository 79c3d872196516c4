"""JSON Schemas (draft 2020-12) of the contract, generated from its structs: what a schema says is what
intake checks.

    of(type)      the data of one event type, by itself
    event()       the envelope in structured mode
    files()       file name → schema, for ``namtot contract schemas``

A schema accepts everything that is taken in, and refuses all that it can: that nothing lies in the future
needs a clock, and that a period runs forward cannot be said in it. """

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from shared.contracts.cases import Placed
from shared.contracts.envelope import SPECVERSIONS, Envelope
from shared.contracts.outgoing import EVENTS, OutgoingType
from shared.contracts.records import Corrected
from shared.contracts.registry import TYPES, EventType
from shared.contracts.when import schema_hook

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE = "event"

Schema = dict[str, Any]

RULES: tuple[tuple[type[msgspec.Struct], Schema], ...] = (
    (Placed, {"anyOf": [{"required": ["team"]}, {"required": ["unit"]}]}),
)
"""What the structs check in code and a schema can say as well."""


def of(name: str) -> Schema:
    """The schema of one type's data. Raise ``KeyError`` for a type that the contract does not have."""
    one = known()[name]
    return _alone(one.data, f"urn:namtot:schema:{name}", one.summary)


def event() -> Schema:
    """The schema of a whole event in structured mode; its data is told by the schema of its type."""
    schema = _alone(Envelope, f"urn:namtot:schema:{ENVELOPE}", "An event: CloudEvents 1.0, structured mode")
    schema["properties"]["specversion"] = {"enum": list(SPECVERSIONS)}
    schema["properties"]["type"] = {"enum": list(TYPES)}
    schema["properties"]["data"] = {"type": "object"}
    return schema


def files() -> dict[str, Schema]:
    return {f"{ENVELOPE}.json": event(), **{f"{name}.json": of(name) for name in known()}}


@cache
def known() -> dict[str, EventType | OutgoingType]:
    """Every type by its name, inbound and outgoing."""
    return {**TYPES, **EVENTS}


def components(kinds: Iterable[type[msgspec.Struct]], template: str = "#/$defs/{name}") -> dict[str, Schema]:
    """Struct name → schema, of these structs and of all that they hold. ``template``: how one refers to
    another."""
    kinds = tuple(dict.fromkeys(kinds))
    references, found = msgspec.json.schema_components(kinds, schema_hook=schema_hook, ref_template=template)
    for kind, reference in zip(kinds, references, strict=True):
        schema = found[reference["$ref"].rpartition("/")[2]]
        for base, rule in RULES:
            if issubclass(kind, base):
                schema |= copy.deepcopy(rule)
        if kind is Corrected:
            schema["properties"]["data"] = {"type": "object", "description": "The data that is right, whole"}
    for schema in found.values():
        if "description" in schema:
            schema["description"] = prose(schema["description"])
    return found


def prose(docstring: str) -> str:
    """A docstring as Markdown."""
    return inspect.cleandoc(docstring).replace("``", "`")


def _alone(kind: type[msgspec.Struct], id: str, title: str) -> Schema:
    parts = components([kind])
    root = parts.pop(kind.__name__)
    schema = {"$schema": DIALECT, "$id": id, **root, "title": title}
    return {**schema, "$defs": parts} if parts else schema
