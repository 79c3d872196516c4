"""A points table as its file declares it. Ids are unique within the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from services.evaluation.domain.rules import Cited, Dated, Mark
from services.evaluation.domain.tree import Duty, Evidence
from services.evaluation.domain.values import Amount, Points, written
from services.evaluation.domain.wording import Words

Kind = Literal["count", "number", "word", "yes_no"]


@dataclass(frozen=True, slots=True)
class Band:
    """From ``at_least`` on, up to the next band above."""

    at_least: Fraction
    points: Fraction

    def __str__(self) -> str:
        return f"from {written(self.at_least, Amount)}: {written(self.points, Points)}"


@dataclass(frozen=True, slots=True)
class Choice:
    word: str
    points: Fraction

    def __str__(self) -> str:
        return f"{self.word}: {written(self.points, Points)}"


@dataclass(frozen=True, slots=True)
class Weight:
    """Points for each one that ``quantity`` counts."""

    quantity: str
    points: Fraction

    def __str__(self) -> str:
        return f"{self.quantity}: {written(self.points, Points)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something that is known or not. ``team``: the team's facts that it is taken from; None if somebody states it."""

    id: str
    title: Words
    kind: Kind
    team: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """``rule``: how ``quantities`` (by their role in it) become points. ``deducts``: they are taken off."""

    id: str
    title: Words
    citation: str
    mark: Mark
    rule: str
    quantities: Mapping[str, str]
    evidence: Evidence
    duty: Duty
    deducts: bool
    parameters: Mapping[str, Dated[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionParameters:
    """``maximum``: as published."""

    maximum: Cited[Points]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsCriterion:
    """``parameters``: of ``CriterionParameters``, or none where no source states the maximum: it is then what its
    indicators can give."""

    id: str
    number: int
    title: Words
    citation: str
    mark: Mark
    parameters: Mapping[str, Dated[Any]]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """If ``quantity`` is "yes", nothing else counts."""

    id: str
    title: Words
    citation: str
    mark: Mark
    quantity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRule:
    """``total``: at least so many points; ``each_share``: at least this share of every criterion's maximum."""

    total: Cited[Points]
    each_share: Cited[Fraction]


PASS = "pass"
"""The pass rule's id among the table's parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``passing``: of ``PassRule``, or none: then points are given and nothing is judged."""

    quantities: tuple[Quantity, ...]
    criteria: tuple[PointsCriterion, ...]
    vetoes: tuple[Veto, ...]
    passing: Mapping[str, Dated[Any]]

    def indicators(self) -> Iterator[Indicator]:
        for criterion in self.criteria:
            yield from criterion.indicators
