"""From an HTTP request to the messages that intake takes in: bytes as they came, attributes as AMQP headers. Nothing here judges
an event; only what cannot be forwarded at all is turned away.

CloudEvents 1.0.2, HTTP protocol binding (structured, binary, batched).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec

from shared.contracts import STRUCTURED
from shared.messaging import topology

BATCH = "application/cloudevents-batch+json"
BATCH_BODIES = 8
"""A batch's body may be so many times as large as one event's."""
BATCH_EVENTS = 1000
_SHORT = 200
"""AMQP keeps header names and the content type in 255 bytes."""


class CannotForward(Exception):
    """``code``: a word of the door's own (see words/*.yaml, ``door``)."""

    def __init__(self, code: str, status: int, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.values = values


class Inbound(NamedTuple):
    """One message for ``namtot.inbound``. ``source`` and ``id`` only where they can be read."""

    body: bytes
    content_type: str | None
    headers: dict[str, Any]
    routing_key: str
    source: str | None
    id: str | None


class _Outline(msgspec.Struct):
    source: Any = None
    id: Any = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Data(msgspec.Struct):
    urgent: Any = None


_outline = msgspec.json.Decoder(_Outline)
_data = msgspec.json.Decoder(_Data)
_batch = msgspec.json.Decoder(list[msgspec.Raw])
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def media_type(content_type: str | None) -> str:
    return (content_type or "").split(";")[0].strip().lower()


def single(body: bytes, content_type: str | None, headers: Iterable[tuple[str, str]]) -> Inbound:
    """One event, structured or binary; whatever it is, intake says what is wrong with it."""
    if content_type is not None and len(content_type.encode()) > _SHORT:
        raise CannotForward("header_too_long", 431, name="content-type")
    if media_type(content_type) == STRUCTURED:
        return _structured(body, content_type)
    attributes = _attributes(headers)
    return Inbound(
        body, content_type, {f"cloudEvents:{name}": value for name, value in attributes.items()},
        topology.URGENT if _urgent(body) else "", attributes.get("source"), attributes.get("id"),
    )


def batch(body: bytes) -> list[Inbound]:
    """Each element of the array as an event of its own, byte by byte. A broken element is forwarded too and harms no other."""
    try:
        elements = [bytes(element) for element in _batch.decode(body)]
    except _UNREADABLE:
        elements = split(body)
    if len(elements) > BATCH_EVENTS:
        raise CannotForward("batch_too_long", 413, most=BATCH_EVENTS, found=len(elements))
    return [_structured(element, STRUCTURED) for element in elements]


# possessive, and a string that never ends is one token: so that no body makes the search start over and over
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)


def split(body: bytes) -> list[bytes]:
    """The elements of an array of which some are not JSON, or nested too deep for a parser: cut at its outermost commas.

    Raise ``CannotForward`` where there is no array to cut.
    """
    stripped = body.strip()
    if not (stripped.startswith(b"[") and stripped.endswith(b"]")):
        raise CannotForward("batch_not_array", 400)
    depth, start, elements = 0, 1, []
    for token in _TOKEN.finditer(stripped):
        mark = token.group()
        if mark in (b"[", b"{"):
            depth += 1
        elif mark in (b"]", b"}"):
            depth -= 1
            if depth == 0:
                if token.end() != len(stripped):
                    raise CannotForward("batch_not_array", 400)
                elements.append(stripped[start:token.start()])
        elif mark == b"," and depth == 1:
            elements.append(stripped[start:token.start()])
            start = token.end()
    if depth != 0:
        raise CannotForward("batch_not_array", 400)
    elements = [element.strip() for element in elements]
    return [] if elements == [b""] else elements


def _structured(body: bytes, content_type: str | None) -> Inbound:
    try:
        outline = _outline.decode(body)
    except _UNREADABLE:
        return Inbound(body, content_type, {}, "", None, None)
    return Inbound(
        body, content_type, {}, topology.URGENT if _urgent(bytes(outline.data)) else "", _text(outline.source), _text(outline.id)
    )


def _urgent(data: bytes) -> bool:
    try:
        urgent = _data.decode(data).urgent
    except _UNREADABLE:
        return False
    return isinstance(urgent, list) and bool(urgent)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 1000 else None


def _attributes(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """``ce-*`` headers by attribute name. HTTP carries other characters than ASCII percent-encoded (binding, 3.1.3.2)."""
    found: dict[str, str] = {}
    for name, value in headers:
        if not name.lower().startswith("ce-"):
            continue
        attribute = name[3:].lower()
        if len(attribute) > _SHORT:
            raise CannotForward("header_too_long", 431, name=f"{name[:40]}…")
        try:
            plain = unquote_to_bytes(value).decode("utf-8")
        except UnicodeDecodeError:
            plain = value
        found[attribute] = f"{found[attribute]}, {plain}" if attribute in found else plain
    return found
