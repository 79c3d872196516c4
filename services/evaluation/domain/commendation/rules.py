"""The rules of commendation: forms and who decides them, gates, money, time limits, and what results lead to which proposal.
Every value is dated and cited (``services/evaluation/commendations``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from services.evaluation.domain.rules import Cited, Dated, Mark
from services.evaluation.domain.wording import Words

Subject = Literal["collective", "individual", "household"]
Effect = Literal["bar", "wait", "flag", "none"]
"""What a gate that fails does: the step has no effect; it waits; it stands and is flagged. ``none``: what the law does not ask
for, written down so that nobody asks for it."""


class Rounding(StrEnum):
    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


class Authority(StrEnum):
    """Who signs."""

    COMMUNE_CHAIR = "commune_chair"
    DISTRICT_CHAIR = "district_chair"
    CITY_CHAIR = "city_chair"
    DEPARTMENT = "department"
    MINISTRY = "ministry"
    FRONT = "front"
    OTHER = "other"


class Needed(StrEnum):
    """Steps that come before a decision."""

    PROPOSED = "proposed"
    SUBMITTED = "submitted"
    APPRAISED = "appraised"


class Paper(StrEnum):
    """Papers of a dossier, by the contract's kinds of evidence."""

    REQUEST = "request"
    REPORT = "report"
    MINUTES = "minutes"
    LIST = "list"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Công trạng, đột xuất and so on."""

    id: str
    title: Words
    citation: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """``rank``: higher is the higher award. ``until``: the first day on which the form is no more. ``factors``: times base pay,
    by whom it goes to; what no source states is not there."""

    id: str
    title: Words
    rank: int
    citation: str
    mark: Mark
    until: dt.date | None
    authority: Dated[Authority]
    factors: Mapping[Subject, Dated[Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """``household_factor``: times an individual's reward. ``rounding_unit`` in whole đồng."""

    base_pay: Dated[int]
    household_factor: Dated[Fraction]
    rounding_unit: Dated[int]
    rounding: Dated[Rounding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``decide_within_working_days``: from the (completed) dossier. ``papers``: what a dossier holds."""

    decide_within_working_days: Dated[int]
    needed_before_decision: Dated[tuple[Needed, ...]]
    papers: Dated[tuple[Paper, ...]]
    mediator_verification_bars_team: Dated[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """``check``: a function of ``gates.CHECKS``; ``at``: the steps that it looks at. ``refusal``: a sentence with the check's
    words in braces. In force from ``since`` to the day before ``until``, by the day of the step."""

    check: str
    at: tuple[str, ...]
    effect: Effect
    since: dt.date
    until: dt.date | None
    citation: str
    mark: Mark
    title: Words
    refusal: Words

    def holds(self, on: dt.date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamGoal:
    """A team recognised in the year. ``places``: most proposals a unit makes in a year, 0 for any number."""

    places: Dated[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorGoal:
    """A mediator's year. ``years``: whole years of service; ``cases``: ended cases; ``settled_share`` of them; ``trainings``
    attended in the year."""

    places: Dated[int]
    years: Dated[int]
    cases: Dated[int]
    settled_share: Dated[Fraction]
    trainings: Dated[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRule:
    """Which result leads to which proposal."""

    id: str
    title: Words
    kind: str
    form: str
    citation: str
    mark: Mark
    goal: TeamGoal | MediatorGoal


@dataclass(frozen=True, slots=True, kw_only=True)
class CommendationRules:
    """``law``: the texts in force on a day. ``women_share``: from which share of women a collective goes first in a tie."""

    id: str
    title: Words
    citation: str
    mark: Mark
    law: Dated[str]
    kinds: Mapping[str, Kind]
    forms: Mapping[str, Form]
    money: Money
    limits: Limits
    gates: tuple[Gate, ...]
    proposals: tuple[ProposalRule, ...]
    women_share: Dated[Fraction]
    digest: str = ""
    _at: Mapping[tuple[str, Effect], tuple[Gate, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, Effect], tuple[Gate, ...]] = {}
        for gate in self.gates:
            for step in gate.at:
                found[step, gate.effect] = (*found.get((step, gate.effect), ()), gate)
        object.__setattr__(self, "_at", found)

    def gates_at(self, step: str, on: dt.date, *effects: Effect) -> list[Gate]:
        """``step``: the short type after the dot. By effect as asked, then in the file's order."""
        return [gate for effect in effects for gate in self._at.get((step, effect), ()) if gate.holds(on)]

    def article(self, gate: Gate, on: dt.date) -> str:
        """The gate's source, with the decree of the day where the law itself speaks."""
        law: Cited[str] | None = self.law.find(on)
        if gate.mark != "F" or law is None or gate.citation in law.value:
            return law.value if gate.mark == "F" and law is not None else gate.citation
        return f"{gate.citation}; {law.value}"

    def form_words(self, form: str) -> Words:
        found = self.forms.get(form)
        return Words(form, form) if found is None else found.title

    def kind_words(self, kind: str) -> Words:
        found = self.kinds.get(kind)
        return Words(kind, kind) if found is None else found.title
