"""Funding paid right and on time (v2-4): every complete request within so many working days, at the rate of its day;
monthly support by the commune's own day. The duty is the commune's, and every sentence says so: the team must not look
guilty. Money: TT 56/2023/TT-BTC (maxima; the city sets the actual rates); procedure 2.002080."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from services.evaluation.domain.casework import SETTLED, ended_on, status_on
from services.evaluation.domain.context import Context
from services.evaluation.domain.facts import Case, Payment, Request
from services.evaluation.domain.measures import claims
from services.evaluation.domain.measures.nothing import nothing_arose
from services.evaluation.domain.measures.parts import combined
from services.evaluation.domain.rules import Cited, Dated
from services.evaluation.domain.tree import Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import NOTHING, Words, day, days, money
from shared.calendar import add_calendar_days, add_months, add_working_days, months_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """``*_max``: highest lawful amounts in whole đồng, by the day of the request. ``monthly_day``: the day of the next
    month by which the commune pays monthly support; 0: the commune has not said."""

    pay_within_working_days: Cited[int]
    request_within_days: Cited[int]
    case_max: Dated[int]
    settled_case_max: Dated[int]
    month_max: Dated[int]
    monthly_day: Cited[int]


def judge(context: Context, given: Parameters) -> Finding:
    months = months_of(context.span)
    own = [p for p in context.facts.payments if _belongs(p, context, months)]
    in_time: list[_Month] = []
    requests: list[Node] = []
    for payment in own:
        asked = _asked(payment)
        month = _paid_month(given, payment, asked)
        if month is not None:
            in_time.append(month)
        else:
            requests.append(_judge_payment(context, given, payment, asked))
    requests.sort(key=lambda part: part.inputs[0].on)
    parts = [_paid_months(given, in_time), *requests] if in_time else list(requests)
    unasked = _unasked(context, given)
    if unasked is not None:
        parts.append(unasked)
    parts.extend(_monthly(context, given))
    if not any(part.verdict is not None for part in parts):
        if context.standings.counted or own:
            return _not_due(parts)
        nothing = nothing_arose(context, Words("Không có khoản nào phải chi", "Nothing had to be paid"))
        return Finding(
            verdict=nothing.verdict, sentence=nothing.sentence, value=nothing.value, inputs=nothing.inputs,
            changes=nothing.changes, children=tuple(parts),
        )
    asked_for = len(in_time) + sum(p.verdict is not None for p in requests)
    good = len(in_time) + sum(p.verdict is Verdict.MET for p in requests)
    found = combined(parts, value=f"{good}/{asked_for}")
    said = found.sentence
    if found.verdict is Verdict.MET and asked_for:
        said = Words(
            f"{good}/{asked_for} đề nghị được chi đúng mức, đúng hạn.",
            f"{good} of {asked_for} requests were paid right and on time.",
        ) + (unasked.sentence if unasked is not None else NOTHING)
    if found.verdict is not Verdict.MET:
        said += Words(
            "Việc chi là trách nhiệm của UBND phường, xã; không phải lỗi của tổ.",
            "Paying is the duty of the commune's People's Committee, not the team's fault.",
        )
    return Finding(verdict=found.verdict, sentence=said, value=found.value, children=found.children)


def _not_due(parts: Sequence[Node]) -> Finding:
    said = Words(
        "Chưa có khoản chi nào đến hạn xét.", "No payment is due for judgement yet."
    )
    return Finding(
        verdict=Verdict.NOT_ENOUGH, sentence=said, children=tuple(parts),
        changes=(change("funding.not_due", said, lacking=False),),
    )


def _belongs(payment: Payment, context: Context, months: Sequence[str]) -> bool:
    """A claim belongs to the year in which its cases ended, or of its month; failing both, of the day it was made."""
    for request in payment.requests:
        if request.month is not None:
            return request.month in months
        named = [case for case in context.facts.cases if request.cases & _names(case, context)]
        if named:
            return any(ended_on(case, context.span) is not None for case in named)
    first = min((r.on for r in payment.requests), default=None) or min((on for on, _ in payment.paid), default=None)
    return first is not None and first in context.span


def _names(case: Case, context: Context) -> frozenset[str]:
    """Papers may name a case or one that was linked to it."""
    return context.facts.aliases.get(case.id, frozenset()) | {case.id}


def _asked(payment: Payment) -> Request | None:
    """The first complete request, from which the days run."""
    complete = [r for r in payment.requests if r.complete]
    return min(complete, key=lambda r: r.on) if len(complete) > 1 else complete[0] if complete else None


class _Month(NamedTuple):
    """A month's support that was paid right and on time. ``measured``: against a known maximum."""

    on: dt.date
    id: str
    month: str
    measured: bool


