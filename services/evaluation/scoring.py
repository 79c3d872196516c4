"""The scorer: claims waiting teams, reads what is known of them, judges, writes, announces.

    generation  ──read first──▶  days, directory, facts  ──judge──▶  verdicts, where theirs is older

Everything that is read after the generation is at least as new as what bumped it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.evaluation.domain.casework import counted
from services.evaluation.domain.facts import (
    Activity,
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Step,
    Team,
    TeamFacts,
    Training,
    UnitStep,
)
from services.evaluation.domain.judge import Judgement, YearRules, judge, year_rules
from services.evaluation.domain.near import near
from services.evaluation.domain.reading import read_activity, read_case, read_unit_steps
from services.evaluation.domain.rules import Scheme
from services.evaluation.store import Db, Document, generations, rules, verdicts
from services.evaluation.store.links import related
from services.evaluation.store.replica import Replica
from services.evaluation.store.verdicts import Scored
from shared.contracts import from_builtins
from shared.contracts.outgoing import CaseState, RecordEntry

CHUNK = 200
"""Teams scored at a time: enough to share queries and classes that name many teams, and done within a second."""
CHUNKS = 5
"""So many in a row, then there is time for other things."""


def score_waiting(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], clock: Callable[[], tuple[dt.datetime, dt.date]],
    done: Callable[[list[str]], None] = lambda teams: None, breathe: Callable[[], None] = lambda: None,
    chunk: int = CHUNK,
) -> int:
    """Score some chunks of waiting teams that nobody else has claimed; how many teams. ``clock``: now, and the day in Việt
    Nam. ``done`` is told each chunk's teams once their verdicts are stored; ``breathe`` is called between two teams."""
    count = 0
    for _ in range(CHUNKS):
        now, today = clock()
        claimed = generations.claim(db, chunk, now)
        if not claimed:
            break
        results = score(db, replica, schemes, sorted(claimed), today, breathe)
        verdicts.write(db, claimed, results, today, now)
        generations.scored(db, claimed, now)
        count += len(claimed)
        done(sorted(claimed))
    return count


def score(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], teams: Sequence[str], today: dt.date,
    breathe: Callable[[], None] = lambda: None,
) -> list[Scored]:
    """Judge these teams under every scheme and year that is due."""
    replica.refresh(db)
    periods = [
        found for scheme, year in rules.periods(db, schemes.values(), today)
        if (found := _rules(schemes[scheme], year)) is not None
    ]
    facts = read_facts(db, teams)
    results = []
    for code in teams:
        breathe()
        for period in periods:
            last = min(period.span.last, today)
            team = replica.team(code, last)
            judgement = _judge(period, team, near(facts[code], period.span), today) if team is not None else None
            if judgement is not None:
                results.append(Scored(
                    team=code, name=replica.name(code), seat=replica.seat(code, last), scheme=period.scheme.id,
                    year=period.year, judgement=judgement,
                ))
    return results


def _judge(period: YearRules, team: Team, facts: TeamFacts, today: dt.date) -> Judgement | None:
    if facts != TeamFacts():
        return judge(period, team, facts, today)
    # most teams have nothing in most years, and nothing looks alike for all of them
    alike = Team(code="", established=max(team.established, period.span.first), ended=team.ended)
    key = (period.scheme.id, period.scheme.digest, period.year, alike.established, alike.ended, today)
    if key not in _EMPTY:
        if len(_EMPTY) >= MOST_EMPTY:
            _EMPTY.clear()
        _EMPTY[key] = judge(period, alike, facts, today)
    return _EMPTY[key]


MOST_EMPTY = 1000
_EMPTY: dict[tuple[str, str, int, dt.date, dt.date | None, dt.date], Judgement | None] = {}
_BOUND: dict[tuple[str, str, int], YearRules | None] = {}
"""A scheme's values in a year, by id, digest and year: binding them takes longer than judging a team."""


