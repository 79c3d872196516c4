"""What became of locked figures ("chốt số liệu"): locked and present value side by side, and the cases that make the difference.
The locked figures themselves never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.evaluation.domain.statistics.counting import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One number that came to differ. ``added``, ``removed``: case ids; a value may be the same while its cases are not.
    ``written_up``: of those cases, the day on which each was first written up, where it is known (YYYY-MM-DD)."""

    name: str
    locked: int
    present: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    written_up: Mapping[str, str]


def corrections(locked: Figures, present: Figures, written_up: Mapping[str, str]) -> tuple[Correction, ...]:
    """Only numbers that differ, in the order of the present ones; a number that only one of them has is empty in the other."""
    found = []
    for name in dict.fromkeys([*present, *locked]):
        before, now = set(locked.get(name, ())), set(present.get(name, ()))
        if before != now:
            found.append(Correction(
                name=name, locked=len(before), present=len(now), added=tuple(sorted(now - before)),
                removed=tuple(sorted(before - now)),
                written_up={id: written_up[id] for id in sorted(before ^ now) if id in written_up},
            ))
    return tuple(found)
