"""The fold of a case: its live entries in legal order → its public state, with flags where the law's order was not kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from services.intake.domain.case_life import EFFECTS, CaseLaw, Folding, Told, case_law, mediating, safety, settlement
from services.intake.domain.entries import Dated, Entry, in_order
from shared.contracts import When, short
from shared.contracts import cases as facts
from shared.contracts.outgoing import CaseState, Flag

STARTS = ("vn.namtot.case.reported.v1", "vn.namtot.case.recorded.v1")


def fold_case(entries: Iterable[Entry], parked: int = 0, law: CaseLaw | None = None) -> CaseState:
    """``entries``: the live ones of the case family, in any order. Without a report all of them are parked."""
    entries = list(entries)
    begun = [entry.time for entry in entries if entry.type in STARTS]
    if not begun:
        return CaseState(status="parked", entries=len(entries), parked=parked + len(entries))
    case = Folding(law or case_law())
    for dated in in_order([step for entry in entries for step in _steps(entry, case.law)]):
        case.apply(dated, EFFECTS)
    over = case.status in case.law.on(case.history[-1].on).ended
    mediating.flag_start(case, over)
    if case.status == "settled":
        settlement.state_due(case)
    elif not over:
        safety.state_due(case)
    _flag_written_up(case, entries)
    return CaseState(
        status=case.status, logged_on=min(begun), sessions=case.sessions, history=case.history, flags=case.flags, due=case.due,
        urgent=sorted(case.urgent), obstacles=list(case.obstacles.values()), paused=case.status == "paused", entries=len(entries),
        parked=parked, **case.fields,
    )


def _steps(entry: Entry, law: CaseLaw) -> Iterator[Dated]:
    name = short(entry.type)
    if name != "case.recorded":
        yield _dated(name, entry, entry.on, entry.data, law)
        return
    # a finished case from a paper log is the same life, told at once
    recorded: facts.Recorded = entry.data
    yield _dated("case.reported", entry, recorded.received_on, recorded, law)
    if recorded.assigned_on is not None or recorded.chosen_by_parties:
        taken = "case.chosen" if recorded.chosen_by_parties else "case.assigned"
        yield _dated(taken, entry, recorded.assigned_on or recorded.received_on, recorded, law)
    if recorded.started_on is not None:
        yield _dated("case.mediation-held", entry, recorded.started_on, recorded, law)
    yield _dated(f"case.{recorded.outcome.replace('_', '-')}", entry, recorded.on, recorded, law)
    if recorded.performance is not None:
        yield _dated(f"case.agreement-{recorded.performance}", entry, recorded.on, recorded, law)


def _dated(name: str, entry: Entry, on: When, data: Any, law: CaseLaw) -> Dated:
    return Dated(on=on, rank=law.on(on).steps[name].rank, time=entry.time, key=entry.key, what=Told(name, entry, data))


def _flag_written_up(case: Folding, entries: list[Entry]) -> None:
    # most are written up on their own day: only the others are counted
    waited = [((entry.time.day - entry.on.day).days, entry.key, entry) for entry in entries if entry.time[:10] != entry.on[:10]]
    if not waited:
        return
    days, _, latest = max(waited)
    deadline = case.law.on(latest.on).deadlines["written_up"]
    if days > deadline.length and deadline.flag is not None:
        case.flags.append(Flag(code=deadline.flag, article=deadline.cite, on=latest.on, days=days))
