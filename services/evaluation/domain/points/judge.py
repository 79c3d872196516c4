"""A points table and what is known → points, verdict and explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.evaluation.domain.points.asked import ZERO, Asked, Score
from services.evaluation.domain.points.quantities import NOT_KNOWN, Given, Known, known
from services.evaluation.domain.points.rules import RULES
from services.evaluation.domain.points.table import (
    CriterionParameters,
    Indicator,
    PassRule,
    PointsCriterion,
    Table,
    Veto,
)
from services.evaluation.domain.points.wording import Span, points, short, span
from services.evaluation.domain.rates import exact_percent
from services.evaluation.domain.rules import bound
from services.evaluation.domain.tree import Change, Node, change, lacking
from services.evaluation.domain.verdict import Verdict, all_of
from services.evaluation.domain.wording import NOTHING, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRules:
    """A table's values on a day. ``indicators``: bound parameters by id; ``maxima``: stated ones by criterion id;
    ``passing``: None where nothing is judged."""

    table: Table
    indicators: dict[str, Any]
    maxima: dict[str, Fraction]
    passing: PassRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsJudgement:
    """``verdict`` None: the table has no pass rule. ``spans``: of each criterion and indicator by id."""

    total: Span
    spans: dict[str, Span]
    verdict: Verdict | None
    tree: Node
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """``maximum`` None and ``unbounded``: nobody knows how many there may be."""

    node: Node
    span: Span
    maximum: Fraction | None
    unbounded: bool
    spans: dict[str, Span]


def table_rules(table: Table, day: dt.date) -> TableRules:
    """Raise ``NotInForceError``."""
    return TableRules(
        table=table,
        indicators={one.id: bound(RULES[one.rule].parameters, one.parameters, day) for one in table.indicators()},
        maxima={
            c.id: bound(CriterionParameters, c.parameters, day).maximum.value for c in table.criteria if c.parameters
        },
        passing=bound(PassRule, table.passing, day) if table.passing else None,
    )


def judge_points(rules: TableRules, given: Iterable[Given], title: Words, citation: str, id: str) -> PointsJudgement:
    """``title``, ``citation``, ``id``: of the explanation's root."""
    facts = known(given)
    parts = [_criterion(rules, criterion, facts) for criterion in rules.table.criteria]
    total = Span(sum((p.span.low for p in parts), ZERO), sum((p.span.high for p in parts), ZERO))
    unbounded = any(part.unbounded for part in parts)
    nodes = [part.node for part in parts]
    if rules.passing is not None:
        nodes.append(_total(rules.passing, total, unbounded))
    nodes += [_veto(rules, veto, facts) for veto in rules.table.vetoes]
    verdicts = [node.verdict for node in nodes if node.verdict is not None]
    verdict = all_of(verdicts) if rules.passing is not None else None
    tree = Node(
        id=id, title=title, verdict=verdict, sentence=_said(total, unbounded, nodes), value=short(total), citation=citation,
        threshold=None if rules.passing is None else f"≥ {points(rules.passing.total.value)}", evidence="rule",
        changes=_changes(nodes), children=tuple(nodes),
    )
    spans = {id: one for part in parts for id, one in part.spans.items()}
    return PointsJudgement(total=total, spans=spans, verdict=verdict, tree=tree, lacking=lacking(tree))


def _criterion(rules: TableRules, criterion: PointsCriterion, facts: Mapping[str, Known]) -> _Part:
    low = high = ZERO
    possible: Fraction | None = ZERO
    unbounded = False
    nodes = []
    spans: dict[str, Span] = {}
    for indicator in criterion.indicators:
        asked = Asked(indicator, {q.id: q for q in rules.table.quantities}, facts)
        given = rules.indicators[indicator.id]
        score = RULES[indicator.rule].score(asked, given)
        most = RULES[indicator.rule].maximum(asked, given)
        nodes.append(_indicator(asked, score, most))
        spans[indicator.id] = score.span
        if indicator.deducts:
            low, high = low - score.span.high, high - score.span.low
        else:
            low, high, unbounded = low + score.span.low, high + score.span.high, unbounded or score.unbounded
            possible = None if possible is None or most is None else possible + most
    got = Span(max(low, ZERO), max(high, ZERO))
    maximum = rules.maxima.get(criterion.id, possible)
    verdict, said, changes = _each(rules, criterion, got, maximum)
    spans[criterion.id] = got
    return _Part(span=got, maximum=maximum, unbounded=unbounded, spans=spans, node=Node(
        id=criterion.id, title=criterion.title, verdict=verdict, sentence=said, citation=criterion.citation, evidence="rule",
        value=short(got) if maximum is None else f"{short(got)}/{points(maximum)}", changes=changes, children=tuple(nodes),
        threshold=_bar(rules, maximum),
    ))


def _bar(rules: TableRules, maximum: Fraction | None) -> str | None:
    if rules.passing is None or not rules.passing.each_share.value:
        return None
    share = rules.passing.each_share.value
    return f"≥ {exact_percent(share)}" + ("" if maximum is None else f" = {points(maximum * share)}")


