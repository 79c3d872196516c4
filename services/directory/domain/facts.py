"""Directory entries taken apart: one fact about one unit, group, team or name each.

A fact is found by its keys, so that a change touches only what it concerns:

    u:<unit>            about the unit itself
    g:<unit>            about residential groups of the unit
    m:<unit>            moves or closes the places of teams in the unit
    a:<unit>            describes the unit or a group of it
    t:<year>            invites teams to a class of that year
    n:<source>|<name>   about the team that the source calls so (folded)
    c:<code>            about the team with this code
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from shared.contracts import TYPES, activity, from_builtins, short
from shared.contracts import directory as events
from shared.contracts.outgoing import RecordChanged, RecordEntry
from shared.naming import fold_name, read_code

Order = tuple[str, int, str, str, int]
"""(day, rank of the kind, time of writing, entry, place in the entry)."""


class Body(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, tag_field="kind"):
    """What a fact says."""


class UnitSeen(Body, frozen=True, tag="unit_seen"):
    code: str
    valid_from: str
    name: str
    level: str | None = None
    parent: str | None = None
    contact: str | None = None


class UnitAltered(Body, frozen=True, tag="unit_altered"):
    """``extent``: it is another unit from that day on, under the same code."""

    code: str
    name: str | None = None
    parent: str | None = None
    contact: str | None = None
    extent: bool = False


class UnitOver(Body, frozen=True, tag="unit_over"):
    code: str
    successors: list[str] = []


class GroupSeen(Body, frozen=True, tag="group_seen"):
    unit: str
    names: list[str]


class GroupAltered(Body, frozen=True, tag="group_altered"):
    unit: str
    name: str
    new_name: str | None = None
    new_unit: str | None = None


class GroupOver(Body, frozen=True, tag="group_over"):
    unit: str
    name: str
    merged_into: str | None = None


class TeamSeen(Body, frozen=True, tag="team_seen"):
    """``begins``: the source says that it begins (registered), not merely that it is there (snapshot).
    ``twin``: the same snapshot holds another team whose name differs in its marks only."""

    team: str
    unit: str
    group: str
    established_on: str | None = None
    mediators: list[events.MediatorEntry] = []
    contact: str | None = None
    begins: bool = False
    twin: bool = False


class TeamAltered(Body, frozen=True, tag="team_altered"):
    team: str
    unit: str | None = None
    group: str | None = None
    contact: str | None = None


class TeamOver(Body, frozen=True, tag="team_over"):
    team: str
    merged_into: str | None = None


class MediatorSeen(Body, frozen=True, tag="mediator_seen"):
    team: str
    mediator: events.MediatorEntry


class MediatorOver(Body, frozen=True, tag="mediator_over"):
    team: str
    ref: str
    reason: str = "other"
    decision: str | None = None


class AreaSeen(Body, frozen=True, tag="area_seen"):
    unit: str
    group: str | None
    minorities: bool


class Reviewed(Body, frozen=True, tag="reviewed"):
    team: str
    decision: str | None = None


class Candidates(Body, frozen=True, tag="candidates"):
    team: str
    candidates: list[str]
    seats: int | None = None


class Election(Body, frozen=True, tag="election"):
    team: str
    households: int
    votes: list[events.Votes]
    present: int | None = None
    seats: int | None = None
    supplementary: bool = False


class LeaderVote(Body, frozen=True, tag="leader_vote"):
    team: str
    mediators: int
    votes: list[events.Votes]


class Recognition(Body, frozen=True, tag="recognition"):
    team: str
    number: str
    mediators: list[events.MediatorEntry]
    asked_on: str | None = None


class Attended(Body, frozen=True, tag="attended"):
    team: str
    present: int
    mediators: list[str] = []


class Invited(Body, frozen=True, tag="invited"):
    """To a class; see ``activity.ForTeams`` for whom it means."""

    title: str
    organiser: str
    held_on: str
    hours: int | None = None
    teams: list[str] = []
    all_of: str | None = None
    but: list[str] = []


class NameMeans(Body, frozen=True, tag="name_means"):
    source: str
    name: str
    code: str


AnyBody = (
    UnitSeen | UnitAltered | UnitOver | GroupSeen | GroupAltered | GroupOver
    | TeamSeen | TeamAltered | TeamOver | MediatorSeen | MediatorOver | NameMeans
    | AreaSeen | Reviewed | Candidates | Election | LeaderVote | Recognition | Attended | Invited
)
ACTS = (Reviewed, Candidates, Election, LeaderVote, Recognition, Attended)
"""What happened to a team as a whole; see ``course``."""


class Fact(msgspec.Struct, kw_only=True, frozen=True):
    """``source``: who says so; ``order``: see ``Order``."""

    id: str
    record: str
    source: str
    order: Order
    keys: list[str]
    body: AnyBody

    @property
    def day(self) -> str:
        return self.order[0]


RANKS = {
    type_: rank
    for rank, type_ in enumerate((
        # what moves groups comes before the end of their unit; a snapshot shows the day after such changes,
        # and single events of the same day are nearer to the truth than the snapshot
        "directory.group.registered", "directory.group.changed", "directory.group.ended",
        "directory.unit.ended", "directory.unit.registered", "directory.unit.changed",
        "directory.roster.snapshot",
        "directory.team.registered", "directory.team.changed",
        "directory.mediator.registered", "directory.mediator.changed", "directory.mediator.ended",
        "directory.team.ended", "directory.name.confirmed",
        # stored facts carry their rank, so what came later stands at the end; a vote comes before the decision on it
        "directory.area.described", "directory.review.held", "directory.candidates.agreed", "directory.election.held",
        "directory.leader.elected", "directory.mediator.recognised", "training.convened", "training.attended",
    ))
}
_STRUCTS: dict[str, Any] = {short(name): t.data for name, t in TYPES.items() if t.family == "directory"}
HEARD: dict[str, Any] = {short(name): t.data for name, t in TYPES.items() if short(name).startswith("training.")}
"""Activities of which the directory keeps something."""


def name_key(source: str, name: str) -> str:
    return f"n:{source}|{fold_name(name)}"


def team_key(source: str, team: str) -> str:
    """The key of the team that ``source`` means by ``team``: a code or a name of its own."""
    code = read_code(team)
    return f"c:{code}" if code is not None else name_key(source, team)


def is_team_key(key: str) -> bool:
    return key.startswith(("n:", "c:"))


def facts_of(record: RecordChanged, others: bool = False) -> list[Fact]:
    """A record's live entries as facts; ``others``: it is an activity, of which most say nothing to the
    directory. Raise ``msgspec.ValidationError`` or ``KeyError`` for an entry outside the contract."""
    found = []
    for entry in record.entries:
        if others and entry.type not in HEARD:
            continue
        data = from_builtins(entry.data, (HEARD if others else _STRUCTS)[entry.type])
        for i, (body, keys) in enumerate(_bodies(entry, data)):
            found.append(Fact(
                id=f"{record.record}:{entry.entry}:{i}", record=record.record, source=entry.source,
                order=(entry.on[:10], RANKS[entry.type], entry.time, entry.entry, i), keys=sorted(set(keys)), body=body,
            ))
    return found


def _bodies(entry: RecordEntry, data: Any) -> Iterator[tuple[AnyBody, list[str]]]:
    source = entry.source
    match data:
        case events.RosterSnapshot():
            yield from _snapshot(source, data)
        case events.UnitRegistered():
            seen = UnitSeen(
                code=data.code, valid_from=data.on[:10], name=data.name, level=data.level, parent=data.parent,
                contact=data.contact,
            )
            yield seen, [f"u:{data.code}"]
        case events.UnitChanged():
            altered = UnitAltered(
                code=data.code, name=data.name, parent=data.parent, contact=data.contact, extent=bool(data.predecessors),
            )
            yield altered, [f"u:{data.code}"]
        case events.UnitEnded():
            over = UnitOver(code=data.code, successors=sorted({s.code for s in data.successors}))
            yield over, [f"u:{data.code}", f"g:{data.code}", f"m:{data.code}"]
        case events.GroupRegistered():
            yield GroupSeen(unit=data.unit, names=[data.name]), [f"g:{data.unit}"]
        case events.GroupChanged():
            moved = GroupAltered(unit=data.unit, name=data.name, new_name=data.new_name, new_unit=data.new_unit)
            yield moved, [f"g:{data.unit}", f"m:{data.unit}", *([f"g:{data.new_unit}"] if data.new_unit else [])]
        case events.GroupEnded():
            gone = GroupOver(unit=data.unit, name=data.name, merged_into=data.merged_into)
            yield gone, [f"g:{data.unit}", f"m:{data.unit}"]
        case events.TeamRegistered():
            begun = TeamSeen(
                team=data.team, unit=data.unit, group=data.group, mediators=data.mediators, contact=data.contact, begins=True,
            )
            yield begun, [team_key(source, data.team)]
        case events.AreaDescribed():
            yield AreaSeen(unit=data.unit, group=data.group, minorities=data.ethnic_minorities), [f"a:{data.unit}"]
        case events.ReviewHeld():
            for team in data.teams:
                yield Reviewed(team=team, decision=data.decision), [team_key(source, team)]
        case activity.TrainingConvened():
            yield Invited(
                title=data.title, organiser=data.organiser, held_on=data.held_on[:10], hours=data.hours, teams=data.teams,
                all_of=data.all_of, but=data.but,
            ), [f"t:{data.held_on[:4]}"]
        case activity.TrainingAttended():
            for came in data.attendance:
                yield Attended(team=came.team, present=came.present, mediators=came.mediators), [team_key(source, came.team)]
        case events.NameConfirmed():
            means = NameMeans(source=data.source, name=data.name, code=read_code(data.code) or data.code)
            yield means, [name_key(data.source, data.name), f"c:{means.code}"]
        case _:
            yield from _team_event(source, data)


def body_of(source: str, data: Any) -> AnyBody:
    """The fact of an event that has one only."""
    ((body, _),) = _team_event(source, data)
    return body


def _team_event(source: str, data: Any) -> Iterator[tuple[AnyBody, list[str]]]:
    key = team_key(source, data.team)
    match data:
        case events.TeamChanged():
            yield TeamAltered(team=data.team, unit=data.unit, group=data.group, contact=data.contact), [key]
        case events.TeamEnded():
            into = [team_key(source, data.merged_into)] if data.merged_into else []
            yield TeamOver(team=data.team, merged_into=data.merged_into), [key, *into]
        case events.MediatorRegistered() | events.MediatorChanged():
            yield MediatorSeen(team=data.team, mediator=data.mediator), [key]
        case events.MediatorEnded():
            yield MediatorOver(team=data.team, ref=data.ref, reason=data.reason, decision=data.decision), [key]
        case events.CandidatesAgreed():
            yield Candidates(team=data.team, candidates=data.candidates, seats=data.seats), [key]
        case events.ElectionHeld():
            yield Election(
                team=data.team, households=data.households, present=data.present, votes=data.votes, seats=data.seats,
                supplementary=data.supplementary,
            ), [key]
        case events.LeaderElected():
            yield LeaderVote(team=data.team, mediators=data.mediators, votes=data.votes), [key]
        case events.MediatorRecognised():
            yield Recognition(
                team=data.team, number=data.number, mediators=data.mediators,
                asked_on=None if data.asked_on is None else data.asked_on[:10],
            ), [key]


def _snapshot(source: str, data: events.RosterSnapshot) -> Iterator[tuple[AnyBody, list[str]]]:
    unit = data.unit.code
    yield UnitSeen(
        code=unit, valid_from=data.unit.valid_from, name=data.unit_name, parent=data.parent, contact=data.contact,
    ), [f"u:{unit}"]
    yield GroupSeen(unit=unit, names=list(data.groups)), [f"g:{unit}"]
    alike = Counter(fold_name(team.name) for team in data.teams)
    for team in data.teams:
        yield TeamSeen(
            team=team.name, unit=unit, group=team.group, established_on=team.established_on, mediators=team.mediators,
            twin=alike[fold_name(team.name)] > 1,
        ), [team_key(source, team.name)]
