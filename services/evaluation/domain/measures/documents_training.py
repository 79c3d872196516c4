"""Documents and all training (v2-3): documents delivered each half-year, somebody present at every class to which the
team was invited. How many of its members were reached is shown, not judged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from services.evaluation.domain.context import Context
from services.evaluation.domain.facts import Training
from services.evaluation.domain.measures.parts import combined, not_asked
from services.evaluation.domain.rules import Cited, NothingArose
from services.evaluation.domain.tree import Change, Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words, day, days, span
from shared.calendar import Span, half_years


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """``no_class``: what it comes to when the team was invited to no class in the whole window."""

    deliveries_per_half_year: Cited[int]
    present_per_class: Cited[int]
    no_class: Cited[NothingArose]


def judge(context: Context, given: Parameters) -> Finding:
    halves = half_years(context.span)
    parts = [_deliveries(context, given, number, half) for number, half in enumerate(halves, 1)]
    invited = sorted(
        (t for t in context.facts.trainings if context.team.code in t.invited and t.held in context.life),
        key=lambda t: (t.held, t.id),
    )
    parts += [_class(context, given, training) for training in invited] or [_no_class(context, given)]
    coverage = _coverage(context, given)
    return combined([*parts, coverage] if coverage else parts)


def _deliveries(context: Context, given: Parameters, number: int, half: Span) -> Node:
    needed = given.deliveries_per_half_year
    if not half.meets(context.life):
        return not_asked(context, *_half_year(number), needed.citation, "recorded", "commune")
    code = context.team.code
    got = tuple(sorted({(d.on, d.id) for d in context.facts.deliveries if d.on in half and code in d.teams}))
    over = len(got) >= needed.value or context.clock.passed(half.last)
    return _delivered(given, number, half, got, over)


@lru_cache(maxsize=4096)
def _delivered(given: Parameters, number: int, half: Span, got: tuple[tuple[dt.date, str], ...], over: bool) -> Node:
    """The same for all teams on one list."""
    id, title = _half_year(number)
    needed = given.deliveries_per_half_year
    changes: tuple[Change, ...] = ()
    if len(got) >= needed.value:
        verdict = Verdict.MET
        said = Words(
            f"Được cấp tài liệu ngày {days(d for d, _ in got)}.", f"Documents came on {days((d for d, _ in got), 'en')}."
        )
    else:
        verdict = Verdict.NOT_ENOUGH
        said = Words(
            f"Còn thiếu danh sách cấp tài liệu có tên tổ trong {span(half)} (phường, xã lập).",
            f"A distribution list of the commune that names the team within {span(half, 'en')} is missing.",
        ) if over else Words(
            f"Chưa hết nửa năm ({span(half)}), chưa ghi nhận tài liệu được cấp.",
            f"The half-year ({span(half, 'en')}) is not over; no documents are recorded yet.",
        )
        changes = (change(f"{id}.{'missing' if over else 'not_due'}", said, lacking=over),)
    return Node(
        id=id, title=title, verdict=verdict, sentence=said, value=str(len(got)), threshold=f"≥ {needed.value}",
        inputs=tuple(Input("delivery", record, on) for on, record in got), citation=needed.citation,
        evidence="recorded", duty="commune", changes=changes,
    )


@lru_cache
def _half_year(number: int) -> tuple[str, Words]:
    return (
        f"documents.half_year_{number}",
        Words(f"Được cấp tài liệu nửa năm thứ {number}", f"Documents in half-year {number}"),
    )


def _class(context: Context, given: Parameters, training: Training) -> Node:
    sheet = training.sheets.get(context.team.code)
    over = sheet is not None or context.clock.passed(training.held)
    return _attended(given, training.id, training.held, None if sheet is None else sheet.present, over)


@lru_cache(maxsize=4096)
def _attended(given: Parameters, id: str, held: dt.date, present: int | None, over: bool) -> Node:
    """The same for all teams of which as many came."""
    needed = given.present_per_class
    changes: tuple[Change, ...] = ()
    verdict: Verdict | None
    if present is not None and present >= needed.value:
        verdict = Verdict.MET
        said = Words(
            f"Lớp ngày {day(held)}: {present} người dự.",
            f"Class of {day(held, 'en')}: {present} present.",
        )
    elif present is not None:
        verdict = Verdict.NOT_MET
        said = Words(
            f"Lớp ngày {day(held)}: được mời nhưng {f'chỉ {present} người dự' if present else 'vắng'}.",
            f"Class of {day(held, 'en')}: invited, {present or 'nobody'} came.",
        )
        changes = (change("documents.class.absent", Words(
            f"Nếu có người dự lớp ngày {day(held)}: bổ sung danh sách điểm danh đã ký.",
            f"If somebody attended the class of {day(held, 'en')}: add the signed attendance sheet.",
        )),)
    elif over:
        verdict = Verdict.NOT_ENOUGH
        said = Words(
            f"Còn thiếu danh sách điểm danh của tổ tại lớp ngày {day(held)}.",
            f"The team's attendance sheet of the class of {day(held, 'en')} is missing.",
        )
        changes = (change("documents.class.sheet_missing", said),)
    else:
        verdict = None
        said = Words(f"Lớp ngày {day(held)} chưa diễn ra.", f"The class of {day(held, 'en')} is to come.")
    return Node(
        id=f"documents.class.{id}", title=Words("Lớp tập huấn được mời", "Class the team was invited to"),
        verdict=verdict, sentence=said, value=None if present is None else str(present),
        threshold=f"≥ {needed.value}", inputs=(Input("training", id, held),),
        citation=needed.citation, evidence="recorded", changes=changes,
    )


def _no_class(context: Context, given: Parameters) -> Node:
    return _none_invited(given, context.clock.passed(context.span.last))


@lru_cache(maxsize=256)
def _none_invited(given: Parameters, over: bool) -> Node:
    said = Words(
        "Không ghi nhận lớp tập huấn nào có mời tổ trong kỳ.", "No class to which the team was invited is recorded."
    )
    changes = (change(f"documents.class.{'none' if over else 'not_due'}", said, lacking=over),)
    return Node(
        id="documents.class", title=Words("Lớp tập huấn được mời", "Classes the team was invited to"),
        verdict=Verdict(str(given.no_class.value)), sentence=said, value="0",
        citation=given.no_class.citation, evidence="recorded", duty="commune",
        changes=() if given.no_class.value is NothingArose.MET else changes,
    )


def _coverage(context: Context, given: Parameters) -> Node | None:
    """Members who attended at least one class, where the sheets list people."""
    sheets = [
        t.sheets[context.team.code] for t in context.facts.trainings
        if t.held in context.life and context.team.code in t.sheets
    ]
    reached = frozenset[str]().union(*(s.mediators for s in sheets)) & context.team.members
    if not reached:
        return None
    of = f"{len(reached)}/{len(context.team.members)}"
    return Node(
        id="documents.coverage", title=Words("Hòa giải viên đã được tập huấn", "Mediators reached by training"),
        verdict=None, value=of, citation=given.present_per_class.citation, evidence="recorded",
        sentence=Words(
            f"{of} hòa giải viên đã dự ít nhất một lớp; để biết, không xét.",
            f"{of} mediators attended at least one class; for information, not judged.",
        ),
    )
