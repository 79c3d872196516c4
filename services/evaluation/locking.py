"""Freezing a month's figures when a unit locks it: after its batch is written, and before the messages are acknowledged. After a
crash in between the messages are delivered, and looked at, once more; what is frozen already stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from services.evaluation.domain.statistics.locks import LOCKED, Frozen, Told, month_span, read
from services.evaluation.queries.statistics import statistics
from services.evaluation.store import Db, locks
from services.evaluation.store.facts import Change
from services.evaluation.store.replica import Replica
from shared.contracts.outgoing import RecordChanged


def freeze(db: Db, replica: Replica, changes: Iterable[Change], now: dt.datetime) -> int:
    """How many were frozen. Safe to repeat, and from several instances. Whatever version a lock comes in is frozen, an older one
    too: it was announced, and is told as taken back if the records do not hold it."""
    told = {one.key: one for change in changes if isinstance(change, RecordChanged) for one in _locks(change)}
    fresh = told.keys() - (locks.held(db, told) if told else set())
    return locks.freeze(db, [_frozen(db, replica, told[key], now) for key in sorted(fresh)], now)


def _locks(change: RecordChanged) -> list[Told]:
    if not any(entry.type == LOCKED for entry in change.entries):
        return []
    return [one for one in read(change.record, change.entries) if one.type == LOCKED]


def _frozen(db: Db, replica: Replica, lock: Told, now: dt.datetime) -> Frozen:
    span = month_span(lock.month)
    found = statistics(db, replica, lock.unit, span.first.isoformat(), span.last.isoformat())
    return Frozen(
        lock=lock, as_of=found["as_of"], counted_at=now.isoformat(),
        figures={name: tuple(column["cases"]) for name, column in found["columns"].items()},
    )
