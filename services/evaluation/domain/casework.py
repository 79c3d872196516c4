"""Which cases count in a period, and how each stands at its end.

A case's history is read as of the period's last day, so a closed year stays as it was when the case is reopened
later; the later year counts it as carried over. Sources: Luật 35/2013/QH13 Art. 27 (the same case goes on, counted
once); TT 20/2013 form 12 (received = settled + not settled + not yet handled + in progress).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.evaluation.domain.facts import Case
from services.evaluation.domain.rates import Tally
from shared.calendar import Span

SETTLED = "settled"
ENDED = frozenset({SETTLED, "not_settled", "ended_by_party"})
LEFT_OUT = frozenset({"out_of_scope", "referred"})
PENDING = frozenset({"received", "scope_review", "chosen", "assigned", "mediating", "paused", "reopened"})

Standing = Literal["settled", "not_settled", "pending", "left_out"]


@dataclass(frozen=True, slots=True)
class Standings:
    """A period's cases by how they stand on its last day. ``carried``: those received before it."""

    settled: tuple[Case, ...]
    not_settled: tuple[Case, ...]
    pending: tuple[Case, ...]
    left_out: tuple[Case, ...]
    carried: frozenset[str]

    @property
    def tally(self) -> Tally:
        received = len(self.settled) + len(self.not_settled) + len(self.pending)
        return Tally(received=received, settled=len(self.settled), pending=len(self.pending))

    @property
    def counted(self) -> tuple[Case, ...]:
        return self.settled + self.not_settled + self.pending


def status_on(case: Case, day: dt.date) -> str | None:
    """The status at the end of ``day``; None before the first step."""
    found = None
    for on, status in case.steps:
        if on <= day:
            found = status
    return found


def ended_on(case: Case, span: Span) -> dt.date | None:
    """The last day within ``span`` on which the case came to an end; None if it is not ended at the span's end."""
    if status_on(case, span.last) not in ENDED:
        return None
    ends = [on for on, status in case.steps if status in ENDED and on in span]
    return max(ends) if ends else None


def standings(cases: Iterable[Case], span: Span) -> Standings:
    found: dict[Standing, list[Case]] = {"settled": [], "not_settled": [], "pending": [], "left_out": []}
    carried = set()
    for case in sorted(cases, key=lambda c: (c.received or dt.date.min, c.id)):
        if case.received is None or case.received > span.last:
            continue
        if case.received < span.first:
            if not _goes_on(case, span):
                continue
            carried.add(case.id)
        found[_standing(status_on(case, span.last))].append(case)
    return Standings(
        settled=tuple(found["settled"]), not_settled=tuple(found["not_settled"]), pending=tuple(found["pending"]),
        left_out=tuple(found["left_out"]), carried=frozenset(carried),
    )


def _standing(status: str | None) -> Standing:
    if status in LEFT_OUT:
        return "left_out"
    if status == SETTLED:
        return "settled"
    return "not_settled" if status in ENDED else "pending"


def _goes_on(case: Case, span: Span) -> bool:
    """Whether a case received earlier was still open when the span began, or was taken up again in it."""
    status: str | None = None
    for on, after in case.steps:
        if on >= span.first:
            break
        status = after
    if status is None or status in PENDING:
        return True
    return any(
        after in PENDING or (after in ENDED and after != status) for on, after in case.steps if on in span
    )


def counted(cases: Mapping[str, Case]) -> dict[str, str]:
    """For every case the id of the one that is counted for its quarrel: its own, or that of another.

    A link leads to the case that counts. If that one is unknown (or its report has not come), one of those that name
    it counts in its place: the first received. Links in a circle count once too: the smallest id.
    """
    known = {case_id: case for case_id, case in cases.items() if case.received is not None}
    stand_ins: dict[str, str] = {}
    for case in sorted(known.values(), key=lambda c: (c.received or dt.date.max, c.id)):
        if case.linked_to is not None and case.linked_to not in known:
            stand_ins.setdefault(case.linked_to, case.id)
    return {case_id: _leader(case_id, known, stand_ins) for case_id in cases}


def _leader(case_id: str, known: Mapping[str, Case], stand_ins: Mapping[str, str]) -> str:
    path: list[str] = []
    at = case_id
    while at in known:
        if at in path:
            return min(path[path.index(at):])
        path.append(at)
        target = known[at].linked_to
        if target is None:
            return at
        at = target
    return stand_ins.get(at, case_id)
