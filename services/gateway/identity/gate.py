"""Who stands at the door of the pages, and signing in and out.

Without an identity provider and without a people file nobody signs in: the pages are open as for development and demonstration,
and no private part is ever shown.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request

from services.gateway.identity.oidc import Known, Provider, Untrusted
from services.gateway.identity.policy import Entry, Sight, Where, acting, anywhere, may_enter, sight
from services.gateway.identity.sessions import COOKIE, Session, Sessions, key_from, mark_of
from services.gateway.identity.throttle import Throttle
from shared.people import Held, reads_private
from shared.people.file import PeopleError, Person, read, verify
from shared.settings import Settings

log = logging.getLogger(__name__)

HASHING_AT_ONCE = 2
HASHING_WAIT = 20
"""Argon2 takes memory and a core: so many sign-ins are checked at a time, so many more may wait."""


class Who(NamedTuple):
    """Somebody who is signed in. ``session``: None for a bearer token."""

    name: str
    shown: str
    roles: tuple[Held, ...]
    session: Session | None = None

    def may_enter(self, entry: Entry, day: dt.date) -> bool:
        return may_enter(entry, self.roles, day)

    def acting(self, name: str, where: Where, day: dt.date) -> Held | None:
        return acting(name, self.roles, where, day)

    def anywhere(self, name: str, day: dt.date) -> bool:
        return anywhere(name, self.roles, day)

    def sight(self, day: dt.date) -> Sight:
        return sight(self.roles, day)

    def reads(self, where: Where, day: dt.date) -> Held | None:
        return reads_private(self.roles, where.unit, where.team, day)

    def now(self, day: dt.date) -> list[Held]:
        return [one for one in self.roles if one.holds(day)]


class Busy(Exception):
    """Too many people sign in at this moment."""


class Gate:
    """Raise ``KeyTrouble`` or ``PeopleError`` for settings that cannot serve."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.sessions = Sessions(key_from(settings.session_key_file), settings.session_minutes, clock)
        self.throttle = Throttle(clock)
        self.provider = Provider(settings) if settings.oidc_issuer and settings.oidc_client_id else None
        self.secure = settings.public_url.startswith("https://")
        self._path = Path(settings.people_file) if settings.people_file else None
        self._people: dict[str, Person] = {}
        self._stamp: tuple[int, int, int] | None = None
        self._hashing = asyncio.Semaphore(HASHING_AT_ONCE)
        self._waiting = 0
        if self._path is not None:
            self._people = read(self._path)
            self._stamp = _stamp(self._path)

    @property
    def asks(self) -> bool:
        """Whether people sign in at all."""
        return self.provider is not None or self._path is not None

    @property
    def by_password(self) -> bool:
        return self._path is not None

    async def who(self, request: Request) -> Who | None:
        if not self.asks:
            return None
        if (session := self.sessions.read(request.cookies.get(COOKIE, ""))) is not None:
            return self._of(session)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if self.provider is None or scheme.lower() != "bearer" or token.count(".") != 2:
            return None
        try:
            known = await self.provider.bearer(token.strip())
        except Untrusted as error:
            log.info("a bearer token is not believed: %s", error)
            return None
        return Who(known.name, known.shown, tuple(known.roles))

    async def sign_in(self, name: str, password: str) -> str | None:
        """The session's cookie, or None. Raise ``Busy``."""
        if self._waiting >= HASHING_WAIT:
            raise Busy
        self._waiting += 1
        try:
            async with self._hashing:
                person = self.people().get(name)
                right = await asyncio.to_thread(verify, person, password)
        finally:
            self._waiting -= 1
        if not right or person is None:
            return None
        return self.sessions.begin(person.name, person.shown, mark=mark_of(person.password))

    def known(self, known: Known) -> str:
        """The cookie of somebody whom the provider knows."""
        return self.sessions.begin(known.name, known.shown, roles=known.roles, until=known.until)

    def people(self) -> dict[str, Person]:
        """As the file has them now; one that cannot be read lets nobody in."""
        if self._path is None:
            return {}
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            try:
                self._people = read(self._path)
            except PeopleError as error:
                log.error("nobody can sign in: %s", error)
                self._people = {}
            self._stamp = stamp
        return self._people

    def _of(self, session: Session) -> Who | None:
        if session.roles is not None:
            roles = (Held(role, unit, team, _day(first), _day(last)) for role, unit, team, first, last in session.roles)
            return Who(session.name, session.shown, tuple(roles), session) if self.provider is not None else None
        person = self.people().get(session.name)
        if person is None or mark_of(person.password) != session.mark:
            return None
        return Who(person.name, person.shown, person.roles, session)


def told(held: Iterable[Held]) -> list[str]:
    """The roles as an audit entry names them."""
    return [one.role + (f"@{place}" if (place := one.team or one.unit) else "") for one in held]


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
