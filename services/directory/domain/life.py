"""One team's life: what was said of it, in order, and the state that follows."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from services.directory.domain.course import Course, course_of, told
from services.directory.domain.facts import Fact, Order
from services.directory.domain.law import law
from services.directory.domain.members import MemberNote, memberships
from shared.contracts.outgoing import TeamPlace, TeamState
from shared.contracts.when import When
from shared.naming import fold_name, spelling


@dataclass(frozen=True, slots=True)
class Place:
    unit: str
    group: str

    @property
    def key(self) -> tuple[str, str]:
        return self.unit, fold_name(self.group)


@dataclass(frozen=True, slots=True)
class PlaceNote:
    """From that day on the team works at ``place``, or nowhere that is known. ``heirs``: units of which one
    took it over."""

    order: Order
    place: Place | None
    heirs: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Life:
    """A team while it is folded. ``codes``: (order of issuing, code) of every code that its claims led to;
    ``wanted``: the code of its own that an officer confirmed."""

    home: str
    founded: Order
    first_name: str
    wanted: str | None = None
    codes: list[tuple[int, str]] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: list[tuple[Order, str, str]] = field(default_factory=list)
    contacts: list[tuple[Order, str]] = field(default_factory=list)
    established: list[str] = field(default_factory=list)
    places: list[PlaceNote] = field(default_factory=list)
    members: list[MemberNote] = field(default_factory=list)
    ends: list[tuple[Order, Life | None]] = field(default_factory=list)
    acts: list[Fact] = field(default_factory=list)
    place: Place | None = None
    last: Place | None = None
    heirs: tuple[str, ...] = ()
    ended: bool = False
    arrived: str | None = None
    """The last day on which somebody said into which unit its group moved."""

    @property
    def code(self) -> str | None:
        return min(self.codes)[1] if self.codes else self.wanted

    def name(self, source: str, name: str) -> None:
        """``source`` calls it so. The first writing of each spelling is kept."""
        self.names.setdefault((source, spelling(name)), name)

    def called(self, source: str, folded: str) -> bool:
        return any(s == source and fold_name(name) == folded for (s, _), name in self.names.items())

    def settle(self, order: Order, place: Place | None, heirs: tuple[str, ...] = ()) -> None:
        """From this fact on it works at ``place``."""
        if place is not None:
            self.last, self.ended = place, False
        self.place, self.heirs = place, heirs
        self.places.append(PlaceNote(order, place, heirs))

    def end(self, order: Order, into: Life | None = None) -> None:
        self.place, self.ended = None, True
        self.ends.append((order, into))

    # -- what follows from it

    def end_note(self) -> tuple[Order, Life | None] | None:
        """The end that stands: no later fact says that it works somewhere."""
        last = max(self.ends, key=lambda e: e[0], default=None)
        if last is None or any(note.place is not None and note.order > last[0] for note in self.places):
            return None
        return last

    def established_on(self) -> str:
        first = min((note.order[0] for note in self.places if note.place is not None), default=self.founded[0])
        return min([first, *self.established])

    def spells(self) -> list[TeamPlace]:
        """Where it worked, without gaps that nobody told and without spells of no day."""
        open_since, at = "", None
        spells: list[TeamPlace] = []

        def close(day: str) -> None:
            if at is not None and open_since < day:
                spells.append(TeamPlace(
                    unit=at.unit, group=at.group, valid_from=When(open_since), valid_to=When(day),
                ))

        notes = [*self.places, *(PlaceNote(order, None) for order, _ in self.ends)]
        for note in sorted(notes, key=lambda n: n.order):
            if note.place is not None and at is not None and note.place.key == at.key:
                continue
            day = note.order[0]
            close(day)
            # a source that gives the day of founding means that the team has worked there since
            open_since = day if spells or at is not None else min(day, self.established_on())
            at = note.place
        if at is not None:
            spells.append(TeamPlace(unit=at.unit, group=at.group, valid_from=When(open_since)))
        return spells

    def state(self, code: str, codes: dict[int, str]) -> tuple[TeamState, Course]:
        """``codes``: code by ``id`` of the life that bears it, for what it was merged into."""
        course, appointed = course_of(self.acts, law())
        end = self.end_note()
        into = end[1] if end is not None else None
        titles = [t for t in self.titles if t[1] == self.home] or self.titles
        members = memberships([*self.members, *appointed], self.home, None if end is None else end[0][0])
        return TeamState(
            code=code, n=0,
            name=max(titles, default=(self.founded, "", self.first_name))[2],
            established_on=When(self.established_on()),
            ended_on=None if end is None else When(end[0][0]),
            merged_into=None if into is None else codes.get(id(into)),
            places=self.spells(),
            members=told(members, course),
            names=sorted((source, name) for (source, _), name in self.names.items()),
            contact=max(self.contacts)[1] if self.contacts else None,
        ), course


def empty_life(state: TeamState, heir: str | None) -> TeamState:
    """What is told of a code whose team turned out never to have been one of its own: it has no day, place or
    member."""
    return msgspec.structs.replace(
        state, ended_on=state.established_on, merged_into=heir, places=[], members=[], names=[], contact=None,
    )
