"""Co-ordination with agencies and unions (v1-2, v2-2): attested by the residential Front committee, AND on record, AND
no request left without an answer for too long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from services.evaluation.domain.context import Context
from services.evaluation.domain.facts import Attestation
from services.evaluation.domain.measures.parts import combined
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import Change, Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict, any_of
from services.evaluation.domain.wording import Words, day, days, span
from shared.calendar import Span, add_calendar_days, half_years


class Role(StrEnum):
    FRONT_COMMITTEE = "front_committee"
    COMMUNE = "commune"
    GROUP_LEADER = "group_leader"
    PARTY_CELL = "party_cell"


class LateAnswer(StrEnum):
    """What it comes to when an answer came, but after the term: a remark, or a failure."""

    NOTED = "noted"
    NOT_MET = "not_met"


_ROLES = {
    Role.FRONT_COMMITTEE: Words("Ban công tác Mặt trận", "the residential Front committee"),
    Role.COMMUNE: Words("UBND phường, xã", "the commune's People's Committee"),
    Role.GROUP_LEADER: Words("tổ trưởng tổ dân phố, trưởng thôn", "the head of the residential group"),
    Role.PARTY_CELL: Words("chi ủy", "the Party cell"),
}
_ON_RECORD = Words("Ghi nhận phối hợp", "Co-ordination on record")
_NOT_ON_RECORD = Words(
    "Còn thiếu ghi nhận phối hợp: văn bản phối hợp mỗi nửa năm, hoặc vụ việc có mời người, cơ quan cùng tham gia.",
    "Co-ordination is not on record: a request each half-year, or a case with others invited to it.",
)
_REQUESTS = Words("Văn bản phối hợp mỗi nửa năm", "Requests in each half-year")
_INVITED = Words("Vụ việc có người được mời", "Cases with others invited")
_ANSWERED = Words("Trả lời đề nghị phối hợp", "Requests answered")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """``attested_share``: an attestation counts for the window if it lies within it, or covers this share of it."""

    attested_by: Cited[Role]
    attested_share: Cited[Fraction]
    records_per_half_year: Cited[int]
    cases_with_invited: Cited[int]
    answer_days: Cited[int]
    late_answer: Cited[LateAnswer]


def judge(context: Context, given: Parameters) -> Finding:
    return combined([_attested(context, given), _on_record(context, given), _answered(context, given)])


def _attested(context: Context, given: Parameters) -> Node:
    role = _ROLES[given.attested_by.value]
    own = [a for a in context.facts.attestations if _counts(a, context.span, given)]
    good = [a for a in own if a.positive]
    bad = [a for a in own if not a.positive]
    changes: tuple[Change, ...] = ()
    if good and bad:
        verdict = Verdict.NOT_ENOUGH
        said = Words(
            f"Các văn bản xác nhận trái nhau: có ({_papers(good)}) và không ({_papers(bad)}).",
            f"The attestations contradict each other: yes ({_papers(good, 'en')}), no ({_papers(bad, 'en')}).",
        )
        changes = (change("coordination.attestation.conflict", Words(
            f"Đề nghị {role.vi} nói rõ văn bản nào đúng và rút lại văn bản kia.",
            f"Ask {role.en} which one holds, and to withdraw the other.",
        )),)
    elif good:
        verdict = Verdict.MET
        said = Words(
            f"{_capital(role.vi)} xác nhận phối hợp tốt ({_papers(good)}).",
            f"{_capital(role.en)} attests good co-ordination ({_papers(good, 'en')}).",
        )
    elif bad:
        verdict = Verdict.NOT_MET
        said = Words(
            f"{_capital(role.vi)} không xác nhận phối hợp tốt ({_papers(bad)}).",
            f"{_capital(role.en)} denies good co-ordination ({_papers(bad, 'en')}).",
        )
    else:
        verdict = Verdict.NOT_ENOUGH
        said = _not_attested(given.attested_by.value, context.span)
        over = context.clock.passed(context.span.last)
        changes = (change("coordination.attestation.missing", said, lacking=over),)
    return Node(
        id="coordination.attested", title=_attestation_of(given.attested_by.value),
        verdict=verdict, sentence=said, inputs=tuple(Input("attestation", a.id, a.on) for a in good + bad),
        citation=given.attested_by.citation, evidence="attested", changes=changes,
    )


@lru_cache
def _attestation_of(role: Role) -> Words:
    return Words(f"Xác nhận của {_ROLES[role].vi}", f"Attestation of {_ROLES[role].en}")


@lru_cache(maxsize=1024)
def _not_attested(role: Role, window: Span) -> Words:
    return Words(
        f"Còn thiếu xác nhận của {_ROLES[role].vi} về phối hợp trong kỳ {span(window)}.",
        f"The attestation of {_ROLES[role].en} for {span(window, 'en')} is missing.",
    )


def _counts(attestation: Attestation, window: Span, given: Parameters) -> bool:
    if attestation.matter != "coordination" or attestation.by_role != given.attested_by.value:
        return False
    common = attestation.period.cut(window)
    return common is not None and (
        common == attestation.period or Fraction(common.days, window.days) >= given.attested_share.value
    )


def _papers(attestations: Sequence[Attestation], lang: str = "vi") -> str:
    listed = sorted({(a.on, a.paper or "") for a in attestations})
    return "; ".join(f"{paper + ', ' if paper else ''}{day(on, lang)}" for on, paper in listed)


def _on_record(context: Context, given: Parameters) -> Node:
    """Requests or answers in each half-year, or cases with others invited to them."""
    parts = [_requests(context, given), _invited(context, given)]
    verdict = any_of(part.verdict for part in parts if part.verdict is not None)
    said = next((part.sentence for part in parts if part.verdict is Verdict.MET), _NOT_ON_RECORD)
    over = context.clock.passed(context.span.last)
    changes = () if verdict is Verdict.MET else (change("coordination.record.missing", said, lacking=over),)
    return Node(
        id="coordination.on_record", title=_ON_RECORD, verdict=verdict,
        sentence=said, citation=given.records_per_half_year.citation, evidence="recorded", changes=changes,
        children=tuple(parts),
    )


def _requests(context: Context, given: Parameters) -> Node:
    needed = given.records_per_half_year
    halves = [half for half in half_years(context.span) if half.meets(context.life)]
    records = sorted({
        (on, c.id) for c in context.facts.coordinations for on in (c.asked, c.answered)
        if on is not None and on in context.span
    })
    short = tuple([half for half in halves if len({id for on, id in records if on in half}) < needed.value])
    said = _without_records(short) if short else _in_each_half(tuple(sorted({on for on, _ in records})))
    return Node(
        id="coordination.requests", title=_REQUESTS,
        verdict=Verdict.NOT_ENOUGH if short else Verdict.MET, sentence=said,
        value=str(len({id for _, id in records})), threshold=f"≥ {needed.value}",
        inputs=tuple(Input("coordination", id, on) for on, id in records), citation=needed.citation, evidence="recorded",
    )


@lru_cache(maxsize=1024)
def _without_records(halves: tuple[Span, ...]) -> Words:
    return Words(
        "Chưa ghi nhận văn bản phối hợp trong " + ", ".join(map(span, halves)) + ".",
        "No co-ordination is on record within " + ", ".join(span(half, "en") for half in halves) + ".",
    )


@lru_cache(maxsize=1024)
def _in_each_half(on: tuple[dt.date, ...]) -> Words:
    return Words(
        f"Có ghi nhận phối hợp ở mỗi nửa năm ({days(on)}).",
        f"Co-ordination is on record in each half-year ({days(on, 'en')}).",
    )


def _invited(context: Context, given: Parameters) -> Node:
    needed = given.cases_with_invited
    # counted on the day of the invitation: a case that is carried over serves the year in which others came to it
    found = sorted({
        (on, case.id) for case in context.facts.cases for on, count in case.invited if count and on in context.span
    })
    cases = {id for _, id in found}
    said = _with_invited(len(cases))
    return Node(
        id="coordination.invited", title=_INVITED,
        verdict=Verdict.MET if len(cases) >= needed.value else Verdict.NOT_ENOUGH, sentence=said,
        value=str(len(cases)), threshold=f"≥ {needed.value}", inputs=tuple(Input("case", id, on) for on, id in found),
        citation=needed.citation, evidence="computed",
    )


@lru_cache
def _with_invited(count: int) -> Words:
    return Words(
        f"{count} vụ việc có mời người, cơ quan, đoàn thể cùng tham gia.",
        f"{count} cases had other persons, agencies or unions invited to them.",
    )


def _answered(context: Context, given: Parameters) -> Node:
    """No request is left without an answer. That one came late is said; whether it fails the team is the scheme's."""
    limit = given.answer_days
    asked = sorted((
        (c.asked, c.answered, c.id, c.agency) for c in context.facts.coordinations
        if c.asked is not None and c.asked in context.span
    ), key=lambda seen: (seen[0], seen[2]))
    overdue = [
        (on, agency) for on, answered, _, agency in asked
        if answered is None and context.clock.passed(add_calendar_days(on, limit.value))
    ]
    late = [on for on, answered, _, _ in asked if answered and answered > add_calendar_days(on, limit.value)]
    changes: tuple[Change, ...] = ()
    if late and given.late_answer.value is LateAnswer.NOT_MET:
        verdict = Verdict.NOT_MET
        said = Words(
            f"Trả lời sau hơn {limit.value} ngày: đề nghị ngày {days(late)}.",
            f"Answered after more than {limit.value} days: those of {days(late, 'en')}.",
        )
    elif overdue:
        verdict = Verdict.NOT_ENOUGH
        said = Words(
            f"Chưa ghi nhận trả lời sau {limit.value} ngày: "
            + "; ".join(f"{agency}, đề nghị ngày {day(on)}" for on, agency in overdue) + ".",
            f"No answer on record after {limit.value} days: "
            + "; ".join(f"{agency}, asked on {day(on, 'en')}" for on, agency in overdue) + ".",
        )
        changes = (change("coordination.answer.missing", said),)
    elif late:
        verdict = Verdict.MET
        said = Words(
            f"Mọi đề nghị đều đã được trả lời; trả lời chậm: đề nghị ngày {days(late)}.",
            f"Every request was answered; late: those of {days(late, 'en')}.",
        )
    else:
        verdict = Verdict.MET
        said = _none_open(limit.value)
    return Node(
        id="coordination.answered", title=_ANSWERED, verdict=verdict,
        sentence=said, value=str(len(overdue)), threshold="0",
        inputs=tuple(Input("coordination", id, on) for on, _, id, _ in asked), citation=limit.citation,
        evidence="recorded", changes=changes,
    )


@lru_cache
def _none_open(days: int) -> Words:
    return Words(
        f"Không có đề nghị phối hợp nào quá {days} ngày chưa được trả lời.",
        f"No request is without an answer for more than {days} days.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
