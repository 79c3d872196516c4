"""A scheme as a difference over another: it judges like a file with the values written out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.judge import judge, year_rules
from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.places import places, with_values
from services.evaluation.domain.rules import Dated, Scheme
from services.evaluation.domain.values import has_text, written
from services.evaluation.domain.variant import TRIED, VariantError, tried, vary
from services.evaluation.rules import load_scheme, shipped
from services.evaluation.rules.loader import SCHEMES
from shared.contracts import to_builtins
from shared.contracts.recognition import LocalAddition, LocalChange
from tests.unit.evaluation.builders import FULL, LATER, TEAM, having, settled
from tests.unit.evaluation.test_properties import FACTS

V2 = shipped()["hanoi-v2"]
PAPER = "QĐ 12/QĐ-UBND phường Bồ Đề"
POINTS = Path(__file__).parent / "points"


def change(at: str, value: str, citation: str = PAPER) -> LocalChange:
    return LocalChange(at=at, value=value, citation=citation)


def training(**more: object) -> LocalAddition:
    return LocalAddition(**{
        "id": "local_training", "title": "Dự tập huấn hằng quý", "measure": "training", "citation": PAPER,
        "parameters": {"classes_per_half_year": "1"}, **more,
    })  # type: ignore[arg-type]


BY_HAND = """\
  - number: 6
    id: local_training
    title: {vi: Dự tập huấn hằng quý, en: Dự tập huấn hằng quý}
    measure: training
    evidence: recorded
    duty: team
    mark: U
    citation: QĐ 12/QĐ-UBND phường Bồ Đề
    parameters:
      classes_per_half_year:
        - {from: 2016-01-01, value: 1, mark: U, citation: QĐ 12/QĐ-UBND phường Bồ Đề}
