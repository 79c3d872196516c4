"""Events about units, residential groups, teams and mediators. Dated: ``on`` is the day the change takes
effect.

Names of mediators and how to reach them stand in ``private``; everywhere else a mediator is a reference of
the source's. Law: Luật 35/2013 Art. 7, 8, 11, 12.
"""
# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from shared.contracts.fields import Count, Fact, PastDate, Person, Strict, Team, Text, UnitCode, Uri, Year

Mailbox = Annotated[str, Meta(max_length=200, description="The office's mailbox, not a person's")]
UnitLevel = Literal["city", "district", "commune"]
Sex = Literal["female", "male"]


class UnitKey(Strict, kw_only=True, frozen=True):
    """Codes are reused with another extent, so a unit is its code and the day it began."""

    code: UnitCode
    valid_from: PastDate


class MediatorEntry(Strict, kw_only=True, frozen=True):
    ref: Person
    sex: Sex
    leader: bool = False
    ethnic_minority: bool = False
    law_qualified: bool = False
    trained: bool = False


class TeamEntry(Strict, kw_only=True, frozen=True):
    name: Team
    group: Text
    established_on: PastDate | None = None
    mediators: Annotated[list[MediatorEntry], Meta(max_length=200)] = []


class PersonPrivate(Strict, kw_only=True, frozen=True):
    ref: Person
    name: Text
    phone: Text | None = None
    email: Text | None = None
    born: Year | None = None


class RosterPrivate(Strict, kw_only=True, frozen=True):
    people: Annotated[list[PersonPrivate], Meta(max_length=5_000)] = []


class DirectoryFact(Fact, kw_only=True, frozen=True):
    pass


class RosterSnapshot(DirectoryFact, kw_only=True, frozen=True):
    """One unit's whole roster as of ``on``: every group, team and mediator, inserted or updated. What is
    absent is not ended."""

    unit: UnitKey
    unit_name: Text
    parent: UnitCode | None = None
    groups: Annotated[list[Text], Meta(max_length=1_000)]
    teams: Annotated[list[TeamEntry], Meta(max_length=1_000)]
    contact: Mailbox | None = None
    private: RosterPrivate | None = None


class UnitRegistered(DirectoryFact, kw_only=True, frozen=True):
    code: UnitCode
    name: Text
    level: UnitLevel
    parent: UnitCode | None = None
    contact: Mailbox | None = None


class UnitChanged(DirectoryFact, kw_only=True, frozen=True):
    code: UnitCode
    name: Text | None = None
    parent: UnitCode | None = None
    contact: Mailbox | None = None
    predecessors: Annotated[list[UnitKey], Meta(max_length=50)] = []


class UnitEnded(DirectoryFact, kw_only=True, frozen=True):
    code: UnitCode
    successors: Annotated[list[UnitKey], Meta(max_length=50)] = []
    decision: Text | None = None


class GroupRegistered(DirectoryFact, kw_only=True, frozen=True):
    unit: UnitCode
    name: Text


class GroupChanged(DirectoryFact, kw_only=True, frozen=True):
    unit: UnitCode
    name: Text
    new_name: Text | None = None
    new_unit: UnitCode | None = None


class GroupEnded(DirectoryFact, kw_only=True, frozen=True):
    unit: UnitCode
    name: Text
    merged_into: Text | None = None


class TeamRegistered(DirectoryFact, kw_only=True, frozen=True):
    """``team`` is the source's name for it; namtot issues the code."""

    team: Team
    unit: UnitCode
    group: Text
    mediators: Annotated[list[MediatorEntry], Meta(max_length=200)] = []
    contact: Mailbox | None = None


class TeamChanged(DirectoryFact, kw_only=True, frozen=True):
    team: Team
    unit: UnitCode | None = None
    group: Text | None = None
    contact: Mailbox | None = None


class TeamEnded(DirectoryFact, kw_only=True, frozen=True):
    team: Team
    merged_into: Team | None = None
    decision: Text | None = None


class MediatorRegistered(DirectoryFact, kw_only=True, frozen=True):
    """Art. 8: elected, then recognised by the commune's chairman."""

    team: Team
    mediator: MediatorEntry
    private: PersonPrivate | None = None


class MediatorChanged(DirectoryFact, kw_only=True, frozen=True):
    team: Team
    mediator: MediatorEntry
    private: PersonPrivate | None = None


class MediatorEnded(DirectoryFact, kw_only=True, frozen=True):
    """Art. 11."""

    team: Team
    ref: Person
    reason: Literal["own_wish", "no_longer_eligible", "breach", "moved", "deceased", "other"] = "other"
    decision: Text | None = None


class AreaDescribed(DirectoryFact, kw_only=True, frozen=True):
    """Whether many people of ethnic minorities live in a group, or anywhere in the unit if no group is named (Art. 12): the
    commune says so, nobody counts it."""

    unit: UnitCode
    group: Text | None = None
    ethnic_minorities: bool


class ReviewHeld(DirectoryFact, kw_only=True, frozen=True):
    """Art. 12: teams were gone through and strengthened (kiện toàn)."""

    teams: Annotated[list[Team], Meta(min_length=1, max_length=1_000)]
    decision: Text | None = None


Seats = Annotated[int, Meta(ge=1, le=200, description="How many are to be elected")]


class CandidatesAgreed(DirectoryFact, kw_only=True, frozen=True):
    """Art. 8: the list on which the Front's committee and the group's head agreed (hiệp thương)."""

    team: Team
    candidates: Annotated[list[Person], Meta(min_length=1, max_length=200)]
    seats: Seats | None = None


class Votes(Strict, kw_only=True, frozen=True):
    ref: Person
    votes: Count


class ElectionHeld(DirectoryFact, kw_only=True, frozen=True):
    """Art. 8: the households' representatives vote on mediators. ``households``: all of the group; ``present``: of them those
    represented. ``supplementary``: goes on from the vote before it, which filled too few seats or ended in a tie."""

    team: Team
    households: Annotated[int, Meta(ge=1, le=100_000)]
    present: Count | None = None
    votes: Annotated[list[Votes], Meta(min_length=1, max_length=200)]
    seats: Seats | None = None
    supplementary: bool = False


class LeaderElected(DirectoryFact, kw_only=True, frozen=True):
    """The mediators vote on their leader. ``mediators``: how many the team has."""

    team: Team
    mediators: Annotated[int, Meta(ge=1, le=200)]
    votes: Annotated[list[Votes], Meta(min_length=1, max_length=200)]


class MediatorRecognised(DirectoryFact, kw_only=True, frozen=True):
    """Art. 8: the chair of the commune's People's Committee decides whom he recognises. ``asked_on``: the day on which the list
    reached him."""

    team: Team
    number: Text
    mediators: Annotated[list[MediatorEntry], Meta(min_length=1, max_length=200)]
    asked_on: PastDate | None = None
    private: RosterPrivate | None = None


class NameConfirmed(DirectoryFact, kw_only=True, frozen=True):
    """An officer says which team a source's name means."""

    source: Uri
    name: Team
    code: Team
    by: Person | None = None
