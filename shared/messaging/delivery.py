"""One message as it came from a queue, and the events that services exchange."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from shared.contracts import Refusal, dec_hook, field_of


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    body: bytes
    content_type: str | None = None
    headers: Mapping[str, Any] = msgspec.field(default_factory=dict)
    routing_key: str = ""
    redelivered: bool = False
    returns: int = 0
    """How often the broker got it back from a reader that did not finish; 0 at its first delivery."""
    queue: str = ""
    reply_to: str | None = None
    correlation_id: str | None = None
    published_at: float | None = None
    """Seconds since 1970, where the sender or the broker stamped the message."""


class _Outline(msgspec.Struct):
    type: str
    data: msgspec.Raw


_outline = msgspec.json.Decoder(_Outline)


def read_event(delivery: Delivery, events: Mapping[str, type]) -> tuple[str, Any]:
    """The type and data of an event that another service published. Raise ``Refusal`` if it is none of ``events``.

    Unknown fields pass: a newer service may say more than an older one understands.
    """
    try:
        outline = _outline.decode(delivery.body)
        kind = events.get(outline.type)
        if kind is None:
            raise Refusal("unknown_type", "type", f"{outline.type!r} is not expected here")
        return outline.type, msgspec.json.decode(outline.data, type=kind, dec_hook=dec_hook)
    except msgspec.ValidationError as error:
        where, reason = field_of(error)
        raise Refusal("data", where, reason) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("unreadable", "", str(error)[:300]) from None
