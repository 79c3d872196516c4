"""A register imported again: which rows are as they were, which were mended since, which are new.

    known = Known(world); known.add(page)…         what intake holds of this source: rpc ``imported``
    known.look(events)                             of one row: "said", "new", a ``Changed`` or a ``Doubt``
    known.settle(events, doubt)                    once every row was looked at: "new" or a ``Changed``
    changed.events(reason, by)                     the corrections and withdrawals that set right what was said before

A row is its case's by number and day. Where these themselves were mended, it would be another case: so a new row that shares a
mark with one that was taken in before and no longer stands in the file is taken for that one, mended. No row is corrected
unasked: a ``Changed`` is what a person must agree to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from shared.registers.world import PREFIX, Event, World

_FIRST = {"case.reported": "case", "case.recorded": "case"}
"""Types that stand for one another: a case that was open is finished now."""
_ADDING = ("directory.roster.snapshot",)
"""A later snapshot adds to the one before; nothing is corrected by it."""


class Held(NamedTuple):
    """An entry in intake's log. ``now``: the id of the row's state that holds, "" if somebody else set it right. ``turn``:
    entries of its record. ``withdrawn_by``: the id of the withdrawal that holds, "" if none."""

    id: str
    type: str
    record: str
    subject: str
    now: str
    marks: tuple[str, ...]
    turn: int
    withdrawn_by: str

    @property
    def state(self) -> str:
        return self.now or self.id

    @property
    def taken_back(self) -> bool:
        """By an import, not by a person."""
        return self.withdrawn_by.startswith(PREFIX)


class Doubt(NamedTuple):
    """Records that may be this row's before it was mended, the likeliest first."""

    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """``before``: what holds and differs. ``moved``: number, day or team differ, so that it may be a case of its own."""

    world: World
    said: Sequence[Event]
    before: Sequence[Held]
    own: Sequence[Held]
    moved: bool

    def events(self, reason: str, by: str) -> list[Event]:
        """What sets the record right. ``by``: a reference to who asks for it, never a name."""
        world, subject = self.world, self.said[0].subject
        left = {_kind(held.type): held for held in self.before} if not self.moved else {}
        found: list[Event] = []
        by_hand = _by_hand(self.own)
        for event in self.said:
            if event.id in by_hand:
                continue
            earlier = left.pop(_kind(event.type), None)
            back = next((held for held in self.own if held.taken_back and _kind(held.type) == _kind(event.type)), None)
            if earlier is None and back is not None:
                # it was taken back by an earlier import, and is said again
                found.append(world.withdrawal(back.withdrawn_by, subject, back.turn, reason, by))
                earlier = back
            if earlier is None:
                found.append(event)
            elif earlier.state != event.id:
                found.append(world.correction(earlier.id, event, earlier.turn, reason, by))
        gone = self.before if self.moved else left.values()
        return found + [world.withdrawal(held.id, held.subject, held.turn, reason, by) for held in gone]


Look = Literal["said", "new"] | Changed | Doubt


@dataclass(slots=True)
class Known:
    world: World
    _of: dict[str, list[Held]] = field(default_factory=dict)
    _by_mark: dict[str, list[Held]] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _here: set[str] = field(default_factory=set)

    def add(self, page: Iterable[Mapping[str, Any]]) -> None:
        for one in page:
            held = Held(**{**one, "marks": tuple(one["marks"])})
            self._ids.add(held.id)
            self._of.setdefault(held.record, []).append(held)
            if not held.withdrawn_by:
                for mark in held.marks:
                    self._by_mark.setdefault(mark, []).append(held)

    def look(self, events: Sequence[Event]) -> Look:
        """``events``: of one row or list, all of one subject."""
        record = events[0].record
        self._here.add(record)
        own = self._of.get(record, [])
        live = [held for held in own if not held.withdrawn_by]
        said = {event.id for event in events} - _by_hand(own)
        if {held.state for held in live} == said:
            return "said"
        if events[0].type in _ADDING:
            return "said" if said <= self._ids else "new"
        if live:
            return Changed(self.world, events, live, own, False)
        likely = self._likely(events)
        if likely:
            return Doubt(likely)
        return Changed(self.world, events, (), own, False) if any(held.taken_back for held in own) else "new"

    def settle(self, events: Sequence[Event], doubt: Doubt) -> Literal["new"] | Changed:
        own = self._of.get(events[0].record, [])
        for record in doubt.records:
            if record not in self._here:
                self._here.add(record)  # it was one row's only
                live = [held for held in self._of[record] if not held.withdrawn_by]
                return Changed(self.world, events, live, own, True)
        return Changed(self.world, events, (), own, False) if any(held.taken_back for held in own) else "new"

    def _likely(self, events: Sequence[Event]) -> tuple[str, ...]:
        shared: dict[str, int] = {}
        for event in events:
            for mark in event.marks:
                for held in self._by_mark.get(mark, ()):
                    shared[held.record] = shared.get(held.record, 0) + 1
        return tuple(sorted(shared, key=lambda record: (-shared[record], record)))

def _by_hand(own: Sequence[Held]) -> set[str]:
    """What a person took back: the register does not bring it in again."""
    return {held.id for held in own if held.withdrawn_by and not held.taken_back}


def _kind(type: str) -> str:
    return _FIRST.get(type, type)
