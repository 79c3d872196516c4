"""The settled rate: an exact fraction, under a denominator that is named; rounded for display only.

Published figures do not all follow one denominator, and mix rounding half up with cutting off, so both are
declared by whoever computes (a scheme, later a report template), never assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from services.evaluation.domain.wording import number


class Denominator(StrEnum):
    RECEIVED_LESS_PENDING = "received_less_pending"
    """Received, those carried over included, less what is pending or in progress: reports since 2018."""
    RECEIVED = "received"
    """All received: the older rule, 2017 and before."""


class Rounding(StrEnum):
    HALF_UP = "half_up"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of a period. ``received`` includes those carried over; out-of-scope and referred ones are in none of
    these. What is neither pending nor settled ended without an agreement, at a party's wish or otherwise."""

    received: int
    settled: int
    pending: int = 0

    def __post_init__(self) -> None:
        if min(self.received, self.settled, self.pending) < 0 or self.settled + self.pending > self.received:
            raise ValueError(f"settled and pending cases are among those received: {self}")

    @property
    def ended(self) -> int:
        return self.received - self.pending

    @property
    def not_settled(self) -> int:
        return self.ended - self.settled

    def denominator(self, rule: Denominator) -> int:
        return self.ended if rule is Denominator.RECEIVED_LESS_PENDING else self.received

    def rate(self, rule: Denominator) -> Fraction | None:
        """None where nothing can be divided by: 0/0 is neither 0% nor 100%."""
        below = self.denominator(rule)
        return Fraction(self.settled, below) if below else None


def rounded(value: Fraction, decimals: int, rounding: Rounding) -> Decimal:
    """A fraction that is not negative, with exactly ``decimals`` decimals, computed in whole numbers."""
    if value < 0:
        raise ValueError("rates are not negative")
    scaled = value * 10**decimals
    whole = int(scaled) if rounding is Rounding.TRUNCATE else int(scaled + Fraction(1, 2))
    return Decimal(whole).scaleb(-decimals)


@lru_cache(maxsize=4096)
def percent(
    value: Fraction, decimals: int = 1, rounding: Rounding = Rounding.HALF_UP, lang: str = "vi"
) -> str:
    """``Fraction(11, 13)`` → ``84,6%``."""
    return f"{number(rounded(value * 100, decimals, rounding), lang)}%"


@lru_cache(maxsize=1024)
def exact_percent(value: Fraction, lang: str = "vi") -> str:
    """With up to three decimals and no zero at their end. Cut off, never rounded up: 84,9999% must not read 85%."""
    shown = f"{rounded(value * 100, 3, Rounding.TRUNCATE):f}".rstrip("0").rstrip(".")
    return f"{number(Decimal(shown), lang)}%"
