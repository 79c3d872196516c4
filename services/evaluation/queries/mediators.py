"""One mediator's record by year. Asked for by team and reference; there is no question that sets mediators in an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from services.evaluation import praising
from services.evaluation.chosen import Chosen
from services.evaluation.domain.commendation.deserving import reached
from services.evaluation.domain.commendation.rules import MediatorGoal
from services.evaluation.domain.mediators.record import MediatorYear, active, mediator_year
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.wording import Words
from services.evaluation.queries.commendation import commendations
from services.evaluation.queries.finding import find_team
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.replica import Replica, unit_names


class UnknownMediator(LookupError):
    """The team has no mediator of that reference, and no case or class names one."""


def mediator(
    db: Db, schemes: Mapping[str, Scheme], default: str, replica: Replica, team: str, ref: str, today: dt.date
) -> Document:
    """Years of service, cases, settled ones and classes, by the years of evaluation, the newest first; and the commendations.
    Raise ``UnknownTeam``, ``UnknownMediator``."""
    code = find_team(db, replica, team)
    chosen = Chosen(db, schemes, default, replica.units_of([code]))
    facts = sheets.facts_of(db, [code], keep=False)[code]
    services = praising.services_of(replica, code)
    first = min((s.first for s in services if s.ref == ref), default=today)
    windows = praising.spans_of(replica, chosen, code, range(today.year + 1, first.year - 1, -1))
    spans = {year: span for year, span in windows.items() if span.first <= today}
    with_case = active(facts, code, spans)
    years = [mediator_year(ref, year, span, code, services, facts) for year, span in spans.items()]
    shown = [one for one in years if one.member or one.trainings or ref in with_case.get(one.year, ())]
    if not shown and not any(s.ref == ref for s in services):
        raise UnknownMediator(f"{code} has no mediator {ref!r}")
    unit = replica.seat(code, today).unit
    return {
        "team": code, "name": replica.name(code), "unit": unit, "unit_name": unit_names(db, today).get(unit, unit), "ref": ref,
        "years": [_year(one, today) for one in shown],
        "commendations": [
            item for item in commendations(db, today, team=code)["items"] if item["mediator"] == ref
        ],
    }


def _year(one: MediatorYear, today: dt.date) -> Document:
    why = None if one.last >= today else next(
        (words for rule in commendation_rules().proposals if isinstance(rule.goal, MediatorGoal)
         if (words := reached(rule.goal, one)) is not None), None,
    )
    shown: Document = msgspec.to_builtins(one)
    return {**shown, "deserves": None if why is None else _both(why), "window_over": one.last < today}


def _both(words: Words) -> Document:
    return {"vi": words.vi, "en": words.en}
