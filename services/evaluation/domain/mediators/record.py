"""One mediator's year in one team, from the team's facts: years of service, cases, classes.

It is that person's own record: for the team, and for who proposes a commendation. It is never set in order against others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction

import msgspec

from services.evaluation.domain.casework import Standings, standings
from services.evaluation.domain.facts import Case, TeamFacts
from shared.calendar import Span, add_months

_DAY = dt.timedelta(days=1)


class Service(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Days on which a mediator belongs to the team; ``last`` None: still. ``sex`` as the directory has it."""

    ref: str
    first: dt.date
    last: dt.date | None = None
    sex: str = ""
    leader: bool = False


class MediatorYear(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``years``: whole years of service without a break up to the window's last day. ``cases``: ended ones that this mediator
    handled; ``settled`` of them; ``pending`` ones besides. ``listed``: some attendance sheet of the
    team names who was there; where none does, nobody's attendance is known. Ids are those of cases and classes."""

    ref: str
    year: int
    first: dt.date
    last: dt.date
    years: int
    member: bool
    leader: bool
    sex: str
    cases: int
    settled: int
    pending: int
    trainings: int
    listed: bool
    case_ids: tuple[str, ...] = ()
    training_ids: tuple[str, ...] = ()

    @property
    def settled_share(self) -> Fraction | None:
        """None where no case ended: there is no rate then."""
        return Fraction(self.settled, self.cases) if self.cases else None


def mediator_year(
    ref: str, year: int, span: Span, team: str, services: Iterable[Service], facts: TeamFacts, stood: Standings | None = None
) -> MediatorYear:
    """``stood``: the team's standings in ``span``, where they are at hand."""
    own = [service for service in services if service.ref == ref]
    stood = standings(facts.cases, span) if stood is None else stood
    settled, failed, pending = (_of(ref, cases) for cases in (stood.settled, stood.not_settled, stood.pending))
    sheets = {t.id: t.sheets[team].mediators for t in facts.trainings if t.held in span and team in t.sheets}
    classes = sorted(id for id, present in sheets.items() if ref in present)
    years = whole_years(own, span.last)
    current = [s for s in own if s.first <= span.last and (s.last is None or s.last >= span.last)]
    return MediatorYear(
        ref=ref, year=year, first=span.first, last=span.last, years=years, member=bool(current),
        leader=any(s.leader for s in current), sex=next((s.sex for s in own if s.sex), ""),
        cases=len(settled) + len(failed), settled=len(settled), pending=len(pending), trainings=len(classes),
        listed=any(sheets.values()),
        case_ids=tuple(sorted((*settled, *failed, *pending))), training_ids=tuple(classes),
    )


def _of(ref: str, cases: Iterable[Case]) -> list[str]:
    return [case.id for case in cases if case.mediator == ref]


def active(facts: TeamFacts, team: str, spans: Mapping[int, Span]) -> dict[int, set[str]]:
    """Which mediators have a case in which of these years; nothing else makes a year worth looking at."""
    found: dict[int, set[str]] = {}
    with_mediator = [case for case in facts.cases if case.mediator is not None]
    if not with_mediator:
        return found
    for year, span in spans.items():
        refs = {case.mediator for case in standings(with_mediator, span).counted if case.mediator is not None}
        if refs:
            found[year] = refs
    return found


def whole_years(services: Iterable[Service], day: dt.date) -> int:
    """Years without a break that are full on ``day``; 0 for who is no member then."""
    begun: dt.date | None = None
    until: dt.date | None = None
    for service in sorted((s for s in services if s.first <= day), key=lambda s: s.first):
        last = day if service.last is None else min(service.last, day)
        if until is not None and service.first <= until + _DAY:
            until = max(until, last)
        else:
            begun, until = service.first, last
    if begun is None or until is None or until < day:
        return 0
    # the first day counts: who began on 01/11 has a year on 31/10
    years = day.year - begun.year + 1
    while years > 0 and add_months(begun, 12 * years) - _DAY > day:
        years -= 1
    return years
