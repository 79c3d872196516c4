"""What an award brings in money: a factor times the base pay of the day of the decision, rounded as the rules say. Exact."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.evaluation.domain.commendation.rules import CommendationRules, Rounding, Subject
from services.evaluation.domain.wording import Words, money, number


@dataclass(frozen=True, slots=True)
class Reward:
    """``amount`` in whole đồng; ``how``: the sum in words; ``marks``: of the values that it rests on."""

    amount: int
    how: Words
    citations: tuple[str, ...]
    unverified: bool


def reward(rules: CommendationRules, form: str, subject: Subject, on: dt.date) -> Reward | None:
    """None where no source states a factor or a base pay for that day."""
    known = rules.forms.get(form)
    values = rules.money
    if known is None:
        return None
    household = subject == "household" and "household" not in known.factors
    dated = known.factors.get("individual" if household else subject)
    factor = None if dated is None else dated.find(on)
    base = values.base_pay.find(on)
    unit, mode = values.rounding_unit.find(on), values.rounding.find(on)
    more = values.household_factor.find(on) if household else None
    if factor is None or base is None or unit is None or mode is None or (household and more is None):
        return None
    times = factor.value * (more.value if more is not None else 1)
    amount = rounded(times * base.value, unit.value, mode.value)
    return Reward(
        amount=amount, how=_how(times, base.value, amount),
        citations=tuple(dict.fromkeys(v.citation for v in (factor, base, more) if v is not None)),
        unverified=any(v.mark == "U" for v in (factor, base, more, unit, mode) if v is not None),
    )


def rounded(amount: Fraction, unit: int, mode: Rounding) -> int:
    """To a whole multiple of ``unit``."""
    parts = amount / unit
    if mode is Rounding.UP:
        whole = -((-parts).__floor__())
    elif mode is Rounding.DOWN:
        whole = parts.__floor__()
    else:
        whole = (parts + Fraction(1, 2)).__floor__()
    return whole * unit


def _how(times: Fraction, base: int, amount: int) -> Words:
    shown = Decimal(times.numerator) / Decimal(times.denominator)
    return Words(
        f"{number(shown)} × {money(base)} = {money(amount)}",
        f"{number(shown, 'en')} × {money(base, 'en')} = {money(amount, 'en')}",
    )
