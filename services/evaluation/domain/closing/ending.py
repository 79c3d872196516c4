"""When a commune's year is closed, and which corrections come after.

A year is closed by the entry that says so, or by the first decision on recognition that has effect, whichever was written up
first; not before its window is over. What was written up earlier flows through; afterwards only a recorded correction does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.evaluation.domain.closing.sealing import Cause
from services.evaluation.domain.facts import Step, UnitStep
from services.evaluation.domain.wording import Words, day
from shared.calendar import Span

CLOSED = "evaluation.closed"
CORRECTED = "evaluation.corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCorrection:
    """A correction without effect."""

    step: Step
    code: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What closed a year is not what it was. What was frozen stays all the same: only a recorded correction changes it."""

    code: Literal["closing.withdrawn", "closing.changed"]
    words: Words


def undone(cause: Cause, now: Cause | None, unit: str, year: int, about: tuple[str, int] | None) -> Undone | None:
    """Beside the entry by which a unit's year was closed, the same entry as it is ``now``: None if it was withdrawn. ``about``:
    the unit and year that it names now."""
    on = dt.date.fromisoformat(cause.on)
    vi = "thông báo khóa sổ" if cause.type == CLOSED else "quyết định về công nhận"
    en = "the notice of closing" if cause.type == CLOSED else "the decision on recognition"
    number, number_en = (f" số {cause.number}", f" no. {cause.number}") if cause.number else ("", "")
    if now is None:
        code: Literal["closing.withdrawn", "closing.changed"] = "closing.withdrawn"
        said = Words("sau đó đã bị rút", "which was withdrawn since")
    elif (now.on, now.number, about) != (cause.on, cause.number, (unit, year)):
        code, said = "closing.changed", Words("sau đó đã được sửa", "which was corrected since")
    else:
        return None
    return Undone(code=code, words=Words(
        f"Năm {year} đã khóa sổ theo {vi}{number} ngày {day(on)}, {said.vi}. Số liệu đã khóa giữ nguyên; "
        "muốn thay đổi phải ghi nhận hiệu chỉnh cho từng tổ.",
        f"The year {year} was closed by {en}{number_en} of {day(on, 'en')}, {said.en}. What was frozen stays; "
        "a recorded correction of each team changes it.",
    ))


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
