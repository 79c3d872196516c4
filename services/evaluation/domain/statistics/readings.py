"""One settled rate as it is read: by each denominator and rounding. Published figures follow more than one, and some follow none:
then both figures are shown and neither is mended."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from services.evaluation.domain.rates import Denominator, Rounding, Tally, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """``percent``: None where nothing can be divided by. ``numerator`` and ``below`` are the exact fraction."""

    denominator: Denominator
    rounding: Rounding
    numerator: int
    below: int
    percent: Decimal | None


def readings(tally: Tally, decimals: int) -> tuple[Reading, ...]:
    """Every denominator with every rounding, in the order of their declaration."""
    return tuple(
        Reading(
            denominator=rule, rounding=way, numerator=tally.settled, below=tally.denominator(rule),
            percent=None if (rate := tally.rate(rule)) is None else rounded(rate * 100, decimals, way),
        )
        for rule in Denominator for way in Rounding
    )


def explained(printed: Decimal, tally: Tally) -> tuple[Reading, ...]:
    """Which readings come to a printed percentage, at as many decimals as it shows; none: it contradicts its own counts.
    Raise ``ValueError`` for what is no number."""
    exponent = printed.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{printed} is no percentage")
    return tuple(one for one in readings(tally, max(0, -exponent)) if one.percent == printed)
