"""Events about one dispute. The subject is the case's globally unique URI; anyone with the right may add to
it.

Law: Luật Hòa giải ở cơ sở 35/2013/QH13; NĐ 15/2014/NĐ-CP. What identifies a person stands in ``private`` and
nowhere else.
"""
# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from shared.contracts.fields import (
    Count,
    Fact,
    LongText,
    Past,
    PastDate,
    Person,
    Strict,
    Team,
    Text,
    UnitCode,
    Uri,
    Year,
)
from shared.contracts.when import END, When

Dispute = Literal["personal", "civil", "family", "minor_violation"]
"""Art. 3; NĐ 15/2014 Art. 5.1: (a) personal conflicts, (b) civil, (c) marriage and family, (d) below
criminal and administrative level."""
Ground = Literal["party_request", "mediator_found", "assigned_or_requested"]
"""Art. 16."""
Urgency = Literal["violence_risk", "disorder_risk", "domestic_violence", "offence_signs"]
"""Art. 10.4, 10.5, 15.4; Law 13/2022."""
Outcome = Literal["settled", "not_settled", "ended_by_party"]
"""Art. 23."""
ScopeReason = Literal["public_interest", "procedure_law", "offence", "commercial_labour", "other"]
"""Why a dispute is not for grassroots mediation (Art. 3; NĐ 15/2014 Art. 5.1). ``procedure_law``: not mediable under
procedure law; ``offence``: to be prosecuted or sanctioned; ``commercial_labour`` is not verified [U]."""
SettlementItem = Literal[
    "grounds", "parties", "case", "proceedings", "agreement", "rights_duties", "performance", "signatures",
]
"""Contents of the written settlement, Art. 24; ``performance``: method and time limit."""
Role = Literal["mediator", "team_leader", "front", "justice_officer", "commune_chairman", "party_committee", "police", "other"]
"""Who says or is told something about a case: an office, never a person."""
ObstacleKind = Literal["party_absent", "papers_missing", "agency_silent", "mediator_short", "funding", "other"]
"""Vướng mắc; no source lists them [I]."""
Key = Annotated[str, Meta(min_length=1, max_length=60, pattern="^[A-Za-z0-9._:-]+" + END,
                          description="The sender's key within the case, e.g. vm-1")]


class Party(Strict, kw_only=True, frozen=True):
    name: Text
    role: Literal["party", "related", "invited"] = "party"
    born: Year | None = None
    address: Text | None = None
    phone: Text | None = None


class CasePrivate(Strict, kw_only=True, frozen=True):
    """Private life (Art. 4): goes to the vault, never to the log."""

    parties: Annotated[list[Party], Meta(max_length=100)] = []
    content: LongText | None = None
    agreement: LongText | None = None


class CaseFact(Fact, kw_only=True, frozen=True):
    private: CasePrivate | None = None


class Placed(CaseFact, kw_only=True, frozen=True):
    """Where a case belongs: a team, or a unit and a free-text group ("TDP số 5"). With neither it would
    wait in no one's queue, so one of ``team`` and ``unit`` must be there."""

    team: Team | None = None
    unit: UnitCode | None = None
    group: Text | None = None

    def __post_init__(self) -> None:
        if self.team is None and self.unit is None:
            raise ValueError("one of `team` and `unit` is needed")


class Reported(Placed, kw_only=True, frozen=True):
    dispute: Dispute
    ground: Ground
    first_known_by: Literal["team", "unit", "other"] = "team"
    arose_on: PastDate | None = None
    urgent: Annotated[list[Urgency], Meta(max_length=4)] = []


class Recorded(Placed, kw_only=True, frozen=True):
    """One finished case with all its dates, as a paper log has it; ``on`` is the day it ended."""

    dispute: Dispute
    ground: Ground
    received_on: Past
    outcome: Outcome
    assigned_on: Past | None = None
    chosen_by_parties: bool = False
    started_on: Past | None = None
    mediator: Person | None = None
    first_known_by: Literal["team", "unit", "other"] = "team"
    invited: Count = 0
    performance: Literal["fulfilled", "broken"] | None = None


class OutOfScope(CaseFact, kw_only=True, frozen=True):
    """Art. 3; NĐ 15/2014 Art. 5: explained, with the reason recorded, and directed to ``authority``."""

    reason: Text
    reason_code: ScopeReason | None = None
    authority: Text | None = None


class ScopeReview(CaseFact, kw_only=True, frozen=True):
    """Whether the dispute is for grassroots mediation is being looked into."""

    reason: Text | None = None


class InScope(CaseFact, kw_only=True, frozen=True):
    """It is for grassroots mediation after all: looked into, or given back by the authority. The case goes on where it
    stood."""

    reason: Text | None = None


class Referred(CaseFact, kw_only=True, frozen=True):
    to: Text
    reason: Text | None = None
    reason_code: ScopeReason | None = None


class ReferralAnswered(CaseFact, kw_only=True, frozen=True):
    """What the authority did. ``returned``: not its matter; the case goes on with ``case.in-scope``."""

    answer: Literal["accepted", "resolved", "returned"]
    number: Text | None = None


