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
from shared.contracts.when import When

Dispute = Literal["personal", "civil", "family", "minor_violation"]
"""Art. 3; NĐ 15/2014 Art. 5.1: (a) personal conflicts, (b) civil, (c) marriage and family, (d) below
criminal and administrative level."""
Ground = Literal["party_request", "mediator_found", "assigned_or_requested"]
"""Art. 16."""
Urgency = Literal["violence_risk", "disorder_risk", "domestic_violence", "offence_signs"]
"""Art. 10.4, 10.5, 15.4; Law 13/2022."""
Outcome = Literal["settled", "not_settled", "ended_by_party"]
"""Art. 23."""


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
    """Art. 3; NĐ 15/2014 Art. 5: explained, with the reason recorded."""

    reason: Text


class Referred(CaseFact, kw_only=True, frozen=True):
    to: Text
    reason: Text | None = None


class Assigned(CaseFact, kw_only=True, frozen=True):
    """Art. 18: the leader assigns only where the parties do not choose."""

    mediator: Person
    start_agreed_on: When | None = None


class Chosen(CaseFact, kw_only=True, frozen=True):
    """Art. 17: the parties chose their mediator; no three-day clock runs."""

    mediator: Person


class MediationHeld(CaseFact, kw_only=True, frozen=True):
    invited: Count = 0
    mode: Literal["public", "private"] | None = None


class Settled(CaseFact, kw_only=True, frozen=True):
    """Art. 24."""

    written: bool = False
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


class CourtAsked(CaseFact, kw_only=True, frozen=True):
    """BLTTDS 2015 Art. 416-419: within six months of the agreement."""

    court: Text | None = None


class CourtGranted(CaseFact, kw_only=True, frozen=True):
    number: Text | None = None


class CourtRefused(CaseFact, kw_only=True, frozen=True):
    reason: Text | None = None


class Linked(CaseFact, kw_only=True, frozen=True):
    """The subject is the same quarrel as ``primary``, which alone is counted."""

    primary: Uri
    reason: Text | None = None
    by: Person | None = None
