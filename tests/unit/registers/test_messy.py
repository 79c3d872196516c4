"""The messy register of ``messy.py``: every case in it is taken in as it was meant, every other row says why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from shared.registers import Bad, Good, Reading, write_back
from tests.unit.registers.books import LOG, case, events, log, reading, save
from tests.unit.registers.messy import BAD, CASES, MEDIATORS, ROSTER_BAD, messy


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return messy(tmp_path / "so.xlsx")


def bad(read: Reading) -> list[Bad]:
    return [item for item in read.items() if isinstance(item, Bad)]


def cases(read: Reading) -> list[dict[str, Any]]:
    return [event["data"] for event in events(read) if ".case." in event["type"]]


def test_each_case_is_read_as_it_was_meant(book: Path) -> None:
    read = reading(book)
    assert read.questions == [] and [table.kind for table in read.tables] == ["log", "log", "roster"]
    found = cases(read)
    assert len(found) == CASES
    days = [(case.get("received_on", case["on"]), case["on"], case.get("outcome")) for case in found]
    assert days == [
        ("2025-01-13", "2025-01-13", "settled"), ("2025-01-14", "2025-01-14", "settled"),
        ("2025-01-15", "2025-01-15", "not_settled"),
        ("2025-01-20", "2025-01-20", "settled"), ("2025-02-15", "2025-02-17", "settled"), ("2025-02-18", "2025-02-18", None),
        ("2025-02-19", "2025-02-21", "not_settled"), ("2025-02-20", "2025-02-22", "ended_by_party"),
        ("2025-02-26", "2025-02-27", "settled"),
    ]
    names = [[party["name"] for party in case["private"]["parties"]] for case in found]
    assert names[0] == ["Ông Trần Ất", "bà Lê Bính"] and names[2] == ["Hoàng Kỷ", "Vũ Canh", "Mai Tân"]
    assert names[6] == ["Đào Mùi", "Đoàn Thân"] and names[8] == ["Mạc Bảo", "Văn Cường"]
    assert {case["team"] for case in found} == {"Tổ hoà giải số 5", "Tổ hòa giải TDP số 07"}


def test_each_other_row_comes_back_with_its_reason(book: Path, tmp_path: Path) -> None:
    found = bad(reading(book))
    assert {one.row: one.words.vi for one in found if one.sheet != "Danh sách"}.keys() == BAD.keys()
    for one in found:
        words = (ROSTER_BAD if one.sheet == "Danh sách" else BAD)[one.row]
        assert words in one.words.vi
    write_back(book, tmp_path / "sua.xlsx", found)
    copy = load_workbook(tmp_path / "sua.xlsx")
    assert copy.worksheets[0].cell(13, 9).value.endswith("ghi đủ ngày/tháng/năm.")
    assert copy.worksheets[0].row_dimensions[9].hidden and copy.worksheets[0]["D8"].comment is not None


def test_the_mediators_of_the_roster_are_those_of_the_log(book: Path) -> None:
    read = reading(book)
    (roster,) = [event["data"] for event in events(read) if "roster" in event["type"]]
    people = {person["ref"]: person for person in roster["private"]["people"]}
    assert len(people) == MEDIATORS
    assert {case["mediator"] for case in cases(read) if "mediator" in case} <= people.keys()
    assert sorted(person.get("born", 0) for person in people.values()) == [1958, 1961, 1964, 1970]


def test_nothing_private_stands_outside_the_private_part(book: Path) -> None:
    for item in reading(book).items():
        for event in item.events if isinstance(item, Good) else ():
            data = json.loads(event.body)
            private = json.dumps(data["data"].pop("private"), ensure_ascii=False)
            told = json.dumps(data, ensure_ascii=False)
            assert private and not [word for word in ("Trần", "Bính", "Cẩn", "Tân", "0912", "lối đi", "Thừa kế") if word in told]


def test_a_reason_stands_right_of_merged_areas_where_it_is_seen(tmp_path: Path) -> None:
    def merge(book: Workbook) -> None:
        book.active.merge_cells("I5:M5")
        book.active.merge_cells("A1:XFD1")

    path = save(tmp_path / "so.xlsx", [["SỔ"], ["Tổ hòa giải số 5"], [], list(LOG), case(1, "2025")], touch=merge)
    (one,) = bad(reading(path))
    assert (one.row, one.column) == (5, 13)


def test_below_an_empty_row_nothing_goes_on_with_the_entry_above(tmp_path: Path) -> None:
    more, other = [None, None, None, "Hồ Sửu", "nữa"], [None, None, None, "Lê Tý", "Nợ"]
    path = log(tmp_path / "so.xlsx", case(1, "25/03/2025"), more, [], other)
    read = reading(path)
    (found,) = cases(read)
    assert [party["name"] for party in found["private"]["parties"]] == ["Trần Thị A", "Lê Văn B", "Hồ Sửu"]
    assert [(one.row, one.words.vi) for one in bad(read)] == [(8, "Thiếu ngày nhận.")]
