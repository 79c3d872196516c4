"""What came of each act: it took effect, was barred, or waits.

Acts are taken up in the order in which they were *written up*, each judged by what was on record at that moment. What lacks a
paper is taken up again whenever another one comes. So what is known later bars nothing that has effect, and the whole is a
function of the set of steps. A corrected paper counts as it reads now, from when it was first written up: a decision rests on
what the paper says, not on what somebody mistyped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.evaluation.domain.recognition.gates import PRESENCE, TESTS, Known, Miss, Whereabouts
from services.evaluation.domain.recognition.papers import RANK, Paper
from services.evaluation.domain.recognition.procedure import Act, Effect, Gate, Procedure
from services.evaluation.domain.wording import Words

ENDS = frozenset({Act.RECOGNISE, Act.DECLINE, Act.REVOKE})
FIRST_END = RANK[Act.RECOGNISE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A gate that an act does not fulfil."""

    paper: Paper
    gate: Gate
    effect: Effect
    article: str
    words: Words


@dataclass(slots=True, kw_only=True)
class Course:
    """``done``: acts with effect, as they took it. ``refused``, ``waiting``: what stands in the way of the others."""

    procedure: Procedure
    year: int
    where: Whereabouts
    done: list[Paper] = field(default_factory=list)
    refused: list[Hit] = field(default_factory=list)
    waiting: list[Hit] = field(default_factory=list)
    last: Paper | None = None
    standing: Paper | None = None
    _known: Known | None = None

    def known(self) -> Known:
        if self._known is None:
            self._known = Known(
                procedure=self.procedure, year=self.year, papers=self.in_legal_order(), last=self.last,
                standing=self.standing, where=self.where,
            )
        return self._known

    def in_legal_order(self) -> list[Paper]:
        """By day; within a day as the procedure goes, decisions as they took effect."""
        place = {paper.id: index for index, paper in enumerate(self.done) if paper.act in ENDS}
        return sorted(self.done, key=lambda p: (p.on, min(RANK[p.act], FIRST_END), place.get(p.id, 0), p.time, p.id))

    def take(self, paper: Paper) -> None:
        self._known = None
        self.done.append(paper)
        if paper.act in ENDS:
            self.last = paper
            self.standing = paper if paper.act is Act.RECOGNISE else None


def follow(procedure: Procedure, year: int, papers: Iterable[Paper], where: Whereabouts) -> Course:
    course = Course(procedure=procedure, year=year, where=where)
    pending: list[Paper] = []
    for paper in sorted(papers, key=lambda p: (p.time, p.order)):
        pending = _settle(course, [*pending, paper])
    for paper in pending:
        hits = list(_hits(course, paper))
        barred = [hit for hit in hits if hit.effect is Effect.BAR]
        (course.refused if barred else course.waiting).extend(barred or hits)
    return course


def _settle(course: Course, pending: list[Paper]) -> list[Paper]:
    """Take up what can be, in legal order, until nothing more can; what is left."""
    while True:
        left: list[Paper] = []
        taken = False
        for paper in sorted(pending, key=lambda p: p.order):
            hits = list(_hits(course, paper))
            final = [hit for hit in hits if hit.effect is Effect.BAR and hit.gate.id not in PRESENCE]
            if final:
                course.refused.extend(final)
            elif hits:
                left.append(paper)
            else:
                course.take(paper)
                taken = True
        pending = left
        if not taken or not pending:
            return pending


def _hits(course: Course, paper: Paper) -> Iterable[Hit]:
    return misses(course.known(), paper, (Effect.BAR, Effect.WAIT))


def misses(known: Known, paper: Paper, effects: tuple[Effect, ...]) -> Iterable[Hit]:
    """The gates of these effects that ``paper`` does not fulfil, in the procedure's order."""
    for guard in known.procedure.guards(paper.act, paper.as_of):
        if guard.effect not in effects:
            continue
        missed: Miss | None = TESTS[guard.gate.id](known, paper)
        if missed is not None:
            yield Hit(
                paper=paper, gate=guard.gate, effect=guard.effect, article=guard.article, words=guard.gate.sentence(missed)
            )
