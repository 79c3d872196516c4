"""How the year's quarrels are dealt out: how each ends, which are special, which team gets which.

A case has a number, a *slot*, over the whole run. What is special about it follows from the number by counting,
not by chance, so that a district of 107 cases has one or two of each kind and the city has its share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shared.simulation.plan import SETTLED, Plan, rounded
from shared.simulation.roles import LEAST_CASES, LEAST_TEAMS
from shared.simulation.roster import Team

Kind = Literal["quarrel", "twin", "out_of_scope", "no_group"]
Ending = Literal["settled", "not_settled", "ended_by_party", "open"]

THIRTEEN = 13
FAILED_OF_THIRTEEN = (4, 9)
"""Which of the thirteen are not settled."""


@dataclass(frozen=True, slots=True)
class Slot:
    number: int
    kind: Kind
    ending: Ending = "open"

    def every(self, n: int, at: int) -> bool:
        """Whether this is the one in ``n`` that something special happens to. Never so for a negative number."""
        return self.number >= 0 and self.number % n == at


def kind_of(number: int) -> Kind:
    if number % 50 == 7:
        return "twin"
    if number % 60 == 12:
        return "out_of_scope"
    if number % 107 == 20:
        return "no_group"
    return "quarrel"


def is_open(number: int) -> bool:
    """Still going on when the year ends."""
    return number % 47 == 30


def has_thirteen(plan: Plan) -> bool:
    return plan.cases >= LEAST_CASES and plan.teams >= LEAST_TEAMS


def dealt(plan: Plan) -> int:
    """How many slots there are beside the team with thirteen."""
    return plan.cases - THIRTEEN if has_thirteen(plan) else plan.cases


def slots(plan: Plan) -> Iterator[Slot]:
    """All slots in order; the share that is settled comes as near to the published rate as whole cases can."""
    count = dealt(plan)
    special = has_thirteen(plan)
    closed = sum(kind_of(n) == "quarrel" and not is_open(n) for n in range(count))
    rated = closed + (THIRTEEN if special else 0)
    failed = max(0, rated - rounded(SETTLED * rated) - (len(FAILED_OF_THIRTEEN) if special else 0))
    seen = lost = 0
    for number in range(count):
        kind = kind_of(number)
        if kind != "quarrel" or is_open(number):
            yield Slot(number, kind)
            continue
        # spread evenly, beginning in the middle of the first stretch
        seen += 1
        fails = (2 * seen * failed + closed) // (2 * closed) > lost
        lost += fails
        if not fails:
            yield Slot(number, kind, "settled")
        else:
            yield Slot(number, kind, "ended_by_party" if lost % 3 == 2 else "not_settled")


def thirteen() -> list[Slot]:
    """The thirteen cases of one team, eleven of them settled. Negative, so that nothing special happens to them."""
    return [
        Slot(-i - 1, "quarrel", "not_settled" if i in FAILED_OF_THIRTEEN else "settled")
        for i in range(THIRTEEN)
    ]


def deal(plan: Plan, unit_code: str, teams: list[Team], hand: list[Slot]) -> Iterator[tuple[Team, Slot]]:
    """Each slot of a unit with the team it falls to. Teams differ: half have none, a few have several."""
    chance = plan.rng("deal", plan.year, unit_code)
    waiting = [t for t in teams if t.role.cases == "one"]
    drawn = [chance.choice((0, 0, 0, 1, 2, 5)) if t.role.cases == "any" else 0 for t in teams]
    if not any(drawn):
        drawn = [int(t.role.cases == "any") for t in teams]
    if not any(drawn):
        drawn = [1] * len(teams)
    # a member of the cast lacks one thing only, so a failure falls to somebody else where there is somebody
    outside = [0 if t.cast else weight for t, weight in zip(teams, drawn, strict=True)]
    for slot in hand:
        if slot.kind == "quarrel" and slot.ending == "settled" and waiting:
            yield waiting.pop(0), slot
            continue
        failed = slot.ending in ("not_settled", "ended_by_party")
        yield chance.choices(teams, outside if failed and any(outside) else drawn)[0], slot
