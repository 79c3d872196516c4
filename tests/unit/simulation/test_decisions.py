"""What the summary says of the wards' decisions: three counts that differ, praise by state, who waits, what has no effect."""

from __future__ import annotations

from typing import Any

import pytest

from shared.simulation import decisions
from shared.simulation.decisions import Decisions
from tests.unit.simulation.test_summary import text


def item(id: str, state: str, refused: int = 0) -> dict[str, Any]:
    return {"id": id, "team_name": "Tổ hòa giải 2", "unit_name": "Phường Bồ Đề", "state": state, "refused": refused}


def refusal(entry: str, type: str, vi: str) -> dict[str, Any]:
    return {"entry": entry, "type": type, "code": "gate", "vi": vi}


def board(unit: str, name: str, scheme: str, *teams: dict[str, Any], **counts: int) -> dict[str, Any]:
    return {"unit": unit, "unit_name": name, "scheme": scheme, "counts": counts, "teams": list(teams)}


BOARDS = [
    board("00139", "Phường Bồ Đề", "hanoi-v2", {"code": "HG-1", "name": "Tổ hòa giải 1", "refused": 0},
          {"code": "HG-6", "name": "Tổ hòa giải 6", "refused": 1}, teams=24, meets=17, requested=18, recognised=14),
    board("00115", "Phường Thượng Thanh", "hanoi-v1+0a1b2c3d4e", teams=1288, meets=1018, requested=1020, recognised=900),
]
ITEMS = [item("a", "paid", 1), item("b", "paid"), item("c", "given"), item("d", "submitted"), item("e", "decided")]
REFUSED = [{"name": "Tổ hòa giải 6, Phường Bồ Đề", "code": "vote", "vi": "Biểu quyết 3/6, không quá nửa."}]
NEVER = {"n": 0, "median": None}
DECIDED = Decisions(BOARDS, ITEMS, [{"team": "HG-1"}, {"team": "HG-2"}], {"n": 4, "median": 40}, REFUSED)


class Answers:
    """Answers each question from a list; one that is not in it is a mistake."""

    def __init__(self, answers: dict[tuple[Any, ...], Any]) -> None:
        self.answers = answers

    def call(self, service: str, method: str, **asked: Any) -> Any:
        return self.answers[service, method, *sorted(asked.items())]


def test_three_counts_a_ward_that_add_up() -> None:
    rows = text(decisions.wards(DECIDED)).splitlines()
    thanh, bo_de, all_ = (next(row.split() for row in rows if name in row) for name in ("Thượng", "Bồ Đề", "Tất cả"))
    assert thanh[-7:] == ["hanoi-v1", "*", "1.288", "1.018", "1.020", "900", "69,9%"]
    assert bo_de[-5:] == ["24", "17", "18", "14", "58,3%"]
    assert all_[-5:] == ["1.312", "1.035", "1.038", "914", "69,7%"]
    assert rows[-1].strip() == "* có điều chỉnh của phường, xã"
    assert all("…" not in row for row in rows)


def test_praise_by_state_waiting_time_who_waits_and_what_has_no_effect() -> None:
    praise, owed, refused = (line.plain for line in decisions.lines(DECIDED))
    assert praise == "Khen thưởng 5 đề xuất: đã trình 1, đã quyết định 1, đã trao 1, đã chi thưởng 2"
    assert owed == "Còn 2 tập thể, cá nhân chờ khen thưởng; từ công nhận đến quyết định khen thưởng: trung vị 40 ngày"
    assert refused == "Quyết định không có hiệu lực  Tổ hòa giải 6, Phường Bồ Đề: Biểu quyết 3/6, không quá nửa."


def test_without_any_praise_only_who_waits_is_told() -> None:
    (owed,) = (line.plain for line in decisions.lines(Decisions(BOARDS, [], [{"team": "HG-1"}], NEVER, [])))
    assert owed == "Còn 1 tập thể, cá nhân chờ khen thưởng"


def test_where_nobody_waits_that_is_said() -> None:
    (owed,) = (line.plain for line in decisions.lines(Decisions(BOARDS, [], [], NEVER, [])))
    assert owed == "Không có tập thể, cá nhân nào chờ khen thưởng"


def test_the_line_for_programs() -> None:
    assert DECIDED.counted() == {"recognised": 914, "requested": 1038, "commended": 4, "owed": 2, "refused_decisions": 1}


def test_everything_is_asked_of_the_services() -> None:
    """A refused decision is looked up where the ward's board says that there is one, and told once."""
    answers = Answers({
        ("directory", "units"): [{"code": "004"}, {"code": "00139"}],
        ("evaluation", "recognitions", ("unit", "004"), ("year", 2024)): board("004", "Quận Long Biên", "hanoi-v2"),
        ("evaluation", "recognitions", ("unit", "00139"), ("year", 2024)): BOARDS[0],
        ("evaluation", "commendations", ("year", 2024)): {"items": ITEMS},
        ("evaluation", "timeliness", ("whole", True), ("year", 2024)): [{"unit": "", "n": 1, "median": 30}],
        ("evaluation", "owed"): {"items": []},
        ("evaluation", "recognition", ("team", "HG-6"), ("year", 2024)): {"refused": [
            refusal("e1", "recognition.requested", "Không quá nửa."), refusal("e2", "recognition.decided", "Không quá nửa."),
            refusal("e2", "recognition.decided", "Không có thẩm quyền."),
        ]},
        ("evaluation", "commendation", ("id", "a")): {"refused": [refusal("e3", "commendation.decided", "Đã khen rồi.")]},
    })
    asked = decisions.ask(answers, 2024)  # type: ignore[arg-type]
    assert [(one["name"], one["vi"]) for one in asked.refused] == [
        ("Tổ hòa giải 6, Phường Bồ Đề", "Không quá nửa."), ("Tổ hòa giải 2, Phường Bồ Đề", "Đã khen rồi."),
    ]
    assert asked.boards == BOARDS[:1], "a unit without teams has no line"


@pytest.mark.parametrize("state", sorted(decisions.STATES))
def test_every_state_has_its_word(state: str) -> None:
    (praise, _) = (line.plain for line in decisions.lines(Decisions([], [item("a", state)], [], NEVER, [])))
    assert praise.endswith(f"{decisions.STATES[state].lower()} 1")
