"""From teams to the commune, from communes to the city: three counts (meets, requested, recognised), whether a commune does
mediation well, and how far the city is from its targets. All shares are exact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.evaluation.domain.rules import Cited, Dated
from services.evaluation.domain.wording import Words


class Measure(StrEnum):
    """What a target of the city counts."""

    SETTLED_RATE = "settled_rate"
    """Of all cases that ended, the share that was settled."""
    GOOD_COMMUNES = "good_communes"
    """Of all communes, the share that does mediation well."""
    MEMBERS_TRAINED = "members_trained"
    """Of all mediators, the share that the directory says is trained."""
    NEW_MEMBERS_TRAINED = "new_members_trained"
    """Of the mediators whose first months (``within_months``) ended in the window, the share that was trained by then."""
    UNMEASURED = "unmeasured"
    """Nothing that namtot is told says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """``by_year``: when it is to be reached; None where no source says so."""

    id: str
    title: Words
    measure: Measure
    at_least: Dated[Fraction]
    by_year: int | None = None
    within_months: Dated[int] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """``good_commune``: the share of a commune's teams that must be five-good teams for it to do mediation well."""

    id: str
    good_commune: Dated[Fraction]
    targets: tuple[Target, ...]

    def new_months(self, on: dt.date) -> int | None:
        """Within how many months new mediators are to be trained; None where no target says so."""
        found = next((t.within_months.find(on) for t in self.targets if t.within_months is not None), None)
        return None if found is None else found.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A unit in a year, as it was on the window's last day. ``teams``: those that are evaluated; ``recognised``: of them, by a
    decision that stands. ``members``, ``trained``: mediators on that day; ``new``, ``new_trained``: see ``newcomers``."""

    unit: str
    name: str
    scheme: str
    closed: bool
    teams: int = 0
    meets: int = 0
    requested: int = 0
    recognised: int = 0
    settled: int = 0
    rated: int = 0
    members: int = 0
    trained: int = 0
    new: int = 0
    new_trained: int = 0

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.recognised, self.teams) if self.teams else None

    def good(self, bar: Fraction) -> bool | None:
        """None without teams: there is nothing to divide by."""
        return None if self.share is None else self.share >= bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """``share``: (part, whole), exact; None where it is not measured, or the whole is nothing. ``reached`` likewise."""

    target: Target
    goal: Cited[Fraction]
    share: tuple[int, int] | None
    reached: bool | None


def reached(targets: Targets, communes: Iterable[Commune], on: dt.date) -> list[Reached]:
    """The city's targets that are in force on ``on`` (the window's last day), each beside what the communes come to."""
    listed = list(communes)
    found = []
    for target in targets.targets:
        goal = target.at_least.find(on)
        if goal is None:
            continue
        counted = _count(target.measure, listed, targets.good_commune.find(on))
        share = counted if counted is not None and counted[1] else None
        found.append(Reached(
            target=target, goal=goal, share=share,
            reached=None if share is None else Fraction(*share) >= goal.value,
        ))
    return found


def _count(measure: Measure, communes: list[Commune], bar: Cited[Fraction] | None) -> tuple[int, int] | None:
    match measure:
        case Measure.SETTLED_RATE:
            return sum(c.settled for c in communes), sum(c.rated for c in communes)
        case Measure.GOOD_COMMUNES if bar is not None:
            judged = [good for c in communes if (good := c.good(bar.value)) is not None]
            return sum(judged), len(judged)
        case Measure.MEMBERS_TRAINED:
            return sum(c.trained for c in communes), sum(c.members for c in communes)
        case Measure.NEW_MEMBERS_TRAINED:
            return sum(c.new_trained for c in communes), sum(c.new for c in communes)
    return None
