"""A procedure of recognition as data: its days, who may sign, which papers belong to what, and its gates.

A gate is a condition on an act. What it does when it is not fulfilled is a dated value like any other: it bars the act, has it
wait for a paper, or is noted beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

import msgspec

from services.evaluation.domain.rules import Dated, Mark, MonthDay
from services.evaluation.domain.wording import Words, day
from shared.calendar import last_day_before


class Act(StrEnum):
    """What somebody does in the course of a recognition. A decision is one of two acts for each team that it names."""

    ASSESS = "assess"
    REQUEST = "request"
    RETURN = "return"
    REVIEW = "review"
    RECOGNISE = "recognise"
    DECLINE = "decline"
    REVOKE = "revoke"


class Effect(StrEnum):
    BAR = "bar"
    """The act has no effect."""
    WAIT = "wait"
    """It takes effect once the paper that it rests on is on record."""
    FLAG = "flag"
    """It takes effect; what is wrong stands beside it."""


class Edge(StrEnum):
    """What "before D" means."""

    STRICT = "strict"
    INCLUSIVE = "inclusive"


class Signer(StrEnum):
    """As ``recognition.decided`` names who signed."""

    CHAIR = "commune_chair"
    VICE_CHAIR = "commune_vice_chair"
    OTHER = "other"


class Paper(StrEnum):
    """Kinds of evidence that a step can be asked for."""

    MINUTES = "minutes"
    REPORT = "report"
    LIST = "list"
    LETTER = "letter"
    OTHER = "other"


STAGES = ("self_assessment", "request", "decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """``vote_share``: more than this share of all members must agree. ``request_papers``, ``review_papers``: kinds that are to be
    attached. ``before_means``: how the deadlines are read."""

    vote_share: Dated[Fraction]
    signers: Dated[tuple[Signer, ...]]
    request_papers: Dated[tuple[Paper, ...]]
    review_papers: Dated[tuple[Paper, ...]]
    before_means: Dated[Edge]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """``says``: its sentence, with the fields of its test in braces."""

    id: str
    guards: tuple[Act, ...]
    effect: Dated[Effect]
    says: Words

    def sentence(self, fields: Mapping[str, Any]) -> Words:
        """Days and words in ``fields`` are written as each language writes them."""
        return Words(self.says.vi.format(**_written(fields, "vi")), self.says.en.format(**_written(fields, "en")))


def _written(fields: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {name: _one(value, lang) for name, value in fields.items()}


def _one(value: Any, lang: str) -> Any:
    if isinstance(value, dt.date):
        return day(value, lang)
    return getattr(value, lang) if isinstance(value, Words) else value


class Guard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A gate with what it does on a day."""

    gate: Gate
    effect: Effect
    article: str


MOST_DAYS = 10_000
"""Days whose gates are remembered: to look them up takes longer than to ask them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """``before``: the day that a source names; ``last_day``: the last one in time."""

    stage: str
    before: dt.date
    last_day: dt.date
    article: str

    def late(self, on: dt.date) -> bool:
        return on > self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """``deadlines``: by stage, a day of the year of evaluation. ``offices``: who does which part of the work, by day."""

    id: str
    title: Words
    citation: str
    mark: Mark
    values: Values
    deadlines: Mapping[str, Dated[MonthDay]]
    offices: Mapping[str, Dated[Words]]
    gates: Mapping[str, Gate]
    digest: str = ""
    _asked: dict[tuple[Act, dt.date], tuple[Guard, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _due: dict[tuple[str, int], Deadline | None] = field(default_factory=dict, init=False, compare=False, repr=False)

    def guards(self, act: Act, on: dt.date) -> tuple[Guard, ...]:
        """The gates that an act of that day is asked, in the file's order."""
        key = act, on
        if key not in self._asked:
            if len(self._asked) >= MOST_DAYS:
                self._asked.clear()
            self._asked[key] = tuple(
                Guard(gate=gate, effect=effect.value, article=effect.citation)
                for gate in self.gates.values() if act in gate.guards and (effect := gate.effect.find(on)) is not None
            )
        return self._asked[key]

    def deadline(self, stage: str, year: int) -> Deadline | None:
        """None where none is in force."""
        if (stage, year) not in self._due:
            self._due[stage, year] = self._deadline(stage, year)
        return self._due[stage, year]

    def _deadline(self, stage: str, year: int) -> Deadline | None:
        last = dt.date(year, 12, 31)
        found, edge = self.deadlines[stage].find(last), self.values.before_means.find(last)
        if found is None or edge is None:
            return None
        before = found.value.of(year)
        last_day = last_day_before(before, "strict" if edge.value is Edge.STRICT else "inclusive")
        return Deadline(stage=stage, before=before, last_day=last_day, article=found.citation)

    def office(self, part: str, on: dt.date) -> Words | None:
        held = self.offices.get(part)
        found = None if held is None else held.find(on)
        return None if found is None else found.value
