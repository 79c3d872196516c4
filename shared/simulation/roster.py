"""Who is there: a unit's teams and mediators, as its register sends them once, and what changes over the year."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from shared.naming import fold_name, make_code
from shared.simulation import people
from shared.simulation.desk import Desk, paper
from shared.simulation.fates import Fate, Vote
from shared.simulation.plan import Plan
from shared.simulation.roles import Role, draw
from shared.simulation.times import clock, day_between, days, weekday
from shared.simulation.units import Unit

UNIT_SINCE = "1990-01-01"
"""The day from which the simulated register counts its units. Not a legal date: no source for one was found."""
ELECTED_BEFORE = 4
"""Years before the simulated one in which the mediators were elected; the register's list stands since then."""
FEWEST, MOST = 3, 9
"""Mediators in a team: at least three (Luật 35/2013 Art. 12); above nine is rare."""


@dataclass(kw_only=True)
class Mediator:
    ref: str
    name: str
    sex: str
    phone: str
    email: str
    born: int
    leader: bool = False
    trained: bool = False
    law_qualified: bool = False
    ethnic_minority: bool = False

    def entry(self) -> dict[str, Any]:
        said = {
            key: True for key in ("leader", "ethnic_minority", "law_qualified", "trained") if getattr(self, key)
        }
        return {"ref": self.ref, "sex": self.sex, **said}

    def private(self) -> dict[str, Any]:
        return {"ref": self.ref, "name": self.name, "phone": self.phone, "email": self.email, "born": self.born}


@dataclass(kw_only=True)
class Team:
    """``index``: in its unit, from 0. ``cases``: subjects of its quarrels, as they are dealt out."""

    index: int
    name: str
    group: str
    one_stop_name: str
    mediators: list[Mediator]
    role: Role
    cast: bool = False
    confirmed: bool = True
    """Whether anybody has told namtot whom the one-stop office means by its name for the team."""
    cases: list[str] = field(default_factory=list)
    ended: int = 0
    settled_by: list[str] = field(default_factory=list)
    """How many of them have ended; who settled which, by reference."""
    fate: Fate = field(default_factory=Fate)
    vote: Vote | None = None

    @property
    def leader(self) -> Mediator:
        return self.mediators[0]

    @property
    def settled(self) -> int:
        return len(self.settled_by)

    @property
    def busiest(self) -> Mediator:
        """Who settled most; the last on the list may be about to leave."""
        return max(self.mediators[:-1], key=lambda mediator: self.settled_by.count(mediator.ref))


def teams_of(plan: Plan, unit: Unit, cast: dict[int, Role]) -> list[Team]:
    """The unit's teams. People depend on the seed alone, so that two years of one seed have the same."""
    chance = plan.rng("people", unit.code)
    fate = plan.rng("roles", plan.year, unit.code)
    teams = []
    for index, size in enumerate(_sizes(chance, unit)):
        number = unit.first_team + index
        role = cast.get(number) or draw(fate)
        teams.append(Team(
            index=index, name=unit.team(index), group=unit.group(index),
            one_stop_name=f"Tổ HG {'TDP' if unit.ward else 'thôn'} {index + 1}",
            mediators=[_mediator(chance, unit, index, n) for n in range(size)],
            role=role, cast=number in cast, confirmed=number in cast or bool(fate.randrange(60)),
        ))
    return teams


def _sizes(chance: random.Random, unit: Unit) -> list[int]:
    sizes = [FEWEST] * unit.teams
    for _ in range(unit.mediators - sum(sizes)):
        sizes[chance.choice([i for i, size in enumerate(sizes) if size < MOST])] += 1
    return sizes


