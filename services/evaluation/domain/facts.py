"""What is known of a team, as the measures see it: cases and activity. Teams are namtot's codes; days are days in
Việt Nam; ids are those of the case or record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter, lt
from typing import Any, TypeVar

import msgspec

from shared.calendar import Span
from shared.contracts import When

# Facts hold no cycles, and a country's are read by the million: structs without a garbage header are read and freed quickest.


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``steps``: each change of status, in legal order. ``received`` None: its report has not come yet.
    ``sessions``: days of mediation. ``invited``: days on which others than the parties were invited, and how
    many. ``agreed_start``: the parties agreed to begin on that day, after the assignment of ``assigned``. ``mediator``: a
    reference."""

    id: str
    received: dt.date | None
    steps: tuple[tuple[dt.date, str], ...]
    first_known_by: str = "team"
    written_up: dt.date | None = None
    assigned: dt.date | None = None
    agreed_start: dt.date | None = None
    sessions: tuple[dt.date, ...] = ()
    invited: tuple[tuple[dt.date, int], ...] = ()
    linked_to: str | None = None
    mediator: str | None = None


class Sheet(msgspec.Struct, frozen=True, gc=False):
    """A team's line on an attendance sheet. ``mediators``: references of those present, where they were listed."""

    present: int
    mediators: frozenset[str] = frozenset()


class Training(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    id: str
    held: dt.date
    title: str = ""
    invited: frozenset[str] = frozenset()
    sheets: Mapping[str, Sheet] = msgspec.field(default_factory=dict)


class Delivery(msgspec.Struct, frozen=True, gc=False):
    """Documents handed to teams."""

    id: str
    on: dt.date
    teams: frozenset[str]
    title: str = ""


class Request(msgspec.Struct, frozen=True, gc=False):
    on: dt.date
    purpose: str
    amount: int
    cases: frozenset[str] = frozenset()
    month: str | None = None
    complete: bool = True


class Payment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One claim and what became of it. Amounts in whole đồng."""

    id: str
    team: str
    requests: tuple[Request, ...] = ()
    decided: tuple[tuple[dt.date, int], ...] = ()
    refused: tuple[dt.date, ...] = ()
    paid: tuple[tuple[dt.date, int], ...] = ()


class Meeting(msgspec.Struct, frozen=True, gc=False):
    id: str
    team: str
    kind: str
    on: dt.date


class Coordination(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the team asked of an agency, and the first day of its answer."""

    id: str
    team: str
    asked: dt.date | None
    answered: dt.date | None = None
    agency: str = ""


class Attestation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    id: str
    team: str
    matter: str
    by_role: str
    positive: bool
    period: Span
    on: dt.date
    paper: str | None = None


class Declaration(msgspec.Struct, frozen=True, gc=False):
    """The team says that nothing arose in ``period``."""

    id: str
    team: str
    period: Span


class Step(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One step of a procedure about a team: of its recognition, of a commendation, of a verification. ``id``: the log
    entry's key; ``time``: when it was written up; ``data``: the contract's struct as JSON values, in which teams bear the
    source's names: ``names`` are those of this team. A decision about many teams is a step of each."""

    id: str
    record: str
    type: str
    team: str
    on: dt.date
    time: When
    source: str
    event_id: str
    data: Mapping[str, Any]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStep:
    """The same about a whole unit: which criteria it picked, that it closed a year."""

    id: str
    record: str
    type: str
    unit: str
    on: dt.date
    time: When
    source: str
    event_id: str
    data: Mapping[str, Any]


F = TypeVar(
    "F", Case, Training, Delivery, Payment, Meeting, Coordination, Attestation, Declaration, Step
)
_ID = attrgetter("id")
Activity = Training | Delivery | Payment | Meeting | Coordination | Attestation | Declaration | Step


@dataclass(frozen=True, slots=True)
class Stay:
    """The unit in which a team works from ``first`` on, until its next stay."""

    first: dt.date
    unit: str


@dataclass(frozen=True, slots=True, order=True)
class Forebear:
    """A team that was merged into this one; ``ended``: from that day on its facts are this one's."""

    ended: dt.date
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """``members``: references of its mediators on the day asked. ``ended``: the first day on which it is no more.
    ``stays``: by day; ``forebears``: by day."""

    code: str
    established: dt.date
    ended: dt.date | None = None
    members: frozenset[str] = frozenset()
    stays: tuple[Stay, ...] = ()
    forebears: tuple[Forebear, ...] = ()


class TeamFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All that concerns one team. ``cases``: only those that count (``casework.counted``); ``aliases``: for a case,
    the ids of cases that were linked to it, because papers may name either."""

    cases: tuple[Case, ...] = ()
    aliases: Mapping[str, frozenset[str]] = msgspec.field(default_factory=dict)
    trainings: tuple[Training, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    payments: tuple[Payment, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    coordinations: tuple[Coordination, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    steps: tuple[Step, ...] = ()

    def in_order(self) -> TeamFacts:
        """The same facts sorted by id, each once, so that no measure can depend on how they came."""
        def by_id(facts: tuple[F, ...]) -> tuple[F, ...]:
            if len(facts) < 2:
                return facts
            ids = list(map(_ID, facts))
            if all(map(lt, ids, ids[1:])):
                return facts
            ordered = sorted(facts, key=_ID)
            if len(set(map(_ID, ordered))) == len(ordered):
                return tuple(ordered)
            # one record may hold several facts, so only what is wholly the same is one
            return tuple(fact for i, fact in enumerate(ordered) if fact not in ordered[:i])

        return TeamFacts(
            cases=by_id(self.cases), aliases=self.aliases, trainings=by_id(self.trainings),
            deliveries=by_id(self.deliveries), payments=by_id(self.payments), meetings=by_id(self.meetings),
            coordinations=by_id(self.coordinations), attestations=by_id(self.attestations),
            declarations=by_id(self.declarations), steps=by_id(self.steps),
        )
