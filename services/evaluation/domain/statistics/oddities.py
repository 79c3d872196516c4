"""Figures that look wrong. They are pointed out, each with its cases, and never altered: what looks odd may be true.

    all_settled      every case that ended was settled, in many teams
    copied           every column is the same as in the period before, of other cases
    copied_stated    a submission states what the one of the month before stated
    one_day          all new cases were written up on one day, though they came over weeks
    stated_differs   a submission or lock states other figures than are counted
    declared_nothing a team declares that nothing arose, beside cases of that time
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.evaluation.domain.casework import PENDING
from services.evaluation.domain.rules import Cited, Dated
from services.evaluation.domain.statistics.counting import COLUMNS, Entry, Figures, figures
from services.evaluation.domain.statistics.locks import Told, differing, month_span
from services.evaluation.domain.wording import Words, day, number, span
from shared.calendar import Span, add_months, months_of

Code = Literal["all_settled", "copied", "copied_stated", "one_day", "stated_differs", "declared_nothing"]
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OddRules:
    """How many cases, teams or days there must be for a figure to look odd; see the data file."""

    all_settled_cases: Dated[int]
    all_settled_teams: Dated[int]
    copied_cases: Dated[int]
    one_day_cases: Dated[int]
    one_day_spread: Dated[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """``unit`` None: all that was asked for. ``rules``: the thresholds behind it, none where it is odd however small."""

    code: Code
    unit: str | None
    team: str | None = None
    span: Span
    cases: tuple[str, ...]
    said: Words
    rules: tuple[Cited[int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A submission or lock that states figures. ``unit``: where its team works, or its own; ``counted``: what it is compared
    with."""

    told: Told
    unit: str
    team: str | None
    counted: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """``entries``: by unit, of the period and of the one before. ``declared``: unit, team and the days of a declaration that
    nothing arose. ``stated``: of the period's months and the month before."""

    span: Span
    entries: Mapping[str, Sequence[Entry]]
    declared: Sequence[tuple[str, str, Span]] = ()
    stated: Sequence[Stated] = field(default=())


def odd(seen: Seen, rules: OddRules) -> list[Odd]:
    found = [one for unit in sorted(seen.entries) for one in _of_unit(unit, seen.entries[unit], seen.span, rules)]
    if len(seen.entries) > 1:
        everywhere = [entry for own in seen.entries.values() for entry in own]
        found += _all_settled(None, everywhere, seen.span, rules)
    found += _stated(seen, rules)
    found += _declared(seen)
    return found


def before(span: Span) -> Span | None:
    """The period just before, of as many months; None for one that is not of whole months."""
    if span.first.day != 1 or (span.last + _DAY).day != 1:
        return None
    return Span(add_months(span.first, -len(months_of(span))), span.first - _DAY)


def _of_unit(unit: str, entries: Sequence[Entry], asked: Span, rules: OddRules) -> Iterator[Odd]:
    yield from _all_settled(unit, entries, asked, rules)
    months = [month_span(month) for month in months_of(asked)]
    whole = [one for one in months if one.first in asked and one.last in asked]
    for each in dict.fromkeys([asked, *whole]):
        yield from _copied(unit, entries, each, rules)
    yield from _one_day(unit, entries, asked, rules)


def _all_settled(unit: str | None, entries: Sequence[Entry], asked: Span, rules: OddRules) -> Iterator[Odd]:
    most, teams = rules.all_settled_cases.find(asked.last), rules.all_settled_teams.find(asked.last)
    found = figures(entries, asked)
    settled = found["settled"]
    if most is None or teams is None or found["not_settled"] or len(settled) < most.value:
        return
    ended = set(settled)
    count = len({entry.team for entry in entries if entry.case.id in ended and entry.team is not None})
    if count >= teams.value:
        yield Odd(code="all_settled", unit=unit, span=asked, cases=settled, rules=(most, teams), said=Words(
            f"Cả {number(len(settled))} vụ việc kết thúc trong kỳ {span(asked)}, của {number(count)} tổ, đều ghi hòa giải thành.",
            f"All {number(len(settled), 'en')} cases that ended in {span(asked, 'en')}, of {number(count, 'en')} teams, "
            "are settled.",
        ))


def _copied(unit: str, entries: Sequence[Entry], asked: Span, rules: OddRules) -> Iterator[Odd]:
    least, earlier = rules.copied_cases.find(asked.last), before(asked)
    if least is None or earlier is None or sum(_came(entry, asked) for entry in entries) < least.value:
        return
    near = [entry for entry in entries if _touches(entry, Span(earlier.first, asked.last))]
    now, then = figures(near, asked), figures(near, earlier)
    if len(now["new"]) >= least.value and all(len(now[name]) == len(then[name]) for name in COLUMNS):
        cases = tuple(sorted({*now["new"], *then["new"]}))
        yield Odd(code="copied", unit=unit, span=asked, cases=cases, rules=(least,), said=Words(
            f"Số liệu kỳ {span(asked)} giống hệt kỳ {span(earlier)} ở mọi cột ({number(len(now['new']))} vụ mới mỗi kỳ).",
            f"The figures of {span(asked, 'en')} equal those of {span(earlier, 'en')} in every column "
            f"({number(len(now['new']), 'en')} new cases in each).",
        ))


