"""A team's year under a scheme: every criterion, the verdict, and the explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from services.evaluation.domain.casework import standings
from services.evaluation.domain.context import Clock, Context
from services.evaluation.domain.facts import Team, TeamFacts
from services.evaluation.domain.life import Life, life_of
from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.points.judge import TableRules, judge_points, table_rules
from services.evaluation.domain.points.team import team_quantities
from services.evaluation.domain.rates import Denominator, Tally
from services.evaluation.domain.rules import Criterion, NotInForceError, Policies, Scheme
from services.evaluation.domain.tree import Node, lacking
from services.evaluation.domain.verdict import Verdict, all_of
from services.evaluation.domain.wording import NOTHING, Words, day
from shared.calendar import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRules:
    """A scheme's values in one year. ``criteria``: each with its measure's bound parameters; ``table``: of a points
    scheme."""

    scheme: Scheme
    year: int
    span: Span
    policies: Policies
    criteria: tuple[tuple[Criterion, Any], ...]
    denominator: Denominator
    table: TableRules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """``settled`` of ``rated`` under the scheme's denominator. ``revisit_on``: the day on which the passing of time
    alone may change something; None if it cannot."""

    verdict: Verdict
    tree: Node
    lacking: tuple[str, ...]
    tally: Tally
    settled: int
    rated: int
    revisit_on: dt.date | None


def year_rules(scheme: Scheme, year: int) -> YearRules | None:
    """None if the scheme was not in force in that year, or judges no team (a table without policies or pass rule)."""
    span = scheme.span(year)
    if span is None or (scheme.table is not None and not (scheme.policies and scheme.table.passing)):
        return None
    try:
        policies = Policies(**{name: dated.at(span.last) for name, dated in scheme.policies.items()})
        criteria = tuple((c, MEASURES[c.measure].bind(c.parameters, span.last)) for c in scheme.criteria)
        table = None if scheme.table is None else table_rules(scheme.table, span.last)
    except NotInForceError:
        return None
    rule = next((given.denominator.value for c, given in criteria if c.measure == "settled_rate"), None)
    return YearRules(
        scheme=scheme, year=year, span=span, policies=policies, criteria=criteria,
        denominator=rule or Denominator.RECEIVED_LESS_PENDING, table=table,
    )


def judge(rules: YearRules, team: Team, facts: TeamFacts, today: dt.date) -> Judgement | None:
    """None if the team is not evaluated in that year. ``today``: in Việt Nam; absences count once a term is over."""
    return judge_together(rules, [(team, facts)], today)[0]


def judge_together(
    rules: YearRules, asked: Iterable[tuple[Team, TeamFacts]], today: dt.date
) -> list[Judgement | None]:
    """The same for several teams, in their order. Criterion by criterion: one measure's code asked of many teams runs a quarter
    faster than many measures asked of one."""
    lives = [(team, facts, life_of(team, rules.span, rules.policies, today)) for team, facts in asked]
    contexts = [_context(rules, team, facts, life, today) for team, facts, life in lives if life is not None]
    trees = iter(_trees(rules, contexts))
    context = iter(contexts)
    return [None if life is None else _judgement(rules, next(context), life, next(trees)) for _, _, life in lives]


def _context(rules: YearRules, team: Team, facts: TeamFacts, life: Life, today: dt.date) -> Context:
    facts = facts.in_order()
    return Context(
        year=rules.year, span=rules.span, life=life.asked, team=team, facts=facts, clock=Clock(today),
        standings=standings(facts.cases, rules.span), policies=rules.policies,
    )


def _trees(rules: YearRules, contexts: Sequence[Context]) -> list[Node]:
    if rules.table is not None:
        return [_by_points(rules, rules.table, context) for context in contexts]
    columns = [[_criterion(context, criterion, given) for context in contexts] for criterion, given in rules.criteria]
    return [_by_criteria(rules, children) for children in zip(*columns, strict=True)]


def _judgement(rules: YearRules, context: Context, life: Life, tree: Node) -> Judgement:
    tree = _with_life(tree, rules, life, context.clock)
    assert tree.verdict is not None  # of the root; both kinds judge
    tally = context.standings.tally
    return Judgement(
        verdict=tree.verdict, tree=tree, lacking=lacking(tree), tally=tally, settled=tally.settled,
        rated=tally.denominator(rules.denominator), revisit_on=context.clock.revisit_on,
    )


def _by_points(rules: YearRules, table: TableRules, context: Context) -> Node:
    scheme = rules.scheme
    return judge_points(table, team_quantities(table.table, context), scheme.title, scheme.citation, scheme.id).tree


def _by_criteria(rules: YearRules, children: tuple[Node, ...]) -> Node:
    scheme = rules.scheme
    met = sum(child.verdict is Verdict.MET for child in children)
    count = f"{met}/{len(children)}"
    failed = [child for child in children if child.verdict is Verdict.NOT_MET]
    unclear = [child for child in children if child.verdict is Verdict.NOT_ENOUGH]
    said = Words(f"{count} tiêu chí đạt", f"{count} criteria met")
    for label_vi, label_en, nodes in (("chưa đạt", "not met", failed), ("chưa đủ căn cứ", "not enough evidence", unclear)):
        if nodes:
            said = Words(
                f"{said.vi}; {label_vi}: {', '.join(n.title.vi for n in nodes)}",
                f"{said.en}; {label_en}: {', '.join(n.title.en for n in nodes)}",
            )
    # each once, in the order of the criteria: one list of what to do
    changes = {
        (change.code, change.vi): change
        for child in children for node in child.open_nodes() for change in node.changes
    }
    return Node(
        id=scheme.id, title=scheme.title, verdict=all_of(child.verdict for child in children if child.verdict is not None),
        sentence=Words(f"{said.vi}.", f"{said.en}."), value=count, threshold=f"{len(children)}/{len(children)}",
        citation=scheme.citation, evidence="rule", changes=tuple(changes.values()), children=children,
    )


def _with_life(tree: Node, rules: YearRules, life: Life, clock: Clock) -> Node:
    """The root says too what else to know: a team that was not the same all the time, a window that is still open."""
    still_open = NOTHING if clock.passed(rules.span.last) else Words(
        f"Kỳ đánh giá chưa kết thúc (đến {day(rules.span.last)}).",
        f"The window is still open (until {day(rules.span.last, 'en')}).",
    )
    if not life.remarks and still_open is NOTHING:
        return tree
    assert tree.verdict is not None
    return replace(
        tree, verdict=all_of((tree.verdict, *life.verdicts)), sentence=tree.sentence + life.said + still_open,
        changes=tree.changes + life.remarks,
    )


def _criterion(context: Context, criterion: Criterion, given: Any) -> Node:
    found = MEASURES[criterion.measure].judge(context, given)
    return Node(
        id=criterion.id, title=criterion.title, verdict=found.verdict, sentence=found.sentence, value=found.value,
        threshold=found.threshold, inputs=found.inputs, citation=criterion.citation, evidence=criterion.evidence,
        duty=criterion.duty, changes=found.changes, children=found.children,
    )
