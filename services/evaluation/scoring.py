"""The scorer: claims waiting teams, reads what is known of them, judges, writes, announces.

    generation  ──read first──▶  days, directory, facts  ──judge──▶  verdicts, where theirs is older

Everything that is read after the generation is at least as new as what bumped it.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from services.evaluation import praising, recognising
from services.evaluation.beside import Beside
from services.evaluation.chosen import Chosen
from services.evaluation.closing import note_due
from services.evaluation.domain.facts import Team, TeamFacts
from services.evaluation.domain.judge import Judgement, YearRules, judge, judge_together, year_rules
from services.evaluation.domain.life import like
from services.evaluation.domain.near import near
from services.evaluation.domain.rules import Scheme
from services.evaluation.store import Db, generations, rules, sheets, verdicts
from services.evaluation.store.replica import Replica, Seat
from services.evaluation.store.verdicts import Scored
from shared.calendar import Span
from shared.settings import Settings

CHUNK = 200
"""Teams scored at a time: enough to share queries and classes that name many teams, and done within a second."""
CHUNKS = 5
"""So many in a row, then there is time for other things."""
TOGETHER = 50
"""Teams judged side by side, some twenty milliseconds; then others have a turn."""


def score_waiting(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], clock: Callable[[], tuple[dt.datetime, dt.date]],
    done: Callable[[list[str]], None] = lambda teams: None, breathe: Callable[[], None] = lambda: None,
    chunk: int = CHUNK, default: str = Settings.scheme,
) -> int:
    """Score some chunks of waiting teams that nobody else has claimed; how many teams. ``clock``: now, and the day in Việt
    Nam. ``done`` is told each chunk's teams once their verdicts are stored; ``breathe`` is called between some teams and others.
    ``default``: the scheme of communes that chose none."""
    count = 0
    with unsearched(), Beside() as beside:
        for _ in range(CHUNKS):
            now, today = clock()
            claimed = generations.claim(db, chunk, now)
            if not claimed:
                break
            known = look(db, replica, schemes, sorted(claimed), today, default)
            results = judge_all(replica, known, breathe)
            # the next chunk is judged meanwhile: its teams are others, for these are claimed until they are scored
            beside.run(partial(_store, db, replica, claimed, known, results, now, done))
            count += len(claimed)
    return count


def _store(
    db: Db, replica: Replica, claimed: Mapping[str, int], known: Known, results: Sequence[Scored], now: dt.datetime,
    done: Callable[[list[str]], None],
) -> None:
    """All that the scored teams' facts come to, and last of all that they are scored."""
    verdicts.write(db, claimed, results, known.today, now)
    steps = {code: facts.steps for code, facts in known.facts.items()}
    found = recognising.write(db, replica, claimed, steps, known.chosen, results, known.today, now)
    years = (period.year for period in known.periods)
    praising.write(db, replica, claimed, known.facts, known.chosen, found, years, known.today, now)
    note_due(db, replica, known.chosen, known.facts, now)
    generations.scored(db, claimed, now)
    done(sorted(claimed))


@contextmanager
def unsearched() -> Iterator[None]:
    """No search for garbage: facts and trees hold no cycles, so counting references frees them, and there are many of them."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of some teams on a day, read after their generations. ``periods``: every scheme and year that is due."""

    facts: Mapping[str, TeamFacts]
    chosen: Chosen
    periods: Sequence[YearRules]
    today: dt.date


def look(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], teams: Sequence[str], today: dt.date,
    default: str = Settings.scheme, facts_of: Callable[[Db, Sequence[str]], dict[str, TeamFacts]] = sheets.facts_of,
) -> Known:
    replica.refresh(db)
    periods = [
        found for scheme, year in rules.periods(db, schemes.values(), today)
        if (found := bound(schemes[scheme], year)) is not None
    ]
    chosen = Chosen(db, schemes, default, replica.units_of(teams))
    return Known(facts=facts_of(db, teams), chosen=chosen, periods=periods, today=today)


def score(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], teams: Sequence[str], today: dt.date,
    breathe: Callable[[], None] = lambda: None, default: str = Settings.scheme,
) -> list[Scored]:
    """Judge these teams under every scheme and year that is due."""
    return judge_all(replica, look(db, replica, schemes, teams, today, default), breathe)


