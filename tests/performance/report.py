"""Figures as they are kept: a median with what lies around it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Say = Callable[[str], None]
"""Takes a line of progress."""


@dataclass(frozen=True, slots=True)
class Spread:
    median: float
    min: float
    max: float
    runs: list[float]

    @classmethod
    def of(cls, runs: Sequence[float]) -> Spread:
        rounded = [round(run, 3 if abs(run) < 100 else 1) for run in runs]
        return cls(round(statistics.median(rounded), 3), min(rounded), max(rounded), rounded)

    def json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{_short(self.median)}  ({_short(self.min)} – {_short(self.max)}, {len(self.runs)} runs)"


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.2f}"
