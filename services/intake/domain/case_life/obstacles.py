"""Khó khăn, vướng mắc: raised, directed, resolved, and how many days that took."""

from __future__ import annotations

import msgspec

from services.intake.domain.case_life.folding import Effect, Folding, Told
from services.intake.domain.case_life.table import CaseLife
from shared.contracts import When
from shared.contracts import cases as facts
from shared.contracts.outgoing import Obstacle


def _raised(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.ObstacleRaised = told.data
    # the same obstacle told again is the same obstacle
    case.obstacles.setdefault(
        data.obstacle, Obstacle(id=data.obstacle, kind=data.kind, raised_on=on, by_role=data.by_role)
    )


def _directed(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.ObstacleDirected = told.data
    known = case.obstacles.get(data.obstacle)
    if known is None:
        case.flag(life, "obstacle_unknown", on)
        return
    case.obstacles[known.id] = msgspec.structs.replace(
        known, directed_on=known.directed_on or on, directed_by=data.by_role or known.directed_by, until=data.until or known.until
    )


def _resolved(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.ObstacleResolved = told.data
    known = case.obstacles.get(data.obstacle)
    if known is None:
        case.flag(life, "obstacle_unknown", on)
    elif known.resolved_on is None:
        case.obstacles[known.id] = msgspec.structs.replace(known, resolved_on=on, days=(on.day - known.raised_on.day).days)


EFFECTS: dict[str, Effect] = {
    "case.obstacle-raised": _raised, "case.obstacle-directed": _directed, "case.obstacle-resolved": _resolved,
}
