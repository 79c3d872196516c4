"""The fold of a record: all entries that share a subject → what each kind of subscriber is told.

One subject may gather facts of several families (a co-ordination request may name the case itself); each family sees its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from services.intake.domain.case import fold_case
from services.intake.domain.entries import Dated, Entry, in_order, live
from shared.contracts import TYPES, short, to_builtins
from shared.contracts.outgoing import CaseState, RecordEntry

FAMILIES = ("case", "activity", "directory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """``case``: the state if any case fact was ever entered; ``activity``, ``directory``: live entries, or None likewise."""

    case: CaseState | None
    activity: tuple[RecordEntry, ...] | None
    directory: tuple[RecordEntry, ...] | None
    parked: int

    @property
    def status(self) -> str | None:
        return None if self.case is None else self.case.status


def fold(entries: Iterable[Entry]) -> Record:
    entries = tuple(entries)
    families = {TYPES[e.type].family for e in entries if e.type in TYPES}
    alive = live(entries)
    of = {family: [e for e in alive.entries if TYPES[e.type].family == family] for family in FAMILIES}
    case = fold_case(of["case"], alive.parked) if "case" in families else None
    return Record(
        case=case,
        activity=_told(of["activity"]) if "activity" in families else None,
        directory=_told(of["directory"]) if "directory" in families else None,
        parked=case.parked if case is not None else alive.parked,
    )


def _told(entries: list[Entry]) -> tuple[RecordEntry, ...]:
    ordered = in_order(Dated(on=e.on, rank=0, time=e.time, key=e.key, what=e) for e in entries)
    return tuple(_entry(dated.what) for dated in ordered)


def _entry(entry: Entry) -> RecordEntry:
    # `ext` is the source's own and may hold what a database cannot: it stays in the log
    return RecordEntry(
        entry=entry.key, source=entry.source, id=entry.id, type=short(entry.type), on=entry.on, time=entry.time,
        data=to_builtins(msgspec.structs.replace(entry.data, ext={})),
    )
