"""Results that deserve praise: a team's recognition, a mediator's year. Each says why, and what became of it. What nobody has
decided about yet is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import msgspec

from services.evaluation.domain.commendation.fold import Commendation
from services.evaluation.domain.commendation.rules import CommendationRules, MediatorGoal, ProposalRule, TeamGoal
from services.evaluation.domain.commendation.world import Recognised
from services.evaluation.domain.mediators.record import MediatorYear
from services.evaluation.domain.rules import NotInForceError
from services.evaluation.domain.wording import Words, day, number


class Result(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``key``: of the achievement, as a proposal names it. ``achieved_on``: the last day of the year that it looks back on;
    ``since``: from when praise is due: the recognition, or that day. ``record``, ``state``: of the commendation for it, if one
    was proposed; ``decided_on`` of one that stands. ``answered``: somebody decided, in whichever way. ``women`` of ``members``
    on that last day, of a team; of a mediator 1 or 0 of 1."""

    key: str
    rule: str
    team: str
    mediator: str | None
    unit: str
    year: int
    kind: str
    form: str
    achieved_on: dt.date
    since: dt.date
    recognised_on: dt.date | None
    why: Words
    women: int
    members: int
    record: str | None = None
    state: str | None = None
    decided_on: dt.date | None = None
    answered: bool = False

    @property
    def owed(self) -> bool:
        return not self.answered

    @property
    def id(self) -> str:
        return "|".join((self.key, self.team, self.mediator or ""))


Women = Callable[[dt.date], tuple[int, int]]
"""Women and members of the team on a day."""


def results(
    rules: CommendationRules, team: str, recognised: Iterable[Recognised], years: Iterable[MediatorYear],
    units: Mapping[int, str], women: Women, commendations: Iterable[Commendation], today: dt.date,
) -> tuple[Result, ...]:
    """``years``: of mediators; a window that is not over yet is passed over. ``units``: where the team worked on a window's last
    day, by year."""
    known = _by_achievement(commendations)
    ended = [year for year in years if year.last < today]
    found = []
    for rule in rules.proposals:
        if isinstance(rule.goal, TeamGoal):
            found += [_team(rule, team, one, women(one.window_end)) for one in recognised if one.revoked_on is None]
        else:
            found += [
                _mediator(rule, team, year, units.get(year.year, "")) for year in ended if reached(rule.goal, year) is not None
            ]
    return tuple(_answered(result, known.get((result.key, result.mediator))) for result in found)


def reached(goal: MediatorGoal, year: MediatorYear) -> Words | None:
    """Why the year reaches the goal, with its numbers; None if it does not, or no goal was in force."""
    try:
        years, cases, share, trainings = (
            dated.at(year.last).value for dated in (goal.years, goal.cases, goal.settled_share, goal.trainings)
        )
    except NotInForceError:
        return None
    settled = year.settled_share
    if not year.member or year.years < years or year.cases < cases or settled is None or settled < share:
        return None
    # what no sheet names is not held against anybody
    if year.listed and year.trainings < trainings:
        return None
    classes = Words(f"dự {number(year.trainings)} lớp tập huấn", f"{number(year.trainings, 'en')} classes attended")
    if not year.listed:
        classes = Words("danh sách dự tập huấn không ghi tên", "attendance sheets name nobody")
    return Words(
        f"{number(year.years)} năm làm hòa giải viên; năm {year.year} hòa giải thành {number(year.settled)}/{number(year.cases)} "
        f"vụ việc, {classes.vi}.",
        f"{number(year.years, 'en')} years a mediator; in {year.year} {number(year.settled, 'en')} of "
        f"{number(year.cases, 'en')} cases settled, {classes.en}.",
    )


def _team(rule: ProposalRule, team: str, one: Recognised, women: tuple[int, int]) -> Result:
    said = f" số {one.number}" if one.number else ""
    said_en = f" {one.number}" if one.number else ""
    return Result(
        key=f"recognition:{one.year}", rule=rule.id, team=team, mediator=None, unit=one.unit, year=one.year, kind=rule.kind,
        form=rule.form, achieved_on=one.window_end, since=one.on, recognised_on=one.on, women=women[0], members=women[1],
        why=Words(
            f"Được công nhận “Tổ hòa giải 5 tốt” năm {one.year} theo quyết định{said} ngày {day(one.on)}.",
            f"Recognised as a five-good team for {one.year} by decision{said_en} of {day(one.on, 'en')}.",
        ),
    )


def _mediator(rule: ProposalRule, team: str, year: MediatorYear, unit: str) -> Result:
    assert isinstance(rule.goal, MediatorGoal)
    why = reached(rule.goal, year)
    assert why is not None
    return Result(
        key=f"mediation:{year.year}", rule=rule.id, team=team, mediator=year.ref, unit=unit, year=year.year, kind=rule.kind,
        form=rule.form, achieved_on=year.last, since=year.last, recognised_on=None, women=int(year.sex == "female"), members=1,
        why=why,
    )


def _by_achievement(commendations: Iterable[Commendation]) -> dict[tuple[str, str | None], Commendation]:
    """The commendation for each achievement that says most: one that stands, one that was answered, the newest."""
    found: dict[tuple[str, str | None], Commendation] = {}
    for one in sorted(commendations, key=lambda c: (c.state in STANDING, c.answered, str(c.proposed_on), c.record)):
        if one.achievement is not None and one.household is None:
            found[" ".join(one.achievement.casefold().split()), one.mediator] = one
    return found


STANDING = frozenset({"decided", "given", "paid"})


def _answered(result: Result, commendation: Commendation | None) -> Result:
    if commendation is None:
        return result
    stands = commendation.state in STANDING
    return msgspec.structs.replace(
        result, record=commendation.record, state=commendation.state, answered=commendation.answered,
        decided_on=commendation.decided_on if stands else None,
    )
