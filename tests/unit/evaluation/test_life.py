"""Teams that were not the same all through the window, under each policy."""

from __future__ import annotations

import pytest

from services.evaluation.domain.facts import Forebear, Stay, Team, TeamFacts
from services.evaluation.domain.judge import Judgement, judge, year_rules
from services.evaluation.domain.life import life_of, like
from services.evaluation.domain.variant import vary
from services.evaluation.domain.verdict import Verdict
from services.evaluation.rules import shipped
from shared.contracts.recognition import LocalChange
from tests.unit.evaluation.builders import CODE, DECLARED, FULL, LATER, TEAM, WINDOW, day, having, judged, node, replace, rules

V2 = shipped()["hanoi-v2"]
YOUNG = replace(TEAM, established=day("2024-06-15"))
MOVED = replace(TEAM, stays=(Stay(day("2010-01-01"), "00118"), Stay(day("2024-07-01"), "00127")))
MERGED = replace(TEAM, forebears=(Forebear(day("2024-04-01"), "HG-OTHER"),))


def under(facts: TeamFacts, team: Team, **policies: str) -> Judgement | None:
    changes = [LocalChange(at=f"policies.{name}", value=value, citation="QĐ") for name, value in policies.items()]
    bound = year_rules(vary(V2, changes), 2024)
    assert bound is not None
    return judge(bound, team, facts, LATER)


def codes(found: Judgement | None) -> list[str]:
    assert found is not None
    return [change.code for change in found.tree.changes]


def test_a_team_that_was_the_same_all_year_has_no_remark() -> None:
    for team in (TEAM, replace(TEAM, established=WINDOW.first), replace(TEAM, stays=(Stay(day("2010-01-01"), "00118"),))):
        assert [c for c in codes(judged(team=team)) if c.startswith("team.")] == []


def test_a_young_team_is_asked_about_its_own_days() -> None:
    facts = having(cases=(), payments=(), declarations=(replace(DECLARED, period=replace(WINDOW, first=YOUNG.established)),))
    found = under(facts, YOUNG)
    assert found is not None
    assert node(found, "settled_rate").verdict is Verdict.MET
    assert "Tổ thành lập ngày 15/06/2024, trong kỳ: chỉ xét từ ngày đó." in found.tree.sentence.vi
    assert "team.young" in codes(found)
    assert "team.young" not in found.lacking


def test_a_young_team_may_be_asked_like_any_other() -> None:
    facts = having(cases=(), payments=(), declarations=(replace(DECLARED, period=replace(WINDOW, first=YOUNG.established)),))
    found = under(facts, YOUNG, young="whole_window")
    assert found is not None
    assert node(found, "settled_rate").verdict is Verdict.NOT_ENOUGH
    late = replace(TEAM, established=day("2024-09-01"))
    own, whole = under(having(meetings=()), late), under(having(meetings=()), late, young="whole_window")
    assert own is not None and whole is not None
    assert node(own, "meetings.half_year").verdict is None
    assert node(whole, "meetings.half_year").verdict is Verdict.NOT_ENOUGH


def test_a_young_team_may_be_too_young_to_tell() -> None:
    found = under(FULL, YOUNG, young="not_enough_evidence")
    assert found is not None
    assert found.verdict is Verdict.NOT_ENOUGH
    assert under(having(cases=tuple(replace(c, steps=(c.steps[0], (c.steps[-1][0], "not_settled"))) for c in FULL.cases)), YOUNG,
                 young="not_enough_evidence").verdict is Verdict.NOT_MET  # type: ignore[union-attr]


@pytest.mark.parametrize(("policy", "value", "judged_at_all"), [
    ("young_least_days", "139", True), ("young_least_days", "140", False),
    ("young_least_share", "139/366", True), ("young_least_share", "140/366", False),
])
def test_below_so_many_days_a_young_team_is_not_judged(policy: str, value: str, judged_at_all: bool) -> None:
    assert (WINDOW.last - YOUNG.established).days + 1 == 139
    assert (under(FULL, YOUNG, **{policy: value}) is not None) == judged_at_all
    assert under(FULL, TEAM, **{policy: value}) is not None


def test_a_team_that_moved_is_judged_whole_and_says_so() -> None:
    found = judged(team=MOVED)
    assert found.verdict is judged().verdict is Verdict.MET
    said = "Tổ chuyển từ đơn vị 00118 sang 00127 ngày 01/07/2024: xét trọn kỳ, tính cho đơn vị ngày 31/10/2024."
    assert said in found.tree.sentence.vi
    assert codes(found) == ["team.moved"]
    assert found.lacking == ()
    other = under(FULL, MOVED, moved="not_enough_evidence")
    assert other is not None
    assert other.verdict is Verdict.NOT_ENOUGH
    assert "chưa đủ căn cứ theo quy định của bộ tiêu chí" in other.tree.sentence.vi


@pytest.mark.parametrize("stays", [
    (Stay(day("2010-01-01"), "00118"), Stay(day("2024-07-01"), "00118")),     # another group, the same unit
    (Stay(day("2010-01-01"), "00118"), Stay(day("2023-11-01"), "00127")),     # on the window's first day
    (Stay(day("2010-01-01"), "00118"), Stay(day("2024-11-01"), "00127")),     # after it
    (Stay(day("2023-12-01"), "00118"),),
])
def test_what_is_no_move(stays: tuple[Stay, ...]) -> None:
    assert judged(team=replace(TEAM, stays=stays)).tree == judged().tree


def test_a_team_that_took_another_in_says_whose_facts_count() -> None:
    found = judged(team=MERGED)
    assert "Tổ HG-OTHER nhập vào tổ này ngày 01/04/2024: sự việc của tổ đó từ ngày này tính cho tổ này." in found.tree.sentence.vi
    assert codes(found) == ["team.merged"]
    other = under(FULL, MERGED, merged="not_enough_evidence")
    assert other is not None
    assert other.verdict is Verdict.NOT_ENOUGH
    long_ago = replace(TEAM, forebears=(Forebear(day("2020-04-01"), "HG-OTHER"),))
    assert judged(team=long_ago).tree == judged().tree


def test_a_team_that_was_merged_away_is_not_judged() -> None:
    assert judge(rules(), replace(TEAM, ended=day("2024-04-01")), FULL, LATER) is None


@pytest.mark.parametrize("team", [
    TEAM, YOUNG, MOVED, MERGED, replace(MOVED, forebears=MERGED.forebears, established=day("2024-02-01")),
    replace(TEAM, stays=(*MOVED.stays, Stay(day("2025-07-01"), "00145")), ended=day("2024-12-01")),
])
def test_teams_that_are_alike_are_judged_alike(team: Team) -> None:
    alike = like(team, WINDOW)
    assert alike.code == "" != CODE
    assert hash(alike)
    assert judged(TeamFacts(), team=alike).tree == judged(TeamFacts(), team=team).tree


def test_the_remarks_follow_the_days() -> None:
    found = life_of(replace(MOVED, forebears=MERGED.forebears, established=day("2024-02-01")), WINDOW, rules().policies, LATER)
    assert found is not None
    assert [remark.code for remark in found.remarks] == ["team.young", "team.moved", "team.merged"]
    assert not any(remark.lacking for remark in found.remarks)