def _came(entry: Entry, asked: Span) -> bool:
    return entry.case.received is not None and asked.first <= entry.case.received <= asked.last


def _touches(entry: Entry, asked: Span) -> bool:
    """Whether it can be in a figure of those days. Most of a year's cases are in none of a month's."""
    received, steps = entry.case.received, entry.case.steps
    if received is None or received > asked.last:
        return False
    return received >= asked.first or not steps or steps[-1][0] >= asked.first or steps[-1][1] in PENDING


def _one_day(unit: str, entries: Iterable[Entry], asked: Span, rules: OddRules) -> Iterator[Odd]:
    least, spread = rules.one_day_cases.find(asked.last), rules.one_day_spread.find(asked.last)
    own = list(entries)
    fresh = set(figures(own, asked)["new"])
    cases = [entry.case for entry in own if entry.case.id in fresh]
    received = sorted(case.received for case in cases if case.received is not None)
    written = {case.written_up for case in cases}
    if least is None or spread is None or len(received) < least.value or len(written) != 1:
        return
    on = written.pop()
    if on is not None and (received[-1] - received[0]).days >= spread.value:
        yield Odd(code="one_day", unit=unit, span=asked, cases=tuple(sorted(fresh)), rules=(least, spread), said=Words(
            f"Cả {number(len(fresh))} vụ tiếp nhận từ {day(received[0])} đến {day(received[-1])} đều được ghi sổ trong một ngày, "
            f"{day(on)}.",
            f"All {number(len(fresh), 'en')} cases received from {day(received[0], 'en')} to {day(received[-1], 'en')} were "
            f"written up on one day, {day(on, 'en')}.",
        ))


def _stated(seen: Seen, rules: OddRules) -> Iterator[Odd]:
    by_month = {(one.told.month, one.team or one.unit): one for one in seen.stated if one.told.stated}
    for one in seen.stated:
        asked = month_span(one.told.month)
        if not seen.span.meets(asked):
            continue
        who = Words("Tổ", "The team") if one.team is not None else Words("Đơn vị", "The unit")
        unlike = differing(one.told.stated, one.counted)
        if unlike:
            listed = {lang: "; ".join(
                f"{NAMES[each.name][at]} {number(each.stated, lang)} ≠ {number(len(each.counted), lang)}" for each in unlike
            ) for at, lang in enumerate(("vi", "en"))}
            cases = tuple(sorted({id for each in unlike for id in each.counted}))
            yield Odd(code="stated_differs", unit=one.unit, team=one.team, span=asked, cases=cases, said=Words(
                f"{who.vi} ghi số liệu tháng {_month(one.told)} khác số đếm được: {listed['vi']}.",
                f"{who.en} states other figures for {one.told.month} than are counted: {listed['en']}.",
            ))
        least = rules.copied_cases.find(asked.last)
        last = by_month.get((f"{asked.first - _DAY:%Y-%m}", one.team or one.unit))
        if (
            least is not None and last is not None and last.told.stated == one.told.stated and len(one.told.stated) > 1
            and max(one.told.stated.values()) >= least.value
        ):
            yield Odd(
                code="copied_stated", unit=one.unit, team=one.team, span=asked, cases=one.counted["received"], rules=(least,),
                said=Words(
                    f"{who.vi} ghi số liệu tháng {_month(one.told)} giống hệt tháng {_month(last.told)}.",
                    f"{who.en} states for {one.told.month} exactly what it stated for {last.told.month}.",
                ),
            )


def _month(told: Told) -> str:
    return f"{told.month[5:]}/{told.month[:4]}"


def _declared(seen: Seen) -> Iterator[Odd]:
    for unit, team, days in sorted(seen.declared, key=lambda one: (one[0], one[1], one[2].first)):
        asked = seen.span.cut(days)
        if asked is None:
            continue
        cases = figures([entry for entry in seen.entries.get(unit, ()) if entry.team == team], asked)["new"]
        if cases:
            yield Odd(code="declared_nothing", unit=unit, team=team, span=asked, cases=cases, said=Words(
                f"Tổ khai không phát sinh vụ việc trong {span(days)}, nhưng có {number(len(cases))} vụ tiếp nhận "
                f"trong {span(asked)}.",
                f"The team declares that nothing arose in {span(days, 'en')}, beside {number(len(cases), 'en')} cases "
                f"received in {span(asked, 'en')}.",
            ))


NAMES = {
    "received": ("tiếp nhận", "received"), "carried": ("kỳ trước chuyển sang", "carried over"), "new": ("mới tiếp nhận", "new"),
    "settled": ("hòa giải thành", "settled"), "not_settled": ("không thành, chấm dứt", "not settled"),
    "ended_by_party": ("chấm dứt theo yêu cầu", "ended at the parties' wish"),
    "not_handled": ("chưa giải quyết", "not yet handled"), "in_progress": ("đang giải quyết", "in progress"),
    "out_of_scope": ("ngoài phạm vi", "out of scope"), "reopened": ("tiếp tục hòa giải", "reopened"),
}
"""Figures that a sender can state."""
