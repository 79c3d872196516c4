"""Figures of a period that look wrong, each with its cases and a sentence."""

from __future__ import annotations

from typing import Any

from services.evaluation.domain.facts import Declaration
from services.evaluation.domain.statistics.counting import Entry, figures, sorted_out
from services.evaluation.domain.statistics.locks import SUBMITTED, month_span
from services.evaluation.domain.statistics.oddities import Odd, Seen, Stated, before, odd
from services.evaluation.queries.statistics import BadQuestion, entries_of, period, teams_and_units, units_within
from services.evaluation.rules.odd_figures import odd_rules
from services.evaluation.store import Db, locks
from services.evaluation.store.gathering import read_activities
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span, months_of

DECLARED = "period.declared"
MOST_MONTHS = 36
"""Each month is compared with the one before: a longer period would keep everybody else waiting."""


def statistics_odd(db: Db, replica: Replica, unit: str | None, first: str, last: str) -> dict[str, Any]:
    """``first``, ``last``: both within the period; one of whole months is compared with the one before. Units are those of the
    map of its last day. Nothing here is altered or decided. Raise ``BadQuestion``."""
    span = period(first, last)
    if len(months_of(span)) > MOST_MONTHS:
        raise BadQuestion(f"to: {span.last} lies more than {MOST_MONTHS} months after {span.first}; ask for a shorter period")
    replica.refresh(db)
    within, names = units_within(db, unit, span.last), unit_names(db, span.last)
    seen = _seen(db, replica, span, within, None if unit is None else teams_and_units(replica, within, span.last))
    return {
        "unit": unit, "name": names.get(unit or "", ""), "from": span.first.isoformat(), "to": span.last.isoformat(),
        "odd": [_told(one, replica, names) for one in odd(seen, odd_rules())],
    }


def _seen(db: Db, replica: Replica, span: Span, within: set[str], whose: dict[str, Any] | None) -> Seen:
    earliest = before(span) or before(month_span(f"{span.first:%Y-%m}")) or span
    wide = Span(min(span.first, earliest.first), span.last)

    def seat(team: str, on: Any) -> str | None:
        return replica.seat(team, on).unit or None

    own = sorted_out(entries_of(db, wide, whose), span.last, seat)
    entries = {code: found for code, found in own.items() if code is not None and (whose is None or code in within)}
    teams = {team.code: at for team in replica.index if (at := replica.seat(team.code, span.last).unit) in within}
    return Seen(
        span=span, entries=entries, stated=_stated(db, wide, entries, teams, within),
        declared=[
            (teams[code], code, told.period) for code, told in read_activities(db, teams, (DECLARED,))
            if isinstance(told, Declaration)
        ],
    )


def _stated(
    db: Db, wide: Span, entries: dict[str, list[Entry]], teams: dict[str, str], within: set[str]
) -> list[Stated]:
    months = months_of(wide)
    frozen = {one.lock.key: one for one, _, _ in locks.of(db, months, within)}
    found = []
    for told, team in locks.told(db, months):
        at = teams.get(team) if team is not None else told.unit
        if not told.stated or at is None or at not in within or (told.team is not None and team is None):
            continue
        if told.type != SUBMITTED and told.key in frozen:
            counted = frozen[told.key].figures
        else:
            own = [entry for entry in entries.get(at, ()) if team is None or entry.team == team]
            counted = dict(figures(own, month_span(told.month)))
        found.append(Stated(told=told, unit=at, team=team, counted=counted))
    return found


def _told(one: Odd, replica: Replica, names: dict[str, str]) -> dict[str, Any]:
    return {
        "code": one.code, "unit": one.unit, "name": names.get(one.unit or "", ""), "team": one.team,
        "team_name": None if one.team is None else replica.name(one.team), "from": one.span.first.isoformat(),
        "to": one.span.last.isoformat(), "vi": one.said.vi, "en": one.said.en, "cases": list(one.cases),
        "rules": [{"value": rule.value, "mark": rule.mark, "citation": rule.citation} for rule in one.rules],
    }
