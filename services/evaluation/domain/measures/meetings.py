"""Review meetings within their date ranges (v1-5, v2-5): one at half-year, one at the year's end; the self-assessment
meeting counts as the yearly one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from services.evaluation.domain.context import Context
from services.evaluation.domain.facts import Meeting
from services.evaluation.domain.measures.parts import combined, not_asked
from services.evaluation.domain.rules import Cited, MonthDay
from services.evaluation.domain.tree import Change, Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words, day, days, span
from shared.calendar import Span, last_day_before


class Kind(StrEnum):
    HALF_YEAR = "half_year"
    YEAR = "year"
    SELF_ASSESSMENT = "self_assessment"
    EXCHANGE = "exchange"
    OTHER = "other"


class Before(StrEnum):
    """What "before day D" means: its eve is the last day in time, or D itself is."""

    STRICT = "strict"
    INCLUSIVE = "inclusive"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """Each meeting from a day of the year on and before another one."""

    half_year_kinds: Cited[tuple[Kind, ...]]
    half_year_from: Cited[MonthDay]
    half_year_before: Cited[MonthDay]
    year_kinds: Cited[tuple[Kind, ...]]
    year_from: Cited[MonthDay]
    year_before: Cited[MonthDay]
    before_means: Cited[Before]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    id: Literal["half_year", "year"]
    title: Words
    minutes: Words
    kinds: tuple[Kind, ...]
    ranges: tuple[Span, Span, Span]
    """Last year's, this year's and next year's, because a meeting out of range belongs to the nearest one."""
    citation: str


def judge(context: Context, given: Parameters) -> Finding:
    parts = [_judge_one(context, asked) for asked in _asked(given, context.year)]
    return combined(parts)


@lru_cache(maxsize=256)
def _ranges(first: MonthDay, before: MonthDay, means: Before, year: int) -> tuple[Span, Span, Span]:
    rule: Literal["strict", "inclusive"] = "strict" if means is Before.STRICT else "inclusive"
    last, this, following = (
        Span(first.of(y), last_day_before(before.of(y), rule)) for y in (year - 1, year, year + 1)
    )
    return last, this, following


@lru_cache(maxsize=256)
def _asked(given: Parameters, year: int) -> tuple[_Asked, _Asked]:
    def ranges(first: Cited[MonthDay], before: Cited[MonthDay]) -> tuple[Span, Span, Span]:
        return _ranges(first.value, before.value, given.before_means.value, year)

    return (
        _Asked(
            "half_year", Words("Họp sơ kết 6 tháng", "Half-year meeting"),
            Words("biên bản họp 6 tháng", "minutes of the half-year meeting"), given.half_year_kinds.value,
            ranges(given.half_year_from, given.half_year_before), given.half_year_before.citation,
        ),
        _Asked(
            "year", Words("Họp tổng kết năm (họp tự đánh giá được tính)", "Yearly meeting (self-assessment counts)"),
            Words("biên bản họp tổng kết năm hoặc họp tự đánh giá", "minutes of the yearly or self-assessment meeting"),
            given.year_kinds.value, ranges(given.year_from, given.year_before), given.year_before.citation,
        ),
    )


def _judge_one(context: Context, asked: _Asked) -> Node:
    within = asked.ranges[1]
    if context.life.first > within.last:
        return not_asked(context, f"meetings.{asked.id}", asked.title, asked.citation, "recorded")
    own = [
        m for m in context.facts.meetings
        if m.kind in asked.kinds and (m.on in within or _nearest(m.on, asked.ranges) == within)
    ]
    verdict, sentence, changes = _verdict(context, asked, own)
    return Node(
        id=f"meetings.{asked.id}", title=asked.title, verdict=verdict, sentence=sentence,
        value=days(m.on for m in own) or None, threshold=span(within),
        inputs=tuple(Input("meeting", m.id, m.on) for m in sorted(own, key=lambda m: (m.on, m.id))),
        citation=asked.citation, evidence="recorded", changes=changes,
    )


def _verdict(
    context: Context, asked: _Asked, own: Sequence[Meeting]
) -> tuple[Verdict, Words, tuple[Change, ...]]:
    within = asked.ranges[1]
    good = [m.on for m in own if m.on in within]
    if good:
        return Verdict.MET, _in_time(tuple(good)), ()
    over = context.clock.passed(within.last)
    begun = context.clock.reached(within.first)
    if own and over:
        last = max(m.on for m in own)
        late = (last - within.last).days
        said = Words(
            f"Họp ngày {day(last)}, {f'quá hạn {late} ngày' if late > 0 else 'trước kỳ'}; phải họp trong {span(within)}.",
            f"Held on {day(last, 'en')}, {f'{late} days late' if late > 0 else 'too early'}; "
            f"the meeting is due within {span(within, 'en')}.",
        )
        mend = change(f"meetings.{asked.id}.out_of_range", Words(
            f"Nếu đã họp trong {span(within)}: bổ sung {asked.minutes.vi}.",
            f"If a meeting was held within {span(within, 'en')}: add the {asked.minutes.en}.",
        ))
        return Verdict.NOT_MET, said, (mend,)
    said, what = _not_held(asked, begun, over)
    return Verdict.NOT_ENOUGH, said, (what,)


@lru_cache(maxsize=256)
def _not_held(asked: _Asked, begun: bool, over: bool) -> tuple[Words, Change]:
    """The same for all teams without a meeting."""
    within = asked.ranges[1]
    if not begun:
        said = Words(f"Chưa đến kỳ họp ({span(within)}).", f"Not due yet ({span(within, 'en')}).")
        return said, change(f"meetings.{asked.id}.not_due", said, lacking=False)
    missing = Words(
        f"Còn thiếu {asked.minutes.vi} ({'đã họp' if over else 'họp'} trong {span(within)}).",
        f"The {asked.minutes.en} (held within {span(within, 'en')}) are missing.",
    )
    return missing, change(f"meetings.{asked.id}.missing", missing)


@lru_cache(maxsize=1024)
def _in_time(good: tuple[dt.date, ...]) -> Words:
    return Words(f"Đã họp ngày {days(good)}, trong hạn.", f"Held on {days(good, 'en')}, in time.")


def _nearest(on: dt.date, ranges: Sequence[Span]) -> Span:
    def distance(span: Span) -> int:
        return max((span.first - on).days, (on - span.last).days, 0)

    return min(ranges, key=distance)
