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

_encode = msgspec.json.Encoder(order="deterministic").encode


@lru_cache(maxsize=64)
def _end_of(day: dt.date) -> When:
    return When(day.isoformat() + "T23:59:59+07:00")


class Event(NamedTuple):
    """``body``: structured CloudEvents JSON."""

    id: str
    type: str
    body: bytes


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

    def event(self, name: str, subject: str, data: dict[str, Any]) -> Event:
        """The same row gives the same bytes, however often it is read. Raise ``RowError`` for what the contract refuses."""
        kind = f"{contracts.registry.PREFIX}{name}.v1"
        raw = _encode(data)
        try:
            contracts.decode_data(contracts.TYPES[kind], msgspec.Raw(raw), _end_of(self.today))
        except Refusal as refusal:
            raise RowError(f"{refusal.field}: {refusal.reason}", f"{refusal.field}: {refusal.reason}") from None
        id = "xlsx-" + self.references.digest(kind, subject, hashlib.sha256(raw).hexdigest())
        body = contracts.write(type=kind, source=self.source, id=id, subject=subject, data=msgspec.Raw(raw))
        return Event(id, name, body)