def _paid_month(given: Parameters, payment: Payment, asked: Request | None) -> _Month | None:
    if asked is None or asked.month is None or not payment.paid:
        return None
    measured = _month_in_time(given, asked.on, asked.month, asked.amount, payment.decided, payment.paid)
    return None if measured is None else _Month(asked.on, payment.id, asked.month, measured)


@lru_cache(maxsize=4096)
def _month_in_time(
    given: Parameters, asked: dt.date, month: str, amount: int, decided: claims.Amounts, paid: claims.Amounts
) -> bool | None:
    """Whether a maximum is known that was kept to; None for a month that was not paid right and on time."""
    ceiling = _month_ceiling(given, asked)
    found = claims.look_at_paid(paid, decided, amount, _due(given, asked, month), ceiling)
    return ceiling is not None if found.verdict is Verdict.MET else None


def _paid_months(given: Parameters, found: list[_Month]) -> Node:
    """All of them in one line: twelve that say the same would hide the one that does not."""
    months, unmeasured = tuple(sorted(m.month for m in found)), sum(not m.measured for m in found)
    return Node(
        id="funding.months", title=_MONTHS, verdict=Verdict.MET, sentence=_months_said(months, unmeasured), value=str(len(found)),
        inputs=tuple(Input("payment", m.id, m.on) for m in sorted(found)), citation=given.pay_within_working_days.citation,
        evidence="recorded", duty="commune",
    )


_MONTHS = Words("Hỗ trợ hằng tháng đã chi", "Monthly support that was paid")


@lru_cache(maxsize=1024)
def _months_said(months: tuple[str, ...], unmeasured: int) -> Words:
    first, last = (f"{month[5:]}/{month[:4]}" for month in (months[0], months[-1]))
    said = Words(
        f"{len(months)} đề nghị hỗ trợ tháng ({first} - {last}) được chi đúng mức, đúng hạn.",
        f"{len(months)} months' support ({months[0]} to {months[-1]}) was paid right and on time.",
    )
    return said if not unmeasured else said + Words(
        f"{unmeasured} đề nghị chưa có căn cứ để đối chiếu mức tối đa.",
        f"For {unmeasured} of them there is no maximum to compare with.",
    )


def _judge_payment(context: Context, given: Parameters, payment: Payment, asked: Request | None) -> Node:
    if asked is None:
        found = claims.without_request(payment)
    else:
        month, cases = asked.month, asked.cases
        due = _due(given, asked.on, month)
        ceiling = _month_ceiling(given, asked.on) if month is not None else _ceiling(context, given, asked.on, cases)
        found = claims.look_at(payment, asked, due, ceiling, context.clock.passed)
    on = asked.on if asked is not None else min(
        [r.on for r in payment.requests] + [d for d, _ in payment.paid + payment.decided] + list(payment.refused)
    )
    title = Words(f"Đề nghị chi ngày {day(on)}", f"Payment requested on {day(on, 'en')}")
    return Node(
        id=f"funding.request.{payment.id}", title=title, verdict=found.verdict, sentence=found.sentence,
        value=money(sum(amount for _, amount in payment.paid)), threshold=None if found.due is None else f"≤ {day(found.due)}",
        inputs=(Input("payment", payment.id, on),), citation=given.pay_within_working_days.citation,
        evidence="recorded", duty="commune", changes=found.changes,
    )


@lru_cache(maxsize=4096)
def _due(given: Parameters, asked: dt.date, month: str | None) -> dt.date:
    if month is not None and given.monthly_day.value:
        return max(_monthly_due(month, given.monthly_day.value), asked)
    return add_working_days(asked, given.pay_within_working_days.value)


def _monthly_due(month: str, day_of_month: int) -> dt.date:
    """That day of the month after ``month``, or its last day if it is shorter."""
    following = add_months(dt.date.fromisoformat(f"{month}-01"), 1)
    return min(following + dt.timedelta(days=day_of_month - 1), add_months(following, 1) - dt.timedelta(days=1))


