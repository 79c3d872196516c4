"""Freezing a month's figures when a unit locks it: after its batch is written, and before the messages are acknowledged. After a
crash in between the messages are delivered, and looked at, once more; what is frozen already stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from services.evaluation.domain.statistics.locks import LOCKED, Frozen, Told, month_span, read
from services.evaluation.queries.statistics import figures_of
from services.evaluation.store import Db, locks
from services.evaluation.store.facts import Change
from services.evaluation.store.replica import Replica
from shared.contracts.outgoing import RecordChanged


def freeze(db: Db, replica: Replica, changes: Iterable[Change], now: dt.datetime) -> int:
    """How many were frozen. Safe to repeat, and from several instances. Whatever version a lock comes in is frozen, an older one
    too: it was announced, and is told as taken back if the records do not hold it."""
    told = {one.key: one for change in changes if isinstance(change, RecordChanged) for one in _locks(change)}
    if not told:
        return 0
    held = locks.held(db, told)
    months: dict[str, list[Told]] = {}
    for key in sorted(told.keys() - held):
        months.setdefault(told[key].month, []).append(told[key])
    return locks.freeze(db, [one for own in months.values() for one in _frozen(db, replica, own, now)], now)


def _locks(change: RecordChanged) -> list[Told]:
    if not any(entry.type == LOCKED for entry in change.entries):
        return []
    return [one for one in read(change.record, change.entries) if one.type == LOCKED]


def _frozen(db: Db, replica: Replica, of_month: Sequence[Told], now: dt.datetime) -> list[Frozen]:
    span = month_span(of_month[0].month)
    found = figures_of(db, replica, {str(lock.unit) for lock in of_month}, span)
    return [
        Frozen(
            lock=lock, as_of=span.last.isoformat(), counted_at=now.isoformat(), figures=dict(found[str(lock.unit)]),
        )
        for lock in of_month
    ]
