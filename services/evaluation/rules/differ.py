"""Two schemes beside each other: every value that differs, by address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.evaluation.domain.places import Place, places
from services.evaluation.domain.rules import Cited, Scheme
from services.evaluation.domain.values import written


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """``text`` None: announced, not known yet."""

    since: dt.date
    text: str | None
    mark: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``at``: the value's address. An empty side has no such value."""

    at: str
    left: tuple[Value, ...]
    right: tuple[Value, ...]


def differences(left: Scheme, right: Scheme, on: dt.date | None = None) -> list[Difference]:
    """In the order of the left file, then what only the right one has. What is said is compared, not who says it; from the day on
    which both schemes have a window, or with ``on`` on that day alone."""
    ours, theirs = places(left), places(right)
    begin = on or max(scheme.window.values[0].since for scheme in (left, right))
    found = []
    for at in dict.fromkeys([*ours, *theirs]):
        a, b = _values(ours.get(at), on), _values(theirs.get(at), on)
        if _course(a, begin) != _course(b, begin):
            found.append(Difference(at=at, left=a, right=b))
    return found


def _course(values: tuple[Value, ...], begin: dt.date) -> list[tuple[dt.date, str | None]]:
    """What holds on ``begin``, and each day after it on which that becomes something else."""
    held = [value.text for value in values if value.text is not None and value.since <= begin][-1:]
    course: list[tuple[dt.date, str | None]] = [(begin, text) for text in held]
    for value in values:
        if value.since > begin and (not course or course[-1][1] != value.text):
            course.append((value.since, value.text))
    return course


def _values(place: Place | None, on: dt.date | None) -> tuple[Value, ...]:
    if place is None:
        return ()
    if on is not None:
        held = place.dated.find(on)
        return () if held is None else (_value(held, place),)
    announced = [Value(since=e.since, text=None, mark=e.mark, citation=e.citation) for e in place.dated.expected]
    return tuple(sorted([*(_value(one, place) for one in place.dated.values), *announced], key=lambda value: value.since))


def _value(cited: Cited[object], place: Place) -> Value:
    return Value(since=cited.since, text=written(cited.value, place.kind), mark=cited.mark, citation=cited.citation)