def _each(
    rules: TableRules, criterion: PointsCriterion, got: Span, maximum: Fraction | None
) -> tuple[Verdict | None, Words, tuple[Change, ...]]:
    of = Words("", "") if maximum is None else Words(f" trên {points(maximum)}", f" of {points(maximum, 'en')}")
    said = Words(f"{span(got)}{of.vi} điểm.", f"{span(got, 'en')}{of.en} points.")
    if rules.passing is None or not rules.passing.each_share.value:
        return None, said, ()
    if maximum is None:
        return Verdict.NOT_ENOUGH, said + Words("Chưa biết điểm tối đa.", "The maximum is not known."), ()
    bar = rules.passing.each_share.value * maximum
    verdict = _against(got, bar)
    if verdict is Verdict.MET:
        return verdict, said, ()
    short = bar - got.low
    words = Words(
        f"{criterion.title.vi}: còn thiếu {points(short)} điểm so với mức tối thiểu {points(bar)}.",
        f"{criterion.title.en}: {points(short, 'en')} points short of the least, {points(bar, 'en')}.",
    )
    return verdict, said, (change(f"points.{criterion.id}.below", words, lacking=verdict is Verdict.NOT_MET),)


def _indicator(asked: Asked, score: Score, most: Fraction | None) -> Node:
    indicator: Indicator = asked.indicator
    sign = "−" if indicator.deducts else ""
    names = list(indicator.quantities.values())
    # a case that is received and settled is one input
    inputs = {(fact.kind, fact.id): fact for name in reversed(names) for fact in asked.known.get(name, NOT_KNOWN).inputs}
    return Node(
        id=indicator.id, title=indicator.title, verdict=None,
        sentence=score.sentence if not indicator.deducts else Words("Điểm trừ.", "Taken off.") + score.sentence,
        value=f"{sign}{short(score.span)}" + ("" if most is None else f"/{points(most)}"),
        inputs=tuple(sorted(inputs.values(), key=lambda fact: (fact.on, fact.id))),
        citation=indicator.citation, evidence=indicator.evidence, duty=indicator.duty, changes=score.changes,
    )


def _total(passing: PassRule, total: Span, unbounded: bool) -> Node:
    bar = passing.total.value
    verdict = _against(total, bar)
    if unbounded and verdict is Verdict.NOT_MET:
        verdict = Verdict.NOT_ENOUGH
    changes: tuple[Change, ...] = ()
    words = {
        Verdict.MET: Words("đạt", "reaches"), Verdict.NOT_MET: Words("chưa đạt", "does not reach"),
        Verdict.NOT_ENOUGH: Words("chưa đủ căn cứ để so với", "not enough evidence to compare with"),
    }[verdict]
    said = Words(
        f"Tổng {span(total)} điểm: {words.vi} mức từ {points(bar)} điểm.",
        f"{span(total, 'en')} points in all: {words.en} {points(bar, 'en')}.",
    )
    if verdict is not Verdict.MET:
        changes = (change("points.total.below", Words(
            f"Còn thiếu {points(bar - total.low)} điểm để đạt mức {points(bar)}.",
            f"{points(bar - total.low, 'en')} points are missing for {points(bar, 'en')}.",
        ), lacking=verdict is Verdict.NOT_MET),)
    return Node(
        id="total", title=Words("Tổng điểm", "Total"), verdict=verdict, sentence=said, value=short(total),
        threshold=f"≥ {points(bar)}", citation=passing.total.citation, evidence="rule", changes=changes,
    )


def _veto(rules: TableRules, veto: Veto, facts: Mapping[str, Known]) -> Node:
    found: Known = facts.get(veto.quantity, NOT_KNOWN)
    changes: tuple[Change, ...] = ()
    if found.value is False:
        verdict, said = Verdict.MET, Words("Không có.", "None.")
    elif found.value is True:
        verdict, said = Verdict.NOT_MET, Words("Có: không xét đạt dù đủ điểm.", "Yes: not met, however many points.")
    else:
        title = next(q.title for q in rules.table.quantities if q.id == veto.quantity)
        verdict = Verdict.NOT_ENOUGH
        said = Words(f"Còn thiếu xác nhận: {title.vi}.", f"Not stated: {title.en}.")
        changes = (change(f"points.{veto.quantity}.missing", said),)
    return Node(
        id=veto.id, title=veto.title, verdict=verdict, sentence=said, inputs=found.inputs, citation=veto.citation,
        evidence="attested", changes=changes,
    )


def _against(got: Span, bar: Fraction) -> Verdict:
    """Decided only where the whole range lies on one side."""
    if got.low >= bar:
        return Verdict.MET
    return Verdict.NOT_MET if got.high < bar else Verdict.NOT_ENOUGH


def _said(total: Span, unbounded: bool, nodes: Iterable[Node]) -> Words:
    more = Words("trở lên ", "or more ") if unbounded else NOTHING
    said = Words(f"{span(total)} điểm {more.vi}".strip(), f"{span(total, 'en')} points {more.en}".strip())
    for verdict, vi, en in (
        (Verdict.NOT_MET, "chưa đạt", "not met"), (Verdict.NOT_ENOUGH, "chưa đủ căn cứ", "not enough evidence")
    ):
        those = [node for node in nodes if node.verdict is verdict]
        if those:
            said = Words(
                f"{said.vi}; {vi}: {', '.join(n.title.vi for n in those)}",
                f"{said.en}; {en}: {', '.join(n.title.en for n in those)}",
            )
    return Words(f"{said.vi}.", f"{said.en}.")


def _changes(nodes: Iterable[Node]) -> tuple[Change, ...]:
    found: dict[tuple[str, str], Change] = {}
    for node in nodes:
        for part in node.open_nodes():
            found |= {(one.code, one.vi): one for one in part.changes}
    return tuple(found.values())
