"""One claim for payment: whether it was paid in time, and what was due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from services.evaluation.domain.facts import Payment, Request
from services.evaluation.domain.tree import Change, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words, day, money

Amounts = tuple[tuple[dt.date, int], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """``verdict`` None: nothing to judge (not due yet, refused, or never complete)."""

    verdict: Verdict | None
    sentence: Words
    due: dt.date | None = None
    changes: tuple[Change, ...] = ()


def look_at(
    payment: Payment, asked: Request, due: dt.date, ceiling: int | None, passed: Callable[[dt.date], bool]
) -> Look:
    """``asked``: the first complete request, from which the days run; ``due``: the last day in time; ``ceiling``: the
    most that may be paid, if known; ``passed``: whether a day is over."""
    if payment.refused and not payment.paid:
        return Look(None, Words(
            f"UBND từ chối ngày {day(min(payment.refused))}: không xét thời hạn chi.",
            f"Refused on {day(min(payment.refused), 'en')}: no payment was due.",
        ), due)
    if not payment.paid:
        return _unpaid(due, passed)
    return look_at_paid(payment.paid, payment.decided, asked.amount, due, ceiling)


@lru_cache(maxsize=4096)
def look_at_paid(paid: Amounts, decided: Amounts, asked: int, due: dt.date, ceiling: int | None) -> Look:
    """Teams are paid the same on the same days, so the same is said again and again."""
    expected = max(amount for _, amount in decided) if decided else asked
    total = sum(amount for _, amount in paid)
    whole_on = _reached(paid, min(expected, total))
    if whole_on > due:
        return Look(Verdict.NOT_MET, Words(
            f"Chi ngày {day(whole_on)}, quá hạn (hạn cuối {day(due)}).",
            f"Paid on {day(whole_on, 'en')}, after the last day in time ({day(due, 'en')}).",
        ), due)
    if ceiling is not None and total > ceiling:
        return Look(Verdict.NOT_MET, Words(
            f"Chi {money(total)}, vượt mức tối đa {money(ceiling)}.",
            f"Paid {money(total, 'en')}, above the maximum of {money(ceiling, 'en')}.",
        ), due)
    if total != expected:
        return _other_amount(bool(decided), total, expected, due)
    limit = Words("", "") if ceiling is not None else Words(
        "Chưa có căn cứ để đối chiếu mức tối đa.", "There is no maximum to compare with."
    )
    return Look(Verdict.MET, Words(
        f"Chi {money(total)} ngày {day(whole_on)}, trong hạn (hạn cuối {day(due)}).",
        f"Paid {money(total, 'en')} on {day(whole_on, 'en')}, in time (by {day(due, 'en')}).",
    ) + limit, due)


def without_request(payment: Payment) -> Look:
    if payment.paid:
        said = Words(
            "Có ghi nhận chi nhưng còn thiếu đề nghị đủ hồ sơ: chưa tính được thời hạn.",
            "A payment is on record but no complete request: the term cannot be computed.",
        )
        return Look(Verdict.NOT_ENOUGH, said, changes=(change("funding.papers.missing", said),))
    return Look(None, Words(
        "Hồ sơ đề nghị chưa đủ: thời hạn chưa chạy.", "The request is not complete: the term does not run yet."
    ))


def _unpaid(due: dt.date, passed: Callable[[dt.date], bool]) -> Look:
    if not passed(due):
        return Look(None, Words(f"Chưa đến hạn chi (hạn cuối {day(due)}).", f"Not due yet (by {day(due, 'en')})."), due)
    said = Words(
        f"Chưa ghi nhận việc chi, đã quá hạn cuối {day(due)}.",
        f"No payment is on record; the last day in time was {day(due, 'en')}.",
    )
    return Look(Verdict.NOT_ENOUGH, said, due, (change("funding.payment.missing", said),))


def _reached(payments: Amounts, amount: int) -> dt.date:
    """The day on which the payments had come to ``amount``."""
    total = 0
    for on, paid in sorted(payments):
        total += paid
        if total >= amount:
            return on
    raise ValueError("the payments never came to this amount")


def _other_amount(decided: bool, total: int, expected: int, due: dt.date) -> Look:
    if decided:
        return Look(Verdict.NOT_MET, Words(
            f"Chi {money(total)}, khác số đã quyết định {money(expected)}.",
            f"Paid {money(total, 'en')}, which is not the decided {money(expected, 'en')}.",
        ), due)
    said = Words(
        f"Chi {money(total)}, khác số đề nghị {money(expected)}; còn thiếu quyết định chi.",
        f"Paid {money(total, 'en')}, requested {money(expected, 'en')}; the decision is missing.",
    )
    return Look(Verdict.NOT_ENOUGH, said, due, (change("funding.decision.missing", said),))