def _rules(scheme: Scheme, year: int) -> YearRules | None:
    key = (scheme.id, scheme.digest, year)
    if key not in _BOUND:
        _BOUND[key] = year_rules(scheme, year)
    return _BOUND[key]


@dataclass(slots=True)
class _Gathered:
    """A team's facts while they are gathered."""

    cases: list[Case] = field(default_factory=list)
    aliases: dict[str, frozenset[str]] = field(default_factory=dict)
    activities: dict[type, list[Activity]] = field(default_factory=lambda: defaultdict(list))

    def all(self) -> TeamFacts:
        of = self.activities
        return TeamFacts(
            cases=tuple(self.cases), aliases=self.aliases,
            trainings=tuple(f for f in of[Training] if isinstance(f, Training)),
            deliveries=tuple(f for f in of[Delivery] if isinstance(f, Delivery)),
            payments=tuple(f for f in of[Payment] if isinstance(f, Payment)),
            meetings=tuple(f for f in of[Meeting] if isinstance(f, Meeting)),
            coordinations=tuple(f for f in of[Coordination] if isinstance(f, Coordination)),
            attestations=tuple(f for f in of[Attestation] if isinstance(f, Attestation)),
            declarations=tuple(f for f in of[Declaration] if isinstance(f, Declaration)),
            steps=tuple(f for f in of[Step] if isinstance(f, Step)),
        )


def read_facts(db: Db, teams: Iterable[str]) -> dict[str, TeamFacts]:
    """All that is known of each of these teams, in a few queries for all of them."""
    wanted = {code: _Gathered() for code in teams}
    _gather_cases(db, wanted)
    for document in db["activities"].find({"teams": {"$in": sorted(wanted)}}, {"entries": 1, "places": 1}):
        for fact in _activities(document):
            for code in _concerned(fact):
                if code in wanted:
                    wanted[code].activities[type(fact)].append(fact)
    return {code: gathered.all() for code, gathered in wanted.items()}


def read_units(db: Db, units: Iterable[str]) -> dict[str, tuple[UnitStep, ...]]:
    """What each of these units decided for all its teams, by id."""
    wanted = set(units)
    found: dict[str, list[UnitStep]] = {code: [] for code in wanted}
    for document in db["activities"].find({"units": {"$in": sorted(wanted)}}, {"entries": 1}):
        for step in read_unit_steps(document["_id"], from_builtins(document["entries"], list[RecordEntry])):
            if step.unit in wanted:
                found[step.unit].append(step)
    return {code: tuple(sorted(steps, key=lambda step: step.id)) for code, steps in found.items()}


def _gather_cases(db: Db, wanted: Mapping[str, _Gathered]) -> None:
    own = list(db["cases"].find({"teams": {"$in": sorted(wanted)}}, {"state": 1, "teams": 1, "linked_to": 1}))
    documents = related(db, (), also=own, fields=("state", "teams", "linked_to"))
    cases = {id: read_case(id, from_builtins(d["state"], CaseState)) for id, d in documents.items()}
    leaders = counted(cases)
    followers: dict[str, set[str]] = defaultdict(set)
    for id, leader in leaders.items():
        if id != leader:
            followers[leader].add(id)
    for document in own:
        id = document["_id"]
        for code in document["teams"]:
            if leaders[id] == id and code in wanted:
                wanted[code].cases.append(cases[id])
                if followers[id]:
                    wanted[code].aliases[id] = frozenset(followers[id])


def _activities(document: Document) -> list[Activity]:
    codes = {
        (place["source"], place["team"]): place["code"] for place in document["places"]
        if place["code"] is not None and place["team"] is not None
    }
    return read_activity(document["_id"], from_builtins(document["entries"], list[RecordEntry]), codes)


def _concerned(fact: Activity) -> Iterable[str]:
    if isinstance(fact, Training):
        return fact.invited | fact.sheets.keys()
    if isinstance(fact, Delivery):
        return fact.teams
    return (fact.team,)
