"""Under which criteria a unit is judged in a year: those that it chose, and failing that the installation's default. A year that
is closed keeps the choice under which it was closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.domain.closing.canonical import canonical
from services.evaluation.domain.closing.choosing import CHOSEN, Choice, Choices, Refused, choices, read_choice
from services.evaluation.domain.closing.ending import CLOSED, ending
from services.evaluation.domain.facts import UnitStep
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.variant import vary
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.rules.loader import rules_digest
from services.evaluation.store import Db, Document, closings
from services.evaluation.store.gathering import read_units
from shared.contracts import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """``base``: a scheme of this release; ``scheme``: the same, or the commune's variant of it. ``choice``: None where the
    default holds. ``closed``: the year's closing, if it is closed."""

    base: Scheme
    scheme: Scheme
    choice: Choice | None
    found: Choices
    closed: Document | None

    @property
    def is_variant(self) -> bool:
        return self.scheme is not self.base


class Chosen:
    """What some units chose, read at once."""

    def __init__(self, db: Db, schemes: Mapping[str, Scheme], default: str, units: Iterable[str]) -> None:
        wanted = sorted({unit for unit in units if unit})
        self._schemes = schemes
        self.default = schemes[default]
        self._steps = read_units(db, wanted, self.default)
        self._closed = closings.first_heads(db, wanted)
        self._known: dict[tuple[str, int], Rules] = {}

        self.varied = any(
            step.type == CHOSEN and (step.data.get("changes") or step.data.get("additions"))
            for steps in self._steps.values() for step in steps
        )
        """Whether some unit may be judged by a variant of its own."""

    def steps(self, unit: str) -> tuple[UnitStep, ...]:
        return self._steps.get(unit, ())

    def closings(self) -> set[tuple[str, int]]:
        """Units and years that some entry closes."""
        return {(step.unit, step.data["year"]) for steps in self._steps.values() for step in steps if step.type == CLOSED}

    def of(self, unit: str, year: int) -> Rules:
        key = unit, year
        if key not in self._known:
            self._known[key] = self._find(unit, year)
        return self._known[key]

    def closing_time(self, unit: str, year: int) -> When | None:
        """When that was written up which closed the year, or is about to."""
        closed, due = self._closed.get((unit, year)), ending(self.steps(unit), year)
        time = closed["cause"]["time"] if closed is not None else None if due is None else due.time
        return None if time is None else When(time)

    def _find(self, unit: str, year: int) -> Rules:
        closed = self._closed.get((unit, year))
        return rules_of(self._schemes, self.default, self.steps(unit), year, self.closing_time(unit, year), closed)


def held_digest(default: str) -> str:
    """Of all that derived documents depend on besides facts; another default is another set of rules."""
    return f"{rules_digest()} {default} {commendation_rules().digest}"


def rules_of(
    schemes: Mapping[str, Scheme], default: Scheme, steps: Iterable[UnitStep], year: int, time: When | None,
    closed: Document | None = None,
) -> Rules:
    """``time``: when that was written up which closes the year, if anything does."""
    found = choices(steps, year, schemes, _vary, time)
    counts = found.counts
    return Rules(
        base=default if counts is None else counts.base, scheme=default if counts is None else counts.scheme,
        choice=counts, found=found, closed=closed,
    )


def followed(step: UnitStep, schemes: Mapping[str, Scheme]) -> Choice | Refused:
    """What one choice comes to by itself."""
    return read_choice(step, schemes, _vary)


def _vary(base: Scheme, changes: Sequence[Any], additions: Sequence[Any]) -> Scheme:
    key = base.id, base.digest, canonical([list(changes), list(additions)])
    if key not in _VARIANTS:
        if len(_VARIANTS) >= MOST_VARIANTS:
            _VARIANTS.clear()
        _VARIANTS[key] = vary(base, changes, additions)
    return _VARIANTS[key]


MOST_VARIANTS = 1000
_VARIANTS: dict[tuple[str, str, bytes], Scheme] = {}
"""Reading what a commune changed takes longer than judging a team."""
