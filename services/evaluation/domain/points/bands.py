"""Points by bands: half-open, from a lower bound up to the next one, of an amount or an exact ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.evaluation.domain.points.asked import ZERO, Asked, Score, instead_of, most, too_few
from services.evaluation.domain.points.table import Band
from services.evaluation.domain.points.wording import Span, amount, points
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import change
from services.evaluation.domain.values import Otherwise
from services.evaluation.domain.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsParameters:
    rows: Cited[tuple[Band, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioParameters:
    """``least``: with fewer of ``to`` there is no ratio to speak of, and ``otherwise`` is what there is instead."""

    rows: Cited[tuple[Band, ...]]
    least: Cited[int]
    otherwise: Cited[Otherwise]


def _whole(rows: Sequence[Band]) -> Span:
    low = min(row.points for row in rows)
    return Span(min(low, ZERO) if rows[-1].at_least > 0 else low, most(rows))


def bands(asked: Asked, given: BandsParameters) -> Score:
    value = asked.number("of")
    rows = given.rows.value
    if value is None:
        return asked.unknown([asked.indicator.quantities["of"]], _whole(rows))
    return _row(asked, rows, value, points(value), points(value, "en"), share=False)


def ratio_bands(asked: Asked, given: RatioParameters) -> Score:
    above, below = asked.number("of"), asked.number("to")
    rows, least = given.rows.value, max(given.least.value, 1)
    whole = _whole(rows)
    instead = instead_of(given.otherwise, whole)
    if below is None:
        either = Span(min(whole.low, instead.low), max(whole.high, instead.high))
        return asked.unknown([asked.indicator.quantities[r] for r in ("of", "to") if asked.number(r) is None], either)
    if below < least:
        return too_few(asked, "to", below, least, given.otherwise, instead)
    if above is None:
        return asked.unknown([asked.indicator.quantities["of"]], whole)
    if above > below:
        return asked.impossible("of", Words(
            f"{asked.title('of').vi}: {points(above)}, nhiều hơn {asked.title('to').vi.lower()}: {points(below)}.",
            f"{asked.title('of').en}: {points(above, 'en')}, more than {asked.title('to').en.lower()}: {points(below, 'en')}.",
        ), whole)
    ratio = above / below
    score = _row(
        asked, rows, ratio, f"{points(above)}/{points(below)} = {amount(ratio, True)}",
        f"{points(above, 'en')}/{points(below, 'en')} = {amount(ratio, True, 'en')}", share=True,
    )
    better = _better(rows, ratio)
    if better is None:
        return score
    more = math.ceil(better.at_least * below) - above
    hint = change(f"points.{asked.indicator.id}.next", Words(
        f"Thêm {points(more)} trên cùng {points(below)} thì được {points(better.points)} điểm.",
        f"{points(more, 'en')} more of the same {points(below, 'en')} would give {points(better.points, 'en')} points.",
    ), lacking=False)
    return Score(score.span, score.sentence, (hint,))


def _row(asked: Asked, rows: Sequence[Band], value: Fraction, vi: str, en: str, share: bool) -> Score:
    row = next((row for row in rows if value >= row.at_least), None)
    got = ZERO if row is None else row.points
    if row is None:
        said = Words(f"{vi}: dưới mức thấp nhất, 0 điểm.", f"{en}: below the lowest band, 0 points.")
    else:
        said = Words(
            f"{vi}: {points(got)} điểm (mức từ {amount(row.at_least, share)}).",
            f"{en}: {points(got, 'en')} points (band from {amount(row.at_least, share, 'en')}).",
        )
    better = None if share else _better(rows, value)
    hints = () if better is None else (change(f"points.{asked.indicator.id}.next", Words(
        f"Từ {points(better.at_least)} trở lên được {points(better.points)} điểm.",
        f"From {points(better.at_least, 'en')} on it gives {points(better.points, 'en')} points.",
    ), lacking=False),)
    return Score(Span(got, got), said, hints)


def _better(rows: Sequence[Band], value: Fraction) -> Band | None:
    """The next band above that gives more."""
    got = next((row.points for row in rows if value >= row.at_least), ZERO)
    return next((row for row in reversed(rows) if row.at_least > value and row.points > got), None)
