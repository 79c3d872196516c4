"""Roles are held for one unit or one team, from a day to a day; a role that names neither is of the whole installation and reads
no private part. Justice work and emulation are two officers, not one (since 01/07/2025: Văn phòng HĐND và UBND, Phòng Văn hóa -
Xã hội)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

ROLES = (
    "mediator", "team_leader", "justice_officer", "emulation_officer", "chair", "front", "city_department", "operator",
    "data_protection",
)
PRIVATE_OF_TEAM = frozenset({"mediator", "team_leader"})
"""May read the private parts of their team's cases (Luật 35/2013/QH13 Art. 4: private life is confidential; Art. 10, 15: who
mediates and who leads needs them)."""
PRIVATE_OF_UNIT = frozenset({"justice_officer", "chair"})
"""May read those of their unit's cases, each time with a purpose [I]: who pays by the log and is told of danger."""


class Held(NamedTuple):
    """``first`` and ``last``: days in Việt Nam, both included; None: open."""

    role: str
    unit: str = ""
    team: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def reads_private(held: Iterable[Held], unit: str, team: str, day: dt.date) -> Held | None:
    """The role by which its holder may read the private parts of a case of ``team`` in ``unit`` on ``day``, or None."""
    for one in held:
        if not one.holds(day):
            continue
        if one.role in PRIVATE_OF_TEAM and team and one.team == team:
            return one
        if one.role in PRIVATE_OF_UNIT and unit and one.unit == unit and not one.team:
            return one
    return None
