"""Numbers as they are written in Việt Nam: 1.315 and 93,8%."""

from __future__ import annotations

from fractions import Fraction

from shared.simulation.plan import rounded


def whole(n: int) -> str:
    """1315 → ``1.315``"""
    return f"{n:,}".replace(",", ".")


def percent(numerator: int, denominator: int) -> str:
    """Rounded half up to one decimal, for display only: ``93,8%``; a dash where nothing was rated."""
    if not denominator:
        return "–"
    tenths = rounded(Fraction(numerator * 1000, denominator))
    return f"{tenths // 10},{tenths % 10}%"
