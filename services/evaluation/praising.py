"""Commendations, and who deserves one, out of what the scorer knows: a team's steps, its recognitions, its mediators' years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.evaluation import recognising
from services.evaluation.chosen import Chosen
from services.evaluation.domain import recognition
from services.evaluation.domain.casework import standings
from services.evaluation.domain.commendation.deserving import Result, results
from services.evaluation.domain.commendation.fold import FAMILIES, Commendation, fold
from services.evaluation.domain.commendation.world import Recognised
from services.evaluation.domain.facts import Step, TeamFacts
from services.evaluation.domain.mediators.record import MediatorYear, Service, active, mediator_year
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.store import Db
from services.evaluation.store.commendations import COMMENDATIONS, PRAISE, Found, derived, praise
from services.evaluation.store.recognitions import Found as Recognition
from services.evaluation.store.replica import Replica
from services.evaluation.store.standing import Derived
from shared.calendar import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Praised:
    """What a team's facts come to."""

    commendations: tuple[Commendation, ...]
    results: tuple[Result, ...]


def write(
    db: Db, replica: Replica, generations: Mapping[str, int], facts: Mapping[str, TeamFacts], chosen: Chosen,
    recognitions: Iterable[Recognition], years: Iterable[int], today: dt.date, now: dt.datetime,
) -> int:
    """Write what these teams' generations come to; how many teams had anything. Teams without cost two queries for all of
    them. ``recognitions``: theirs; ``years``: those that are scored."""
    wanted, found, deserving = derive(db, replica, facts, chosen, recognitions, years, today)
    if wanted:
        own = {code: generations[code] for code in wanted}
        COMMENDATIONS.write(db, own, [derived(one) for one in found], today, now)
        PRAISE.write(db, own, deserving, today, now)
    return len(wanted)


def derive(
    db: Db, replica: Replica, facts: Mapping[str, TeamFacts], chosen: Chosen, recognitions: Iterable[Recognition],
    years: Iterable[int], today: dt.date,
) -> tuple[set[str], list[Found], list[Derived]]:
    """The teams of which there is, or was, anything to say; their commendations, and results that deserve praise."""
    recognised: dict[str, dict[int, Recognised]] = {}
    for one in recognitions:
        recognised.setdefault(one.team, {}).update(_recognised(replica, chosen, one))
    told: dict[str, set[str]] = {}
    for document in COMMENDATIONS.held(db, facts, "record"):
        told.setdefault(document["team"], set()).add(document["record"])
    listed = sorted(set(years))
    wanted = {document["team"] for document in PRAISE.held(db, facts)} | told.keys()
    wanted |= {code for code, own in facts.items() if may_matter(own)}
    found: list[Found] = []
    deserving: list[Derived] = []
    for code in sorted(wanted):
        known = praised(replica, chosen, code, facts[code], recognised.get(code, {}), listed, today)
        gone = told.get(code, set()) - {one.record for one in known.commendations}
        withdrawn = (Commendation(record=record, team=code, state="withdrawn") for record in gone)
        found += [
            Found(commendation=one, name=replica.name(code), unit=one.unit or replica.seat(code, one.decided_on or today).unit)
            for one in (*known.commendations, *withdrawn)
        ]
        deserving += [praise(result, replica.name(code)) for result in known.results]
    return wanted, found, deserving


def may_matter(facts: TeamFacts) -> bool:
    """Whether anything could come of the facts of a team; most have nothing."""
    return any(step.type.partition(".")[0] in (*FAMILIES, "recognition") for step in facts.steps) or any(
        case.mediator is not None for case in facts.cases
    )


def praised(
    replica: Replica, chosen: Chosen, code: str, facts: TeamFacts, recognised: Mapping[int, Recognised], years: Iterable[int],
    today: dt.date,
) -> Praised:
    rules = commendation_rules()
    commendations = fold(rules, code, facts.steps, recognised)
    spans = spans_of(replica, chosen, code, years)
    worked = {year: replica.seat(code, span.last).unit for year, span in spans.items()}
    found = results(
        rules, code, recognised.values(), mediator_years(replica, code, facts, spans), worked,
        lambda day: women_on(replica, code, day), commendations, today,
    )
    return Praised(commendations=commendations, results=found)


def recognitions(
    replica: Replica, chosen: Chosen, code: str, steps: Iterable[Step], today: dt.date
) -> dict[int, Recognised]:
    """Years in which the team was recognised, also where that was taken back."""
    listed = list(steps)
    found: dict[int, Recognised] = {}
    for year in recognition.years(listed):
        found |= _recognised(replica, chosen, recognising.find(replica, chosen, code, year, listed, {}, today))
    return found


def _recognised(replica: Replica, chosen: Chosen, one: Recognition) -> dict[int, Recognised]:
    at = one.recognition.progress
    if at.state not in (recognition.State.RECOGNISED, recognition.State.REVOKED) or at.decided is None:
        return {}
    return {one.year: Recognised(
        year=one.year, on=at.decided.on, window_end=recognising.last_day(replica, chosen, one.team, one.year), unit=one.seat.unit,
        number=at.decided.number, revoked_on=None if at.revoked is None else at.revoked.on,
    )}


def spans_of(replica: Replica, chosen: Chosen, code: str, years: Iterable[int]) -> dict[int, Span]:
    """The windows of these years under the schemes that the team's units went by."""
    return {year: span for year in years if (span := recognising.window(replica, chosen, code, year)) is not None}


def mediator_years(replica: Replica, code: str, facts: TeamFacts, spans: Mapping[int, Span]) -> list[MediatorYear]:
    """Of those who had a case in the year."""
    services = services_of(replica, code)
    found = []
    for year, refs in active(facts, code, spans).items():
        stood = standings(facts.cases, spans[year])
        found += [mediator_year(ref, year, spans[year], code, services, facts, stood) for ref in sorted(refs)]
    return found


def services_of(replica: Replica, code: str) -> list[Service]:
    state = replica.index.get(code)
    day = dt.timedelta(days=1)
    return [] if state is None else [
        Service(
            ref=m.ref, first=m.valid_from.day, last=None if m.valid_to is None else m.valid_to.day - day, sex=m.sex,
            leader=m.leader,
        )
        for m in state.members if m.valid_to is None or m.valid_from < m.valid_to
    ]


def women_on(replica: Replica, code: str, day: dt.date) -> tuple[int, int]:
    """Women and all members of the team on a day."""
    members = {
        service.ref: service.sex for service in services_of(replica, code)
        if service.first <= day and (service.last is None or day <= service.last)
    }
    return sum(sex == "female" for sex in members.values()), len(members)
