"""Facts about teams folded into teams: their codes, places, members and names, and the names that an officer
must confirm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from services.directory.domain.codes import Fresh, Issued
from services.directory.domain.course import Course
from services.directory.domain.facts import (
    ACTS,
    AnyBody,
    Fact,
    GroupAltered,
    GroupOver,
    MediatorOver,
    MediatorSeen,
    NameMeans,
    TeamAltered,
    TeamOver,
    TeamSeen,
    UnitOver,
    name_key,
)
from services.directory.domain.life import Life, Place
from services.directory.domain.matching import Ambiguous, Lives
from services.directory.domain.members import MemberNote
from services.directory.domain.pending import PendingName, Sites, Unplaced
from shared.contracts.outgoing import TeamState
from shared.naming import fold_name, read_code


@dataclass(slots=True)
class FoldedTeams:
    """``states``: with ``n`` 0, the store numbers them. ``lines``: the register of codes as it should now be
    for these teams. ``heirs``: a code that turned out to be another's → that other. ``names``: what waits for
    an officer. ``courses``: code → what that team went through."""

    states: list[TeamState] = field(default_factory=list)
    courses: dict[str, Course] = field(default_factory=dict)
    lines: list[Issued] = field(default_factory=list)
    heirs: dict[str, str] = field(default_factory=dict)
    names: list[PendingName] = field(default_factory=list)


def fold_teams(
    facts: Iterable[Fact], issued: Iterable[Issued], seq: int, *,
    taken: Callable[[list[str]], set[str]], outside: Callable[[], Iterable[TeamState]],
) -> FoldedTeams:
    """The teams of a set of facts that is closed: with a fact, every fact that may be about the same team.

    ``issued``: the register's lines for these teams; ``outside``: other teams that work in the same places;
    ``taken``: whether a code is anybody's; ``seq``: number of the first code issued here.
    """
    fold = _Fold(sorted(facts, key=lambda f: f.order), issued)
    fold.run()
    return fold.result(seq, taken, outside)


class _Fold:
    def __init__(self, facts: list[Fact], issued: Iterable[Issued]) -> None:
        self.facts = facts
        self.lives = Lives(issued, [f.body for f in reversed(facts) if isinstance(f.body, NameMeans)])
        self.over = {(f.body.code, f.day) for f in facts if isinstance(f.body, UnitOver)}
        self.unplaced: list[Unplaced] = []
        self.merging: list[tuple[Fact, Life, str]] = []

    def run(self) -> None:
        waiting = [fact for fact in self.facts if not self._take(fact)]
        # what was dated before the team was first heard of, or names it by a code that a later fact led to
        for fact in waiting:
            if not self._take(fact):
                self._leave(fact)
        for fact, ended, into in self.merging:
            self._merge(fact, ended, into)
        for fact in self.facts:
            if isinstance(fact.body, NameMeans):
                self._named(fact, fact.body)

    def _named(self, fact: Fact, said: NameMeans) -> None:
        life = self.lives.with_code(said.code, fact.order)
        if life is not None:
            self.lives.call(life, said.source, said.name, None)
        else:
            self.unplaced.append(Unplaced(fact, said.source, said.name, None, None))

    def _take(self, fact: Fact) -> bool:
        """Apply a fact to the team that it means; say whether there was one."""
        try:
            match fact.body:
                case TeamSeen() as body:
                    return self._seen(fact, body)
                case TeamAltered() as body:
                    return self._altered(fact, body)
                case TeamOver() as body:
                    return self._over(fact, body)
                case MediatorSeen() as body:
                    return self._member(fact, body.team, body.mediator.ref, body)
                case MediatorOver() as body:
                    return self._member(fact, body.team, body.ref, None)
                case GroupAltered() | GroupOver() | UnitOver():
                    self._move(fact, fact.body)
                case body if isinstance(body, ACTS):
                    return self._acted(fact, body.team)
        except Ambiguous:
            return False
        return True

    def _seen(self, fact: Fact, body: TeamSeen) -> bool:
        life = self.lives.seen(fact.source, body, fact.order)
        if life is None:
            return False
        if read_code(body.team) is None:
            self.lives.call(life, fact.source, body.team, body.unit)
            life.titles.append((fact.order, fact.source, body.team))
        if body.contact:
            life.contacts.append((fact.order, body.contact))
        # another register's writing of the group is no news that the team moved
        if fact.source == life.home or life.place is None:
            if body.established_on:
                life.established.append(body.established_on)
            self._settle(life, fact, Place(body.unit, body.group))
        life.members.extend(MemberNote(fact.order, fact.source, m.ref, m, listed=True) for m in body.mediators)
        return True

    def _altered(self, fact: Fact, body: TeamAltered) -> bool:
        life = self.lives.mentioned(fact.source, body.team, body.unit, fact.order)
        if life is None:
            return False
        if body.contact:
            life.contacts.append((fact.order, body.contact))
        known = life.place or life.last
        unit = body.unit or (known.unit if known else None)
        group = body.group or (known.group if known else None)
        if (body.unit or body.group) and unit and group:
            self._settle(life, fact, Place(unit, group))
        return True

    def _over(self, fact: Fact, body: TeamOver) -> bool:
        life = self.lives.mentioned(fact.source, body.team, None, fact.order)
        if life is None:
            return False
        self.lives.end(life, fact.order)
        if body.merged_into:
            self.merging.append((fact, life, body.merged_into))
        return True

    def _member(self, fact: Fact, team: str, ref: str, seen: MediatorSeen | None) -> bool:
        life = self.lives.mentioned(fact.source, team, None, fact.order)
        if life is None:
            return False
        life.members.append(MemberNote(fact.order, fact.source, ref, seen.mediator if seen else None))
        if seen is None:
            life.acts.append(fact)
        return True

    def _acted(self, fact: Fact, team: str) -> bool:
        life = self.lives.mentioned(fact.source, team, None, fact.order)
        if life is None:
            return False
        life.acts.append(fact)
        return True

    def _move(self, fact: Fact, body: AnyBody) -> None:
        """A group or unit changed under the teams that work there."""
        match body:
            case GroupAltered():
                for life, group in self._working(body.unit, body.name, fact.day):
                    self._settle(life, fact, Place(body.new_unit or body.unit, body.new_name or group))
                    if body.new_unit:
                        life.arrived = fact.day
            case GroupOver():
                for life, _ in self._working(body.unit, body.name, fact.day):
                    self._settle(life, fact, Place(body.unit, body.merged_into) if body.merged_into else None)
            case UnitOver():
                heirs = tuple(body.successors)
                for life in self.lives.in_unit(body.code):
                    if life.arrived == fact.day:
                        continue  # it works in the unit that bears the code from this day on
                    # several heirs: only they know which of them took this team over
                    to_one = Place(heirs[0], life.place.group) if len(heirs) == 1 and life.place else None
                    self._settle(life, fact, to_one, heirs)

    def _working(self, unit: str, group: str, day: str) -> list[tuple[Life, str]]:
        """The teams of a group, with the group as each has it written. On the day on which a unit ends, another may
        begin under its code: what moved there on that day belongs to the other."""
        folded = fold_name(group)
        new = day if (unit, day) in self.over else None
        there = [
            (life, life.place.group) for life in self.lives.in_unit(unit)
            if life.place is not None and (new is None or life.arrived != new)
        ]
        return [(life, name) for life, name in there if fold_name(name) == folded]

    def _settle(self, life: Life, fact: Fact, place: Place | None, heirs: tuple[str, ...] = ()) -> None:
        self.lives.settle(life, fact.order, place, heirs)

    def _merge(self, fact: Fact, life: Life, into: str) -> None:
        unit = life.last.unit if life.last else None
        try:
            heir = self.lives.mentioned(fact.source, into, unit, fact.order)
        except Ambiguous:
            heir = None
        if heir is not None and heir is not life:
            life.ends = [(order, heir if order == fact.order else old) for order, old in life.ends]
        else:
            self.unplaced.append(Unplaced(fact, fact.source, into, unit, None))

    def _leave(self, fact: Fact) -> None:
        match fact.body:
            case TeamSeen() as body:
                self.unplaced.append(Unplaced(fact, fact.source, body.team, body.unit, body.group))
            case TeamAltered() as body:
                self.unplaced.append(Unplaced(fact, fact.source, body.team, body.unit, body.group))
            case TeamOver() | MediatorSeen() | MediatorOver() as body:
                self.unplaced.append(Unplaced(fact, fact.source, body.team, None, None))
            case body if isinstance(body, ACTS):
                self.unplaced.append(Unplaced(fact, fact.source, body.team, None, None))

    # -- what follows

    def result(
        self, seq: int, taken: Callable[[list[str]], set[str]], outside: Callable[[], Iterable[TeamState]]
    ) -> FoldedTeams:
        done = FoldedTeams()
        coded = [life for life in self.lives.all if life.code is not None]
        fresh = sorted((life for life in self.lives.all if life.code is None), key=lambda life: life.founded)
        for life in coded:
            if life.wanted is not None and not life.codes:
                life.codes.append((seq, life.wanted))
                seq += 1
        if fresh:
            sites = Sites(outside())
            for life in coded:
                sites.add(life)
            codes = Fresh(taken, [life.code for life in coded], [(life.home, life.first_name) for life in fresh])
            for life in fresh:
                rivals = sites.rivals(life)
                if rivals:
                    done.names.append(sites.pending(life, rivals, codes.own(life.home, life.first_name)))
                    continue
                life.codes.append((seq, codes.issue(life.home, life.first_name)))
                seq += 1
                sites.add(life)
                coded.append(life)
        bearers = {id(life): life.code for life in coded if life.code}
        for life in coded:
            self._write(life, done, bearers)
        done.names.extend(Unplaced.pending(self.unplaced))
        return done

    def _write(self, life: Life, done: FoldedTeams, codes: dict[int, str]) -> None:
        code = codes[id(life)]
        if life.places:
            state, done.courses[code] = life.state(code, codes)
            done.states.append(state)
        for order, each in life.codes:
            if each != code:
                done.heirs[each] = code
            line = self.lives.issued.get(each)
            keys = {f"c:{each}", *(name_key(source, name) for (source, _), name in life.names.items())}
            # a claim stays with its code even while no fact makes it, unless another team makes it now
            kept = [c for c in line.claims if self.lives.claimant(c) in (None, life)] if line else []
            done.lines.append(Issued(
                code=each, seq=order, home=line.home if line else life.home,
                claims=sorted({*life.claims, *kept}), keys=sorted({*keys, *(line.keys if line else ())}),
            ))
