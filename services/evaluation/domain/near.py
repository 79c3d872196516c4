"""Which of a team's facts can matter to a year at all.

A team has many years of facts, and each year is judged by itself: those that lie more than ``MARGIN`` from its window are left
out first, so that ten years cost ten times one year and not a hundred times. Nothing that a measure looks at lies further away:
meetings and payments come within weeks; a payment that names a case of the year is kept whenever it was made. Steps of procedures
are no measure's evidence: they are looked at by themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from services.evaluation.domain.casework import PENDING
from services.evaluation.domain.facts import Case, Payment, TeamFacts
from shared.calendar import Span

MARGIN = dt.timedelta(days=366)


def near(facts: TeamFacts, span: Span) -> TeamFacts:
    wide = _wide(span)
    # this is done for every team and year: comparing is quicker than asking the span
    first, last = wide.first, wide.last
    cases = tuple([case for case in facts.cases if _case(case, wide)])
    named = {name for case in cases for name in (case.id, *facts.aliases.get(case.id, ()))}
    return TeamFacts(
        cases=cases,
        aliases={case.id: facts.aliases[case.id] for case in cases if case.id in facts.aliases},
        trainings=tuple([t for t in facts.trainings if first <= t.held <= last]),
        deliveries=tuple([d for d in facts.deliveries if first <= d.on <= last]),
        payments=tuple([p for p in facts.payments if _payment(p, wide, named)]),
        meetings=tuple([m for m in facts.meetings if first <= m.on <= last]),
        coordinations=tuple([c for c in facts.coordinations if _any((c.asked, c.answered), wide)]),
        attestations=tuple([a for a in facts.attestations if a.period.first <= last and first <= a.period.last]),
        declarations=tuple([d for d in facts.declarations if d.period.first <= last and first <= d.period.last]),
    )


@lru_cache
def _wide(span: Span) -> Span:
    return Span(span.first - MARGIN, span.last + MARGIN)


def _case(case: Case, wide: Span) -> bool:
    """Received before the end, and still open at the beginning or moved since."""
    if case.received is None or case.received > wide.last:
        return False
    return case.received >= wide.first or not case.steps or any(
        on >= wide.first or (status in PENDING and (on, status) == case.steps[-1]) for on, status in case.steps
    )


def _payment(payment: Payment, wide: Span, named: set[str]) -> bool:
    first, last = wide.first, wide.last
    for request in payment.requests:
        if first <= request.on <= last:
            return True
    months = (dt.date.fromisoformat(f"{r.month}-01") for r in payment.requests if r.month is not None)
    return (
        _any((on for on, _ in payment.paid), wide) or _any(months, wide) or any(r.cases & named for r in payment.requests)
    )


def _any(days: Iterable[dt.date | None], wide: Span) -> bool:
    first, last = wide.first, wide.last
    return any(day is not None and first <= day <= last for day in days)
