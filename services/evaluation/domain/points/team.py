"""Quantities that a team's facts give. What may only be unknown is not given: no case on record is no count of nought, unless
the team declared that nothing arose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from fractions import Fraction

from services.evaluation.domain.casework import SETTLED, ended_on, status_on
from services.evaluation.domain.context import Context
from services.evaluation.domain.points.quantities import Given
from services.evaluation.domain.points.table import Table
from services.evaluation.domain.tree import Input

Found = list[tuple[str, str, dt.date]]
"""Kind, id and day of each that counts."""


def team_quantities(table: Table, context: Context) -> list[Given]:
    """All of the table's that are taken from a team's facts."""
    given = []
    for quantity in table.quantities:
        if quantity.team is None:
            continue
        found = TEAM[quantity.team](context)
        if found is not None:
            inputs = tuple(Input(kind, id, on) for kind, id, on in sorted(found, key=lambda f: (f[2], f[1])))
            given.append(Given(quantity=quantity.id, value=Fraction(_count(quantity.team, found)), inputs=inputs))
    return given


def _count(name: str, found: Found) -> int:
    if name == "months_with_meeting":
        return len({(on.year, on.month) for _, _, on in found})
    return len({id for _, id, _ in found})


def _cases(choose: Callable[[Context], Iterable[tuple[str, dt.date | None]]]) -> Callable[[Context], Found | None]:
    def find(context: Context) -> Found | None:
        declared = Fraction(context.life.covered(context.declared), context.life.days)
        if not context.standings.counted and declared < context.policies.declared_share.value:
            return None
        return [("case", id, on) for id, on in choose(context) if on is not None]

    return find


def _ended(context: Context) -> Iterable[tuple[str, dt.date | None]]:
    return ((case.id, ended_on(case, context.span)) for case in context.standings.counted)


def _settled(context: Context) -> Iterable[tuple[str, dt.date | None]]:
    last = context.span.last
    return ((c.id, ended_on(c, context.span)) for c in context.standings.counted if status_on(c, last) == SETTLED)


def _meetings(context: Context) -> Found:
    return [("meeting", m.id, m.on) for m in context.facts.meetings if m.on in context.span]


def _trainings(context: Context) -> Found:
    code = context.team.code
    return [
        ("training", t.id, t.held) for t in context.facts.trainings
        if t.held in context.span and code in t.sheets and t.sheets[code].present
    ]


TEAM: dict[str, Callable[[Context], Found | None]] = {
    "cases_received": _cases(lambda context: ((case.id, case.received) for case in context.standings.counted)),
    "cases_ended": _cases(_ended),
    "cases_settled": _cases(_settled),
    "meetings": _meetings,
    "months_with_meeting": _meetings,
    "trainings_attended": _trainings,
}
"""By the name that a file uses."""
