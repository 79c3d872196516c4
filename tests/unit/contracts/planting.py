"""A person planted in every private field of every event type, made from the contract's structs: a new type or field is planted,
too, without a word here. And the same person where the contract refuses it."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec import inspect

from services.intake.domain.inspection import Accepted
from services.intake.domain.inspection import inspect as read
from shared.contracts import STRUCTURED, TYPES, short
from tests.unit.contracts.events import INBOUND, NOW, places, put

SUBJECT = "https://planted.example/"


class Planted(NamedTuple):
    how: str
    body: bytes


def spellings(name: str, folded: str) -> tuple[str, ...]:
    return (
        name, name.upper(), unicodedata.normalize("NFD", name), unicodedata.normalize("NFD", name.upper()),
        folded, folded.upper(), folded.lower(),
    )


def private_parts() -> dict[str, inspect.StructType]:
    """By event type: what its private part is made of."""
    found = {}
    for name, type in TYPES.items():
        for field in inspect.type_info(type.data).fields:  # type: ignore[attr-defined]
            if field.encode_name == "private":
                kind = bare(field.type)
                assert isinstance(kind, inspect.StructType), name
                found[name] = kind
    return found


def bare(kind: Any) -> Any:
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        kind = kind.type if isinstance(kind, inspect.Metadata) else next(
            one for one in kind.types if not isinstance(one, inspect.NoneType)
        )
    return kind


def filled(kind: Any, name: str) -> Any:
    """A value of that type with the name in every text that takes one. ``name`` may be several spellings in a row."""
    kind = bare(kind)
    if isinstance(kind, inspect.StructType):
        return {field.encode_name: filled(field.type, name) for field in kind.fields}
    if isinstance(kind, inspect.ListType):
        return [filled(kind.item_type, name), filled(kind.item_type, f"bà {name}")]
    if isinstance(kind, inspect.DictType):
        return {name: filled(kind.value_type, name)}
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    if isinstance(kind, inspect.IntType):
        return kind.ge or 0
    if isinstance(kind, inspect.StrType):
        # a reference takes no name
        return "hgv-planted" if kind.pattern else name
    raise AssertionError(f"a private field of type {kind} needs a line here")


def accepted(name: str, run: str) -> Iterator[Planted]:
    """One event of each type with a private part, one that corrects it, and one in a version of the future."""
    for type, kind in private_parts().items():
        private = filled(kind, name)
        event = _own(type, f"{run}-{short(type)}")
        event["data"]["private"] = private
        yield Planted(f"{type}", _bytes(event))
        corrected = _own("vn.namtot.record.corrected.v1", f"{run}-{short(type)}-corrected")
        target = {"source": event["source"], "id": event["id"]}
        corrected |= {"subject": event["subject"]}
        corrected["data"] |= {"target": target, "of": type, "data": event["data"]}
        yield Planted(f"{type} corrected", _bytes(corrected))
        future = copy.deepcopy(event) | {"id": f"{run}-{short(type)}-v9", "type": type.removesuffix("1") + "9"}
        yield Planted(f"{type} of the future", _bytes(future))


def refused(name: str, run: str) -> Iterator[Planted]:
    """The name wherever the contract does not take it. Envelope fields that say who sent what (docs/privacy.md) are left out."""
    parts = private_parts()
    for type in TYPES:
        whole = _own(type, run)
        changes: dict[str, tuple[tuple[str | int, ...], Any]] = {
            "a number for a list": (("data", "private"), name),
            "the name as a field": (("data", name), name),
            "an unknown field": (("data", "ten"), {"deep": [name]}),
        }
        for path in places(whole["data"]):
            changes["at " + ".".join(map(str, path))] = ("data", *path), name
        if type in parts:
            private = filled(parts[type], name)
            changes["unknown beside it"] = ("data", "private"), private | {"ten": name}
            changes["as a field beside it"] = ("data", "private"), private | {name: name}
            for path in places(private):
                broken = copy.deepcopy(private)
                put(broken, path, {name: name})
                changes["private at " + ".".join(map(str, path))] = ("data", "private"), broken
        else:
            changes["where nothing is private"] = ("data", "private"), {"name": name}
        for how, (path, value) in changes.items():
            event = copy.deepcopy(whole) | {"id": f"{run}-{short(type)}-{len(how)}-{how.encode().hex()[:80]}"}
            put(event, path, value)
            body = _bytes(event)
            if not isinstance(inspected(body), Accepted):
                yield Planted(f"{type}: {how}", body)
    whole = _own("vn.namtot.case.reported.v1", f"{run}-envelope")
    whole["data"]["private"] = {"parties": [{"name": name}]}
    for field in ("time", "specversion", "datacontenttype", "expectedversion"):
        yield Planted(f"envelope: {field}", _bytes(whole | {field: name}))
    text = _bytes(whole)
    yield Planted("cut off", text[:-3])
    yield Planted("text", name.encode())
    yield Planted("UTF-16", text.decode().encode("utf-16"))


def inspected(body: bytes) -> Any:
    return read(body, STRUCTURED, {}, now=NOW, limit=NOW, max_body=2**20, allowed=lambda source, type: True)


def _own(type: str, id: str) -> dict[str, Any]:
    event = copy.deepcopy(INBOUND[type])
    return event | {"id": id, "subject": f"{SUBJECT}{id}"}


def _bytes(event: dict[str, Any]) -> bytes:
    return msgspec.json.encode(event)
