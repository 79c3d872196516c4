"""CloudEvents 1.0 on the wire: structured (``application/cloudevents+json``) or binary (``cloudEvents:*`` headers, or the
``ce-*`` and ``cloudEvents_*`` spellings that other clients use).

Spec: CloudEvents 1.0.2, JSON event format and AMQP protocol binding. AMQP 0-9-1 has no binding of its own; RabbitMQ maps the
binding's application properties to headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared.contracts.errors import Refusal
from shared.contracts.fields import EventId, Uri
from shared.contracts.when import When, dec_hook, enc_hook

STRUCTURED = "application/cloudevents+json"
JSON = "application/json"
MAX_BODY = 1024 * 1024
"""Bytes. A ward's roster of 300 mediators takes about 80 KiB."""

HEADER_PREFIXES = ("cloudEvents:", "cloudEvents_", "ce-", "ce_")


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


def field_of(error: Exception) -> tuple[str, str]:
    """Split msgspec's message into the field's path and the reason: ``("data.on", "Expected `str`, got `int`")``."""
    text = str(error)
    reason, mark, path = text.rpartition(" - at `$")
    if not mark:
        # a missing or unknown field at the top is named in the message itself
        quoted = text.split("`")
        named = quoted[1] if "field `" in text and len(quoted) > 2 else ""
        return named, text
    path = path.rstrip("`").removeprefix(".")
    quoted = reason.split("`")
    if ("missing required field" in reason or "unknown field" in reason) and len(quoted) > 2:
        path = f"{path}.{quoted[1]}" if path else quoted[1]
    return path, reason


def read(body: bytes, content_type: str | None, headers: Mapping[str, Any], max_body: int = MAX_BODY) -> Envelope:
    """Decode one message. Raise ``Refusal`` with code ``too_large``, ``content_type``, ``unreadable`` or ``envelope``."""
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
        f"{content_type or 'no content type'} without cloudEvents headers; send {STRUCTURED}, or {JSON} with cloudEvents:* headers",
    )


def _read_structured(body: bytes) -> Envelope:
    try:
        envelope = _structured.decode(body)
    except msgspec.ValidationError as error:
        field, reason = field_of(error)
        raise Refusal("envelope", field, reason) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("unreadable", "", f"not JSON in UTF-8: {error}"[:300]) from None
    return _checked(envelope)


def _read_binary(body: bytes, kind: str, attributes: dict[str, Any]) -> Envelope:
    if kind != JSON:
        raise Refusal("content_type", "content_type", f"{kind or 'no content type'}; in binary mode the data is {JSON}")
    try:
        envelope = msgspec.convert({**attributes, "data": msgspec.Raw(body)}, Envelope, dec_hook=dec_hook, strict=False)
    except msgspec.ValidationError as error:
        field, reason = field_of(error)
        raise Refusal("envelope", field, reason) from None
    return _checked(envelope)


def _binary_attributes(headers: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in headers.items():
        for prefix in HEADER_PREFIXES:
            if key.lower().startswith(prefix.lower()):
                found[key[len(prefix):].lower()] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                break
    return found


def _checked(envelope: Envelope) -> Envelope:
    if envelope.specversion not in ("1.0", "1.0.0", "1.0.1", "1.0.2"):
        raise Refusal("envelope", "specversion", f"{envelope.specversion!r}; namtot reads CloudEvents 1.0")
    if envelope.datacontenttype and envelope.datacontenttype.split(";")[0].strip().lower() != JSON:
        raise Refusal("envelope", "datacontenttype", f"{envelope.datacontenttype!r}; data is {JSON}")
    if "://" not in envelope.subject or not envelope.subject.split("://", 1)[1].strip("/"):
        raise Refusal("envelope", "subject", "a globally unique URI with its authority is needed: scheme://authority/path")
    return envelope


def write(
    *, type: str, source: str, id: str, subject: str, data: Any, time: str | None = None, **extensions: Any
) -> bytes:
    """One event in structured mode, as bytes. ``data``: a struct of the contract or plain JSON values."""
    document: dict[str, Any] = {"specversion": "1.0", "id": id, "source": source, "type": type, "subject": subject}
    if time is not None:
        document["time"] = time
    document["datacontenttype"] = JSON
    document.update(extensions)
    document["data"] = data
    return msgspec.json.encode(document, enc_hook=enc_hook)
