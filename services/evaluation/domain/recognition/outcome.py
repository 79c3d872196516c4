"""A team's year on the way to recognition: one pure function of its steps, the measured verdict and the directory's days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from services.evaluation.domain.facts import Step
from services.evaluation.domain.recognition.advice import Next, advice, tell
from services.evaluation.domain.recognition.course import Course, Hit, follow
from services.evaluation.domain.recognition.flags import Flag, flags
from services.evaluation.domain.recognition.gates import Whereabouts
from services.evaluation.domain.recognition.papers import Paper, read_papers
from services.evaluation.domain.recognition.procedure import Procedure
from services.evaluation.domain.recognition.remarks import Measured, remarks
from services.evaluation.domain.recognition.state import Progress, State, fold
from services.evaluation.domain.tree import Change
from services.evaluation.domain.wording import Words


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A step as the timeline shows it, an entry of ``record``. ``written_up``: a moment or a day. ``effect``: done, refused or
    waiting."""

    record: str
    type: str
    act: str
    on: dt.date
    written_up: str
    entry: str
    source: str
    id: str
    number: str | None
    effect: str
    words: Words


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Why a step has no effect, or not yet."""

    entry: str
    source: str
    id: str
    type: str
    code: str
    article: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """``lines`` in legal order, whatever became of them."""

    state: State
    progress: Progress
    lines: tuple[Line, ...]
    flags: tuple[Flag, ...]
    remarks: tuple[Change, ...]
    refused: tuple[Stopped, ...]
    waiting: tuple[Stopped, ...]
    next: tuple[Next, ...]


def recognise(
    procedure: Procedure, year: int, steps: Iterable[Step], measured: Measured | None = None,
    where: Whereabouts | None = None,
) -> Recognition:
    """``steps``: of one team; those of other years and procedures are left aside."""
    papers = read_papers(steps, year)
    course = follow(procedure, year, papers, where or Whereabouts())
    progress = fold(procedure, course.in_legal_order())
    return Recognition(
        state=progress.state, progress=progress, lines=tuple(_lines(papers, course)),
        flags=tuple(flags(course, progress)), remarks=tuple(remarks(progress, measured)),
        refused=_stopped(course.refused), waiting=_stopped(course.waiting), next=tuple(advice(procedure, year, progress)),
    )


def _lines(papers: Iterable[Paper], course: Course) -> Iterator[Line]:
    refused, waiting = {hit.paper.id for hit in course.refused}, {hit.paper.id for hit in course.waiting}
    for paper in papers:
        effect = "refused" if paper.id in refused else "waiting" if paper.id in waiting else "done"
        step = paper.step
        yield Line(
            record=step.record, type=step.type, act=paper.act, on=paper.on, written_up=str(step.time), entry=step.id,
            source=step.source, id=step.event_id, number=paper.number, effect=effect, words=tell(paper),
        )


def _stopped(hits: Iterable[Hit]) -> tuple[Stopped, ...]:
    ordered = sorted(hits, key=lambda hit: hit.paper.order)
    return tuple(
        Stopped(
            entry=hit.paper.id, source=hit.paper.step.source, id=hit.paper.step.event_id, type=hit.paper.step.type,
            code=hit.gate.id, article=hit.article, vi=hit.words.vi, en=hit.words.en,
        )
        for hit in ordered
    )
