"""Events of a year's evaluation in a commune: which criteria it picked, and the way from a team's self-assessment to the decision
that recognises it as "Tổ hòa giải 5 tốt". The subject is the process's own URI: a team's year, a meeting, a decision.

Source of the procedure: Hướng dẫn 1269/TP-MTTQ of Hà Nội. ``year`` is the year of evaluation, whose window may begin in the
year before.
"""
# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from shared.contracts.activity import ActivityFact
from shared.contracts.fields import Count, Person, Strict, Team, Text, UnitCode, Year
from shared.contracts.when import END

SchemeId = Annotated[str, Meta(min_length=1, max_length=60, pattern="^[a-z0-9]+(-[a-z0-9]+)*" + END)]
Name = Annotated[str, Meta(min_length=1, max_length=60, pattern="^[a-z0-9_]+" + END)]
Place = Annotated[
    str, Meta(max_length=121, pattern=r"^[a-z0-9_]+\.[a-z0-9_]+" + END, description="criterion.parameter of the scheme")
]
Value = Annotated[str, Meta(min_length=1, max_length=100, description="As the scheme's file writes it: 90%, 3, true, 05-01")]
Signer = Literal["commune_chair", "commune_vice_chair", "other"]


class LocalChange(Strict, kw_only=True, frozen=True):
    """One value of the scheme that the commune sets otherwise, on which paper."""

    at: Place
    value: Value
    citation: Text


class LocalAddition(Strict, kw_only=True, frozen=True):
    """A criterion that the commune adds: one of namtot's measures with values of its own."""

    id: Name
    title: Text
    title_en: Text | None = None
    measure: Name
    citation: Text
    parameters: dict[Name, Value | list[Value]] = {}


class SchemeChosen(ActivityFact, kw_only=True, frozen=True):
    """The commune picks the criteria of a year; the last choice before the year is closed counts."""

    unit: UnitCode
    year: Year
    scheme: SchemeId
    number: Text | None = None
    changes: Annotated[list[LocalChange], Meta(max_length=50)] = []
    additions: Annotated[list[LocalAddition], Meta(max_length=20)] = []


class EvaluationClosed(ActivityFact, kw_only=True, frozen=True):
    """The commune closes a year: its verdicts are frozen, and change by a recorded correction only."""

    unit: UnitCode
    year: Year


class EvaluationCorrected(ActivityFact, kw_only=True, frozen=True):
    """A closed year of one team is judged again by what is known now; who and why are asked for."""

    team: Team
    year: Year
    reason: Text
    by: Person | None = None


class SelfAssessed(ActivityFact, kw_only=True, frozen=True):
    """The team met and assessed itself. ``agreed`` of all ``members``, absent ones included, voted to ask for recognition."""

    team: Team
    year: Year
    members: Annotated[int, Meta(ge=1, le=1_000)]
    present: Count
    agreed: Count
    all_met: bool
    criteria: dict[Name, bool] = {}

    def __post_init__(self) -> None:
        if not self.agreed <= self.present <= self.members:
            raise ValueError("`agreed` cannot be more than `present`, nor `present` more than `members`")


class RecognitionRequested(ActivityFact, kw_only=True, frozen=True):
    """The leader's written request; its attachments (minutes, yearly report) stand in ``evidence``."""

    team: Team
    year: Year
    by: Person | None = None


class RecognitionReturned(ActivityFact, kw_only=True, frozen=True):
    """The commune gave the request back to be completed."""

    team: Team
    year: Year
    reason: Text


class ReviewLine(Strict, kw_only=True, frozen=True):
    team: Team
    recognise: bool
    remark: Text | None = None


class RecognitionReviewed(ActivityFact, kw_only=True, frozen=True):
    """The evaluation meeting that a leader of the People's Committee chairs, with the Front; minutes in ``evidence``."""

    unit: UnitCode
    year: Year
    chair: Literal["commune_leader", "other"]
    front_present: bool
    results: Annotated[list[ReviewLine], Meta(min_length=1, max_length=2_000)]


class DeclinedLine(Strict, kw_only=True, frozen=True):
    team: Team
    reason: Text


class RecognitionDecided(ActivityFact, kw_only=True, frozen=True):
    """The People's Committee's decision. Teams that it does not recognise are named with the reason."""

    unit: UnitCode
    year: Year
    number: Text
    signed_by: Signer
    recognised: Annotated[list[Team], Meta(max_length=2_000)] = []
    declined: Annotated[list[DeclinedLine], Meta(max_length=2_000)] = []

    def __post_init__(self) -> None:
        if not self.recognised and not self.declined:
            raise ValueError("one of `recognised` and `declined` must name a team")


class RecognitionRevoked(ActivityFact, kw_only=True, frozen=True):
    team: Team
    year: Year
    number: Text
    reason: Text


class PracticeNoted(ActivityFact, kw_only=True, frozen=True):
    """What a good team does that others could do too ("nhân rộng"). Ways of working, never a person or a case."""

    team: Team
    title: Text
    practice: Annotated[str, Meta(min_length=1, max_length=2_000)]
