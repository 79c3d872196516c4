"""A team's year under a scheme: every criterion, the verdict, and the explanation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from services.evaluation.domain.casework import standings
from services.evaluation.domain.context import Clock, Context
from services.evaluation.domain.facts import Team, TeamFacts
from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.rates import Denominator, Tally
from services.evaluation.domain.rules import Criterion, NotInForceError, Policies, Scheme
from services.evaluation.domain.tree import Node, lacking
from services.evaluation.domain.verdict import Verdict, all_of
from services.evaluation.domain.wording import NOTHING, Words, day
from shared.calendar import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRules:
    """A scheme's values in one year. ``criteria``: each with its measure's bound parameters."""

    scheme: Scheme
    year: int
    span: Span
    policies: Policies
    criteria: tuple[tuple[Criterion, Any], ...]
    denominator: Denominator


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
    """None if the scheme was not in force in that year."""
    span = scheme.span(year)
    if span is None:
        return None
    try:
        policies = Policies(**{name: dated.at(span.last) for name, dated in scheme.policies.items()})
        criteria = tuple((c, MEASURES[c.measure].bind(c.parameters, span.last)) for c in scheme.criteria)
    except NotInForceError:
        return None
    rule = next((given.denominator.value for c, given in criteria if c.measure == "settled_rate"), None)
    return YearRules(
        scheme=scheme, year=year, span=span, policies=policies, criteria=criteria,
        denominator=rule or Denominator.RECEIVED_LESS_PENDING,
    )


def life_in(team: Team, span: Span, today: dt.date) -> Span | None:
    """The days of the window on which the team exists; None if it is not there on the last day (or today, while the
    window is open): a team that was merged away in the year is not evaluated, its successor is."""
    last = min(span.last, today)
    if last < span.first or team.established > last or (team.ended is not None and team.ended <= last):
        return None
    return Span(max(span.first, team.established), span.last)


def judge(rules: YearRules, team: Team, facts: TeamFacts, today: dt.date) -> Judgement | None:
    """None if the team is not evaluated in that year. ``today``: in Việt Nam; absences count once a term is over."""
    life = life_in(team, rules.span, today)
    if life is None:
        return None
    clock = Clock(today)
    facts = facts.in_order()
    context = Context(
        year=rules.year, span=rules.span, life=life, team=team, facts=facts, clock=clock,
        standings=standings(facts.cases, rules.span), policies=rules.policies,
    )
    children = tuple(_criterion(context, criterion, given) for criterion, given in rules.criteria)
    verdict = all_of(child.verdict for child in children if child.verdict is not None)
    tree = _root(rules, children, verdict, clock)
    tally = context.standings.tally
    return Judgement(
        verdict=verdict, tree=tree, lacking=lacking(tree), tally=tally, settled=tally.settled,
        rated=tally.denominator(rules.denominator), revisit_on=clock.revisit_on,
    )


def _criterion(context: Context, criterion: Criterion, given: Any) -> Node:
    found = MEASURES[criterion.measure].judge(context, given)
    return Node(
        id=criterion.id, title=criterion.title, verdict=found.verdict, sentence=found.sentence, value=found.value,
        threshold=found.threshold, inputs=found.inputs, citation=criterion.citation, evidence=criterion.evidence,
        duty=criterion.duty, changes=found.changes, children=found.children,
    )


def _root(rules: YearRules, children: tuple[Node, ...], verdict: Verdict, clock: Clock) -> Node:
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
    still_open = NOTHING if clock.passed(rules.span.last) else Words(
        f"Kỳ đánh giá chưa kết thúc (đến {day(rules.span.last)}).",
        f"The window is still open (until {day(rules.span.last, 'en')}).",
    )
    # each once, in the order of the criteria: one list of what to do
    changes = {
        (change.code, change.vi): change
        for child in children for node in child.open_nodes() for change in node.changes
    }
    return Node(
        id=scheme.id, title=scheme.title, verdict=verdict, sentence=Words(f"{said.vi}.", f"{said.en}.") + still_open,
        value=count, threshold=f"{len(children)}/{len(children)}", citation=scheme.citation, evidence="rule",
        changes=tuple(changes.values()), children=children,
    )
