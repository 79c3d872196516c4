"""Widths for the bars: drawn as SVG, because the pages' security policy allows no inline style."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import NamedTuple

HUNDRED = 100


class Piece(NamedTuple):
    name: str
    x: str
    width: str


def split(met: int, not_met: int, not_enough_evidence: int) -> list[Piece]:
    """Three pieces that fill 0-100 between them; none where all are 0."""
    total = met + not_met + not_enough_evidence
    pieces, at = [], 0
    for name, count in (("met", met), ("not_met", not_met), ("not_enough_evidence", not_enough_evidence)):
        if count:
            pieces.append(Piece(name, _share(at, total), _share(count, total)))
        at += count
    return pieces


def rate(numerator: int, denominator: int) -> str:
    return _share(numerator, denominator)


def _share(part: int, whole: int) -> str:
    share = Fraction(part * HUNDRED, whole)
    return str((Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.01"), ROUND_HALF_EVEN))
