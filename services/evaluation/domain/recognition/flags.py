"""What is noted beside a recognition and changes nothing about it: late acts, gates that only flag, and what came to light after
a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

import msgspec

from services.evaluation.domain.recognition.course import Course, Hit, misses
from services.evaluation.domain.recognition.gates import HINDSIGHT
from services.evaluation.domain.recognition.papers import Paper
from services.evaluation.domain.recognition.procedure import STAGES, Act, Deadline, Effect
from services.evaluation.domain.recognition.state import Progress
from services.evaluation.domain.wording import Words, day

STAGE_WORDS: Final = {
    "self_assessment": Words("Tự đánh giá", "Self-assessment"), "request": Words("Đề nghị công nhận", "Request"),
    "decision": Words("Quyết định", "Decision"),
}
_ACTS: Final = {
    "self_assessment": (Act.ASSESS,), "request": (Act.REQUEST,), "decision": (Act.RECOGNISE, Act.DECLINE),
}


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """``entry``: the log entry that it is about."""

    code: str
    article: str
    on: dt.date
    entry: str
    vi: str
    en: str


def flags(course: Course, progress: Progress) -> list[Flag]:
    """In legal order of the acts that they are about."""
    known = course.known()
    found: list[Flag] = []
    first = {stage: next((p for p in known.papers if p.act in _ACTS[stage]), None) for stage in STAGES}
    deadlines = {stage: course.procedure.deadline(stage, course.year) for stage in STAGES}
    for paper in known.papers:
        for stage, deadline in deadlines.items():
            if deadline is not None and first[stage] is paper and deadline.late(paper.on):
                found.append(_late(stage, deadline, paper))
        found += [_flag(hit) for hit in misses(known, paper, (Effect.FLAG,))]
        if paper is progress.decided and paper.act is Act.RECOGNISE:
            found += _in_hindsight(course, paper)
    return found


def _late(stage: str, deadline: Deadline, paper: Paper) -> Flag:
    said = STAGE_WORDS[stage]
    return Flag(
        code=f"late.{stage}", article=deadline.article, on=paper.on, entry=paper.id,
        vi=f"{said.vi} ngày {day(paper.on)}, sau hạn (hết ngày {day(deadline.last_day)}); vẫn được xét.",
        en=f"{said.en} on {day(paper.on, 'en')}, after the last day in time ({day(deadline.last_day, 'en')}); it still counts.",
    )


def _in_hindsight(course: Course, paper: Paper) -> Iterator[Flag]:
    """Judged by all that is on record now: what was written up later barred nothing, and is shown."""
    for hit in misses(course.known(), paper, (Effect.BAR,)):
        if hit.gate.id in HINDSIGHT:
            yield Flag(
                code=f"hindsight.{hit.gate.id}", article=hit.article, on=paper.on, entry=paper.id,
                vi=f"Phát hiện sau khi quyết định: {hit.words.vi}", en=f"Found after the decision: {hit.words.en}",
            )


def _flag(hit: Hit) -> Flag:
    return Flag(
        code=hit.gate.id, article=hit.article, on=hit.paper.on, entry=hit.paper.id, vi=hit.words.vi, en=hit.words.en
    )
