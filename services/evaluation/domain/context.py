"""What a measure is given, besides its own parameters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from services.evaluation.domain.casework import Standings
from services.evaluation.domain.facts import Team, TeamFacts
from services.evaluation.domain.rules import Policies
from shared.calendar import Span


@dataclass(slots=True)
class Clock:
    """Today, and a note of every later day on which an answer given here would be another one: a verdict that
    depends on the day is looked at again then, without any new fact."""

    today: dt.date
    boundaries: set[dt.date] = field(default_factory=set)

    def reached(self, day: dt.date) -> bool:
        if self.today < day:
            self.boundaries.add(day)
        return self.today >= day

    def passed(self, day: dt.date) -> bool:
        return self.reached(day + dt.timedelta(days=1))

    @property
    def revisit_on(self) -> dt.date | None:
        return min(self.boundaries, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """``span``: the year's window; ``life``: the part of it during which the team exists."""

    year: int
    span: Span
    life: Span
    team: Team
    facts: TeamFacts
    standings: Standings
    policies: Policies
    clock: Clock

    @property
    def declared(self) -> list[Span]:
        return [d.period for d in self.facts.declarations if d.period.meets(self.life)]
