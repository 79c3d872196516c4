"""What now and then happens to a quarrel on its way: a mediator steps back, mediation pauses, an obstacle is raised and solved,
two wards share a case, the court asks back.

Which quarrel takes which turn follows from its number by counting, and what is drawn here is drawn apart, so that all the rest
of the year stays as it was.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from shared.simulation.times import days, written

if TYPE_CHECKING:
    from shared.simulation.cases import Quarrel


def _tell(case: Quarrel, kind: str, on: dt.date, data: dict[str, Any] | None = None) -> None:
    desk = case.desk
    chance = desk.plan.rng("turn", kind, desk.plan.year, desk.unit.code, case.slot.number)
    desk.emit(
        f"case.{kind}", desk.register, case.subject, {"on": on.isoformat(), **(data or {})},
        written(chance, on, case.team.role.habit, desk.last),
    )


def over_the_years_edge(case: Quarrel) -> None:
    """Not settled in the year before, taken up again in this one: the same case, carried over (Art. 27)."""
    start = case.desk.plan.start
    _tell(case, "not-settled", start - days(2), {"reason": "Hai bên chưa thống nhất"})
    _tell(case, "reopened", start + days(1), {"reason": "Hai bên đề nghị tiếp tục hòa giải"})


def before_it_begins(case: Quarrel, assigned: dt.date) -> None:
    if case.slot.every(53, 21) and case.received < assigned:
        # given to another at first, who is related to a party
        other = next((mediator for mediator in case.team.mediators if mediator.ref != case.mediator.ref), None)
        if other is not None:
            _tell(case, "assigned", case.received, {"mediator": other.ref})
            _tell(case, "recused", assigned, {"mediator": other.ref, "reason_code": "kinship", "raised_by": "mediator"})
    if case.slot.every(107, 44):
        _tell(case, "lead-agreed", assigned, {"lead": case.team.name, "others": [f"{case.team.name} (phường giáp ranh)"]})
    if case.slot.every(23, 6):
        _tell(case, "terms-chosen", assigned, {"visibility": "private", "venue": "meeting_house"})


def meanwhile(case: Quarrel, assigned: dt.date, begun: dt.date) -> None:
    """Around the first session; nothing where the year is about to end."""
    if case.slot.ending == "open":
        return
    if case.slot.every(37, 15):
        obstacle = {"obstacle": "vm-1"}
        _tell(case, "obstacle-raised", begun, {**obstacle, "kind": "agency_silent", "by_role": "team_leader"})
        _tell(case, "obstacle-directed", begun + days(1), {**obstacle, "by_role": "commune_chairman"})
        _tell(case, "obstacle-resolved", begun + days(2), obstacle)
    if case.slot.every(41, 13) and assigned < begun:
        _tell(case, "paused", assigned, {"reason_code": "papers_awaited"})
        _tell(case, "resumed", begun)


def the_court_asks(case: Quarrel, asked: dt.date) -> None:
    _tell(case, "court-inquired", asked + days(2), {"number": "12/TA-YC"})
    _tell(case, "court-answered", asked + days(4), {"number": "07/TL-UBND"})


def followed_up(case: Quarrel, due: dt.date) -> None:
    if case.slot.every(11, 3):
        _tell(case, "followed-up", due - days(2), {"result": "on_track"})
