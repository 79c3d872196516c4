"""Reading one message, alone: what it is, before anything is stored. A bad message is found here and harms no neighbour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from services.intake.domain.entries import Entry, correction
from shared.contracts import (
    TYPES,
    Corrected,
    Envelope,
    Refusal,
    When,
    decode,
    is_unknown_version,
    read,
    record_id,
)
from shared.contracts.keys import content_hash, entry_key
from shared.contracts.when import enc_hook

NOTHING_PRIVATE = b""


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """An event that can enter the log. ``public``: JSON bytes without the private part; ``private``: JSON bytes for the vault, or
    empty. ``entry.data`` is None for a version that this release does not read: its whole data is private then."""

    entry: Entry
    record: str
    subject: str
    content: bytes
    expected: int | None
    public: bytes
    private: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An event that cannot. ``source``, ``id`` and ``type`` as far as they could be read; they may be anything."""

    refusal: Refusal
    source: str | None = None
    id: str | None = None
    type: str | None = None


Allowed = Callable[[str, str], bool]
"""(source, type) → whether the source may send the type."""


def inspect(
    body: bytes, content_type: str | None, headers: Mapping[str, Any], *, now: When, limit: When, max_body: int, allowed: Allowed
) -> Accepted | Refused:
    """``now``: when it arrived; ``limit``: what lies after it lies in the future. Never raises for anything a sender can send."""
    envelope: Envelope | None = None
    try:
        envelope = read(body, content_type, headers, max_body)
        if not allowed(envelope.source, envelope.type):
            raise Refusal("not_allowed", "source", f"{envelope.source} may not send {envelope.type}")
        if is_unknown_version(envelope.type):
            return _unread(envelope, now)
        return accept(envelope, decode(envelope, limit), now)
    except Refusal as refusal:
        if envelope is None:
            return Refused(refusal=refusal)
        return Refused(refusal=refusal, source=envelope.source, id=envelope.id, type=envelope.type)


def accept(envelope: Envelope, data: Any, now: When) -> Accepted:
    if isinstance(data, Corrected):
        # the replacement's private part is as private as the original's
        inner, private = parted(TYPES[data.of].decoder.decode(data.data))
        public = to_json(msgspec.structs.replace(data, data=msgspec.Raw(to_json(inner))))
        typed: Any = correction(data, inner)
    else:
        typed, private = parted(data)
        public = to_json(typed)
    entry = Entry(
        key=entry_key(envelope.source, envelope.id), source=envelope.source, id=envelope.id, type=envelope.type, on=data.on,
        time=envelope.time or now, data=typed,
    )
    return Accepted(
        entry=entry, record=record_id(envelope.subject), subject=envelope.subject, content=content_hash(envelope),
        expected=envelope.expectedversion, public=public, private=private,
    )


def parted(data: Any) -> tuple[Any, bytes]:
    """Data without its private part, and that part as JSON bytes (empty if there is none)."""
    private = getattr(data, "private", None)
    if private is None:
        return data, NOTHING_PRIVATE
    return msgspec.structs.replace(data, private=None), to_json(private)


def to_json(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value, enc_hook=enc_hook)
    except (OverflowError, ValueError, RecursionError) as error:
        # only `ext` can hold what JSON reads but nobody can keep: numbers beyond 64 bits, bottomless nesting
        raise Refusal("data", "data.ext", f"cannot be kept: {error}"[:300]) from None


def _unread(envelope: Envelope, now: When) -> Accepted:
    """A known type in a version of the future: kept whole, under lock, until a replica understands it."""
    entry = Entry(
        key=entry_key(envelope.source, envelope.id), source=envelope.source, id=envelope.id, type=envelope.type,
        on=envelope.time or now, time=envelope.time or now, data=None,
    )
    return Accepted(
        entry=entry, record=record_id(envelope.subject), subject=envelope.subject, content=content_hash(envelope),
        expected=envelope.expectedversion, public=b"", private=bytes(envelope.data),
    )
