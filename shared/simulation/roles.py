"""What kind of year each team has: whether it declares, trains, meets, is paid, writes things up.

Most teams do well; each lack falls on a few, drawn from the seed. A *cast* of teams each lack exactly one thing, so that every
criterion of both schemes is failed by somebody however the dice fall.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

from shared.simulation.plan import Plan
from shared.simulation.times import Habit
from shared.simulation.units import Unit


@dataclass(frozen=True, kw_only=True)
class Role:
    habit: Habit = "prompt"
    declares: Literal["year", "halves", "first_half", "no"] = "year"
    """What a team without a case declares ("không phát sinh")."""
    training: Literal["all", "missed"] = "all"
    documents: Literal["both", "first_half"] = "both"
    half_year_meeting: Literal["held", "none"] = "held"
    year_meeting: Literal["held", "late", "none"] = "held"
    attested: Literal["yes", "no", "none"] = "yes"
    coordination: Literal["records", "late", "unanswered", "none"] = "records"
    paid: Literal["in_time", "late"] = "in_time"
    requests: bool = True
    """Whether it asks for the money of its cases."""
    detection: Literal["prompt", "late"] = "prompt"
    cases: Literal["any", "none", "one", "thirteen"] = "any"


ELEVEN_OF_THIRTEEN = Role(cases="thirteen")
"""13 cases, 11 settled: 84.6%, which is printed as 85% and is not 85%."""

CAST = (
    ELEVEN_OF_THIRTEEN,
    Role(cases="none", declares="no"),
    Role(cases="none", declares="first_half"),
    Role(training="missed"),
    Role(documents="first_half"),
    Role(half_year_meeting="none"),
    Role(year_meeting="late"),
    Role(year_meeting="none"),
    Role(attested="none"),
    Role(attested="no"),
    Role(coordination="unanswered"),
    Role(paid="late"),
    Role(cases="one", requests=False),
    Role(cases="one", detection="late"),
)
NEEDS_CASES = {"one", "thirteen"}
CAST_OF = 222
"""The cast plays among the first teams of a run; everywhere else chance alone decides."""
LEAST_CASES = 40
"""A run with fewer has no team with thirteen."""
LEAST_TEAMS = 4
"""Teams per member of the cast: a run of 20 teams shows the first five only."""

# per mille of the teams that have each lack
LACKS: tuple[tuple[int, dict[str, str]], ...] = (
    (25, {"training": "missed"}),
    (15, {"documents": "first_half"}),
    (15, {"half_year_meeting": "none"}),
    (10, {"year_meeting": "late"}),
    (10, {"year_meeting": "none"}),
    (35, {"attested": "none"}),
    (10, {"attested": "no"}),
    (15, {"coordination": "late"}),
    (10, {"coordination": "unanswered"}),
    (10, {"coordination": "none"}),
    (25, {"paid": "late"}),
)


def casting(plan: Plan, units: list[Unit]) -> dict[int, Role]:
    """Team's number → its part. Members that need cases play where there are some."""
    chance = plan.rng("cast", plan.year)
    stage = min(plan.teams, CAST_OF)
    played: dict[int, Role] = {}
    busy = [
        unit.first_team + i for unit in units if unit.slots >= 2 for i in range(unit.teams) if unit.first_team + i < stage
    ]
    for role in CAST[: stage // LEAST_TEAMS]:
        if role is ELEVEN_OF_THIRTEEN and plan.cases < LEAST_CASES:
            continue
        free = [n for n in (busy if role.cases in NEEDS_CASES and busy else range(stage)) if n not in played]
        if free:
            played[chance.choice(free)] = role
    return played


def draw(chance: random.Random) -> Role:
    role = Role(
        habit=chance.choices(("prompt", "weekly", "quarter"), (55, 25, 20))[0],
        declares=chance.choices(("year", "halves", "first_half", "no"), (60, 25, 3, 12))[0],
    )
    for per_mille, lack in LACKS:
        if chance.randrange(1000) < per_mille:
            role = replace(role, **lack)  # type: ignore[arg-type]  # mypy cannot follow a Literal through a table
    return role
