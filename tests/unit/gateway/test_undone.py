"""What closed a year was taken back: said wherever the closed year is shown. An award to a household is not called a team's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import canned, canned_console, canned_praise
from tests.support.site import Site

UNDONE = {
    "code": "closing.withdrawn", "article": "Quy ước: năm đã khóa giữ nguyên", "vi": "Thông báo khóa sổ sau đó đã bị rút.",
    "en": "The notice was withdrawn since.",
}
YEAR = "year=2024&scheme=hanoi-v2"


def board(unit: str, year: int) -> Any:
    return {**canned_console.recognitions(unit, year), "closed": True, "undone": UNDONE}


def sheet(unit: str, year: int) -> Any:
    return {**canned_praise.result_sheet(unit, year), "closing": {"on": "2024-12-31", "undone": UNDONE}}


def chosen(unit: str, year: int) -> Any:
    return {"unit": unit, "year": year, "scheme": "hanoi-v2", "refused": [], "closed": {"on": "2024-12-31", "undone": UNDONE}}


def explained(team: str, scheme: str, year: int) -> Any:
    tree = canned.explanation(team, scheme, year)
    tree["about"]["closed"]["undone"] = UNDONE
    return tree


PLACES = (
    ("/units/00118/recognition", {"evaluation__recognitions": board}),
    ("/units/00118/sheet", {"evaluation__result_sheet": sheet}),
    ("/units/00118", {"evaluation__scheme_of": chosen}), ("/teams/HG-118005AB", {"evaluation__explain": explained}),
)


@pytest.mark.parametrize(("path", "told"), PLACES)
def test_a_closing_that_was_taken_back_is_said_with_its_source(path: str, told: dict[str, Any]) -> None:
    text = Site(**told).get(f"{path}?{YEAR}").text
    assert UNDONE["vi"] in text and UNDONE["article"] in text
    assert UNDONE["en"] in Site(**told).get(f"{path}?{YEAR}&lang=en").text
    assert UNDONE["vi"] not in Site().get(f"{path}?{YEAR}").text


def test_an_award_to_a_household_names_its_reference() -> None:
    first = {**canned_praise.award(0, "proposed"), "mediator": None, "household": "ho/7"}
    assert "Hộ gia đình ho/7" in Site(evaluation__commendations={"items": [first]}).get("/commendations").text
    one = {**canned_praise.commendation(first["id"]), "mediator": None, "household": "ho/7"}
    text = Site(evaluation__commendation=one).get(f"/commendations/{first['id']}").text
    assert "Hộ gia đình ho/7" in text and "Tập thể tổ hòa giải" not in text
