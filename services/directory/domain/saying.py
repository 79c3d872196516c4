"""Sentences in two languages, and days as each writes them."""

from __future__ import annotations

from fractions import Fraction

import msgspec


class Words(msgspec.Struct, frozen=True):
    vi: str
    en: str


def day_vi(day: str) -> str:
    """YYYY-MM-DD… → dd/mm/yyyy."""
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"


def percent(share: Fraction) -> str:
    whole = share * 100
    return f"{whole.numerator}%" if whole.denominator == 1 else f"{share.numerator}/{share.denominator}"
