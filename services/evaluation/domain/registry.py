"""What the good teams of a year did differently, to be spread ("nhân rộng"): teams against teams, never persons, exactly.

Each practice is a fraction whose parts are summed over a group's teams: meetings over teams, cases begun in time over cases. It
tells what differs, not why; where few teams stand behind a number it says that too few do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.evaluation.domain.casework import standings
from services.evaluation.domain.facts import Case, Team, TeamFacts
from services.evaluation.domain.rates import Rounding, percent, rounded
from services.evaluation.domain.wording import Words, number
from shared.calendar import Span

Kind = Literal["mean", "share"]
Part = tuple[int, int]
"""What is summed: above and below the line. Nothing below the line: there was nothing to be measured."""

FEWEST = 5
"""Teams in each group below which nothing is said. No source has a number: a setting of namtot's."""
AFTER = dt.timedelta(days=14)
"""Meetings that look back on a year are held until two weeks after its window."""
PROMPT = 3
"""Days from assignment (Luật 35/2013/QH13 Art. 20.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    code: str
    title: Words
    kind: Kind
    part: Callable[[Team, TeamFacts, Span], Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """``teams``: those with something to be measured."""

    teams: int = 0
    above: int = 0
    below: int = 0

    def __add__(self, part: Part) -> Group:
        above, below = part
        return Group(teams=self.teams + bool(below), above=self.above + above, below=self.below + below)

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.above, self.below) if self.below else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """``difference``: of the good teams over the others; None where too few stand behind it."""

    practice: Practice
    good: Group
    others: Group
    difference: Fraction | None
    sentence: Words


class Comparison:
    """Gathers team after team; what it holds does not grow with their number."""

    def __init__(self, span: Span, fewest: int = FEWEST) -> None:
        self._span = span
        self._fewest = fewest
        self._groups = {practice.code: {True: Group(), False: Group()} for practice in PRACTICES}
        self.teams = {True: 0, False: 0}

    def add(self, team: Team, facts: TeamFacts, good: bool) -> None:
        self.teams[good] += 1
        for practice in PRACTICES:
            groups = self._groups[practice.code]
            groups[good] += practice.part(team, facts, self._span)

    def found(self) -> list[Compared]:
        return [self._compared(practice) for practice in PRACTICES]

    def _compared(self, practice: Practice) -> Compared:
        good, others = (self._groups[practice.code][side] for side in (True, False))
        if good.value is None or others.value is None or min(good.teams, others.teams) < self._fewest:
            difference = None
            said = Words(
                f"Quá ít tổ để so sánh ({number(good.teams)} tổ tốt, {number(others.teams)} tổ khác).",
                f"Too few teams to compare ({number(good.teams, 'en')} good, {number(others.teams, 'en')} others).",
            )
        else:
            difference = good.value - others.value
            said = Words(
                f"Tổ tốt {_shown(practice, good.value)} ({number(good.teams)} tổ), "
                f"tổ khác {_shown(practice, others.value)} ({number(others.teams)} tổ).",
                f"Good teams {_shown(practice, good.value, 'en')} ({number(good.teams, 'en')} teams), "
                f"others {_shown(practice, others.value, 'en')} ({number(others.teams, 'en')} teams).",
            )
        return Compared(practice=practice, good=good, others=others, difference=difference, sentence=said)


def _shown(practice: Practice, value: Fraction, lang: str = "vi") -> str:
    return percent(value, lang=lang) if practice.kind == "share" else number(rounded(value, 1, Rounding.HALF_UP), lang)


def _meetings(team: Team, facts: TeamFacts, span: Span) -> Part:
    return len({meeting.id for meeting in facts.meetings if meeting.on - AFTER in span}), 1


def _exchanges(team: Team, facts: TeamFacts, span: Span) -> Part:
    return int(any(m.kind == "exchange" and m.on in span for m in facts.meetings)), 1


def _classes(team: Team, facts: TeamFacts, span: Span) -> Part:
    own = (t.sheets.get(team.code) for t in facts.trainings if t.held in span)
    return sum(1 for sheet in own if sheet is not None and sheet.present), 1


def _reached(team: Team, facts: TeamFacts, span: Span) -> Part:
    sheets = [t.sheets[team.code] for t in facts.trainings if t.held in span and team.code in t.sheets]
    return len(frozenset[str]().union(*(sheet.mediators for sheet in sheets)) & team.members), len(team.members)


def _coordinations(team: Team, facts: TeamFacts, span: Span) -> Part:
    return len({c.id for c in facts.coordinations if any(on is not None and on in span for on in (c.asked, c.answered))}), 1


def _outreach(team: Team, facts: TeamFacts, span: Span) -> Part:
    return sum(step.type == "outreach.held" and step.on in span for step in facts.steps), 1


def _invited(team: Team, facts: TeamFacts, span: Span) -> Part:
    cases = _cases(facts, span)
    return sum(any(count and on in span for on, count in case.invited) for case in cases), len(cases)


def _waits(facts: TeamFacts, span: Span) -> list[int]:
    """Days from assignment to the first session after it."""
    return [
        (min(after) - case.assigned).days for case in _cases(facts, span)
        if case.assigned is not None and (after := [on for on in case.sessions if on >= case.assigned])
    ]


def _prompt(team: Team, facts: TeamFacts, span: Span) -> Part:
    waits = _waits(facts, span)
    return sum(days <= PROMPT for days in waits), len(waits)


def _days_to_start(team: Team, facts: TeamFacts, span: Span) -> Part:
    waits = _waits(facts, span)
    return sum(waits), len(waits)


def _write_up(team: Team, facts: TeamFacts, span: Span) -> Part:
    days = [
        max(0, (case.written_up - case.received).days) for case in _cases(facts, span)
        if case.written_up is not None and case.received is not None
    ]
    return sum(days), len(days)


def _cases(facts: TeamFacts, span: Span) -> tuple[Case, ...]:
    return standings(facts.cases, span).counted


def _practices() -> Iterable[Practice]:
    rows: tuple[tuple[str, str, str, Kind, Callable[[Team, TeamFacts, Span], Part]], ...] = (
        ("meetings", "Số cuộc họp mỗi tổ", "Meetings per team", "mean", _meetings),
        ("exchanges", "Tổ có họp trao đổi kinh nghiệm", "Teams that met to exchange experience", "share", _exchanges),
        ("classes", "Số lớp tập huấn đã dự mỗi tổ", "Classes attended per team", "mean", _classes),
        ("members_trained", "Hòa giải viên đã dự tập huấn", "Mediators reached by training", "share", _reached),
        ("coordination", "Số lần phối hợp được ghi nhận mỗi tổ", "Co-ordination records per team", "mean", _coordinations),
        ("outreach", "Số buổi tuyên truyền mỗi tổ", "Outreach meetings per team", "mean", _outreach),
        ("invited", "Vụ việc có mời người, cơ quan cùng tham gia", "Cases with others invited", "share", _invited),
        ("started", "Vụ việc bắt đầu trong 3 ngày từ khi phân công", "Cases begun within 3 days of assignment", "share", _prompt),
        ("days_to_start", "Số ngày từ phân công đến buổi đầu", "Days from assignment to the first session", "mean",
         _days_to_start),
        ("write_up", "Số ngày từ khi nhận đến khi ghi sổ", "Days from reception to write-up", "mean", _write_up),
    )
    for code, vi, en, kind, part in rows:
        yield Practice(code=code, title=Words(vi, en), kind=kind, part=part)


PRACTICES = tuple(_practices())
