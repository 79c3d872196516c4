"""Points and amounts as people read them, exact or openly not."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from services.evaluation.domain.rates import Rounding, exact_percent, rounded
from services.evaluation.domain.wording import number

DECIMALS = 3


class Span(NamedTuple):
    """The fewest and the most points that may come out."""

    low: Fraction
    high: Fraction

    @property
    def exact(self) -> bool:
        return self.low == self.high


def points(value: Fraction, lang: str = "vi") -> str:
    """``Fraction(212, 25)`` → ``8,48``. Cut off after three decimals, with the fraction beside it, where there are more."""
    shown = number(rounded(value, DECIMALS, Rounding.TRUNCATE), lang).rstrip("0").rstrip("," if lang == "vi" else ".")
    if (value * 10**DECIMALS).denominator != 1:
        shown = f"{shown}… ({value.numerator}/{value.denominator})"
    return shown


def span(value: Span, lang: str = "vi") -> str:
    if value.exact:
        return points(value.low, lang)
    return f"{points(value.low, lang)} {'đến' if lang == 'vi' else 'to'} {points(value.high, lang)}"


def short(value: Span) -> str:
    """For both languages: ``40–62,5``."""
    return points(value.low) if value.exact else f"{points(value.low)}–{points(value.high)}"


def amount(value: Fraction, share: bool, lang: str = "vi") -> str:
    return exact_percent(value, lang) if share else points(value, lang)
