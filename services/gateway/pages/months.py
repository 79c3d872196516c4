"""A month of many units: who has not submitted or locked. One unit's month is ``month``."""

from __future__ import annotations

import msgspec

from services.gateway.pages.desk import Desk
from shared.naming import alphabet


class Line(msgspec.Struct, frozen=True):
    """``submitted``, ``missing``: how many of its ``teams``; ``corrections``: figures that differ from what was locked."""

    unit: str
    name: str = ""
    teams: int = 0
    submitted: int = 0
    missing: int = 0
    locked_on: str | None = None
    number: str | None = None
    corrections: int = 0


class Months(msgspec.Struct, frozen=True):
    period: str
    units: list[Line] = []

    @property
    def open(self) -> int:
        return sum(line.locked_on is None for line in self.units)

    @property
    def silent(self) -> int:
        return sum(line.missing for line in self.units)


async def below(desk: Desk, unit: str, month: str) -> Months:
    """Of a city or district and all below it; "": everything. By name. Raise ``NoAnswer``."""
    found = await desk.ask(Months, "evaluation", "statistics_locks", period=month, unit=unit or None)
    lines = sorted(found.units, key=lambda line: (alphabet.order(line.name or line.unit), line.unit))
    return msgspec.structs.replace(found, units=lines)
