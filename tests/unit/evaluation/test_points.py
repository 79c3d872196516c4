"""The points kind beyond its golden examples: ranges, bands, deductions, and a table fed by a team's facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.evaluation.domain.facts import TeamFacts
from services.evaluation.domain.judge import judge, year_rules
from services.evaluation.domain.points.judge import PointsJudgement, judge_points, table_rules
from services.evaluation.domain.points.quantities import Given, Value
from services.evaluation.domain.points.table import Table
from services.evaluation.domain.points.wording import Span, points, short, span
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.tree import Input
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words
from services.evaluation.rules import load_scheme
from tests.unit.evaluation.builders import DECLARED, FULL, LATER, TEAM, having, settled

HERE = Path(__file__).parent / "points"
LTIA, QD, OLDER = (load_scheme(HERE / f"{name}.yaml") for name in ("ltia-2023", "qd-25-2021", "ltia-older"))
RULES = {scheme.id: table_rules(scheme.table, dt.date(2023, 12, 31)) for scheme in (LTIA, QD, OLDER) if scheme.table is not None}
RANK = {Verdict.NOT_MET: 0, Verdict.NOT_ENOUGH: 1, Verdict.MET: 2}
FEW = settings(max_examples=25, deadline=None)

# deductions, per-unit points, quantities of a team: what no official table at hand has
LOCAL = """\
scheme: local
kind: points
title: {vi: Bảng điểm thử, en: A table to try}
mark: I
citation: Dữ liệu thử
window:
  - {from: 2020-01-01, mark: I, citation: x, value: {first: "11-01", starts_year_before: true, last: "10-31"}}
POLICIES
quantities:
  - {id: received, kind: count, team: cases_received, title: {vi: Vụ việc tiếp nhận, en: Cases received}}
  - {id: settled, kind: count, team: cases_settled, title: {vi: Vụ việc hòa giải thành, en: Cases settled}}
  - {id: meetings, kind: count, team: meetings, title: {vi: Cuộc họp, en: Meetings}}
  - {id: complaints, kind: count, title: {vi: Phản ánh, en: Complaints}}
criteria:
  - number: 1
    id: work
    title: {vi: Hoạt động, en: Work}
    mark: I
    citation: Dữ liệu thử
    maximum: [{from: 2020-01-01, mark: I, citation: x, value: 14}]
    indicators:
      - {id: rate, rule: ratio_bands, of: settled, to: received, evidence: computed, duty: team, mark: I, citation: x,
         title: {vi: Tỷ lệ, en: Rate}, parameters: {
           rows: [{from: 2020-01-01, mark: I, citation: x, value: [
             {at_least: 85%, points: 10}, {at_least: 50%, points: 5}, {at_least: 0%, points: 0}]}],
           least: [{from: 2020-01-01, mark: I, citation: x, value: 1}],
           otherwise: [{from: 2020-01-01, mark: I, citation: x, value: 5}]}}
      - {id: met, rule: per_unit, of: meetings, evidence: recorded, duty: team, mark: I, citation: x,
         title: {vi: Họp, en: Meetings}, parameters: {
           each: [{from: 2020-01-01, mark: I, citation: x, value: 1.5}],
           cap: [{from: 2020-01-01, mark: I, citation: x, value: 4}]}}
      - {id: complained, rule: per_unit, deducts: true, of: complaints, evidence: recorded, duty: team, mark: I, citation: x,
         title: {vi: Bị phản ánh, en: Complaints}, parameters: {
           each: [{from: 2020-01-01, mark: I, citation: x, value: 2}],
           cap: [{from: 2020-01-01, mark: I, citation: x, value: 20}]}}
pass:
  total: [{from: 2020-01-01, mark: I, citation: x, value: 10}]
  each_share: [{from: 2020-01-01, mark: I, citation: x, value: 0%}]