@lru_cache(maxsize=4096)
def _month_ceiling(given: Parameters, asked: dt.date) -> int | None:
    found = given.month_max.find(asked)
    return None if found is None else found.value


def _ceiling(
    context: Context, given: Parameters, asked: dt.date, cases: frozenset[str]
) -> int | None:
    """The most that may lawfully be paid; None where no rate is known for the day, or no cases are named."""
    per_case, per_settled = given.case_max.find(asked), given.settled_case_max.find(asked)
    if per_case is None or per_settled is None or not cases:
        return None
    known = {name: case for case in context.facts.cases for name in _names(case, context)}
    return sum(
        # a case that is not known here might have been settled: the higher rate is the ceiling
        per_settled.value if name not in known or status_on(known[name], asked) == SETTLED else per_case.value
        for name in cases
    )


def _unasked(context: Context, given: Parameters) -> Node | None:
    """Ended cases for which nobody has asked for payment."""
    limit = given.request_within_days
    named = {name for p in context.facts.payments for r in p.requests for name in r.cases}
    ended = [(on, case) for case in context.standings.counted if (on := ended_on(case, context.span)) is not None]
    without = sorted((on, case.id) for on, case in ended if not _names(case, context) & named)
    overdue = [(on, id) for on, id in without if context.clock.passed(add_calendar_days(on, limit.value))]
    if not ended:
        return None
    title = Words("Vụ việc kết thúc đã có đề nghị chi", "Ended cases with a payment request")
    value = f"{len(ended) - len(without)}/{len(ended)}"
    if not overdue:
        waiting = len(without)
        said = Words(f"{value} vụ việc kết thúc đã có đề nghị chi.", f"{value} ended cases have a payment request.")
        if waiting:
            said += Words(
                f"{waiting} vụ việc còn trong thời hạn {limit.value} ngày.", f"{waiting} are within {limit.value} days."
            )
        return Node(
            id="funding.unasked", title=title, verdict=None if waiting == len(ended) else Verdict.MET, sentence=said,
            value=value, citation=limit.citation, evidence="computed",
            inputs=tuple(Input("case", case.id, on) for on, case in ended),
        )
    said = Words(
        f"Còn thiếu đề nghị chi cho {len(overdue)} vụ việc kết thúc quá {limit.value} ngày "
        f"({days(on for on, _ in overdue)}).",
        f"No payment request for {len(overdue)} cases that ended more than {limit.value} days ago "
        f"({days((on for on, _ in overdue), 'en')}).",
    )
    return Node(
        id="funding.unasked", title=title, verdict=Verdict.NOT_ENOUGH, sentence=said, value=value,
        citation=limit.citation, evidence="computed", inputs=tuple(Input("case", id, on) for on, id in overdue),
        changes=(change("funding.request.missing", said),),
    )


def _monthly(context: Context, given: Parameters) -> list[Node]:
    """Monthly support, where the commune has said by which day it pays; else shown and not judged."""
    title = Words("Hỗ trợ hằng tháng", "Monthly support")
    rule = given.monthly_day
    if not rule.value:
        return [_no_monthly_day(title, rule.citation)]
    recorded = {r.month for p in context.facts.payments for r in p.requests if r.month is not None}
    missing = [
        month for month in months_of(context.life)
        if month not in recorded and context.clock.passed(_monthly_due(month, rule.value))
    ]
    said = Words(
        "Chưa ghi nhận hỗ trợ các tháng " + ", ".join(f"{m[5:]}/{m[:4]}" for m in missing) + ".",
        "No support is on record for " + ", ".join(missing) + ".",
    ) if missing else Words("Mọi tháng đến hạn đều có ghi nhận.", "Every month that is due is on record.")
    return [Node(
        id="funding.monthly", title=title, verdict=Verdict.NOT_ENOUGH if missing else Verdict.MET, sentence=said,
        citation=rule.citation, evidence="recorded", duty="commune",
        changes=(change("funding.monthly.missing", said),) if missing else (),
    )]


@lru_cache
def _no_monthly_day(title: Words, citation: str) -> Node:
    return Node(
        id="funding.monthly", title=title, verdict=None, citation=citation, evidence="recorded", duty="commune",
        sentence=Words(
            "Phường, xã chưa khai ngày chi hỗ trợ hằng tháng: không xét những tháng không có đề nghị.",
            "The commune has not said by which day it pays monthly support: months without a request are not judged.",
        ),
    )
