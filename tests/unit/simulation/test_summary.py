"""The summary at the terminal: exact figures, Vietnamese numbers, the team that tells most."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from shared.simulation import summary
from shared.simulation.figures import percent, whole


def text(renderable: Any, width: int = 80) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


@pytest.mark.parametrize(("numerator", "denominator", "shown"), [
    (11, 13, "84,6%"), (17, 20, "85,0%"), (0, 0, "–"), (0, 4, "0,0%"), (1, 1, "100,0%"), (1, 2000, "0,1%"), (4053, 5111, "79,3%"),
    (5008, 5866, "85,4%"), (2153, 2412, "89,3%"),
])
def test_percent_is_rounded_half_up_for_display(numerator: int, denominator: int, shown: str) -> None:
    assert percent(numerator, denominator) == shown


def test_thousands_have_a_point() -> None:
    assert [whole(n) for n in (0, 999, 1315, 1234567)] == ["0", "999", "1.315", "1.234.567"]


def unit(code: str, name: str, **figures: int) -> dict[str, Any]:
    empty = dict.fromkeys(("teams", "rated", "settled", "met", "not_met", "not_enough_evidence"), 0)
    return {"unit": code, "name": name, **empty, **figures}


LEAGUE = {
    "scheme": "hanoi-v2", "year": 2024, "window": ["2023-11-01", "2024-10-31"],
    "units": [
        unit("00139", "Phường Bồ Đề", teams=24, rated=22, settled=21, met=17, not_met=1, not_enough_evidence=6),
        unit("00115", "Phường Thượng Thanh", teams=1288, rated=9, settled=9, met=1028, not_met=150, not_enough_evidence=110),
    ],
    "teams": [
        {"code": "HG-B", "name": "Tổ hòa giải 2", "settled": 11, "rated": 13, "verdict": "not_met"},
        {"code": "HG-A", "name": "Tổ hòa giải 1", "settled": 0, "rated": 1, "verdict": "not_met"},
    ],
}


def test_the_table_adds_up_and_fits_80_columns() -> None:
    rows = text(summary.wards(LEAGUE)).splitlines()
    assert "MÔ PHỎNG" in rows[0]
    thanh, bo_de, whole = (next(row.split() for row in rows if name in row) for name in ("Thượng", "Bồ Đề", "Tất cả"))
    assert thanh[-7:] == ["1.288", "9", "9", "100,0%", "1.028", "150", "110"]
    assert bo_de[-7:] == ["24", "22", "21", "95,5%", "17", "1", "6"]
    assert whole[-7:] == ["1.312", "31", "30", "96,8%", "1.045", "151", "116"]
    assert all("…" not in row for row in rows)


def test_the_team_that_tells_most_comes_first() -> None:
    teams = LEAGUE["teams"]
    assert summary.telling_team(LEAGUE)["code"] == "HG-B"  # type: ignore[index]
    assert summary.telling_team({"teams": teams[1:]})["code"] == "HG-A"  # type: ignore[index]
    assert summary.telling_team({"teams": [{**teams[1], "verdict": "met"}]})["code"] == "HG-A"  # type: ignore[index]
    assert summary.telling_team({"teams": []}) is None


def node(verdict: str, sentence: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"children": [], "changes": [], "citation": "nguồn", "title": {"vi": "Tiêu chí", "en": "Criterion"}}
    return {**empty, "verdict": verdict, "sentence": {"vi": sentence, "en": sentence}, **more}


def test_what_is_lacking_is_told_in_full_and_what_is_met_in_short() -> None:
    change = {"code": "x", "vi": "Cần thêm 1 vụ việc", "en": "One more"}
    root = node("not_met", "", children=[
        node("not_met", "Chưa đạt vì " + "lý do dài " * 40, changes=[change]),
        node("met", "Câu ngắn. " * 60, changes=[change]),
    ])
    told = text(summary.explained(LEAGUE["teams"][0], root), width=2000)
    assert "Tổ hòa giải 2 (HG-B)" in told
    assert told.count("lý do dài") == 40
    assert 5 < told.count("Câu ngắn.") < 30
    assert told.count("→ Cần thêm 1 vụ việc") == 1
    assert told.count("[nguồn]") == 2


@pytest.mark.parametrize(("balanced", "word"), [(True, "· khớp"), (False, "KHÔNG KHỚP")])
def test_the_flow_says_whether_it_balances(balanced: bool, word: str) -> None:
    accounts = {"received": 9320, "applied": 9311, "duplicate": 9, "refused": 0, "redelivered": 1, "parked": 2}
    told = text(summary.flow({**accounts, "balanced": balanced}), width=200)
    assert "Đã nhận 9.320 = ghi nhận 9.311 + trùng 9 + không tiếp nhận 0" in told
    assert word in told
