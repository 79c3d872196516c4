"""How known quantities become points. Each rule takes its own parameters and gives the fewest and the most points that may
come out, with a sentence and what would change it.

    bands          of                      so many points from an amount on
    ratio_bands    of, to                  the same for of ÷ to, exactly; below a least count of ``to``: as declared
    choices        of                      points by a word
    per_unit       of                      points for each, up to a cap
    scored         of                      points that somebody gives, up to a maximum
    sheet          of, out_of              points and their maximum as a sheet has them
    mean           of                      (sum of count × points) ÷ of; below a least count: as declared
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from services.evaluation.domain.points.asked import ZERO, Asked, Score, instead_of, most, too_few
from services.evaluation.domain.points.bands import BandsParameters, RatioParameters, bands, ratio_bands
from services.evaluation.domain.points.quantities import NOT_KNOWN
from services.evaluation.domain.points.table import Choice, Weight
from services.evaluation.domain.points.wording import Span, points
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.values import Otherwise, Points
from services.evaluation.domain.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesParameters:
    rows: Cited[tuple[Choice, ...]]


def _choices(asked: Asked, given: ChoicesParameters) -> Score:
    rows = given.rows.value
    word = asked.of("of").value
    row = next((row for row in rows if row.word == word), None)
    if row is not None:
        return Score(Span(row.points, row.points), Words(
            f"{row.word}: {points(row.points)} điểm.", f"{row.word}: {points(row.points, 'en')} points."
        ))
    whole = Span(min(row.points for row in rows), most(rows))
    if word is None:
        return asked.unknown([asked.indicator.quantities["of"]], whole)
    listed = ", ".join(row.word for row in rows)
    return asked.impossible("of", Words(
        f"{asked.title('of').vi}: không có mức {word!r}; có: {listed}.",
        f"{asked.title('of').en}: there is no level {word!r}; there are: {listed}.",
    ), whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnitParameters:
    each: Cited[Points]
    cap: Cited[Points]


def _per_unit(asked: Asked, given: PerUnitParameters) -> Score:
    count = asked.number("of")
    each, cap = given.each.value, given.cap.value
    if count is None:
        return asked.unknown([asked.indicator.quantities["of"]], Span(ZERO, cap))
    got = min(count * each, cap)
    capped = Words(f"nhiều nhất {points(cap)}", f"at most {points(cap, 'en')}")
    return Score(Span(got, got), Words(
        f"{points(count)} × {points(each)} = {points(got)} điểm ({capped.vi}).",
        f"{points(count, 'en')} × {points(each, 'en')} = {points(got, 'en')} points ({capped.en}).",
    ))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredParameters:
    maximum: Cited[Points]


def _scored(asked: Asked, given: ScoredParameters) -> Score:
    return _given(asked, asked.number("of"), given.maximum.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetParameters:
    """None of its own: the sheet says it all."""


def _sheet(asked: Asked, given: SheetParameters) -> Score:
    got, out_of = asked.number("of"), asked.number("out_of")
    if out_of is None:
        missing = [asked.indicator.quantities[role] for role in ("of", "out_of") if asked.number(role) is None]
        return asked.unknown(missing, Span(got or ZERO, got or ZERO))._replace(unbounded=got is None)
    return _given(asked, got, out_of)


def _given(asked: Asked, got: Fraction | None, maximum: Fraction) -> Score:
    whole = Span(ZERO, maximum)
    if got is None:
        return asked.unknown([asked.indicator.quantities["of"]], whole)
    if got > maximum:
        return asked.impossible("of", Words(
            f"{points(got)} điểm là quá mức tối đa {points(maximum)}.",
            f"{points(got, 'en')} points are more than the maximum of {points(maximum, 'en')}.",
        ), whole)
    own = asked.of("of").own
    said = Words(f"Được cho {points(got)}/{points(maximum)} điểm.", f"Given {points(got, 'en')}/{points(maximum, 'en')} points.")
    if isinstance(own, Fraction) and own != got:
        said += Words(
            f"Tự chấm {points(own)}: điểm của hội đồng được tính.", f"Self-score {points(own, 'en')}: the council's counts."
        )
    return Score(Span(got, got), said)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanParameters:
    rows: Cited[tuple[Weight, ...]]
    least: Cited[int]
    otherwise: Cited[Otherwise]


def _mean(asked: Asked, given: MeanParameters) -> Score:
    rows, total = given.rows.value, asked.number("of")
    whole = Span(ZERO, most(rows))
    instead = instead_of(given.otherwise, whole)
    least = max(given.least.value, 1)
    counts = {row.quantity: asked.known.get(row.quantity, NOT_KNOWN).amount for row in rows}
    missing = [name for name, count in counts.items() if count is None or count < 0]
    if total is None:
        span = Span(min(whole.low, instead.low), max(whole.high, instead.high))
        return asked.unknown([asked.indicator.quantities["of"], *missing], span)
    if total < least:
        return too_few(asked, "of", total, least, given.otherwise, instead)
    sure = {row: count for row in rows if row.quantity not in missing and (count := counts[row.quantity]) is not None}
    left = total - sum(sure.values())
    if left < 0:
        return asked.impossible("of", Words(
            f"Cộng các mức được {points(sum(sure.values(), ZERO))}, nhiều hơn {points(total)}.",
            f"The levels add up to {points(sum(sure.values(), ZERO), 'en')}, more than {points(total, 'en')}.",
        ), whole)
    got = sum((count * row.points for row, count in sure.items()), ZERO)
    if missing:
        best = most([row for row in rows if row.quantity in missing])
        return asked.unknown(missing, Span(got / total, (got + left * best) / total))
    terms = " + ".join(f"{points(count)}×{points(row.points)}" for row, count in sure.items())
    terms_en = " + ".join(f"{points(count, 'en')}×{points(row.points, 'en')}" for row, count in sure.items())
    mean = got / total
    return Score(Span(mean, mean), Words(
        f"({terms})/{points(total)} = {points(mean)} điểm.",
        f"({terms_en})/{points(total, 'en')} = {points(mean, 'en')} points.",
    ))


class Rule(NamedTuple):
    """``maximum``: the most that an indicator can give; None where that is not known."""

    parameters: type[Any]
    roles: tuple[str, ...]
    score: Callable[[Asked, Any], Score]
    maximum: Callable[[Asked, Any], Fraction | None]


RULES: dict[str, Rule] = {
    "bands": Rule(BandsParameters, ("of",), bands, lambda asked, given: most(given.rows.value)),
    "ratio_bands": Rule(RatioParameters, ("of", "to"), ratio_bands, lambda asked, given: most(given.rows.value)),
    "choices": Rule(ChoicesParameters, ("of",), _choices, lambda asked, given: most(given.rows.value)),
    "per_unit": Rule(PerUnitParameters, ("of",), _per_unit, lambda asked, given: given.cap.value),
    "scored": Rule(ScoredParameters, ("of",), _scored, lambda asked, given: given.maximum.value),
    "sheet": Rule(SheetParameters, ("of", "out_of"), _sheet, lambda asked, given: asked.number("out_of")),
    "mean": Rule(MeanParameters, ("of",), _mean, lambda asked, given: most(given.rows.value)),
}