"""
POLICIES = "policies:\n" + "".join(
    f"  {name}: [{{from: 2020-01-01, mark: I, citation: x, value: {value}}}]\n" for name, value in (
        ("declared", "met"), ("undeclared", "not_enough_evidence"), ("declared_share", "100%"), ("young", "own_days"),
        ("young_least_days", "0"), ("young_least_share", "0%"), ("moved", "as_on_last_day"), ("merged", "as_on_last_day"),
    )
)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    path = tmp_path_factory.mktemp("points") / "local.yaml"
    path.write_text(LOCAL.replace("POLICIES\n", POLICIES), encoding="utf-8")
    return load_scheme(path)


def of(scheme: Scheme, given: Iterable[Given]) -> PointsJudgement:
    rules = RULES.get(scheme.id) or table_rules(scheme.table, dt.date(2024, 10, 31))  # type: ignore[arg-type]
    return judge_points(rules, given, Words("bảng", "table"), "x", scheme.id)


def one(quantity: str, value: Value | int, by: str = "council") -> Given:
    return Given(quantity=quantity, value=Fraction(value) if type(value) is int else value, by=by)  # type: ignore[arg-type]


@st.composite
def known(draw: st.DrawFn, table: Table) -> list[Given]:
    """Every quantity, each possible in itself."""
    found = []
    for quantity in table.quantities:
        value: Value
        if quantity.kind == "yes_no":
            value = draw(st.booleans())
        elif quantity.kind == "word":
            value = draw(st.sampled_from(["đủ", "một phần", "không có"]))
        elif quantity.kind == "count":
            value = Fraction(draw(st.integers(12, 40) if quantity.id in ("filed", "summons", "cases") else st.integers(0, 12)))
        elif quantity.id.startswith("maximum_"):
            value = Fraction(20)
        else:
            value = Fraction(draw(st.integers(0, 80 if quantity.id.startswith("points_") else 8)), 4)
        found.append(Given(quantity=quantity.id, value=value))
    return found


@st.composite
def part_and_whole(draw: st.DrawFn) -> tuple[Scheme, list[Given], list[Given]]:
    scheme = draw(st.sampled_from([LTIA, QD, OLDER]))
    assert scheme.table is not None
    whole = draw(known(scheme.table))
    return scheme, [given for given in whole if draw(st.booleans())], whole


@FEW
@given(part_and_whole())
def test_knowing_more_stays_within_what_was_possible(case: tuple[Scheme, list[Given], list[Given]]) -> None:
    scheme, part, whole = case
    less, more = of(scheme, part), of(scheme, whole)
    # what contradicts itself tells less than half of it did
    changes = [change for child in more.tree.children for node in child.children for change in node.changes]
    assume(not any(".impossible" in change.code for change in changes))
    maxima_known = scheme is not QD
    for name, outer in less.spans.items():
        inner = more.spans[name]
        assert outer.low <= inner.low
        assert not maxima_known or inner.high <= outer.high
    assert less.total.low <= more.total.low
    if less.verdict is not None and less.verdict is not Verdict.NOT_ENOUGH:
        assert more.verdict is less.verdict


@FEW
@given(part_and_whole(), st.randoms())
def test_the_order_of_what_is_known_does_not_matter(case: tuple[Scheme, list[Given], list[Given]], random: object) -> None:
    scheme, part, whole = case
    both = [*part, *whole]
    random.shuffle(both)  # type: ignore[attr-defined]
    assert of(scheme, both) == of(scheme, whole)


@FEW
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_one_more_settled_case_never_takes_points(filed: int, settled_cases: int, minutes: int) -> None:
    settled_cases = min(settled_cases, filed)

    def points_of(more: int) -> Span:
        given = [one("filed", filed + more), one("settled", settled_cases + more), one("minutes", minutes)]
        return of(LTIA, given).spans["settled_points"]

    assert points_of(1).low >= points_of(0).low


@FEW
@given(st.integers(10, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bands_leave_no_gap_and_begin_at_their_lower_bound(case: tuple[int, int]) -> None:
    settled_cases, filed = case
    ratio = Fraction(settled_cases, filed)
    expected = next(p for bar, p in ((100, 10), (80, 8), (60, 6), (40, 4), (1, 2), (0, 0)) if ratio * 100 >= bar)
    found = of(LTIA, [one("filed", filed), one("settled", settled_cases)]).spans["settled_points"]
    assert found == Span(Fraction(expected), Fraction(expected))


def test_the_worked_example_of_the_older_form() -> None:
    found = of(OLDER, [one("cases", 25), one("ten", 18), one("eight", 3), one("four", 2)])
    assert found.total == Span(Fraction(212, 25), Fraction(212, 25))
    assert points(found.total.low) == "8,48"
    assert found.verdict is None


def test_a_pass_mark_is_compared_exactly() -> None:
    near = Fraction(80) - Fraction(1, 10**9)
    given = [one(f"points_{i}", near / 5) for i in range(1, 6)] + [one(f"maximum_{i}", 20) for i in range(1, 6)]
    found = of(QD, [*given, one("disciplined", False)])
    assert found.verdict is Verdict.NOT_MET
    assert found.tree.value is not None
    assert found.tree.value.startswith("79,999…")


def test_points_as_people_read_them() -> None:
    assert points(Fraction(5, 2)) == "2,5"
    assert points(Fraction(5, 2), "en") == "2.5"
    assert points(Fraction(1_300)) == "1.300"
    assert points(Fraction(25, 3)) == "8,333… (25/3)"
    assert span(Span(Fraction(0), Fraction(10))) == "0 đến 10"
    assert short(Span(Fraction(0), Fraction(5, 2))) == "0–2,5"


# -- what a table takes off, and what a team's facts give


@pytest.mark.parametrize(("complaints", "work"), [(0, 8), (1, 6), (4, 0), (30, 0)])
def test_deductions_go_down_to_nought(local: Scheme, complaints: int, work: int) -> None:
    found = of(local, [one("received", 0), one("settled", 0), one("meetings", 2), one("complaints", complaints)])
    assert found.spans["work"] == Span(Fraction(work), Fraction(work))


def test_what_may_be_taken_off_makes_a_range(local: Scheme) -> None:
    found = of(local, [one("received", 10), one("settled", 9), one("meetings", 9)])
    assert found.spans["work"] == Span(Fraction(0), Fraction(14))
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.lacking == ("points.complaints.missing",)


def test_per_unit_points_end_at_the_cap(local: Scheme) -> None:
    spans = [of(local, [one("meetings", n)]).spans["met"].low for n in range(5)]
    assert spans == [0, Fraction(3, 2), 3, 4, 4]


def test_a_teams_facts_feed_a_table(local: Scheme) -> None:
    rules = year_rules(local, 2024)
    assert rules is not None
    assert rules.table is not None
    found = judge(rules, TEAM, FULL, LATER)
    assert found is not None
    assert found.verdict is Verdict.NOT_ENOUGH  # nobody has said how many complaints there were
    assert found.lacking == ("points.complaints.missing",)
    by_id = {node.id: node for node in found.tree.children[0].children}
    assert by_id["rate"].value == "10/10"
    assert [i.id for i in by_id["rate"].inputs] == ["case-1", "case-2", "case-3"]
    assert by_id["met"].value == "1,5/4"  # the self-assessment lies after the window
    failed = judge(rules, TEAM, having(cases=(settled("a", status="not_settled"),), meetings=()), LATER)
    assert failed is not None
    assert failed.verdict is Verdict.NOT_MET


def test_no_case_is_a_count_only_if_the_team_declared_so(local: Scheme) -> None:
    rules = year_rules(local, 2024)
    assert rules is not None
    silent, declared = (judge(rules, TEAM, facts, LATER) for facts in (TeamFacts(), TeamFacts(declarations=(DECLARED,))))
    assert silent is not None and declared is not None
    assert "points.received.missing" in silent.lacking
    assert "points.received.missing" not in declared.lacking
    assert "0, quy định xét từ 1 trở lên: tính 5 điểm" in declared.tree.children[0].children[0].sentence.vi


def test_a_table_without_policies_or_pass_rule_judges_no_team() -> None:
    assert year_rules(LTIA, 2024) is None
    assert year_rules(QD, 2024) is None


def test_what_would_give_more_points_is_said() -> None:
    found = of(LTIA, [one("filed", 20), one("settled", 15), one("minutes", 8)])
    by_id = {node.id: node for child in found.tree.children for node in child.children}
    assert [c.vi for c in by_id["settled_points"].changes] == ["Thêm 1 trên cùng 20 thì được 8 điểm."]
    assert [c.vi for c in by_id["minutes_points"].changes] == ["Từ 9 trở lên được 6 điểm."]
    assert not any(c.lacking for c in by_id["settled_points"].changes)
    assert of(LTIA, [one("filed", 20), one("settled", 16)]).spans["settled_points"].low == 8


@FEW
@given(part_and_whole())
def test_every_node_says_something_in_both_languages_and_cites(case: tuple[Scheme, list[Given], list[Given]]) -> None:
    def check(node: object) -> None:
        for text in (node.title.vi, node.title.en, node.sentence.vi, node.sentence.en, node.citation):  # type: ignore[attr-defined]
            assert text.strip()
        for change in node.changes:  # type: ignore[attr-defined]
            assert change.vi.strip() and change.en.strip() and change.code
        for child in node.children:  # type: ignore[attr-defined]
            check(child)

    found = of(case[0], case[1])
    check(found.tree)
    assert not (found.verdict is Verdict.MET and found.lacking)


def test_one_fact_is_one_input(local: Scheme) -> None:
    facts = Given(quantity="received", value=Fraction(1), inputs=(Input("case", "a", dt.date(2024, 3, 1)),))
    ended = Given(quantity="settled", value=Fraction(1), inputs=(Input("case", "a", dt.date(2024, 3, 9)),))
    found = of(local, [facts, ended])
    assert found.tree.children[0].children[0].inputs == (Input("case", "a", dt.date(2024, 3, 9)),)
