"""What a rule is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from services.evaluation.domain.points.quantities import NOT_KNOWN, Known
from services.evaluation.domain.points.table import Band, Choice, Indicator, Quantity, Weight
from services.evaluation.domain.points.wording import Span, points
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import Change, change
from services.evaluation.domain.values import Otherwise
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


def most(rows: Sequence[Band | Choice | Weight]) -> Fraction:
    return max((row.points for row in rows), default=ZERO)


def instead_of(otherwise: Cited[Otherwise], whole: Span) -> Span:
    """What there is where there is too little to count: the points declared, or anything possible."""
    return whole if otherwise.value is None else Span(otherwise.value, otherwise.value)  # type: ignore[arg-type]


def too_few(asked: Asked, role: str, count: Fraction, least: int, otherwise: Cited[Otherwise], instead: Span) -> Score:
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
