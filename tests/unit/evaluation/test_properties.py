"""What must hold for any facts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.casework import ENDED
from services.evaluation.domain.facts import (
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Request,
    Sheet,
    TeamFacts,
    Training,
)
from services.evaluation.domain.judge import Judgement, judge
from services.evaluation.domain.near import near
from services.evaluation.domain.verdict import Verdict
from shared.calendar import Span
from tests.unit.evaluation.builders import CODE, FULL, LATER, TEAM, replace, rules, settled

SCHEMES = st.sampled_from(["hanoi-v1", "hanoi-v2"])
DAYS = st.dates(dt.date(2023, 9, 1), dt.date(2024, 12, 31))
RANK = {Verdict.NOT_MET: 0, Verdict.NOT_ENOUGH: 1, Verdict.MET: 2}
STATUSES = st.sampled_from([*sorted(ENDED), "assigned", "mediating", "referred", "out_of_scope"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    received = draw(DAYS)
    steps = [(received, "received")]
    for status in draw(st.lists(STATUSES, max_size=3)):
        steps.append((steps[-1][0] + dt.timedelta(days=draw(st.integers(0, 40))), status))
    return Case(
        id=draw(st.uuids()).hex, received=received, steps=tuple(steps), first_known_by=draw(st.sampled_from(["team", "unit"])),
        sessions=tuple(on for on, status in steps if status == "mediating"),
        assigned=next((on for on, status in steps if status == "assigned"), None),
    )


FEW = settings(max_examples=25, deadline=None)


def many(kind: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(kind, max_size=3).map(tuple)


IDS = st.uuids().map(lambda u: u.hex)
TRAININGS = st.builds(
    Training, id=IDS, held=DAYS, invited=st.sampled_from([frozenset(), frozenset({CODE})]),
    sheets=st.sampled_from([{}, {CODE: Sheet(0)}, {CODE: Sheet(3)}]),
)
DELIVERIES = st.builds(Delivery, IDS, DAYS, st.just(frozenset({CODE})))
MEETINGS = st.builds(Meeting, IDS, st.just(CODE), st.sampled_from(["half_year", "year", "self_assessment", "other"]), DAYS)
COORDINATIONS = st.builds(Coordination, id=IDS, team=st.just(CODE), asked=DAYS, answered=st.none() | DAYS, agency=st.just("x"))
PAYMENTS = st.builds(
    Payment, id=IDS, team=st.just(CODE), paid=st.lists(st.tuples(DAYS, st.integers(1, 500_000)), max_size=2).map(tuple),
    requests=st.lists(
        st.builds(Request, on=DAYS, purpose=st.just("case"), amount=st.integers(1, 500_000), complete=st.booleans()),
        min_size=1, max_size=2,
    ).map(tuple),
)
DECLARATIONS = st.builds(
    lambda id, first, n: Declaration(id, CODE, Span(first, first + dt.timedelta(days=n))), IDS, DAYS, st.integers(0, 400)
)
ATTESTATIONS = st.builds(
    lambda id, first, n, good, who: Attestation(
        id=id, team=CODE, matter="coordination", by_role=who, positive=good, on=first,
        period=Span(first, first + dt.timedelta(days=n)),
    ), IDS, DAYS, st.integers(0, 400), st.booleans(), st.sampled_from(["front_committee", "commune"]),
)
DRAWN = st.builds(
    TeamFacts, cases=many(cases()), trainings=many(TRAININGS), deliveries=many(DELIVERIES), meetings=many(MEETINGS),
    coordinations=many(COORDINATIONS), payments=many(PAYMENTS), declarations=many(DECLARATIONS),
    attestations=many(ATTESTATIONS),
)


def beside_all(drawn: TeamFacts) -> TeamFacts:
    """Besides all that a team needs: what is drawn alone is hardly ever enough for anything to be met."""
    return TeamFacts(**{
        f: (*getattr(FULL, f), *getattr(drawn, f)) for f in drawn.__struct_fields__ if f != "aliases"
    })


FACTS = DRAWN | DRAWN.map(beside_all) | st.builds(TeamFacts, meetings=many(MEETINGS)).map(beside_all)


def verdict(facts: TeamFacts, scheme: str) -> Judgement:
    found = judge(rules(scheme), TEAM, facts, LATER)
    assert found is not None
    return found


def of(judgement: Judgement, criterion: str) -> int:
    return next(RANK[c.verdict] for c in judgement.tree.children if c.id == criterion and c.verdict is not None)


@FEW
@given(FACTS, SCHEMES, st.randoms())
def test_the_order_of_facts_does_not_matter(facts: TeamFacts, scheme: str, random: object) -> None:
    shuffled = {}
    for field in facts.__struct_fields__:
        value = getattr(facts, field)
        if isinstance(value, tuple):
            mixed = list(value)
            random.shuffle(mixed)  # type: ignore[attr-defined]
            shuffled[field] = tuple(mixed)
    assert verdict(replace(facts, **shuffled), scheme) == verdict(facts, scheme)


@FEW
@given(FACTS, SCHEMES, st.data())
def test_a_fact_that_came_twice_counts_once(facts: TeamFacts, scheme: str, data: st.DataObject) -> None:
    twice = {}
    for field in facts.__struct_fields__:
        value = getattr(facts, field)
        if isinstance(value, tuple) and value:
            twice[field] = (*value, *data.draw(st.lists(st.sampled_from(value), max_size=2)))
    assert verdict(replace(facts, **twice), scheme) == verdict(facts, scheme)


@FEW
@given(FACTS, SCHEMES)
def test_one_more_settled_case_never_lowers_the_settled_rate(facts: TeamFacts, scheme: str) -> None:
    more = replace(facts, cases=(*facts.cases, settled("one-more")))
    assert of(verdict(more, scheme), "settled_rate") >= of(verdict(facts, scheme), "settled_rate")


@FEW
@given(FACTS, SCHEMES)
def test_one_more_settled_case_that_was_begun_and_paid_never_lowers_a_verdict(facts: TeamFacts, scheme: str) -> None:
    """Neither in any criterion nor in the whole, a team that had no case before included."""
    case = settled("one-more", received="2024-03-04", ended="2024-03-20")
    paid = Payment(
        id="one-more", team=CODE, paid=((dt.date(2024, 3, 26), 400_000),),
        requests=(Request(on=dt.date(2024, 3, 25), purpose="case", amount=400_000, cases=frozenset({"one-more"})),),
    )
    before = verdict(facts, scheme)
    after = verdict(replace(facts, cases=(*facts.cases, case), payments=(*facts.payments, paid)), scheme)
    for criterion in after.tree.children:
        assert of(after, criterion.id) >= of(before, criterion.id), criterion.sentence.vi
    assert RANK[after.verdict] >= RANK[before.verdict]


MORE = [
    ("deliveries", Delivery("one-more", dt.date(2024, 2, 1), frozenset({CODE}))),
    ("trainings", Training(
        id="one-more", held=dt.date(2024, 2, 1), invited=frozenset({CODE}), sheets={CODE: Sheet(1)}
    )),
    ("meetings", Meeting("one-more", CODE, "half_year", dt.date(2024, 8, 20))),
    ("meetings", Meeting("one-more", CODE, "year", dt.date(2024, 11, 20))),
    ("coordinations", Coordination(
        id="one-more", team=CODE, asked=dt.date(2024, 2, 1), answered=dt.date(2024, 5, 1), agency="x"
    )),
    ("trainings", Training(
        id="one-more", held=dt.date(2024, 6, 1), sheets={CODE: Sheet(2, frozenset({"m1"}))}
    )),
    ("attestations", Attestation(
        id="one-more", team=CODE, matter="coordination", by_role="front_committee", positive=True,
        period=Span(dt.date(2023, 11, 1), dt.date(2024, 10, 31)), on=dt.date(2024, 11, 2),
    )),
    ("declarations", Declaration("one-more", CODE, Span(dt.date(2024, 2, 1), dt.date(2024, 3, 1)))),
]


@pytest.mark.parametrize(("kind", "more"), MORE)
@FEW
@given(facts=FACTS)
def test_one_more_document_never_turns_met_into_not_met(facts: TeamFacts, kind: str, more: object) -> None:
    """Neither in its own criterion nor in any other, nor in the whole."""
    for scheme in ("hanoi-v1", "hanoi-v2"):
        before = verdict(facts, scheme)
        after = verdict(replace(facts, **{kind: (*getattr(facts, kind), more)}), scheme)
        for child in after.tree.children:
            assert not (of(before, child.id) == RANK[Verdict.MET] and of(after, child.id) == RANK[Verdict.NOT_MET])
        assert not (before.verdict is Verdict.MET and after.verdict is Verdict.NOT_MET)


@FEW
@given(FACTS, SCHEMES)
def test_the_whole_is_met_exactly_if_all_five_are(facts: TeamFacts, scheme: str) -> None:
    found = verdict(facts, scheme)
    parts = [child.verdict for child in found.tree.children]
    assert len(parts) == 5
    assert (found.verdict is Verdict.MET) == all(part is Verdict.MET for part in parts)
    assert (found.verdict is Verdict.NOT_MET) == any(part is Verdict.NOT_MET for part in parts)
    assert not (found.verdict is Verdict.MET and found.lacking)


@FEW
@given(FACTS, SCHEMES, st.dates(dt.date(2024, 5, 1), dt.date(2025, 3, 1)))
def test_a_verdict_does_not_change_with_time_before_it_is_looked_at_again(
    facts: TeamFacts, scheme: str, today: dt.date
) -> None:
    found = judge(rules(scheme), TEAM, facts, today)
    assert found is not None
    last = found.revisit_on - dt.timedelta(days=1) if found.revisit_on else dt.date(2025, 12, 1)
    assert found.revisit_on is None or found.revisit_on > today
    for later in (today + (last - today) / 2, last):
        again = judge(rules(scheme), TEAM, facts, max(later, today))
        assert again is not None
        assert again.tree == found.tree


@FEW
@given(FACTS, FACTS, SCHEMES)
def test_facts_far_from_the_year_do_not_matter(facts: TeamFacts, others: TeamFacts, scheme: str) -> None:
    """Facts years away change nothing, and leaving them out changes nothing."""
    years = dt.timedelta(days=1800)
    far = TeamFacts(
        cases=tuple(
            replace(case, received=case.received - years, steps=tuple((on - years, status) for on, status in case.steps))
            for case in others.cases if case.received is not None and case.steps[-1][1] in ENDED
        ),
        trainings=tuple(replace(t, held=t.held + years) for t in others.trainings),
        deliveries=tuple(replace(d, on=d.on - years) for d in others.deliveries),
        meetings=tuple(replace(m, on=m.on + years) for m in others.meetings),
        declarations=tuple(
            replace(d, period=Span(d.period.first - years, d.period.last - years)) for d in others.declarations
        ),
    )
    both = TeamFacts(**{f: (*getattr(facts, f), *getattr(far, f)) for f in facts.__struct_fields__ if f != "aliases"})
    window = rules(scheme).span
    assert near(far, window) == TeamFacts()
    assert verdict(near(both, window), scheme) == verdict(both, scheme) == verdict(facts, scheme)


@FEW
@given(FACTS, SCHEMES)
def test_every_node_says_something_in_both_languages_and_cites(facts: TeamFacts, scheme: str) -> None:
    def check(node: object) -> None:
        for text in (node.title.vi, node.title.en, node.sentence.vi, node.sentence.en, node.citation):  # type: ignore[attr-defined]
            assert text.strip()
        for change in node.changes:  # type: ignore[attr-defined]
            assert change.vi.strip() and change.en.strip() and change.code
        for child in node.children:  # type: ignore[attr-defined]
            check(child)

    check(verdict(facts, scheme).tree)
