"""The keys by which events are recognised: who said it, what was said, and the bytes it came in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from shared.contracts.envelope import HEADER_PREFIXES, Envelope

_PREFIXES = tuple(prefix.lower() for prefix in HEADER_PREFIXES)


def entry_key(source: str, id: str) -> str:
    """The key of an event in the log: 32 hex digits of (source, id)."""
    return hashlib.sha256(f"{source}\0{id}".encode()).hexdigest()[:32]


def content_hash(envelope: Envelope) -> bytes:
    """32 bytes over what was said, in whichever mode it was sent."""
    head = "\0".join((envelope.type, envelope.subject, envelope.time or "", str(envelope.expectedversion or "")))
    return hashlib.sha256(head.encode() + b"\0" + bytes(envelope.data)).digest()


def raw_key(body: bytes, content_type: str | None, headers: Mapping[str, Any]) -> str:
    """The key of a refusal: 32 hex digits over the bytes as they came, so that a mended resend has
    another."""
    digest = hashlib.sha256((content_type or "").encode("utf-8", "replace"))
    for name in sorted(headers):
        if name.lower().startswith(_PREFIXES):
            digest.update(f"\0{name}\0{headers[name]!r}".encode("utf-8", "replace"))
    digest.update(b"\0\0")
    digest.update(body)
    return digest.hexdigest()[:32]
