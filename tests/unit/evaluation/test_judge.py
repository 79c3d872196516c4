"""The whole: which teams are evaluated, the shape of the explanation, what is lacking."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from services.evaluation.domain.facts import Meeting, TeamFacts
from services.evaluation.domain.judge import judge
from services.evaluation.domain.life import life_in
from services.evaluation.domain.verdict import Verdict
from shared.calendar import Span
from tests.unit.evaluation.builders import CODE, FULL, LATER, TEAM, WINDOW, day, having, judged, node, rules

KEYS = {
    "id", "title", "verdict", "sentence", "value", "threshold", "inputs", "citation", "evidence", "duty", "changes", "children",
}


@pytest.mark.parametrize(("established", "ended", "today", "first"), [
    ("2010-01-01", None, "2025-01-01", "2023-11-01"),
    ("2024-03-01", None, "2025-01-01", "2024-03-01"),
    ("2024-11-01", None, "2025-01-01", None),              # began after the window
    ("2024-03-01", None, "2024-02-01", None),              # has not begun yet
    ("2010-01-01", "2024-06-01", "2025-01-01", None),      # merged away within it
    ("2010-01-01", "2024-10-31", "2025-01-01", None),      # gone on its last day
    ("2010-01-01", "2024-11-01", "2025-01-01", "2023-11-01"),
    ("2010-01-01", "2024-06-01", "2024-05-31", "2023-11-01"),
    ("2010-01-01", None, "2023-10-31", None),              # the window has not begun
])
def test_which_teams_are_evaluated(established: str, ended: str | None, today: str, first: str | None) -> None:
    team = replace(TEAM, established=day(established), ended=None if ended is None else day(ended))
    life = life_in(team, WINDOW, day(today))
    assert life == (None if first is None else Span(day(first), WINDOW.last))
    assert (judge(rules(), team, TeamFacts(), day(today)) is None) == (first is None)


def test_the_explanation_has_the_agreed_shape() -> None:
    def check(node: dict[str, object]) -> None:
        assert set(node) == KEYS
        assert node["verdict"] in ("met", "not_met", "not_enough_evidence", None)
        assert node["evidence"] in ("computed", "recorded", "attested", "rule")
        assert node["duty"] in ("team", "commune")
        assert set(node["title"]) == set(node["sentence"]) == {"vi", "en"}  # type: ignore[call-overload]
        for given in node["inputs"]:  # type: ignore[attr-defined]
            assert set(given) == {"kind", "id", "on"}
        for change in node["changes"]:  # type: ignore[attr-defined]
            assert set(change) == {"code", "vi", "en", "lacking"}
        for child in node["children"]:  # type: ignore[attr-defined]
            check(child)

    for facts in (FULL, TeamFacts(), having(meetings=())):
        for scheme in ("hanoi-v1", "hanoi-v2"):
            tree = judged(facts, scheme).tree.as_json()
            check(json.loads(json.dumps(tree)))
            assert tree["id"] == scheme


def test_inputs_name_the_facts() -> None:
    found = judged()
    assert [i.id for i in node(found, "settled_rate").inputs] == ["case-1", "case-2", "case-3"]
    assert node(found, "meetings.half_year").as_json()["inputs"] == [{"kind": "meeting", "id": "m-1", "on": "2024-06-01"}]


def test_the_root_lists_what_is_missing_and_hides_what_is_met() -> None:
    found = judged(having(meetings=(FULL.meetings[1],)))
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.lacking == ("meetings.half_year.missing",)
    assert [c.vi for c in found.tree.changes] == [
        "Còn thiếu biên bản họp 6 tháng (đã họp trong 01/05/2024 - 31/07/2024)."
    ]
    assert found.tree.value == "4/5"
    assert "chưa đủ căn cứ: Họp 6 tháng, cả năm, trao đổi kinh nghiệm" in found.tree.sentence.vi


def test_alternatives_that_are_not_needed_are_not_lacking() -> None:
    """Requests in each half-year make an invited case unnecessary."""
    found = judged()
    assert node(found, "coordination.invited").verdict is Verdict.NOT_ENOUGH
    assert found.lacking == ()


def test_a_late_meeting_can_still_be_mended() -> None:
    found = judged(having(meetings=(FULL.meetings[0], Meeting("m", CODE, "year", day("2024-11-20")))))
    assert found.verdict is Verdict.NOT_MET
    assert found.lacking == ("meetings.year.out_of_range",)


def test_a_verdict_that_time_may_change_says_when() -> None:
    found = judged(TeamFacts(), today=day("2024-11-10"))
    assert found.revisit_on == day("2024-11-15")
    assert judged(FULL, today=LATER).revisit_on is None
