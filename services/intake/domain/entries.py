"""Log entries and their order.

A record (a case, a class, a team) is a pure function of the *set* of its entries: they are sorted here and folded elsewhere, so
neither the order nor the number of arrivals can matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec

from shared.contracts import TYPES, Corrected, When
from shared.contracts.keys import entry_key
from shared.contracts.records import Withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A correction with its replacement data decoded. ``by``: a reference to who made it."""

    target: str
    type: str
    data: Any
    reason: str = ""
    by: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. ``on``: when it happened; ``time``: when it was written up (both ``When``). ``data``: the struct of its type, a
    ``Correction``, or None for a version that this release does not read."""

    key: str
    source: str
    id: str
    type: str
    on: When
    time: When
    data: Any

    @property
    def written(self) -> tuple[str, str]:
        return (self.time, self.key)


def decoded(type: str, public: bytes) -> Any:
    """Public data as stored in the log (JSON) → what ``Entry.data`` holds."""
    data = TYPES[type].decoder.decode(public)
    if isinstance(data, Corrected):
        return correction(data, TYPES[data.of].decoder.decode(data.data))
    return data


def correction(made: Corrected, data: Any) -> Correction:
    """``data``: the replacement, decoded, without its private part."""
    return Correction(
        target=entry_key(made.target.source, made.target.id), type=made.of, data=data, reason=made.reason, by=made.by
    )


@dataclass(frozen=True, slots=True)
class Live:
    """What is left once corrections and withdrawals are applied. ``parked``: entries that cannot be placed yet. ``withdrawn``,
    ``corrected``: by the key of their target, the entries that took it back and that replaced its data."""

    entries: tuple[Entry, ...]
    parked: int
    withdrawn: Mapping[str, Entry]
    corrected: Mapping[str, Entry]


def live(entries: Iterable[Entry]) -> Live:
    """Apply corrections and withdrawals. The latest written correction of a target wins; a withdrawal can itself be withdrawn
    by a later one. What names a target that is not here, or comes in an unread version, is parked."""
    by_key: dict[str, Entry] = {}
    for entry in entries:
        by_key[entry.key] = entry
    withdrawn: dict[str, Entry] = {}
    corrected: dict[str, Entry] = {}
    facts: list[Entry] = []
    parked = 0
    # from the latest written to the earliest: whether a modifier stands is known before it is used
    for entry in sorted(by_key.values(), key=lambda e: e.written, reverse=True):
        data = entry.data
        if data is None:
            parked += 1
        elif isinstance(data, Withdrawn):
            target = entry_key(data.target.source, data.target.id)
            if target not in by_key:
                parked += 1
            elif entry.key not in withdrawn:
                withdrawn.setdefault(target, entry)
        elif isinstance(data, Correction):
            if data.target not in by_key:
                parked += 1
            elif entry.key not in withdrawn:
                corrected.setdefault(data.target, entry)
        else:
            facts.append(entry)
    kept = [_corrected(entry, corrected.get(entry.key)) for entry in facts if entry.key not in withdrawn]
    return Live(tuple(kept), parked, withdrawn, corrected)


def _corrected(entry: Entry, by: Entry | None) -> Entry:
    if by is None:
        return entry
    correction: Correction = by.data
    return Entry(
        key=entry.key, source=entry.source, id=entry.id, type=correction.type, on=correction.data.on, time=entry.time,
        data=correction.data,
    )


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """Anything with a place in time: ``rank`` orders what shares a day and lacks a time of day."""

    on: When
    rank: int
    time: When
    key: str
    what: Any


def in_order(items: Iterable[Dated]) -> list[Dated]:
    """Legal order: by day; within a day by time of day if every item has one, else by rank; then by when it was written up, then
    by key. Depends on the set alone."""
    ordered: list[Dated] = []
    for _, group in groupby(sorted(items, key=lambda i: i.on[:10]), key=lambda i: i.on[:10]):
        day = list(group)
        if all(item.on.has_time for item in day):
            day.sort(key=lambda i: (i.on, i.rank, i.time, i.key))
        else:
            day.sort(key=lambda i: (i.rank, i.on, i.time, i.key))
        ordered.extend(day)
    return ordered
