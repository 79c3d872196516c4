"""What a simulated year is to contain: its size, its window, and how totals fall on units."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

TEAMS = 222
MEDIATORS = 1_315
"""Long Biên: Pháp luật và Xã hội, 23/01/2025."""
CITY_TEAMS = 5_111
"""Hà Nội, June 2025."""
CITY_MEDIATORS = 33_000
"""Hà Nội 2024: "more than 33,000"."""
SETTLED = Fraction(938, 1000)
"""Long Biên's mean over the years, same article."""
CASES_PER_TEAM = Fraction(12, 25)
"""Hà Nội 2024: 0.48 cases a team."""
MOST_TEAMS = 400_000


class PlanError(ValueError):
    """The plan cannot be simulated; the message says which figure and why."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``year``: the scheme's year; its window is 01/11 of the year before to 31/10. ``teams``: 0 takes the published number."""

    year: int
    seed: int = 1
    teams: int = 0
    cases_per_team: Fraction = CASES_PER_TEAM
    city: bool = False

    def __post_init__(self) -> None:
        if not 2000 <= self.year <= 2100:
            raise PlanError(f"year {self.year}: a year between 2000 and 2100 is needed")
        if not self.teams:
            object.__setattr__(self, "teams", CITY_TEAMS if self.city else TEAMS)
        if not 1 <= self.teams <= MOST_TEAMS:
            raise PlanError(f"{self.teams} teams: between 1 and {MOST_TEAMS:,} can be simulated")
        if not 0 <= self.cases_per_team <= 100:
            raise PlanError(f"{self.cases_per_team} cases a team: between 0 and 100 can be simulated")

    @property
    def start(self) -> dt.date:
        return dt.date(self.year - 1, 11, 1)

    @property
    def end(self) -> dt.date:
        return dt.date(self.year, 10, 31)

    @property
    def mediators(self) -> int:
        whole, of = (CITY_MEDIATORS, CITY_TEAMS) if self.city else (MEDIATORS, TEAMS)
        return rounded(Fraction(whole * self.teams, of))

    @property
    def cases(self) -> int:
        return rounded(self.cases_per_team * self.teams)

    @property
    def run(self) -> str:
        """Names this plan in event ids and subjects, so that two plans never give one id two contents."""
        tag = f"{self.year}s{self.seed}"
        if self == Plan(year=self.year, seed=self.seed):
            return tag
        size = f"t{self.teams}c{self.cases_per_team.numerator}.{self.cases_per_team.denominator}"
        return f"{tag}{size}{'city' if self.city else ''}"

    def rng(self, *about: object) -> random.Random:
        """A source of chance of its own for each part, so that a change in one part leaves the others as they were."""
        return random.Random("/".join(map(str, (self.seed, *about))))


def rounded(value: Fraction) -> int:
    """Half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def share(total: int, weights: Sequence[int], least: int = 0) -> list[int]:
    """``total`` in whole parts as near to ``weights`` as can be (largest remainder), each at least ``least``."""
    if total < least * len(weights):
        raise PlanError(f"{total} cannot be shared among {len(weights)} with at least {least} each")
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    for i, part in enumerate(parts):
        for _ in range(part, least):
            parts[parts.index(max(parts))] -= 1
            parts[i] += 1
    return parts
