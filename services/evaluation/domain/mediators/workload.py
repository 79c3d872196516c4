"""How much each mediator of a team has on their hands, for whoever gives out the next case. By reference, in the order of the
references: it is not a measure of anybody, and sets nobody before another.

A case counts wholly for the mediator who has it now, or had it last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from services.evaluation.domain.casework import ENDED, PENDING, SETTLED, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.mediators.record import Service
from shared.calendar import Span

TAKING = frozenset({"assigned", "chosen"})


class Load(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``taken``: cases that the mediator took in the period; ``in_hand``: at its end, whenever taken; ``settled`` and
    ``not_settled``: ended in it; ``sessions`` of mediation in it, and the different ``days`` on which they were held.
    ``member``: belongs to the team at the period's end. ``case_ids``: all that is counted in these numbers."""

    ref: str
    member: bool
    leader: bool
    taken: int
    in_hand: int
    settled: int
    not_settled: int
    sessions: int
    days: int
    case_ids: tuple[str, ...] = ()


def workload(services: Iterable[Service], cases: Iterable[Case], span: Span) -> tuple[Load, ...]:
    """Of the team's mediators at the period's end, and whoever else had a case in it. ``span``: up to today at most."""
    own: dict[str, list[Case]] = {}
    for case in cases:
        if case.mediator is not None:
            own.setdefault(case.mediator, []).append(case)
    current = {s.ref: s for s in services if s.first <= span.last and (s.last is None or s.last >= span.last)}
    found = [_load(ref, current.get(ref), own.get(ref, ()), span) for ref in sorted(own.keys() | current.keys())]
    return tuple(one for one in found if one.member or one.case_ids)


def _load(ref: str, service: Service | None, cases: Sequence[Case], span: Span) -> Load:
    status = {case.id: status_on(case, span.last) for case in cases}
    taken = [case.id for case in cases if taken_on(case) in span]
    in_hand = [id for id, at in status.items() if at in PENDING]
    ended = [case.id for case in cases if status[case.id] in ENDED and _ended_on(case, span.last) in span]
    settled = [id for id in ended if status[id] == SETTLED]
    held = [(on, case.id) for case in cases for on in case.sessions if on in span]
    return Load(
        ref=ref, member=service is not None, leader=service is not None and service.leader, taken=len(taken),
        in_hand=len(in_hand), settled=len(settled), not_settled=len(ended) - len(settled), sessions=len(held),
        days=len({on for on, _ in held}), case_ids=tuple(sorted({*taken, *in_hand, *ended, *(id for _, id in held)})),
    )


def taken_on(case: Case) -> dt.date:
    """The day of the last assignment or choice; a register that tells of none has the day on which the case came in."""
    days = [on for on, status in case.steps if status in TAKING]
    return max(days, default=None) or case.received or min((on for on, _ in case.steps), default=dt.date.max)


def _ended_on(case: Case, last: dt.date) -> dt.date:
    return max(on for on, status in case.steps if status in ENDED and on <= last)


def least(loads: Iterable[Load]) -> tuple[str, ...]:
    """References of the members who have the fewest cases in hand: a hint, nothing more. Empty where all have as many."""
    members = [one for one in loads if one.member]
    fewest = min((one.in_hand for one in members), default=0)
    found = tuple(one.ref for one in members if one.in_hand == fewest)
    return found if len(found) < len(members) else ()
