"""Mediators of one team, dated: a row per stretch of days over which nothing about them changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.directory.domain.facts import Order
from shared.contracts.directory import MediatorEntry
from shared.contracts.outgoing import Membership
from shared.contracts.when import When

Who = tuple[str, str]
"""(source, the source's reference)."""


@dataclass(frozen=True, slots=True)
class MemberNote:
    """From that day on ``source`` has this about its mediator ``ref``; ``entry`` None: ceased. ``listed``:
    told in a roster, not by an event about this mediator."""

    order: Order
    source: str
    ref: str
    entry: MediatorEntry | None
    listed: bool = False


def memberships(notes: Iterable[MemberNote], home: str, ended_on: str | None) -> list[Membership]:
    """The rows in order of (since when, reference). All end with the team, on ``ended_on``.

    Rosters of one source count, the team's home source if it gave one: two registers list the same people
    under references that cannot be compared, and nobody may be counted twice. An event about a single
    mediator counts from anywhere; it means the roster's entry if only that one bears the reference.
    """
    ordered = _of_one_roster(sorted(notes, key=lambda n: n.order), home)
    rows: list[Membership] = []
    told: defaultdict[Who, list[MemberNote]] = defaultdict(list)
    for note in ordered:
        told[note.source, note.ref].append(note)
    for who, about in told.items():
        rows.extend(_stretches(who, about, ended_on))
    return sorted(rows, key=lambda row: (row.valid_from, row.ref, row.source))


def _of_one_roster(notes: list[MemberNote], home: str) -> list[MemberNote]:
    listing = sorted({note.source for note in notes if note.listed})
    roster = home if home in listing else (listing[0] if listing else "")
    kept = [note for note in notes if not note.listed or note.source == roster]
    own = {(note.source, note.ref) for note in kept if note.listed}
    by_ref: defaultdict[str, set[str]] = defaultdict(set)
    for source, ref in own:
        by_ref[ref].add(source)
    return [
        MemberNote(note.order, next(iter(by_ref[note.ref])), note.ref, note.entry)
        if (note.source, note.ref) not in own and len(by_ref[note.ref]) == 1 else note
        for note in kept
    ]


def _stretches(who: Who, notes: list[MemberNote], ended_on: str | None) -> list[Membership]:
    """``notes``: in order. Of two on one day the later one holds."""
    by_day = {note.order[0]: note.entry for note in notes}
    changes: list[tuple[str, MediatorEntry | None]] = []
    for day, entry in by_day.items():
        if not changes or changes[-1][1] != entry:
            changes.append((day, entry))
    rows = []
    for (since, entry), until in zip(changes, [day for day, _ in changes[1:]] + [None], strict=True):
        if entry is None:
            continue
        to = min((day for day in (until, ended_on) if day is not None), default=None)
        if to is None or since < to:
            rows.append(_row(who, entry, since, to))
    return rows


def _row(who: Who, entry: MediatorEntry, since: str, to: str | None) -> Membership:
    return Membership(
        ref=who[1], source=who[0], sex=entry.sex, valid_from=When(since), valid_to=None if to is None else When(to),
        leader=entry.leader, ethnic_minority=entry.ethnic_minority, law_qualified=entry.law_qualified, trained=entry.trained,
    )
