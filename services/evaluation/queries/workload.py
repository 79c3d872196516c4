"""What each mediator of a team, or of a unit's teams, has on their hands. For whoever gives out cases; never a public list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from services.evaluation import praising
from services.evaluation.domain.casework import PENDING, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.mediators.workload import least, workload
from services.evaluation.queries.finding import find_team
from services.evaluation.queries.statistics import BadQuestion
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span
from shared.naming import alphabet


def workloads(db: Db, replica: Replica, unit: str | None, team: str | None, year: int, today: dt.date) -> Document:
    """A calendar year, up to today. Teams by name, mediators by reference. ``least``: who has the fewest cases in hand, if some
    have more; ``unassigned``: cases in hand that nobody has. Raise ``UnknownTeam``, ``BadQuestion``."""
    if (unit is None) == (team is None):
        raise BadQuestion("unit, team: say one of the two")
    first = dt.date(year, 1, 1)
    if first > today:
        raise BadQuestion(f"year: {year} has not begun")
    span = Span(first, min(dt.date(year, 12, 31), today))
    replica.refresh(db)
    if team is not None:
        codes = [find_team(db, replica, team)]
    else:
        codes = sorted(
            replica.working(unit or "", span.last), key=lambda code: (alphabet.order(replica.name(code)), code)
        )
    facts = sheets.facts_of(db, codes, keep=False)
    names = unit_names(db, span.last)
    return {
        "year": year, "from": span.first.isoformat(), "to": span.last.isoformat(),
        "teams": [_team(replica, code, facts[code].cases, span, names) for code in codes],
    }


def _team(replica: Replica, code: str, cases: Sequence[Case], span: Span, names: Mapping[str, str]) -> Document:
    loads = workload(praising.services_of(replica, code), cases, span)
    unit = replica.seat(code, span.last).unit
    return {
        "team": code, "team_name": replica.name(code), "unit": unit, "unit_name": names.get(unit, unit),
        "mediators": [msgspec.to_builtins(one) for one in loads], "least": list(least(loads)),
        "unassigned": sum(case.mediator is None and status_on(case, span.last) in PENDING for case in cases),
    }
