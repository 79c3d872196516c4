"""How long praise takes: days from the result, and from the recognition, to the decision. Whole days; a share of the ordered
days is one of them ("nearest rank"), never a value in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec


class Days(msgspec.Struct, frozen=True, gc=False):
    n: int
    median: int | None
    p90: int | None
    worst: int | None


def summed(days: Iterable[int]) -> Days:
    ordered = sorted(days)
    if not ordered:
        return Days(0, None, None, None)
    return Days(len(ordered), _share(ordered, 50), _share(ordered, 90), ordered[-1])


def _share(ordered: list[int], percent: int) -> int:
    """The smallest day that at least ``percent`` of all do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def between(first: dt.date, last: dt.date) -> int:
    """Never negative: a decision dated before the result is praise in time."""
    return max(0, (last - first).days)
