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

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from services.evaluation.domain.points.quantities import NOT_KNOWN, Known
from services.evaluation.domain.points.table import Band, Choice, Indicator, Quantity, Weight
from services.evaluation.domain.points.wording import Span, amount, points
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import Change, change
from services.evaluation.domain.values import Otherwise, Points
from services.evaluation.domain.wording import NOTHING, Words

ZERO = Fraction(0)


class Score(NamedTuple):
    """``unbounded``: nobody knows how many more than ``span.high`` it may be."""

    span: Span
    sentence: Words
    changes: tuple[Change, ...] = ()
    unbounded: bool = False


class Asked(NamedTuple):
    """An indicator's view of what is known."""

    indicator: Indicator
    quantities: Mapping[str, Quantity]
    known: Mapping[str, Known]

    def title(self, role: str) -> Words:
        return self.quantities[self.indicator.quantities[role]].title

    def of(self, role: str) -> Known:
        return self.known.get(self.indicator.quantities[role], NOT_KNOWN)

    def number(self, role: str) -> Fraction | None:
        """None where it is not known, or not a number that a count or score can be."""
        value = self.of(role).amount
        return None if value is None or value < 0 else value

    def unknown(self, names: Sequence[str], span: Span) -> Score:
        """The score where these quantities are not known."""
        said, changes = NOTHING, []
        for name in names:
            known, title = self.known.get(name, NOT_KNOWN), self.quantities[name].title
            if known.contradicted:
                words = Words(f"Số liệu trái nhau: {title.vi}.", f"Contradicting figures: {title.en}.")
                changes.append(change(f"points.{name}.conflict", words))
            else:
                words = Words(f"Còn thiếu số liệu: {title.vi}.", f"Figure missing: {title.en}.")
                changes.append(change(f"points.{name}.missing", words))
            if known.own is not None:
                words += Words("Điểm tự chấm không thay cho điểm của hội đồng.", "A self-score does not stand for the council's.")
            said += words
        return Score(span, said, tuple(changes))

    def impossible(self, role: str, words: Words, span: Span) -> Score:
        return Score(span, words, (change(f"points.{self.indicator.quantities[role]}.impossible", words),))


# -- by bands


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsParameters:
    rows: Cited[tuple[Band, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioParameters:
    """``least``: with fewer of ``to`` there is no ratio to speak of, and ``otherwise`` is what there is instead."""

    rows: Cited[tuple[Band, ...]]
    least: Cited[int]
    otherwise: Cited[Otherwise]


def _most(rows: Sequence[Any]) -> Fraction:
    return max((row.points for row in rows), default=ZERO)


def _whole(rows: Sequence[Band]) -> Span:
    low = min(row.points for row in rows)
    return Span(min(low, ZERO) if rows[-1].at_least > 0 else low, _most(rows))


def _bands(asked: Asked, given: BandsParameters) -> Score:
    value = asked.number("of")
    rows = given.rows.value
    if value is None:
        return asked.unknown([asked.indicator.quantities["of"]], _whole(rows))
    return _row(asked, rows, value, points(value), points(value, "en"), share=False)


def _ratio_bands(asked: Asked, given: RatioParameters) -> Score:
    above, below = asked.number("of"), asked.number("to")
    rows, least = given.rows.value, max(given.least.value, 1)
    whole = _whole(rows)
    instead = _instead(given.otherwise, whole)
    if below is None:
        either = Span(min(whole.low, instead.low), max(whole.high, instead.high))
        return asked.unknown([asked.indicator.quantities[r] for r in ("of", "to") if asked.number(r) is None], either)
    if below < least:
        return _too_few(asked, "to", below, least, given.otherwise, instead)
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


def _instead(otherwise: Cited[Otherwise], whole: Span) -> Span:
    return whole if otherwise.value is None else Span(otherwise.value, otherwise.value)  # type: ignore[arg-type]


def _too_few(asked: Asked, role: str, count: Fraction, least: int, otherwise: Cited[Otherwise], instead: Span) -> Score:
    title = asked.title(role)
    said = Words(
        f"{title.vi}: {points(count)}, quy định xét từ {least} trở lên:",
        f"{title.en}: {points(count, 'en')}, judged from {least} on:",
    )
    if otherwise.value is None:
        said += Words("chưa đủ căn cứ.", "not enough evidence.")
        return Score(instead, said, (change(f"points.{asked.indicator.id}.too_few", said, lacking=False),))
    return Score(instead, said + Words(
        f"tính {points(instead.low)} điểm.", f"{points(instead.low, 'en')} points are given."
    ))


# -- by other rules


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
    whole = Span(min(row.points for row in rows), _most(rows))
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
    whole = Span(ZERO, _most(rows))
    instead = _instead(given.otherwise, whole)
    least = max(given.least.value, 1)
    counts = {row.quantity: asked.known.get(row.quantity, NOT_KNOWN).amount for row in rows}
    missing = [name for name, count in counts.items() if count is None or count < 0]
    if total is None:
        span = Span(min(whole.low, instead.low), max(whole.high, instead.high))
        return asked.unknown([asked.indicator.quantities["of"], *missing], span)
    if total < least:
        return _too_few(asked, "of", total, least, given.otherwise, instead)
    sure = {row: count for row in rows if row.quantity not in missing and (count := counts[row.quantity]) is not None}
    left = total - sum(sure.values())
    if left < 0:
        return asked.impossible("of", Words(
            f"Cộng các mức được {points(sum(sure.values(), ZERO))}, nhiều hơn {points(total)}.",
            f"The levels add up to {points(sum(sure.values(), ZERO), 'en')}, more than {points(total, 'en')}.",
        ), whole)
    got = sum((count * row.points for row, count in sure.items()), ZERO)
    if missing:
        best = _most([row for row in rows if row.quantity in missing])
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
    "bands": Rule(BandsParameters, ("of",), _bands, lambda asked, given: _most(given.rows.value)),
    "ratio_bands": Rule(RatioParameters, ("of", "to"), _ratio_bands, lambda asked, given: _most(given.rows.value)),
    "choices": Rule(ChoicesParameters, ("of",), _choices, lambda asked, given: _most(given.rows.value)),
    "per_unit": Rule(PerUnitParameters, ("of",), _per_unit, lambda asked, given: given.cap.value),
    "scored": Rule(ScoredParameters, ("of",), _scored, lambda asked, given: given.maximum.value),
    "sheet": Rule(SheetParameters, ("of", "out_of"), _sheet, lambda asked, given: asked.number("out_of")),
    "mean": Rule(MeanParameters, ("of",), _mean, lambda asked, given: _most(given.rows.value)),
}
