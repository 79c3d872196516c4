"""Settled rate against a threshold, judged on the exact fraction (v1-3: 80%; v2-1: 85%)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from services.evaluation.domain.context import Context
from services.evaluation.domain.facts import Case
from services.evaluation.domain.measures.nothing import contradicted, nothing_arose
from services.evaluation.domain.rates import Denominator, Rounding, Tally, exact_percent, percent, rounded
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import NOTHING, Words, joined, number


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    threshold: Cited[Fraction]
    denominator: Cited[Denominator]
    display_decimals: Cited[int]
    display_rounding: Cited[Rounding]


def judge(context: Context, given: Parameters) -> Finding:
    tally = context.standings.tally
    parts = _parts(context, given)
    if not tally.received:
        nothing = nothing_arose(context, Words("Không có vụ việc nào trong kỳ", "No case in the period"))
        return Finding(
            verdict=nothing.verdict, sentence=nothing.sentence, value=nothing.value, threshold=_threshold(given),
            inputs=nothing.inputs, changes=nothing.changes, children=parts, tally=tally,
        )
    rate = tally.rate(given.denominator.value)
    if not tally.ended or rate is None:
        words = Words(
            f"{number(tally.pending)} vụ việc đang hòa giải, chưa vụ việc nào kết thúc: chưa tính được tỷ lệ.",
            f"{number(tally.pending, 'en')} cases in progress, none has ended: there is no rate yet.",
        )
        return Finding(
            verdict=Verdict.NOT_ENOUGH, sentence=words, value="0/0", threshold=_threshold(given),
            inputs=_inputs(context.standings.pending),
            changes=(change("settled_rate.pending", words, lacking=context.clock.passed(context.span.last)),),
            children=parts, tally=tally,
        )
    met = rate >= given.threshold.value
    notes = [(code, note) for code, note in (
        ("display", _misleading(rate, given)), ("one_case", _one_case(tally, given)),
        ("contradicted", contradicted(context)),
    ) if note is not None]
    sentence = joined([_sentence(tally, rate, met, given), *(note for _, note in notes)])
    changes = [change(f"settled_rate.{code}", note, lacking=False) for code, note in notes]
    if not met:
        changes.insert(0, change("settled_rate.below", _needed(tally, given)))
    return Finding(
        verdict=Verdict.MET if met else Verdict.NOT_MET,
        sentence=sentence, value=f"{_of(tally, given)} = {_shown(rate, given)}", threshold=_threshold(given),
        inputs=_inputs(context.standings.counted), changes=tuple(changes), children=parts, tally=tally,
    )


def _of(tally: Tally, given: Parameters) -> str:
    return f"{tally.settled}/{tally.denominator(given.denominator.value)}"


def _shown(rate: Fraction, given: Parameters, lang: str = "vi") -> str:
    return percent(rate, given.display_decimals.value, given.display_rounding.value, lang)


@lru_cache
def _threshold(given: Parameters) -> str:
    return f"≥ {exact_percent(given.threshold.value)}"


def _sentence(tally: Tally, rate: Fraction, met: bool, given: Parameters) -> Words:
    of = _of(tally, given)
    bar = given.threshold.value
    return Words(
        f"Hòa giải thành {of} vụ việc, {_shown(rate, given)}: "
        f"{'đạt' if met else 'chưa đạt'} mức từ {exact_percent(bar)} trở lên.",
        f"{of} cases settled, {_shown(rate, given, 'en')}: "
        f"{'reaches' if met else 'does not reach'} {exact_percent(bar, 'en')}.",
    )


def _misleading(rate: Fraction, given: Parameters) -> Words | None:
    """Where the displayed figure would suggest the opposite of the verdict."""
    decimals, mode = given.display_decimals.value, given.display_rounding.value
    shown = Fraction(rounded(rate * 100, decimals, mode))
    met = rate >= given.threshold.value
    if (shown >= given.threshold.value * 100) == met:
        return None
    return Words(
        f"Hiển thị {_shown(rate, given)}, thực tế {exact_percent(rate)}: {'đạt' if met else 'chưa đạt'}.",
        f"Displays as {_shown(rate, given, 'en')}, is {exact_percent(rate, 'en')}: {'met' if met else 'not met'}.",
    )


def _one_case(tally: Tally, given: Parameters) -> Words | None:
    """With few cases the outcome of a single one decides."""
    below, bar = tally.denominator(given.denominator.value), given.threshold.value
    met = Fraction(tally.settled, below) >= bar
    other = tally.settled - 1 if met else tally.settled + 1
    if (Fraction(other, below) >= bar) == met:
        return None
    return Words(
        "Ít vụ việc: kết quả của một vụ việc quyết định đạt hay chưa đạt.",
        "Few cases: the outcome of a single one decides between met and not met.",
    )


def _needed(tally: Tally, given: Parameters) -> Words:
    bar = given.threshold.value
    below = tally.denominator(given.denominator.value)
    open_cases = Words(
        f"Còn {number(tally.pending)} vụ việc đang hòa giải.",
        f"{number(tally.pending, 'en')} cases are in progress.",
    ) if tally.pending else NOTHING
    if bar >= 1:
        return Words("Mọi vụ việc đều phải hòa giải thành.", "Every case would have to be settled.") + open_cases
    needed = math.ceil((bar * below - tally.settled) / (1 - bar))
    return Words(
        f"Cần thêm {number(needed)} vụ việc hòa giải thành liên tiếp để đạt mức.",
        f"{number(needed, 'en')} more settled cases in a row would reach it.",
    ) + open_cases


def _parts(context: Context, given: Parameters) -> tuple[Node, ...]:
    """The counts that the rate is made of, shown and not judged."""
    standings = context.standings
    if not standings.counted and not standings.left_out:
        return ()
    carried = [case for case in standings.counted if case.id in standings.carried]
    rows: tuple[tuple[str, Words, Iterable[Case]], ...] = (
        ("carried", Words("Kỳ trước chuyển sang", "Carried over"), carried),
        ("settled", Words("Hòa giải thành", "Settled"), standings.settled),
        ("not_settled", Words(
            "Không thành hoặc chấm dứt theo yêu cầu của các bên", "Not settled, or ended at a party's wish",
        ), standings.not_settled),
        ("pending", Words("Đang hòa giải, không tính vào mẫu số", "In progress, not in the denominator")
         if given.denominator.value is Denominator.RECEIVED_LESS_PENDING
         else Words("Đang hòa giải, tính vào mẫu số", "In progress, in the denominator"), standings.pending),
        ("left_out", Words("Ngoài phạm vi hoặc đã chuyển, không tính", "Out of scope or referred, left out"),
         standings.left_out),
    )
    nodes = []
    for name, title, cases in rows:
        cases = tuple(cases)
        if cases:
            nodes.append(Node(
                id=f"settled_rate.{name}", title=title, verdict=None, value=str(len(cases)), inputs=_inputs(cases),
                sentence=Words(f"{number(len(cases))} vụ việc.", f"{number(len(cases), 'en')} cases."),
                citation=given.denominator.citation, evidence="computed",
            ))
    return tuple(nodes)


def _inputs(cases: Iterable[Case]) -> tuple[Input, ...]:
    return tuple(Input("case", case.id, case.received) for case in cases if case.received is not None)