def _mediator(chance: random.Random, unit: Unit, team: int, n: int, sex: str = "") -> Mediator:
    # the second is always a woman, so that no team is without one (Art. 12)
    sex = sex or ("female" if n == 1 else chance.choices(("female", "male"), (42, 58))[0])
    ref = f"hgv-{unit.code}-{team + 1:02d}-{n + 1}"
    name = people.name(chance, sex)
    return Mediator(
        ref=ref, name=name, sex=sex, phone=people.phone(chance), email=people.email(name, ref),
        born=chance.randint(1950, 1988), leader=n == 0, trained=chance.randrange(100) < 70,
        law_qualified=chance.randrange(100) < 8, ethnic_minority=chance.randrange(100) < 1,
    )


def write_roster(desk: Desk, teams: list[Team]) -> None:
    plan, unit = desk.plan, desk.unit
    chance = plan.rng("roster", plan.year, unit.code)
    on = dt.date(plan.year - ELECTED_BEFORE, 10, 1)
    entries = [
        {"name": team.name, "group": team.group, "mediators": [m.entry() for m in team.mediators]} for team in teams
    ]
    data: dict[str, Any] = {
        "on": on.isoformat(), "unit": {"code": unit.code, "valid_from": UNIT_SINCE}, "unit_name": unit.full_name,
        "groups": [team.group for team in teams], "teams": entries, "contact": f"ubnd.{unit.code}@example.vn",
        "private": {"people": [m.private() for team in teams for m in team.mediators]},
    }
    if unit.parent:
        data["parent"] = unit.parent
    desk.emit(
        "directory.roster.snapshot", desk.register, f"roster://{desk.register.removeprefix('https://')}/{unit.code}", data,
        clock(chance, dt.date(plan.year - 1, 10, 30)),
    )
    for team in teams:
        if team.confirmed:
            _confirm_name(desk, chance, team)


def _confirm_name(desk: Desk, chance: random.Random, team: Team) -> None:
    """The one-stop office has names of its own; the justice officer has said which team each means, but for a few."""
    authority = desk.one_stop.removeprefix("https://")
    desk.emit(
        "directory.name.confirmed", desk.justice, f"name://{authority}/{desk.unit.code}-{team.index + 1}",
        {
            "on": desk.plan.start.isoformat(), "source": desk.one_stop, "name": team.one_stop_name,
            "code": make_code(desk.register, fold_name(team.name)), "by": f"justice-officer-{desk.unit.code}",
        },
        clock(chance, desk.plan.start, 8, 11),
    )


def write_changes(desk: Desk, teams: list[Team]) -> None:
    """In the course of the year somebody leaves and another is elected; somebody is trained."""
    chance = desk.plan.rng("changes", desk.plan.year, desk.unit.code)
    team = chance.choice(teams)
    leaver = team.mediators[-1]
    left = day_between(chance, dt.date(desk.plan.year, 3, 1), dt.date(desk.plan.year, 6, 30))
    authority = desk.register.removeprefix("https://")
    desk.note(
        chance, "directory.mediator.ended", f"mediator://{authority}/{leaver.ref}", left,
        {"team": team.name, "ref": leaver.ref, "reason": chance.choice(("own_wish", "moved"))},
    )
    # same sex and part as the leaver, so that the team keeps its woman and its leader
    follower = _mediator(chance, desk.unit, team.index, len(team.mediators), leaver.sex)
    follower.leader = leaver.leader
    elected = weekday(left + days(chance.randint(10, 25)))
    desk.note(
        chance, "directory.mediator.registered", f"mediator://{authority}/{follower.ref}", elected,
        {
            "team": team.name, "mediator": follower.entry(), "private": follower.private(),
            "evidence": [paper("decision", elected, f"{chance.randint(20, 180)}/QĐ-UBND")],
        },
    )
    untrained = [(t, m) for t in teams for m in t.mediators if not m.trained and m is not leaver]
    if untrained:
        team, mediator = chance.choice(untrained)
        mediator.trained = True
        desk.note(
            chance, "directory.mediator.changed", f"mediator://{authority}/{mediator.ref}",
            dt.date(desk.plan.year, 8, 30), {"team": team.name, "mediator": mediator.entry(), "private": mediator.private()},
        )
