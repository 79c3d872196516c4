"""By which criterion verdicts part, and what good teams did differently."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.facts import Meeting, Step, TeamFacts
from services.evaluation.domain.judge import Judgement, judge, year_rules
from services.evaluation.domain.registry import FEWEST, Comparison
from services.evaluation.domain.variant import tried, vary
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.whatif import flip
from services.evaluation.rules import shipped
from shared.contracts import When
from tests.unit.evaluation.builders import CODE, FULL, LATER, TEAM, WINDOW, day, having, judged, settled

V2 = shipped()["hanoi-v2"]


def under(*changes: str, facts: TeamFacts = FULL) -> Judgement:
    rules = year_rules(vary(V2, tried(V2, changes)), 2024)
    assert rules is not None
    found = judge(rules, TEAM, facts, LATER)
    assert found is not None
    return found


SEVENTEEN_OF_TWENTY = having(cases=tuple(
    settled(f"c{n}", status="settled" if n < 17 else "not_settled") for n in range(20)
), payments=())


def test_who_would_fail_fails_by_the_criterion_that_changed() -> None:
    found = flip(under(facts=SEVENTEEN_OF_TWENTY), under("settled_rate=0.90", facts=SEVENTEEN_OF_TWENTY))
    assert found is not None
    assert (found.before, found.after) == (Verdict.NOT_ENOUGH, Verdict.NOT_MET)
    (part,) = found.deciding
    assert (part.id, part.before, part.after) == ("settled_rate", Verdict.MET, Verdict.NOT_MET)
    assert "17/20" in part.sentence.vi


def test_a_lower_bar_tells_what_no_longer_stands_in_the_way() -> None:
    found = flip(under("settled_rate=0.90", facts=SEVENTEEN_OF_TWENTY), under(facts=SEVENTEEN_OF_TWENTY))
    assert found is not None
    assert (found.before, found.after) == (Verdict.NOT_MET, Verdict.NOT_ENOUGH)
    assert [(part.id, part.before, part.after) for part in found.deciding] == [("settled_rate", Verdict.NOT_MET, Verdict.MET)]


def test_another_scheme_decides_by_a_criterion_of_its_own() -> None:
    facts = having(trainings=(), deliveries=FULL.deliveries)
    found = flip(judged(facts, "hanoi-v2"), judged(having(), "hanoi-v1"))
    assert found is not None
    assert {part.id for part in found.deciding} == {"documents_training"}
    assert all(part.after is None for part in found.deciding), "hanoi-v1 does not ask it"


def test_the_same_verdict_is_no_flip_whatever_its_criteria() -> None:
    assert flip(judged(), judged()) is None
    assert flip(None, None) is None


def test_a_team_that_is_judged_on_one_side_only() -> None:
    found = flip(judged(), None)
    assert found is not None
    assert (found.before, found.after, found.deciding) == (Verdict.MET, None, ())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100), st.integers(0, 100))
def test_every_flip_names_what_decides_and_a_higher_bar_lifts_nobody(low: int, more: int) -> None:
    before = under(f"settled_rate={low}%", facts=SEVENTEEN_OF_TWENTY)
    after = under(f"settled_rate={min(100, low + more)}%", facts=SEVENTEEN_OF_TWENTY)
    found = flip(before, after)
    if found is not None:
        assert found.after is Verdict.NOT_MET
        assert [part.id for part in found.deciding] == ["settled_rate"]


# -- models to spread

def compared(good: list[TeamFacts], others: list[TeamFacts], fewest: int = 1) -> dict[str, tuple[Fraction | None, str]]:
    comparison = Comparison(WINDOW, fewest)
    for side, teams in ((True, good), (False, others)):
        for facts in teams:
            comparison.add(TEAM, facts, side)
    return {found.practice.code: (found.difference, found.sentence.vi) for found in comparison.found()}


def test_differences_are_exact_and_the_numbers_of_teams_stand_beside_them() -> None:
    less = having(meetings=FULL.meetings[:1], coordinations=FULL.coordinations[:1])
    found = compared([FULL, FULL, less], [less])
    assert found["meetings"][0] == Fraction(5, 3) - 1
    assert found["meetings"][1] == "Tổ tốt 1,7 (3 tổ), tổ khác 1,0 (1 tổ)."
    assert found["coordination"][0] == Fraction(5, 3) - 1
    assert found["members_trained"][0] == 0


def test_a_meeting_in_the_first_days_of_a_window_looks_back_on_the_year_before() -> None:
    last_years = having(meetings=(Meeting("old", CODE, "self_assessment", day("2023-11-10")),))
    own = having(meetings=(Meeting("new", CODE, "self_assessment", day("2024-11-10")),))
    assert compared([own], [last_years])["meetings"][0] == 1


def test_too_few_teams_say_nothing() -> None:
    assert compared([FULL] * (FEWEST - 1), [FULL] * 50, FEWEST)["meetings"] == (
        None, f"Quá ít tổ để so sánh ({FEWEST - 1} tổ tốt, 50 tổ khác)."
    )
    assert compared([FULL] * FEWEST, [FULL] * FEWEST, FEWEST)["meetings"][0] == 0


def test_a_team_without_a_case_says_nothing_about_cases() -> None:
    found = compared([FULL], [having(cases=())])
    assert found["days_to_start"][0] is None
    assert "1 tổ tốt, 0 tổ khác" in found["days_to_start"][1]


@pytest.mark.parametrize(("type", "counted"), [("outreach.held", 1), ("practice.noted", 0)])
def test_outreach_is_counted(type: str, counted: int) -> None:
    step = Step(
        id="s", record="r", type=type, team=CODE, on=day("2024-05-05"), time=When("2024-05-05"), source="urn:x", event_id="1",
        data={"team": "Tổ 1", "title": "x"},
    )
    assert compared([having(steps=(step,))], [FULL])["outreach"][0] == counted
