"""Under which criteria a unit is judged in a year: those that it chose, and failing that the installation's default. A year that
is closed keeps the choice under which it was closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from services.evaluation.store.gathering import UnitSteps, read_units
from shared.calendar import Span
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
        self._read = read_units(db, wanted)
        self._closed = closings.first_heads(db, wanted)
        self._known: dict[tuple[str, int], tuple[tuple[UnitStep, ...], Rules]] = {}

        self.varied = any(
            step.type == CHOSEN and (step.data.get("changes") or step.data.get("additions"))
            for read in self._read.values() for step in read.steps
        )
        """Whether some unit may be judged by a variant of its own."""

    def steps(self, unit: str, year: int) -> tuple[UnitStep, ...]:
        """What the unit decided about the year."""
        return self._find(unit, year)[0]

    def closings(self) -> set[tuple[str, int]]:
        """Units and years that some entry closes."""
        said = {(step.unit, step.data["year"]) for read in self._read.values() for step in read.steps if step.type == CLOSED}
        return {(unit, year) for unit, year in said if any(step.type == CLOSED for step in self.steps(unit, year))}

    def of(self, unit: str, year: int) -> Rules:
        return self._find(unit, year)[1]

    def closing_time(self, unit: str, year: int) -> When | None:
        """When that was written up which closed the year, or is about to."""
        return self._closing_time(unit, year, self.steps(unit, year))

    def window(self, year: int, unit_on: Callable[[dt.date], str]) -> Span | None:
        """A team's year under the scheme that its unit goes by. ``unit_on``: the team's unit on a day. The last day of a window
        says to which unit the team belongs, and the unit which window is meant: where they differ it is asked once more."""
        usual = self.default.span(year)
        if not self.varied and all(scheme.span(year) in (usual, None) for scheme in self._schemes.values()):
            return usual
        last = last_of(usual, year)
        span = self.of(unit_on(last), year).scheme.span(year)
        if span is None or span.last == last:
            return span
        return self.of(unit_on(span.last), year).scheme.span(year) or span

    def _closing_time(self, unit: str, year: int, steps: Iterable[UnitStep]) -> When | None:
        closed, due = self._closed.get((unit, year)), ending(steps, year)
        time = closed["cause"]["time"] if closed is not None else None if due is None else due.time
        return None if time is None else When(time)

    def _find(self, unit: str, year: int) -> tuple[tuple[UnitStep, ...], Rules]:
        key = unit, year
        if key not in self._known:
            self._known[key] = rules_in(
                self._schemes, self.default, self._read.get(unit, UnitSteps()), year,
                lambda steps: self._closing_time(unit, year, steps), self._closed.get(key),
            )
        return self._known[key]


def last_of(span: Span | None, year: int) -> dt.date:
    """The day that says to which unit a team belongs: the window's last, failing a window the year's."""
    return dt.date(year, 12, 31) if span is None else span.last


def rules_in(
    schemes: Mapping[str, Scheme], default: Scheme, read: UnitSteps, year: int,
    time_of: Callable[[Iterable[UnitStep]], When | None], closed: Document | None = None,
) -> tuple[tuple[UnitStep, ...], Rules]:
    """A unit's steps about a year, and what they come to. ``time_of``: when that was written up which closes the year, if any of
    these steps does. Which unit of that code is meant depends on the window, and the window on what that unit chose: looked at
    under the default first, then once more under what was found."""
    span = default.span(year)
    for _ in range(2):
        steps = read.about(year, None if span is None else span.last)
        rules = rules_of(schemes, default, steps, year, time_of(steps), closed)
        found = rules.scheme.span(year)
        if found == span:
            break
        span = found
    return steps, rules


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
