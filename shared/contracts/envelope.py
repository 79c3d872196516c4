"""CloudEvents 1.0 on the wire: structured (``application/cloudevents+json``) or binary (``cloudEvents:*``
headers, or the ``ce-*`` and ``cloudEvents_*`` spellings that other clients use).

Spec: CloudEvents 1.0.2, JSON event format and AMQP protocol binding. AMQP 0-9-1 has no binding of its own;
RabbitMQ maps the binding's application properties to headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.errors import Refusal
from shared.contracts.fields import EventId, Uri
from shared.contracts.reasons import field_of
from shared.contracts.when import When, dec_hook, enc_hook

STRUCTURED = "application/cloudevents+json"
JSON = "application/json"
MAX_BODY = 1024 * 1024
"""Bytes. A ward's roster of 300 mediators takes about 80 KiB."""

SPECVERSIONS = ("1.0", "1.0.0", "1.0.1", "1.0.2")
HEADER_PREFIXES = ("cloudevents:", "cloudevents_", "ce-", "ce_")


class Envelope(msgspec.Struct, kw_only=True, frozen=True):
    """The attributes that namtot reads. Others pass unread (CloudEvents extensions)."""

    specversion: str
    id: EventId
    source: Uri
    type: Annotated[str, Meta(min_length=1, max_length=200)]
    subject: Uri
    data: msgspec.Raw
    time: When | None = None
    datacontenttype: str | None = None
    expectedversion: Annotated[int, Meta(ge=0)] | None = None


_structured = msgspec.json.Decoder(Envelope, dec_hook=dec_hook)


def read(
    body: bytes, content_type: str | None, headers: Mapping[Any, Any], max_body: int = MAX_BODY
) -> Envelope:
    """Decode one message. Raise ``Refusal``: ``too_large``, ``content_type``, ``unreadable`` or
    ``envelope``."""
    if len(body) > max_body:
        raise Refusal("too_large", "", f"the body has {len(body)} bytes; at most {max_body} are taken")
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind == STRUCTURED:
        return _read_structured(body)
    attributes = _binary_attributes(headers)
    if attributes:
        return _read_binary(body, kind, attributes)
    raise Refusal(
        "content_type", "content_type",
        f"{named(kind)} without cloudEvents headers; send {STRUCTURED}, or {JSON} with cloudEvents:* headers",
    )


def named(kind: str) -> str:
    return repr(kind[:100]) if kind else "no content type"


def _read_structured(body: bytes) -> Envelope:
    try:
        envelope = _structured.decode(body)
    except msgspec.ValidationError as error:
        raise Refusal("envelope", *field_of(error, Envelope)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise unreadable("", error) from None
    return _checked(envelope)


def unreadable(field: str, error: Exception) -> Refusal:
    return Refusal("unreadable", field, f"not JSON in UTF-8: {error}"[:300])


def _read_binary(body: bytes, kind: str, attributes: dict[str, str | int]) -> Envelope:
    if kind != JSON:
        raise Refusal("content_type", "content_type", f"{named(kind)}; in binary mode the data is {JSON}")
    try:
        envelope = msgspec.convert({**attributes, "data": msgspec.Raw(body)}, Envelope, dec_hook=dec_hook, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal("envelope", *field_of(error, Envelope)) from None
    return _checked(envelope)


def _binary_attributes(headers: Mapping[Any, Any]) -> dict[str, str | int]:
    """The CloudEvents attributes among a message's headers. A client's table may hold anything: names and
    values that are no text arrive as bytes."""
    found: dict[str, str | int] = {}
    for key, value in headers.items():
        name = key.lower() if isinstance(key, str) else ""
        prefix = next((p for p in HEADER_PREFIXES if name.startswith(p)), None)
        if prefix is None:
            continue
        name = name.removeprefix(prefix)
        if name not in Envelope.__struct_fields__:
            continue
        text = _text(name, value)
        if found.setdefault(name, text) != text:
            raise Refusal("envelope", name, "two headers name this attribute and differ")
    return found


def _text(name: str, value: Any) -> str | int:
    try:
        if isinstance(value, bytes):
            return value.decode()
        if isinstance(value, str):
            value.encode()
    except UnicodeError:
        raise Refusal("envelope", name, "the header is not text in UTF-8") from None
    if not isinstance(value, str | int):
        raise Refusal("envelope", name, "the header is not text")
    return value


def _checked(envelope: Envelope) -> Envelope:
    if envelope.specversion not in SPECVERSIONS:
        raise Refusal("envelope", "specversion", f"{envelope.specversion[:9]!r}; CloudEvents 1.0 is read")
    kind = (envelope.datacontenttype or JSON).split(";")[0].strip().lower()
    if kind != JSON:
        raise Refusal("envelope", "datacontenttype", f"{named(kind)}; data is {JSON}")
    if "://" not in envelope.subject or not envelope.subject.split("://", 1)[1].strip("/"):
        raise Refusal(
            "envelope", "subject",
            "a globally unique URI with its authority is needed: scheme://authority/path",
        )
    return envelope


def write(
    *, type: str, source: str, id: str, subject: str, data: Any, time: str | None = None, **extensions: Any
) -> bytes:
    """One event in structured mode, as bytes. ``data``: a struct of the contract or plain JSON values."""
    document: dict[str, Any] = {
        "specversion": "1.0", "id": id, "source": source, "type": type, "subject": subject,
    }
    if time is not None:
        document["time"] = time
    document["datacontenttype"] = JSON
    document.update(extensions)
    document["data"] = data
    return msgspec.json.encode(document, enc_hook=enc_hook)
