"""What the summary says of the wards' decisions: three counts that differ, praise by state, who waits, what has no effect."""

from __future__ import annotations

from typing import Any

import pytest

from shared.simulation import decisions
from shared.simulation.decisions import Decisions
from tests.unit.simulation.test_summary import text


def item(id: str, state: str, days: int | None = None) -> dict[str, Any]:
    decided_on = None if days is None else "2025-01-10"
    return {"id": id, "team_name": "Tổ hòa giải 2", "state": state, "days": days, "decided_on": decided_on}


def refusal(entry: str, type: str, vi: str) -> dict[str, Any]:
    return {"entry": entry, "type": type, "code": "gate", "vi": vi}


UNITS = [
    {"unit": "00139", "name": "Phường Bồ Đề", "teams": 24, "meets": 17, "requested": 18, "recognised": 14},
    {"unit": "00115", "name": "Phường Thượng Thanh", "teams": 1288, "meets": 1018, "requested": 1020, "recognised": 900},
]
ITEMS = [item("a", "paid", 20), item("b", "paid", 30), item("c", "given", 90), item("d", "submitted"), item("e", "decided", 40)]
REFUSED = [{"name": "Tổ hòa giải 6, Phường Bồ Đề", "code": "vote", "vi": "Biểu quyết 3/6, không quá nửa."}]
DECIDED = Decisions(UNITS, ITEMS, [{"team": "HG-1"}, {"team": "HG-2"}], REFUSED)


class Answers:
    """Answers each question from a list; one that is not in it is a mistake."""

    def __init__(self, answers: dict[tuple[Any, ...], Any]) -> None:
        self.answers = answers

    def call(self, service: str, method: str, **asked: Any) -> Any:
        return self.answers[service, method, *sorted(asked.items())]


def test_three_counts_a_ward_that_add_up() -> None:
    rows = text(decisions.wards(DECIDED)).splitlines()
    thanh, bo_de, all_ = (next(row.split() for row in rows if name in row) for name in ("Thượng", "Bồ Đề", "Tất cả"))
    assert thanh[-5:] == ["1.288", "1.018", "1.020", "900", "69,9%"]
    assert bo_de[-5:] == ["24", "17", "18", "14", "58,3%"]
    assert all_[-5:] == ["1.312", "1.035", "1.038", "914", "69,7%"]
    assert all("…" not in row for row in rows)


def test_praise_by_state_waiting_time_who_waits_and_what_has_no_effect() -> None:
    praise, owed, refused = (line.plain for line in decisions.lines(DECIDED))
    assert praise == "Khen thưởng 5 đề xuất: đã trình 1, đã quyết định 1, đã trao 1, đã chi thưởng 2"
    assert owed == "Còn 2 tập thể, cá nhân chờ khen thưởng; từ công nhận đến quyết định khen thưởng: trung vị 40 ngày"
    assert refused == "Quyết định không có hiệu lực  Tổ hòa giải 6, Phường Bồ Đề: Biểu quyết 3/6, không quá nửa."


def test_without_any_praise_only_who_waits_is_told() -> None:
    (owed,) = (line.plain for line in decisions.lines(Decisions(UNITS, [], [{"team": "HG-1"}], [])))
    assert owed == "Còn 1 tập thể, cá nhân chờ khen thưởng"


def test_a_decision_without_its_number_of_days_is_left_out_of_the_median() -> None:
    _, owed = (line.plain for line in decisions.lines(Decisions(UNITS, [item("a", "decided")], [], [])))
    assert "trung vị" not in owed


def test_the_line_for_programs() -> None:
    assert DECIDED.counted() == {"recognised": 914, "requested": 1038, "commended": 4, "owed": 2, "refused_decisions": 1}


def test_everything_is_asked_of_the_services() -> None:
    """A refused decision is looked up where the ward's board says that there is one, and told once."""
    answers = Answers({
        ("evaluation", "rollup", ("year", 2024)): {"units": UNITS[:1]},
        ("evaluation", "commendations", ("year", 2024)): {"items": ITEMS[:2]},
        ("evaluation", "owed"): {"items": []},
        ("evaluation", "recognitions", ("unit", "00139"), ("year", 2024)): {
            "teams": [{"code": "HG-1", "name": "Tổ 1", "refused": 0}, {"code": "HG-6", "name": "Tổ hòa giải 6", "refused": 1}],
        },
        ("evaluation", "recognition", ("team", "HG-6"), ("year", 2024)): {"refused": [
            refusal("e1", "recognition.requested", "Không quá nửa."), refusal("e2", "recognition.decided", "Không quá nửa."),
            refusal("e2", "recognition.decided", "Không có thẩm quyền."),
        ]},
        ("evaluation", "commendation", ("id", "a")): {"refused": [refusal("e3", "commendation.decided", "Đã khen rồi.")]},
        ("evaluation", "commendation", ("id", "b")): {"refused": []},
    })
    asked = decisions.ask(answers, 2024)  # type: ignore[arg-type]
    assert [(one["name"], one["vi"]) for one in asked.refused] == [
        ("Tổ hòa giải 6, Phường Bồ Đề", "Không quá nửa."), ("Tổ hòa giải 2", "Đã khen rồi."),
    ]


@pytest.mark.parametrize("state", sorted(decisions.STATES))
def test_every_state_has_its_word(state: str) -> None:
    (praise, _) = (line.plain for line in decisions.lines(Decisions([], [item("a", state)], [], [])))
    assert praise.endswith(f"{decisions.STATES[state].lower()} 1")
