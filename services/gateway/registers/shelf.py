"""Workbooks between two pages: while a question about one is answered, and until its marked copy is fetched.

In this process's memory alone, since they may hold names, for a short time, and only for whoever brought them. What is gone is
asked for again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

SECONDS = 30 * 60
MOST_BYTES = 64 * 1024 * 1024


class Kept(NamedTuple):
    """``until``: by the shelf's clock."""

    body: bytes
    name: str
    who: str
    until: float


class Shelf:
    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_BYTES) -> None:
        self._kept: dict[str, Kept] = {}
        self._clock = clock
        self._most = most

    def put(self, body: bytes, name: str, who: str) -> str:
        """A token for it; "" where it is too large for the shelf. The oldest make room."""
        self._tidy()
        if len(body) > self._most:
            return ""
        while self._kept and sum(len(one.body) for one in self._kept.values()) + len(body) > self._most:
            self._kept.pop(next(iter(self._kept)))
        token = secrets.token_urlsafe(24)
        self._kept[token] = Kept(body, name, who, self._clock() + SECONDS)
        return token

    def get(self, token: str, who: str) -> Kept | None:
        self._tidy()
        found = self._kept.get(token)
        return found if found is not None and found.who == who else None

    def _tidy(self) -> None:
        now = self._clock()
        for token in [token for token, one in self._kept.items() if one.until <= now]:
            del self._kept[token]
