"""The systems that may send events: what each may send, and whom to tell when something of theirs is refused.

    unlisted: accept            # or refuse: only the sources below may send
    sources:
      - source: https://ihanoi.example/       # a source attribute, or the beginning of one when it ends in "/"
        types: ["case.*", "situation.noted"]  # short types, "*" stands for anything; left out: all
        contact: "mailto:ops@ihanoi.example"  # optional
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from shared.contracts import short
from shared.rulebooks.plain import UnreadableError, load_plain, stumbled
from shared.settings import SettingsError


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    types: tuple[str, ...] = ("*",)
    contact: str | None = None

    def covers(self, source: str) -> bool:
        return source == self.source or (self.source.endswith("/") and source.startswith(self.source))


class Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without a file every source may send every type and nobody is told."""

    unlisted: Literal["accept", "refuse"] = "accept"
    sources: tuple[Source, ...] = ()

    def find(self, source: str) -> Source | None:
        """The entry with the longest matching source."""
        return max((s for s in self.sources if s.covers(source)), key=lambda s: len(s.source), default=None)

    def allows(self, source: str, type: str) -> bool:
        entry = self.find(source)
        if entry is None:
            return self.unlisted == "accept"
        return any(fnmatchcase(short(type), pattern) for pattern in entry.types)

    def contact(self, source: str) -> str | None:
        entry = self.find(source)
        return entry.contact if entry else None


def load_sources(path: str) -> Sources:
    """Read ``NAMTOT_SOURCES_FILE``. Raise ``SettingsError`` naming the file and what is wrong in it."""
    if not path:
        return Sources()
    try:
        loaded = load_plain(Path(path))
        return msgspec.convert(loaded or {}, Sources)
    except OSError as error:
        raise SettingsError(f"NAMTOT_SOURCES_FILE={path!r} cannot be read: {error.strerror}") from None
    except (UnreadableError, msgspec.ValidationError, UnicodeEncodeError, RecursionError) as error:
        raise SettingsError(f"NAMTOT_SOURCES_FILE={path!r}: {stumbled(error)}") from None


def cached_allows(sources: Sources, size: int = 4096) -> Callable[[str, str], bool]:
    """``sources.allows``, remembered: a source sends the same few types over and over."""
    return lru_cache(maxsize=size)(sources.allows)
