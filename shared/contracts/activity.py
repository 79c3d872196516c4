"""Events about what a team, or the commune for its teams, did. The subject is the activity's own URI: a
class, a meeting, a request.

A due date is computed by namtot, never supplied. Sources for the measures they feed:
``services/evaluation/schemes``.
"""
# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from shared.contracts.fields import (
    Count,
    Evidence,
    Fact,
    LongText,
    Money,
    Past,
    PastDate,
    Person,
    Strict,
    Team,
    Text,
    UnitCode,
    Uri,
)
from shared.contracts.when import END, Day

Month = Annotated[
    str, Meta(pattern="^(19(7[6-9]|[89][0-9])|2[01][0-9]{2})-(0[1-9]|1[0-2])" + END, description="YYYY-MM, 1976 to 2199")
]


def in_order(period_from: Day, period_to: str) -> None:
    if period_from > period_to[:10]:
        raise ValueError("`period_from` lies after `period_to`")


class ActivityFact(Fact, kw_only=True, frozen=True):
    pass


class ForTeams(ActivityFact, kw_only=True, frozen=True):
    """About many teams at once. ``all_of``: every team that works in this unit on the day ``on``, without those of ``but``; teams
    listed beside it count, too."""

    teams: Annotated[list[Team], Meta(max_length=2_000)] = []
    all_of: UnitCode | None = None
    but: Annotated[list[Team], Meta(max_length=2_000)] = []

    def __post_init__(self) -> None:
        if not self.teams and self.all_of is None:
            raise ValueError("one of `teams` and `all_of` is needed")
        if self.but and self.all_of is None:
            raise ValueError("`but` is for `all_of`")


class TrainingConvened(ForTeams, kw_only=True, frozen=True):
    """A class: who was invited, and when it takes place (``held_on`` may lie ahead)."""

    title: Text
    organiser: Text
    held_on: Day
    hours: Annotated[int, Meta(ge=1, le=200)] | None = None


class Attendance(Strict, kw_only=True, frozen=True):
    team: Team
    present: Count
    mediators: Annotated[list[Person], Meta(max_length=200)] = []


class TrainingAttended(ActivityFact, kw_only=True, frozen=True):
    attendance: Annotated[list[Attendance], Meta(min_length=1, max_length=2_000)]


class DocumentsDistributed(ForTeams, kw_only=True, frozen=True):
    title: Text


class PaymentRequested(ActivityFact, kw_only=True, frozen=True):
    """TT 56/2023/TT-BTC; procedure 2.002080. ``complete``: all papers are there, so the days run."""

    team: Team
    purpose: Literal["case", "monthly"]
    amount: Money
    cases: Annotated[list[Uri], Meta(max_length=500)] = []
    month: Month | None = None
    complete: bool = True


class PaymentDecided(ActivityFact, kw_only=True, frozen=True):
    team: Team
    amount: Money
    number: Text | None = None


class PaymentRefused(ActivityFact, kw_only=True, frozen=True):
    team: Team
    reason: Text


class PaymentPaid(ActivityFact, kw_only=True, frozen=True):
    team: Team
    amount: Money
    cases: Annotated[list[Uri], Meta(max_length=500)] = []


class MeetingHeld(ActivityFact, kw_only=True, frozen=True):
    """A review meeting of the team. The self-assessment meeting counts as the yearly one."""

    team: Team
    kind: Literal["half_year", "year", "self_assessment", "exchange", "other"]
    present: Count | None = None
    members: Count | None = None


class CoordinationRequested(ActivityFact, kw_only=True, frozen=True):
    """The team asked an agency or union to take part, or referred something to it."""

    team: Team
    agency: Text
    case: Uri | None = None


class CoordinationAnswered(ActivityFact, kw_only=True, frozen=True):
    team: Team
    agency: Text


class AttestationGiven(ActivityFact, kw_only=True, frozen=True):
    """Who vouches for what, on which paper. The residential Front committee (Ban công tác Mặt trận) attests
    co-ordination."""

    team: Team
    matter: Literal["coordination", "detection", "training", "documents", "funding", "meetings"]
    by_role: Literal["front_committee", "commune", "group_leader", "party_cell", "other"]
    positive: bool
    period_from: PastDate
    period_to: PastDate
    paper: Evidence | None = None

    def __post_init__(self) -> None:
        in_order(self.period_from, self.period_to)


class OutreachHeld(ActivityFact, kw_only=True, frozen=True):
    team: Team
    title: Text
    audience: Count | None = None


class SituationPrivate(Strict, kw_only=True, frozen=True):
    content: LongText


class SituationNoted(ActivityFact, kw_only=True, frozen=True):
    """What may become a quarrel ("nắm tình hình"): the place and kind are shared, the words are private."""

    unit: UnitCode
    group: Text | None = None
    team: Team | None = None
    topic: Literal["land", "access", "noise", "hygiene", "family", "debt", "construction", "other"]
    level: Annotated[int, Meta(ge=1, le=3)] = 1
    private: SituationPrivate | None = None


class PeriodDeclared(ForTeams, kw_only=True, frozen=True):
    """The team declares that nothing arose in the period ("không phát sinh"), or the commune says so for many teams."""

    team: Team | None = None
    period_from: PastDate
    period_to: Past

    def __post_init__(self) -> None:
        if self.team is None:
            super().__post_init__()
        in_order(self.period_from, self.period_to)
