"""A session is a signed cookie: who, until when, and for people of an identity provider their roles. No replica keeps sessions,
so any of them can read one; whoever signs out is remembered until the session would have ended anyway, by this replica.

A session is made anew at every sign-in and nothing of an earlier cookie enters it, so none can be planted on somebody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from shared.people import Held

COOKIE = "namtot_session"
SHORTEST_KEY = 32
LONGEST = 3800
"""Bytes that browsers keep in a cookie."""
_REMEMBERED = 10_000


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``until``: seconds since 1970. ``mark``: of the password by which a person of the people file signed in; ``roles``: of an
    identity provider's person, as (role, unit, team, from, to)."""

    id: str
    name: str
    shown: str
    until: int
    mark: str = ""
    roles: list[tuple[str, str, str, str, str]] | None = None


class KeyTrouble(ValueError):
    """The file of the session key cannot serve."""


def key_from(path: str) -> bytes:
    """The key in a file, or a fresh one where no file is named. Raise ``KeyTrouble``."""
    if not path:
        return secrets.token_bytes(SHORTEST_KEY)
    try:
        key = Path(path).read_bytes()
    except OSError as error:
        raise KeyTrouble(f"NAMTOT_SESSION_KEY_FILE={path} cannot be read: {error.strerror}") from None
    if len(key) < SHORTEST_KEY:
        raise KeyTrouble(f"NAMTOT_SESSION_KEY_FILE={path} holds {len(key)} bytes; at least {SHORTEST_KEY} are needed")
    return key


def mark_of(password_hash: str) -> str:
    """Tells one password from the next, without telling it."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


class Sessions:
    def __init__(self, key: bytes, minutes: int, clock: Callable[[], float]) -> None:
        self._key = hashlib.sha256(b"namtot session\0" + key).digest()
        self.seconds = minutes * 60
        self._clock = clock
        self._ended: OrderedDict[str, int] = OrderedDict()

    def begin(self, name: str, shown: str, *, mark: str = "", roles: list[Held] | None = None, until: int | None = None) -> str:
        """The cookie's value. ``until``: not longer than that. Raise ``ValueError`` for more roles than a cookie holds."""
        ends = int(self._clock()) + self.seconds
        rows = None if roles is None else [
            (r.role, r.unit, r.team, r.first.isoformat() if r.first else "", r.last.isoformat() if r.last else "") for r in roles
        ]
        session = Session(id=secrets.token_urlsafe(16), name=name, shown=shown, mark=mark, roles=rows,
                          until=min(ends, until) if until else ends)
        body = _encoded(msgspec.json.encode(session))
        value = f"{body}.{_encoded(self._signature(body))}"
        if len(value) > LONGEST:
            raise ValueError("more roles than a session can hold")
        return value

    def read(self, value: str) -> Session | None:
        """None for what was not signed here, is over, or was ended."""
        body, _, signature = value.partition(".")
        try:
            if not hmac.compare_digest(_decoded(signature), self._signature(body)):
                return None
            session = msgspec.json.decode(_decoded(body), type=Session)
        except (ValueError, msgspec.DecodeError, UnicodeError):
            return None
        if session.until <= self._clock() or session.id in self._ended:
            return None
        return session

    def end(self, session: Session) -> None:
        now = self._clock()
        while self._ended and (len(self._ended) >= _REMEMBERED or next(iter(self._ended.values())) <= now):
            self._ended.popitem(last=False)
        self._ended[session.id] = session.until

    def sign(self, purpose: str, value: dict[str, Any]) -> str:
        """Anything else that a browser keeps for us for a while."""
        body = _encoded(msgspec.json.encode({**value, "for": purpose}))
        return f"{body}.{_encoded(self._signature(body))}"

    def signed(self, purpose: str, value: str) -> dict[str, Any] | None:
        body, _, signature = value.partition(".")
        try:
            if not hmac.compare_digest(_decoded(signature), self._signature(body)):
                return None
            held = msgspec.json.decode(_decoded(body), type=dict[str, Any])
        except (ValueError, msgspec.DecodeError, UnicodeError):
            return None
        return held if held.get("for") == purpose else None

    def _signature(self, body: str) -> bytes:
        return hmac.new(self._key, body.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
