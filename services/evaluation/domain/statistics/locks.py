"""A month's figures from the submissions to the locks ("chốt số liệu"). What a lock froze is a record: it is compared with what
is counted now, and never changed.

Locks of a unit's month stand side by side by when they were written up. The last one that was not taken back stands; it is what
later changes are corrections of. Accepted and flagged, as every fact is: a lock before the month's end, of a unit that is not on
record, beside teams that did not submit, with stated figures unlike the counted ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from services.evaluation.domain.statistics.corrections import Correction, corrections
from services.evaluation.domain.statistics.counting import Figures
from shared.calendar import Span, add_months
from shared.contracts.outgoing import RecordEntry

SUBMITTED, LOCKED = "statistics.submitted", "statistics.locked"
TYPES = (SUBMITTED, LOCKED)
Flag = Literal["unit_unknown", "unit_not_then", "month_not_over", "again", "teams_missing", "stated_differs", "touched"]
"""``unit_not_then``: the unit was not on the month's last day. ``touched``: the frozen figures do not match their hash."""
State = Literal["standing", "replaced", "withdrawn"]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A submission or lock as it was told. ``month``: YYYY-MM. ``team``: the name that its source writes, for a submission.
    ``time``: when it was written up. ``stated``: the sender's own figures, by name."""

    entry: str
    record: str
    type: str
    month: str
    on: str
    time: str
    source: str
    event_id: str
    team: str | None = None
    unit: str | None = None
    number: str | None = None
    by_role: str | None = None
    stated: dict[str, int] = {}

    @property
    def key(self) -> str:
        """Of what a lock froze. An entry that was corrected to another unit or month is another lock."""
        return f"{self.entry}|{self.unit}|{self.month}"


class Frozen(msgspec.Struct, frozen=True, kw_only=True):
    """What a lock found: ``figures`` as they were counted at ``counted_at`` (UTC, ISO), by the map of ``as_of``, each as the
    sorted ids of its cases."""

    lock: Told
    as_of: str
    counted_at: str
    figures: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A figure that the sender states otherwise than it was counted."""

    name: str
    stated: int
    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """``told``: as it reads now; its paper's number may have been corrected since it was frozen. ``changed``: beside the lock
    before it that was not taken back; empty for the first, and for one that was taken back."""

    told: Told
    frozen: Frozen
    state: State
    differing: tuple[Differing, ...]
    changed: tuple[Correction, ...]


def month_span(month: str) -> Span:
    """Raise ``ValueError`` for what is not YYYY-MM."""
    if len(month) != 7:
        raise ValueError(month)
    first = dt.date.fromisoformat(f"{month}-01")
    return Span(first, add_months(first, 1) - dt.timedelta(days=1))


def read(record: str, entries: Iterable[RecordEntry]) -> list[Told]:
    """Raise ``KeyError`` or ``ValueError`` for what the contract does not know."""
    return [
        Told(
            entry=e.entry, record=record, type=e.type, month=f"{month_span(e.data['month']).first:%Y-%m}", on=e.on[:10],
            time=str(e.time), source=e.source, event_id=e.id, team=e.data.get("team"),
            unit=e.data["unit"] if e.type == LOCKED else e.data.get("unit"), number=e.data.get("number"),
            by_role=e.data.get("by_role"), stated=dict(e.data.get("figures") or {}),
        )
        for e in entries if e.type in TYPES
    ]


def differing(stated: Mapping[str, int], counted: Figures) -> tuple[Differing, ...]:
    return tuple(
        Differing(name=name, stated=value, counted=counted.get(name, ()))
        for name, value in stated.items() if value != len(counted.get(name, ()))
    )


def side_by_side(frozen: Iterable[Frozen], live: Mapping[str, Told], written_up: Mapping[str, str]) -> list[Lock]:
    """All locks of a unit's month, by when they were written up. ``live``: by key, those that were not taken back."""
    ordered = sorted(frozen, key=lambda one: (one.lock.time, one.lock.entry, one.lock.key))
    last = max((at for at, one in enumerate(ordered) if one.lock.key in live), default=-1)
    found: list[Lock] = []
    before: Frozen | None = None
    for at, one in enumerate(ordered):
        alive = one.lock.key in live
        told = live.get(one.lock.key, one.lock)
        found.append(Lock(
            told=told, frozen=one, state="standing" if at == last else "replaced" if alive else "withdrawn",
            differing=differing(told.stated, one.figures),
            changed=corrections(before.figures, one.figures, written_up) if alive and before is not None else (),
        ))
        before = one if alive else before
    return found


def standing(locks: Sequence[Lock]) -> Lock | None:
    return next((one for one in locks if one.state == "standing"), None)


def flags(
    lock: Lock, locks: Sequence[Lock], *, known: bool, then: bool, missing: bool, touched: bool,
) -> list[Flag]:
    """``known``: the unit is on record on some day; ``then``: on the month's last."""
    live = [one for one in locks if one.state != "withdrawn"]
    said: dict[Flag, bool] = {
        "unit_unknown": not known, "unit_not_then": known and not then,
        "month_not_over": dt.date.fromisoformat(lock.told.on) <= month_span(lock.told.month).last,
        "again": lock in live[1:], "teams_missing": missing, "stated_differs": bool(lock.differing), "touched": touched,
    }
    return [code for code, holds in said.items() if holds]


def settled_by(locked: Figures, found: Iterable[Correction]) -> dict[str, tuple[str, ...]]:
    """The locked figures with their corrections: what is counted now."""
    now = {name: set(ids) for name, ids in locked.items()}
    for one in found:
        now[one.name] = (now.get(one.name, set()) | set(one.added)) - set(one.removed)
    return {name: tuple(sorted(ids)) for name, ids in now.items()}
