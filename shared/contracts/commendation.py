"""Events of a commendation (khen thưởng), from the proposal to the reward that was handed over, or taken back. The subject is the
commendation's own URI; a verification's likewise.

Law: Luật Thi đua, khen thưởng 06/2022/QH15; NĐ 152/2025/NĐ-CP, before 01/07/2025 NĐ 98/2023/NĐ-CP. A mediator or a household is
a reference of the source's, never a name.
"""
# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from shared.contracts.activity import ActivityFact
from shared.contracts.fields import Count, Money, Person, Team, Text, UnitCode, Uri, Year
from shared.contracts.recognition import Name

Kind = Literal["merit", "unexpected", "campaign", "dedication", "seniority", "external"]
"""Công trạng, đột xuất, chuyên đề, cống hiến, niên hạn, đối ngoại."""
Authority = Literal["commune_chair", "district_chair", "city_chair", "department", "ministry", "front", "other"]
Achievement = Annotated[
    str, Meta(min_length=1, max_length=200,
              description="What it is for: recognition:2024, or the source's own short key of the achievement")
]
Ordinal = Annotated[int, Meta(ge=1, le=1_000_000, description="Số sổ vàng: the ordinal in the decision")]


class CommendationFact(ActivityFact, kw_only=True, frozen=True):
    team: Team


class CommendationProposed(CommendationFact, kw_only=True, frozen=True):
    """For the team, for ``mediator`` of it, or for a ``household`` that it puts forward. ``form``: a form of the commendation
    rules. ``supports``: earlier awards that the proposal rests on."""

    unit: UnitCode
    kind: Kind
    form: Name
    achievement: Achievement
    year: Year | None = None
    mediator: Person | None = None
    household: Person | None = None
    supports: Annotated[list[Uri], Meta(max_length=50)] = []

    def __post_init__(self) -> None:
        if self.mediator is not None and self.household is not None:
            raise ValueError("`household` is for who is no mediator: leave out one of the two")


class CommendationSubmitted(CommendationFact, kw_only=True, frozen=True):
    """The dossier went to who appraises it: tờ trình (``number``), báo cáo thành tích, biên bản xét in ``evidence``."""

    number: Text | None = None


class SupplementAsked(CommendationFact, kw_only=True, frozen=True):
    reason: Text


class Supplemented(CommendationFact, kw_only=True, frozen=True):
    pass


class Appraised(CommendationFact, kw_only=True, frozen=True):
    favourable: bool
    agreed: Count | None = None
    votes: Count | None = None


class CommendationDecided(CommendationFact, kw_only=True, frozen=True):
    """``amount``: as the decision says it; namtot computes it too and flags a difference."""

    number: Text
    form: Name
    signed_by: Authority
    ordinal: Ordinal | None = None
    amount: Money | None = None


class CommendationDeclined(CommendationFact, kw_only=True, frozen=True):
    reason: Text


class CommendationGiven(CommendationFact, kw_only=True, frozen=True):
    pass


class CommendationPaid(CommendationFact, kw_only=True, frozen=True):
    amount: Money


class CommendationRevoked(CommendationFact, kw_only=True, frozen=True):
    number: Text
    ground: Literal["fraud", "false_papers", "unlawful_appraisal", "other"]
    reason: Text


class CommendationRecovered(CommendationFact, kw_only=True, frozen=True):
    """What a revoked award brought came back: the certificate, the money."""

    certificate: bool
    amount: Money | None = None


class VerificationOpened(CommendationFact, kw_only=True, frozen=True):
    """Discipline, inspection, complaint or press allegations are being verified: no award meanwhile. Says that it is so, not what
    is alleged."""

    matter: Literal["discipline", "inspection", "complaint", "press"]
    mediator: Person | None = None


class VerificationClosed(CommendationFact, kw_only=True, frozen=True):
    """``upheld``: the allegation proved true."""

    upheld: bool
