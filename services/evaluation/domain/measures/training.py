"""Regular training (v1-4): at least so many classes attended in each half-year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from services.evaluation.domain.context import Context
from services.evaluation.domain.measures.parts import combined, not_asked
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import Change, Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words, days, span
from shared.calendar import Span, half_years


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    classes_per_half_year: Cited[int]


def judge(context: Context, given: Parameters) -> Finding:
    halves = half_years(context.span)
    return combined([_judge_half(context, given, number, half) for number, half in enumerate(halves, 1)])


def _judge_half(context: Context, given: Parameters, number: int, half: Span) -> Node:
    id = f"training.half_year_{number}"
    title = _half_year(number)
    needed = given.classes_per_half_year
    if not half.meets(context.life):
        return not_asked(context, id, title, needed.citation, "recorded")
    code = context.team.code
    sheets = [(t, t.sheets[code]) for t in context.facts.trainings if t.held in half and code in t.sheets]
    attended = sorted({(t.held, t.id) for t, sheet in sheets if sheet.present})
    missed = sorted({(t.held, t.id) for t, sheet in sheets if not sheet.present})
    over = context.clock.passed(half.last)
    changes: tuple[Change, ...] = ()
    if len(attended) >= needed.value:
        verdict = Verdict.MET
        said = Words(
            f"Đã dự {len(attended)} lớp tập huấn ({days(d for d, _ in attended)}).",
            f"Attended {len(attended)} classes ({days((d for d, _ in attended), 'en')}).",
        )
    elif over and missed and not attended:
        verdict = Verdict.NOT_MET
        said = Words(
            f"Vắng mặt tại lớp tập huấn ngày {days(d for d, _ in missed)}, không ghi nhận lớp nào khác trong {span(half)}.",
            f"Absent from the class of {days((d for d, _ in missed), 'en')}, no other is recorded in {span(half, 'en')}.",
        )
        changes = (_missing(number, half, over),)
    else:
        verdict = Verdict.NOT_ENOUGH
        missing = _missing(number, half, over)
        said, changes = Words(missing.vi, missing.en), (missing,)
    return Node(
        id=id, title=title, verdict=verdict, sentence=said, value=str(len(attended)), threshold=f"≥ {needed.value}",
        inputs=tuple(Input("training", record, on) for on, record in sorted(attended + missed)),
        citation=needed.citation, evidence="recorded", changes=changes,
    )


@lru_cache
def _half_year(number: int) -> Words:
    return Words(f"Tập huấn nửa năm thứ {number}", f"Training in half-year {number}")


@lru_cache(maxsize=256)
def _missing(number: int, half: Span, over: bool) -> Change:
    if not over:
        return change(f"training.half_year_{number}.not_due", Words(
            f"Chưa hết nửa năm ({span(half)}), chưa ghi nhận lớp tập huấn nào mà tổ đã dự.",
            f"The half-year ({span(half, 'en')}) is not over; no class attended by the team is recorded yet.",
        ), lacking=False)
    return change(f"training.half_year_{number}.missing", Words(
        f"Còn thiếu danh sách điểm danh lớp tập huấn mà tổ đã dự trong {span(half)}.",
        f"An attendance sheet of a class attended by the team within {span(half, 'en')} is missing.",
    ))