"""


OURS = "Mặc định của namtot"
REPLACED = [
    ("value: 85%\n          mark: F\n          citation: Báo Pháp luật Việt Nam, bài 353260, tiêu chí 1",
     f"value: 90%\n          mark: U\n          citation: {PAPER}"),
    ("      vi: Tỷ lệ hòa giải thành từ 85% trở lên\n      en: Settled rate of 85% or more\n",
     "      vi: 'Tỷ lệ hòa giải thành từ 85% trở lên (thay đổi: 90%)'\n      en: 'Settled rate of 85% or more (changed: 90%)'\n"),
    ("    mark: F\n    citation: Báo Pháp luật Việt Nam, bài 353260, tiêu chí 1\n",
     f"    mark: F\n    citation: Báo Pháp luật Việt Nam, bài 353260, tiêu chí 1; {PAPER}\n"),
    ("      vi: Họp 6 tháng, cả năm, trao đổi kinh nghiệm\n      en: Meets every six months and yearly, exchanges experience\n",
     "      vi: 'Họp 6 tháng, cả năm, trao đổi kinh nghiệm (thay đổi: half_year, exchange)'\n"
     "      en: 'Meets every six months and yearly, exchanges experience (changed: half_year, exchange)'\n"),
    ("    citation: Báo Pháp luật Việt Nam, bài 353260, tiêu chí 5\n",
     f"    citation: Báo Pháp luật Việt Nam, bài 353260, tiêu chí 5; {PAPER}\n"),
    ("  vi: Tổ hòa giải 5 tốt (tiêu chí thành phố Hà Nội)\n  en: Five-good mediation team (criteria of Hà Nội city)\n",
     "  vi: Tổ hòa giải 5 tốt (tiêu chí thành phố Hà Nội), có thay đổi\n"
     "  en: Five-good mediation team (criteria of Hà Nội city), changed\n"),
    ("citation: Báo Pháp luật Việt Nam, bài 353260; năm bắt đầu 2016 là suy ra\n",
     f"citation: Báo Pháp luật Việt Nam, bài 353260; năm bắt đầu 2016 là suy ra; {PAPER}\n"),
    (f"value: met\n      mark: I\n      citation: {OURS}; cả năm không có vụ việc và tổ đã khai “không phát sinh”",
     f"value: not_enough_evidence\n      mark: U\n      citation: {PAPER}"),
    (f"value:\n            - half_year\n          mark: I\n          citation: {OURS}, không văn bản nào quy định cách đo",
     f"value: [half_year, exchange]\n          mark: U\n          citation: {PAPER}"),
]


@pytest.fixture(scope="module")
def written_out(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    text = (SCHEMES / "hanoi-v2.yaml").read_text(encoding="utf-8")
    for old, new in REPLACED:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("by-hand") / "hanoi-v2.yaml"
    path.write_text(text + BY_HAND, encoding="utf-8")
    return load_scheme(path)


CHANGES = [
    change("settled_rate.threshold", "90%"), change("policies.declared", "not_enough_evidence"),
    change("meetings.half_year_kinds", "half_year, exchange"),
]


def test_it_is_the_scheme_that_a_file_with_these_values_holds(written_out: Scheme) -> None:
    variant = vary(V2, CHANGES, [training()])
    assert replace(variant, id=V2.id, digest="", base=None) == replace(written_out, digest="")


@settings(max_examples=30, deadline=None)
@given(facts=FACTS)
def test_it_judges_like_that_file(written_out: Scheme, facts: object) -> None:
    variant = replace(vary(V2, CHANGES, [training()]), id=V2.id)
    ours, theirs = year_rules(variant, 2024), year_rules(written_out, 2024)
    assert ours is not None and theirs is not None
    assert judge(ours, TEAM, facts, LATER) == judge(theirs, TEAM, facts, LATER)  # type: ignore[arg-type]


def test_its_id_tells_what_it_differs_from_and_its_digest_covers_everything() -> None:
    variant = vary(V2, CHANGES, [training()])
    assert variant.base == "hanoi-v2"
    assert variant.id.startswith("hanoi-v2+")
    assert variant.digest.startswith(variant.id.partition("+")[2])
    assert vary(V2, CHANGES[::-1], [training()]).id == variant.id
    assert vary(V2, [change("settled_rate.threshold", "9/10"), *CHANGES[1:]], [training()]).id == variant.id
    others = [
        vary(V2, CHANGES[1:], [training()]), vary(V2, CHANGES), vary(V2, [], [training()]),
        vary(V2, [replace_citation(CHANGES[0]), *CHANGES[1:]], [training()]),
        vary(V2, CHANGES, [training(title="Tập huấn")]), vary(V2, CHANGES, [training(citation="khác")]),
        vary(V2, CHANGES, [training(parameters={"classes_per_half_year": "2"})]),
        vary(replace(V2, digest="another release"), CHANGES, [training()]),
    ]
    assert len({variant.id, *(other.id for other in others)}) == 1 + len(others)


def replace_citation(given: LocalChange) -> LocalChange:
    return change(given.at, given.value, "QĐ 99/QĐ-UBND")


def test_nothing_changed_is_the_scheme_itself() -> None:
    assert vary(V2) is V2


def test_plain_json_values_do_as_well() -> None:
    assert vary(V2, to_builtins(CHANGES), to_builtins([training()])) == vary(V2, CHANGES, [training()])


def test_a_changed_value_says_whose_paper_it_rests_on() -> None:
    cited = vary(V2, [CHANGES[0]]).criteria[0].parameters["threshold"].values
    assert [(c.value, c.citation, c.mark, c.since) for c in cited] == [
        (Fraction(9, 10), PAPER, "U", V2.criteria[0].parameters["threshold"].values[0].since)
    ]


def test_the_explanation_names_the_value_and_whose_paper_it_is() -> None:
    rules = year_rules(vary(V2, [CHANGES[0]]), 2024)
    assert rules is not None
    found = judge(rules, TEAM, FULL, LATER)
    assert found is not None
    rate, meetings = found.tree.children[0], found.tree.children[4]
    assert rate.title.vi == "Tỷ lệ hòa giải thành từ 85% trở lên (thay đổi: 90%)"
    assert rate.citation == f"Báo Pháp luật Việt Nam, bài 353260, tiêu chí 1; {PAPER}"
    assert rate.threshold == "≥ 90%"
    assert "thay đổi" not in meetings.title.vi
    assert found.tree.citation.endswith(PAPER)
    ltia = load_scheme(POINTS / "ltia-2023.yaml")
    table = vary(ltia, [change("notice_points.maximum", "3")]).table
    assert table is not None
    assert [i.title.en for i in table.indicators() if "changed" in i.title.en] == ["Notice of meetings (changed: 3)"]


def test_an_added_criterion_is_judged_with_the_others() -> None:
    rules = year_rules(vary(V2, [], [training(parameters={"classes_per_half_year": "2"})]), 2024)
    assert rules is not None
    found = judge(rules, TEAM, FULL, LATER)
    assert found is not None
    assert [child.id for child in found.tree.children][-1] == "local_training"
    assert found.tree.value == "5/6"


def test_what_an_addition_leaves_out_is_as_the_scheme_has_it() -> None:
    added = LocalAddition(
        id="high_rate", title="Tỷ lệ cao", measure="settled_rate", citation=PAPER, parameters={"threshold": "95%"}
    )
    given = vary(V2, [], [added]).criteria[-1].parameters
    assert given["threshold"].values[0].value == Fraction(19, 20)
    assert given["denominator"] == V2.criteria[0].parameters["denominator"]


@pytest.mark.parametrize(("changes", "additions", "field", "problem", "remedy"), [
    ([change("settled_rate.treshold", "90%")], [], "changes[0].at", "no value", "settled_rate.threshold"),
    ([change("nothing.like_it", "90%")], [], "changes[0].at", "no value", "settled_rate"),
    ([change("settled_rate.threshold", "0.9")], [], "changes[0].value", "not a share", "85%"),
    ([change("settled_rate.threshold", "120%")], [], "changes[0].value", "more than the whole", "between"),
    ([change("policies.declared", "maybe")], [], "changes[0].value", "not known", "met"),
    ([CHANGES[0], CHANGES[0]], [], "changes[1].at", "twice", "one of them"),
    ([{"at": "settled_rate.threshold", "value": "90%"}], [], "changes[0]", "citation", "contract"),
    ([], [training(id="meetings")], "additions[0].id", "taken", "id of its own"),
    ([], [training(id="policies")], "additions[0].id", "taken", "id of its own"),
    ([], [training(), training()], "additions[1].id", "taken", "id of its own"),
    ([], [training(measure="trainin")], "additions[0].measure", "no measure", "training"),
    ([], [training(parameters={})], "additions[0].parameters", "needs more", "classes_per_half_year"),
    ([], [training(parameters={"classes": "1"})], "additions[0].parameters.classes", "has no", "classes_per_half_year"),
    ([], [training(parameters={"classes_per_half_year": "one"})], "additions[0].parameters.classes_per_half_year",
     "whole number", "30"),
])
def test_what_cannot_be_followed_names_field_and_remedy(
    changes: list[object], additions: list[object], field: str, problem: str, remedy: str
) -> None:
    with pytest.raises(VariantError) as caught:
        vary(V2, changes, additions)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert isinstance(caught.value, ValueError)
    assert caught.value.words.vi.endswith(".") and caught.value.words.en == f"{caught.value.problem}; {caught.value.remedy}."


@pytest.mark.parametrize("text", [
    "settled_rate=90%", "settled_rate=0.90", "settled_rate.threshold=0.9", "settled_rate.threshold=9/10", " settled_rate = .9 ",
])
def test_changes_as_somebody_types_them(text: str) -> None:
    assert tried(V2, [text]) == [change("settled_rate.threshold", "9/10" if "/" in text else "90%", TRIED)]


@pytest.mark.parametrize(("text", "problem", "remedy"), [
    ("settled_rate", "no change", "settled_rate.threshold=90%"), ("=90%", "no change", "settled_rate.threshold=90%"),
    ("meetings=05-01", "no one threshold", "meetings.half_year_kinds"), ("settled_rat=90%", "no value", "settled_rate"),
])
def test_what_somebody_mistypes(text: str, problem: str, remedy: str) -> None:
    with pytest.raises(VariantError) as caught:
        tried(V2, [text])
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_a_criterion_with_a_single_value_needs_no_name_for_it() -> None:
    assert tried(shipped()["hanoi-v1"], ["training=2"])[0].at == "training.classes_per_half_year"


@pytest.mark.parametrize("scheme", [
    *shipped().values(), load_scheme(POINTS / "ltia-2023.yaml"), load_scheme(POINTS / "qd-25-2021.yaml"),
], ids=lambda scheme: scheme.id)
def test_every_value_that_fits_a_line_can_be_changed_to_itself(scheme: Scheme) -> None:
    for at, place in places(scheme).items():
        if has_text(place.kind):
            value = place.dated.values[0].value
            again = places(vary(scheme, [change(at, written(value, place.kind))]))[at].dated
            assert [v.value for v in again.values] == [value]
        else:
            with pytest.raises(VariantError, match="scheme file of its own"):
                vary(scheme, [change(at, "x")])


def test_values_are_put_where_they_belong() -> None:
    ltia = load_scheme(POINTS / "ltia-2023.yaml")
    for scheme in (V2, ltia):
        for at, place in places(scheme).items():
            other = Dated(place.dated.values, place.dated.values)  # type: ignore[arg-type]
            changed = {a for a, p in places(with_values(scheme, {at: other})).items() if p.dated is other}
            assert changed == {at}


@settings(max_examples=40, deadline=None)
@given(FACTS, st.fractions(0, 1, max_denominator=20), st.fractions(0, 1, max_denominator=20))
def test_a_lower_threshold_never_makes_a_verdict_worse(facts: object, one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    rank = {"not_met": 0, "not_enough_evidence": 1, "met": 2}
    found = []
    for bar in (low, high):
        rules = year_rules(vary(V2, [change("settled_rate.threshold", written(bar, Fraction))]), 2024)
        assert rules is not None
        judged = judge(rules, TEAM, facts, LATER)  # type: ignore[arg-type]
        assert judged is not None
        found.append(rank[judged.verdict])
    assert found[0] >= found[1]


def test_a_change_touches_nothing_else() -> None:
    before = year_rules(V2, 2024)
    after = year_rules(vary(V2, tried(V2, ["settled_rate=100%"])), 2024)
    assert before is not None and after is not None
    facts = having(cases=(*FULL.cases, settled("case-4", status="not_settled")))
    ours, theirs = judge(before, TEAM, facts, LATER), judge(after, TEAM, facts, LATER)
    assert ours is not None and theirs is not None
    assert ours.tree.children[1:] == theirs.tree.children[1:]
    assert theirs.tree.children[0].threshold == "≥ 100%"
    assert set(MEASURES) >= {c.measure for c in V2.criteria}
