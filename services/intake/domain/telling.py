"""The events that intake owes to others: a record's new state, a refusal. Nothing private: the fold never saw it."""

from __future__ import annotations

from services.intake.domain.accounting import Arrival
from services.intake.domain.inspection import Refused
from services.intake.domain.record import Record
from shared.contracts import Refusal, short, write
from shared.contracts.outgoing import (
    ACTIVITY_CHANGED,
    CASE_CHANGED,
    DIRECTORY_CHANGED,
    EVENT_REFUSED,
    CaseChanged,
    EventRefused,
    RecordChanged,
)

SOURCE = "namtot://intake"


def changed_events(record: str, subject: str, n: int, state: Record, applied: list[str]) -> list[tuple[str, bytes]]:
    """(routing key, body) for each family that the record has facts of."""
    events: list[tuple[str, bytes]] = []
    if state.case is not None:
        told = CaseChanged(case=record, subject=subject, n=n, state=state.case, applied=[short(type) for type in applied])
        events.append(_event(CASE_CHANGED, record, n, subject, told))
    for type, entries in ((ACTIVITY_CHANGED, state.activity), (DIRECTORY_CHANGED, state.directory)):
        if entries is not None:
            changed = RecordChanged(record=record, subject=subject, n=n, entries=list(entries))
            events.append(_event(type, record, n, subject, changed))
    return events


def _event(type: str, record: str, n: int, subject: str, data: object) -> tuple[str, bytes]:
    return type, write(type=type, source=SOURCE, id=f"{record}-{n}", subject=subject, data=data)


def refused_event(arrival: Arrival, refusal: Refusal) -> tuple[str, bytes]:
    read = arrival.read
    source, id, type = (
        (read.source, read.id, read.type) if isinstance(read, Refused) else (read.entry.source, read.entry.id, read.entry.type)
    )
    told = EventRefused(
        refusal=arrival.raw, code=refusal.code, field=refusal.field, reason=refusal.reason, source=source, id=id, type=type
    )
    return EVENT_REFUSED, write(
        type=EVENT_REFUSED, source=SOURCE, id=arrival.raw, subject=f"namtot://intake/refused/{arrival.raw}", data=told
    )