class LeadAgreed(CaseFact, kw_only=True, frozen=True):
    """Art. 22: a case across units has one lead team, which alone is credited with it."""

    lead: Team
    others: Annotated[list[Team], Meta(min_length=1, max_length=20)]


class DangerRaised(CaseFact, kw_only=True, frozen=True):
    """Art. 10.4, 10.5, 15.4: told to the leader, by the leader to the commune's chairman, at once. Send it with the routing key
    ``urgent``."""

    urgent: Annotated[list[Urgency], Meta(min_length=1, max_length=4)]
    told: Annotated[list[Role], Meta(max_length=8)] = []


class Assigned(CaseFact, kw_only=True, frozen=True):
    """Art. 18: the leader assigns only where the parties do not choose."""

    mediator: Person
    start_agreed_on: When | None = None


class Chosen(CaseFact, kw_only=True, frozen=True):
    """Art. 17: the parties chose their mediator; no three-day clock runs."""

    mediator: Person


class TermsChosen(CaseFact, kw_only=True, frozen=True):
    """Art. 17: the parties choose the place and whether in public. ``start_agreed_on``: they agreed on a day, so that no
    three-day clock runs (Art. 20.2)."""

    visibility: Literal["public", "private"] | None = None
    venue: Literal["meeting_house", "commune_office", "party_home", "site", "other"] | None = None
    start_agreed_on: When | None = None


class Recused(CaseFact, kw_only=True, frozen=True):
    """Art. 10.3, 18.2: the mediator has a stake in the matter or cannot be impartial, and is replaced."""

    mediator: Person
    reason_code: Literal["own_interest", "kinship", "not_impartial", "party_objects", "other"]
    raised_by: Role | Literal["party"] | None = None


class Paused(CaseFact, kw_only=True, frozen=True):
    """Art. 17: put off, not ended. ``until``: the day it is to go on, if one was agreed."""

    reason_code: Literal["party_asks", "party_absent", "papers_awaited", "force_majeure", "other"]
    until: When | None = None


class Resumed(CaseFact, kw_only=True, frozen=True):
    """The case goes on where it stood."""


class MediationHeld(CaseFact, kw_only=True, frozen=True):
    """``form``: whether the parties sat together. ``victim_consented``: after a warning of domestic violence, the victim's
    consent to sit together was noted (Law 13/2022)."""

    invited: Count = 0
    mode: Literal["public", "private"] | None = None
    form: Literal["joint", "separate"] | None = None
    victim_consented: bool = False


class Settled(CaseFact, kw_only=True, frozen=True):
    """Art. 24. ``items``: what the written settlement contains, as far as the sender says; its words are private."""

    written: bool = False
    items: Annotated[list[SettlementItem], Meta(max_length=8)] = []
    perform_by: When | None = None


class NotSettled(CaseFact, kw_only=True, frozen=True):
    reason: Text | None = None


class EndedByParty(CaseFact, kw_only=True, frozen=True):
    """Art. 17, 23: a party may ask to stop at any time."""


class Reopened(CaseFact, kw_only=True, frozen=True):
    """Art. 27: the same case goes on; counted once."""

    reason: Text | None = None


class AgreementFulfilled(CaseFact, kw_only=True, frozen=True):
    """Art. 25-26."""


class AgreementBroken(CaseFact, kw_only=True, frozen=True):
    """Art. 25-26. The case stays settled in statistics."""


class FollowedUp(CaseFact, kw_only=True, frozen=True):
    """Art. 25-26: how the agreement is being performed. ``perform_by``: a new time limit that the parties agreed on."""

    result: Literal["on_track", "partly", "delayed", "force_majeure"]
    perform_by: When | None = None


class CourtAsked(CaseFact, kw_only=True, frozen=True):
    """BLTTDS 2015 Art. 416-419: within six months of the agreement."""

    court: Text | None = None


class CourtGranted(CaseFact, kw_only=True, frozen=True):
    number: Text | None = None


class CourtRefused(CaseFact, kw_only=True, frozen=True):
    reason: Text | None = None


class CourtInquired(CaseFact, kw_only=True, frozen=True):
    """BLTTDS 2015 Art. 416-419: the court asks the mediating body, which answers within 5 working days."""

    court: Text | None = None
    number: Text | None = None


class CourtAnswered(CaseFact, kw_only=True, frozen=True):
    number: Text | None = None


class ObstacleRaised(CaseFact, kw_only=True, frozen=True):
    """Khó khăn, vướng mắc that a leader is to direct the solution of."""

    obstacle: Key
    kind: ObstacleKind
    by_role: Role | None = None


class ObstacleDirected(CaseFact, kw_only=True, frozen=True):
    obstacle: Key
    by_role: Role | None = None
    until: When | None = None


class ObstacleResolved(CaseFact, kw_only=True, frozen=True):
    obstacle: Key


class Linked(CaseFact, kw_only=True, frozen=True):
    """The subject is the same quarrel as ``primary``, which alone is counted."""

    primary: Uri
    reason: Text | None = None
    by: Person | None = None


class Unlinked(CaseFact, kw_only=True, frozen=True):
    """The subject is a quarrel of its own after all. ``primary``: from which case it is parted; without it, from any."""

    primary: Uri | None = None
    reason: Text
    by: Person | None = None
