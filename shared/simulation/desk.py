"""The desk at which a unit's events are written: numbering, labels, sources."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, NamedTuple

from shared import contracts
from shared.simulation.plan import Plan
from shared.simulation.times import Habit, clock, days, written
from shared.simulation.units import Unit
from shared.simulation.wards import Ward

SIMULATED = {"simulated": True}
APP = "https://app.citizen.example"
"""The citizens' app: knows the unit and what people type, no team."""


class Line(NamedTuple):
    """One event as it goes into the file. ``time``: when it was written up, ISO 8601 at +07:00: text order is time order."""

    time: str
    number: int
    body: bytes


class Desk:
    def __init__(self, plan: Plan, unit: Unit, ward: Ward) -> None:
        self.plan = plan
        self.unit = unit
        self.ward = ward
        self.register = f"https://register.{unit.authority}"
        """The ward's own register: knows teams by name."""
        self.one_stop = f"https://one-stop.{unit.authority}"
        """The one-stop office: payments; has its own names for teams."""
        self.justice = f"https://justice.{'long-bien' if unit.parent else 'ha-noi'}.example"
        """The justice officer who tells namtot which team a name means."""
        self.last = dt.date(plan.year, 11, 24)
        """By then everything that the teams did in the year has been written up."""
        self.lines: list[Line] = []
        self._numbers: dict[str, int] = {}

    def subject(self, kind: str, source: str = "") -> str:
        """A new record's URI: ``case://register.bo-de.long-bien.example/2024s1/00139-7``."""
        n = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        authority = (source or self.register).removeprefix("https://")
        return f"{kind}://{authority}/{self.plan.run}/{self.unit.code}-{n}"

    def process(self, kind: str, number: int | str) -> str:
        """The URI of what has one number from beginning to end: a team's year, a decision."""
        return f"{kind}://{self.register.removeprefix('https://')}/{self.plan.run}/{self.unit.code}-{number}"

    def emit(self, kind: str, source: str, subject: str, data: dict[str, Any], time: dt.datetime) -> str:
        """Write one event; its id, for whoever corrects it. ``kind``: the short type."""
        number = len(self.lines) + 1
        event = f"{self.plan.run}-{self.unit.code}-{number:06d}"
        body = contracts.write(
            type=f"vn.namtot.{kind}.v1", source=source, id=event, subject=subject, time=time.isoformat(),
            data={**data, "ext": SIMULATED}, simulated=True,
        )
        self.lines.append(Line(time.isoformat(), number, body))
        return event

    def note(
        self, chance: random.Random, kind: str, subject: str, on: dt.date, data: dict[str, Any], habit: Habit = "weekly"
    ) -> str:
        """Write a fact of the unit's own register, on a day, at the pace of whoever keeps it."""
        return self.emit(
            kind, self.register, subject, {"on": on.isoformat(), **data}, written(chance, on, habit, self.last)
        )

    def file(
        self, chance: random.Random, kind: str, subject: str, on: dt.date, data: dict[str, Any], after: int = 0
    ) -> str:
        """Write an act of the ward's office: on the afternoon of its day, or some days ``after``."""
        return self.emit(
            kind, self.register, subject, {"on": on.isoformat(), **data}, clock(chance, on + days(after), 14, 16)
        )


def paper(kind: str, dated: dt.date, number: str | None = None, sha256: str | None = None) -> dict[str, Any]:
    """Evidence: a paper's kind, number, date, and the hash of its scan."""
    found: dict[str, Any] = {"kind": kind, "dated": dated.isoformat()}
    if number is not None:
        found["number"] = number
    if sha256 is not None:
        found["sha256"] = sha256
    return found


def scan(chance: random.Random) -> str:
    """The hash of a file that does not exist."""
    return chance.randbytes(32).hex()
