"""What the rows of one import share: who says it, of which unit, how dates are read; and the events that come of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from shared import contracts
from shared.contracts import Refusal, When
from shared.registers.dates import Cells, Order, iso
from shared.registers.errors import RowError
from shared.registers.people import References

PREFIX = "xlsx-"
"""Of the ids of all events that come of registers; intake finds them by it."""
_encode = msgspec.json.Encoder(order="deterministic").encode


@lru_cache(maxsize=64)
def _end_of(day: dt.date) -> When:
    return When(day.isoformat() + "T23:59:59+07:00")


class Event(NamedTuple):
    """``body``: structured CloudEvents JSON. ``marks``: what else a row is known by; see ``changes``."""

    id: str
    type: str
    body: bytes
    subject: str = ""
    marks: tuple[str, ...] = ()

    @property
    def record(self) -> str:
        return contracts.record_id(self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """``on``: the day as of which a roster holds; ``today``: in Việt Nam."""

    source: str
    unit: str
    unit_name: str
    valid_from: str
    on: dt.date
    today: dt.date
    references: References
    order: Order = "dmy"
    cells: Cells = "kept"

    def day(self, value: Any) -> str | None:
        """ISO, or None for an empty cell. Raise ``RowError``."""
        return None if value is None else iso(value, self.order, self.cells, self.today)

    def subject(self, kind: str, *identity: str) -> str:
        """The URI of what these parts identify; they cannot be read from it."""
        return f"{self.source.rstrip('/')}/{kind}/{self.unit}/{self.references.digest(kind, *identity)}"

    def event(self, name: str, subject: str, data: dict[str, Any], marks: tuple[str, ...] | None = None) -> Event:
        """The same row gives the same bytes, however often it is read. ``marks``: of what can be mended later; then the event
        carries its own id and them in ``ext.row``. Raise ``RowError`` for what the contract refuses."""
        kind = f"{contracts.registry.PREFIX}{name}.v1"
        raw = _encode(data)
        id = PREFIX + self.references.digest(kind, subject, hashlib.sha256(raw).hexdigest())
        if marks is not None:
            data["ext"] = {**data.get("ext", {}), "row": [id, *marks]}
            raw = _encode(data)
        try:
            contracts.decode_data(contracts.TYPES[kind], msgspec.Raw(raw), _end_of(self.today))
        except Refusal as refusal:
            raise RowError(f"{refusal.field}: {refusal.reason}", f"{refusal.field}: {refusal.reason}") from None
        body = contracts.write(type=kind, source=self.source, id=id, subject=subject, data=msgspec.Raw(raw))
        return Event(id, name, body, subject, marks or ())

    def mark(self, *parts: str) -> str:
        """16 hex digits by which a row is known again though something else in it was mended."""
        return self.references.digest("mark", self.unit, *parts)[:16]

    def correction(self, target: str, event: Event, turn: int, reason: str, by: str) -> Event:
        """What ``event`` says in place of what ``target`` (an id of this source's) said. ``turn``: how many entries the record
        has, so that setting right twice is no repetition."""
        kept = contracts.read(event.body, contracts.STRUCTURED, {})
        return self._modifier("record.corrected", event.subject, target, (event.id, str(turn)), reason, by,
                              {"of": kept.type, "data": kept.data})

    def withdrawal(self, target: str, subject: str, turn: int, reason: str, by: str) -> Event:
        return self._modifier("record.withdrawn", subject, target, (str(turn),), reason, by, {})

    def _modifier(
        self, name: str, subject: str, target: str, identity: tuple[str, ...], reason: str, by: str, more: dict[str, Any]
    ) -> Event:
        on = self.today.isoformat()
        id = PREFIX + self.references.digest(name, target, on, *identity)
        data = {"on": on, "target": {"source": self.source, "id": target}, "reason": reason[:500], "by": by, **more}
        kind = f"{contracts.registry.PREFIX}{name}.v1"
        return Event(id, name, contracts.write(type=kind, source=self.source, id=id, subject=subject, data=data), subject)
