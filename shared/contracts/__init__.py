"""The contract between namtot and the systems around it: types, envelope, reasons for refusal.

    read a message      envelope = contracts.read(body, content_type, headers)
    read its data       data = contracts.decode(envelope, limit)
    write an event      body = contracts.write(type=…, source=…, id=…, subject=…, data=…)
    what exists         contracts.TYPES
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from shared.contracts.envelope import JSON, MAX_BODY, STRUCTURED, Envelope, read, unreadable, write
from shared.contracts.errors import CODES, Refusal
from shared.contracts.fields import Fact, unfit
from shared.contracts.reasons import field_of
from shared.contracts.records import Corrected
from shared.contracts.registry import TYPES, EventType, first_future, is_unknown_version, short
from shared.contracts.when import VIETNAM, Day, When, dec_hook, enc_hook, moment

__all__ = [
    "CODES", "JSON", "MAX_BODY", "STRUCTURED", "TYPES", "VIETNAM",
    "Corrected", "Day", "Envelope", "EventType", "Refusal", "When",
    "dec_hook", "decode", "decode_data", "field_of", "from_builtins", "is_unknown_version", "moment", "read",
    "record_id", "short", "to_builtins", "write",
]


def record_id(subject: str) -> str:
    """The key of the case or record that a subject URI names: 32 hex digits."""
    return hashlib.sha256(subject.encode()).hexdigest()[:32]


def decode(envelope: Envelope, limit: When) -> Any:
    """The event's data as its type's struct. ``limit``: what lies after it lies in the future.

    Raise ``Refusal`` with code ``unknown_type``, ``data``, ``unreadable`` or ``future``. A correction's
    inner data is decoded to check it and stays raw. """
    event_type = TYPES.get(envelope.type)
    if event_type is None:
        raise Refusal("unknown_type", "type", f"{envelope.type!r} is not in the contract")
    if envelope.time is not None and envelope.time > limit:
        raise Refusal("future", "time", "lies in the future")
    data = decode_data(event_type, envelope.data, limit)
    if isinstance(data, Corrected):
        inner = TYPES.get(data.of)
        if inner is None or inner.family == "record":
            raise Refusal("data", "data.of", "not a type that can be corrected")
        decode_data(inner, data.data, limit, "data.data")
    return data


def decode_data(event_type: EventType, raw: msgspec.Raw, limit: When, at: str = "data") -> Any:
    try:
        data = event_type.decoder.decode(raw)
    except msgspec.ValidationError as error:
        field, reason = field_of(error, event_type.data)
        raise Refusal("data", f"{at}.{field}" if field else at, reason) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise unreadable(at, error) from None
    if isinstance(data, Fact) and data.ext:
        problem = unfit(data.ext)
        if problem is not None:
            raise Refusal("data", f"{at}.ext", problem)
    future = first_future(event_type, data, limit)
    if future is not None:
        raise Refusal("future", future.replace("data", at, 1), "lies in the future")
    return data


def to_builtins(value: Any) -> Any:
    """A struct as plain JSON values."""
    return msgspec.to_builtins(value, enc_hook=_plain)


def _plain(value: object) -> object:
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else enc_hook(value)


def from_builtins(value: Any, kind: Any) -> Any:
    return msgspec.convert(value, kind, dec_hook=dec_hook)
