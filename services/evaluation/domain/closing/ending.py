"""When a commune's year is closed, and which corrections come after.

A year is closed by the entry that says so, or by the first decision on recognition that has effect, whichever was written up
first; not before its window is over. What was written up earlier flows through; afterwards only a recorded correction does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from services.evaluation.domain.closing.sealing import Cause
from services.evaluation.domain.facts import Step, UnitStep
from services.evaluation.domain.wording import Words
from shared.calendar import Span

CLOSED = "evaluation.closed"
CORRECTED = "evaluation.corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCorrection:
    """A correction without effect."""

    step: Step
    code: str
    words: Words


def cause_of(step: Step | UnitStep) -> Cause:
    data = step.data
    return Cause(
        entry=step.id, type=step.type, on=step.on.isoformat(), time=str(step.time), source=step.source,
        event_id=step.event_id, number=data.get("number"), reason=data.get("reason"), by=data.get("by"),
    )


def ending(steps: Iterable[UnitStep], year: int, decisions: Iterable[Cause] = ()) -> Cause | None:
    """What closes a unit's year, if anything does. ``decisions``: those on recognition in that year that have effect."""
    said = [cause_of(step) for step in steps if step.type == CLOSED and step.data["year"] == year]
    return min([*said, *decisions], key=lambda cause: (cause.time, cause.entry), default=None)


def is_over(span: Span, today: dt.date) -> bool:
    """Whether a year with this window can be closed: before, its verdicts are not those of a whole year."""
    return today > span.last


def corrections(
    steps: Iterable[Step], year: int, closed: Cause | None, done: Iterable[str]
) -> tuple[list[Step], list[NoCorrection]]:
    """One team's corrections still to be made, in the order in which they were written up, and those that have no effect.
    ``done``: entries that a revision stands for already."""
    made = set(done)
    due: list[Step] = []
    idle: list[NoCorrection] = []
    for step in sorted(steps, key=lambda s: (s.time, s.id)):
        if step.type != CORRECTED or step.data["year"] != year or step.id in made:
            continue
        if closed is None or step.time < closed.time:
            idle.append(NoCorrection(step=step, code="correction.open", words=Words(
                f"Năm {year} khi đó chưa khóa sổ: số liệu vẫn tự cập nhật, không cần hiệu chỉnh.",
                f"The year {year} was still open then: facts flow through by themselves, nothing is to be corrected.",
            )))
        else:
            due.append(step)
    return due, idle