def judge_all(replica: Replica, known: Known, breathe: Callable[[], None] = lambda: None) -> list[Scored]:
    codes = list(known.facts)
    found: list[Scored] = []
    for start in range(0, len(codes), TOGETHER):
        breathe()
        for period, views in _asked(replica, known, codes[start:start + TOGETHER]):
            for scored in _judged(period, views, known.today):
                counts = known.chosen.of(scored.seat.unit, scored.year).scheme.id == scored.scheme
                found.append(scored if counts else replace(scored, counts=False))
    return found


def _asked(replica: Replica, known: Known, codes: Sequence[str]) -> list[tuple[YearRules, list[View]]]:
    """Each scheme and year with the teams that are judged by it: all of them, or those of a commune with a variant of its own."""
    views: dict[tuple[str, Span], View] = {}

    def seen(code: str, span: Span) -> View:
        if (code, span) not in views:
            views[code, span] = view_of(replica, code, known.facts[code], span, known.today)
        return views[code, span]

    asked = [(period, [seen(code, period.span) for code in codes]) for period in known.periods]
    return asked + [
        (period, [seen(code, period.span)]) for code in codes for period in _own(replica, known, code)
    ]


def judged(replica: Replica, period: YearRules, code: str, facts: TeamFacts, today: dt.date) -> Scored | None:
    """A team's year, with who the team is on the window's last day; None if it is not evaluated in it."""
    return next(iter(_judged(period, [view_of(replica, code, facts, period.span, today)], today)), None)


class View(NamedTuple):
    """A team with what is known of it, as one window sees them: for however many schemes look back on that window."""

    code: str
    name: str
    seat: Seat
    team: Team | None
    facts: TeamFacts


def view_of(replica: Replica, code: str, facts: TeamFacts, span: Span, today: dt.date) -> View:
    last = min(span.last, today)
    return View(code, replica.name(code), replica.seat(code, last), replica.team(code, last), near(facts, span))


def _judged(period: YearRules, views: Sequence[View], today: dt.date) -> list[Scored]:
    """Of the teams that are evaluated in that year."""
    there = [(view, view.team) for view in views if view.team is not None]
    full = iter(judge_together(period, [(team, view.facts) for view, team in there if view.facts != NOTHING], today))
    found = ((view, _nothing(period, team, today) if view.facts == NOTHING else next(full)) for view, team in there)
    return [
        Scored(
            team=view.code, name=view.name, seat=view.seat, scheme=period.scheme.id, base=period.scheme.base, year=period.year,
            judgement=judgement,
        )
        for view, judgement in found if judgement is not None
    ]


def _own(replica: Replica, known: Known, code: str) -> list[YearRules]:
    """The variants that the team's commune made, each in the year in which it counts."""
    if not known.chosen.varied:
        return []
    found = []
    for period in known.periods:
        unit = replica.seat(code, min(period.span.last, known.today)).unit
        chosen = known.chosen.of(unit, period.year)
        if chosen.is_variant and chosen.base.id == period.scheme.id:
            found.append(bound(chosen.scheme, period.year))
    return [rules for rules in found if rules is not None]


def _nothing(period: YearRules, team: Team, today: dt.date) -> Judgement | None:
    """Most teams have nothing in most years, and nothing looks alike for all of them."""
    alike = like(team, period.span)
    key = (period.scheme.id, period.scheme.digest, period.year, alike, today)
    if key not in _EMPTY:
        if len(_EMPTY) >= MOST_EMPTY:
            _EMPTY.clear()
        _EMPTY[key] = judge(period, alike, NOTHING, today)
    return _EMPTY[key]


NOTHING = TeamFacts()
MOST_EMPTY = 1000
_EMPTY: dict[tuple[str, str, int, Team, dt.date], Judgement | None] = {}
_BOUND: dict[tuple[str, str, int], YearRules | None] = {}
"""A scheme's values in a year, by id, digest and year: binding them takes longer than judging a team."""


def bound(scheme: Scheme, year: int) -> YearRules | None:
    key = (scheme.id, scheme.digest, year)
    if key not in _BOUND:
        _BOUND[key] = year_rules(scheme, year)
    return _BOUND[key]
