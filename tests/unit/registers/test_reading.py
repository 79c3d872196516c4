"""A messy register is read as it was meant, or says why not; nothing is guessed."""

# ruff: noqa: E501 - rows of registers stand on one line

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from shared.registers import KINDS, Bad, Good, RegisterError, RowError, read, write_back, write_template
from shared.registers.dates import read as read_date
from shared.registers.people import team_key
from shared.registers.tables import COLUMNS, column_of
from tests.unit.registers.books import LOG, WORLD, case, events, log, reading, save

DAY = dt.date(2025, 3, 25)


@pytest.mark.parametrize("written", [
    "25/03/2025", "25/3/25", "25.3.2025", "25-03-2025", " 25 / 3 / 2025 ", "2025-03-25", "ngày 25 tháng 3 năm 2025", "Ngày 25/03/2025",
    DAY, dt.datetime.combine(DAY, dt.time()), 45741, "45741", 45741.0,
])
def test_every_way_to_write_a_day(written: Any) -> None:
    found = read_date(written)
    assert found is not None
    assert found.day("dmy", "kept") == DAY


@pytest.mark.parametrize("written", ["2025", 2025, "năm 2025", "3/2025", "hôm qua", "32/13/2025", "29/02/2025", 12])
def test_what_is_no_day_says_so(written: Any) -> None:
    with pytest.raises(RowError) as told:
        found = read_date(written)
        assert found is not None
        found.day("dmy", "kept")
    assert told.value.words.vi and told.value.words.en


@given(st.dates(dt.date(1976, 1, 1), dt.date(2099, 12, 31)), st.sampled_from("/.-"), st.booleans())
def test_a_day_is_read_back_as_it_was_written(day: dt.date, sign: str, padded: bool) -> None:
    text = f"{day:%d{sign}%m{sign}%Y}" if padded else f"{day.day}{sign}{day.month}{sign}{day.year}"
    found = read_date(text)
    assert found is not None and found.day("dmy", "kept") == day
    american = read_date(f"{day.month}{sign}{day.day}{sign}{day.year}")
    assert american is not None and american.day("mdy", "kept") == day


@given(st.text(max_size=30))
def test_no_cell_raises_anything_but_a_reason(text: str) -> None:
    try:
        read_date(text)
    except RowError as error:
        assert error.words.vi


@given(st.sampled_from(sorted(COLUMNS)).flatmap(lambda name: st.tuples(st.just(name), st.sampled_from(COLUMNS[name]))),
       st.sampled_from(["upper", "title", "NFD", "dots"]))
def test_headings_in_any_spelling(heading: tuple[str, str], way: str) -> None:
    name, text = heading
    spelt = {
        "upper": text.upper(), "title": text.title(), "NFD": unicodedata.normalize("NFD", text), "dots": f" {text.replace(' ', '  ')}: ",
    }[way]
    assert column_of(spelt) == name


@pytest.mark.parametrize(("heading", "field"), [
    ("Ngày, tháng, năm nhận", "received"), ("NGÀY TIẾP NHẬN\n(ngày/tháng/năm)", "received"), ("Họ và tên HGV", "mediator"),
    ("Nội dung chủ yếu của vụ việc", "content"), ("Hoà giải thành", "settled"), ("HÒA GIẢI KHÔNG THÀNH", "not_settled"), ("Gc", "notes"),
])
def test_headings_that_communes_use(heading: str, field: str) -> None:
    assert column_of(unicodedata.normalize("NFD", heading)) == field


def test_a_log_is_read_with_titles_numbering_totals_and_notes(tmp_path: Path) -> None:
    path = log(
        tmp_path / "so.xlsx", [f"({i})" for i in range(1, 11)], case(1, "25/03/2025"), [], case("2", dt.date(2025, 4, 20)),
        case(3, "30.4.25", settled=None, failed="x"), case(4, "26/05/2025", settled=None), ["Tổng cộng", 4], [None, None, "Người lập sổ"],
    )
    found = events(reading(path))
    assert [e["type"].split(".", 2)[2] for e in found] == ["case.recorded.v1"] * 3 + ["case.reported.v1"]
    assert [e["data"].get("outcome") for e in found] == ["settled", "settled", "not_settled", None]
    first = found[0]["data"]
    assert (first["team"], first["received_on"], first["on"]) == ("Tổ hòa giải TDP số 5", "2025-03-25", "2025-03-25")
    assert [p["name"] for p in first["private"]["parties"]] == ["Trần Thị A", "Lê Văn B"]
    assert first["dispute"] == "personal" and first["ext"]["dispute_by"] == "content"


def test_no_name_leaves_the_private_part(tmp_path: Path) -> None:
    found = events(reading(log(tmp_path / "so.xlsx", case(1, "25/03/2025"))))
    found[0]["data"].pop("private")
    told = str(found)
    assert not [name for name in ("Trần", "Lê Văn B", "Nguyễn Văn C", "lối đi") if name in told]


def test_headings_of_two_lines_with_merged_cells_and_several_books_in_one_sheet(tmp_path: Path) -> None:
    def merge(book: Workbook) -> None:
        sheet = book.active
        for area in ("A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3"):
            sheet.merge_cells(area)
        sheet.merge_cells("A5:A6")
        sheet.merge_cells("B5:B6")

    top = ["STT", "Ngày nhận", "Các bên", "Nội dung", "Kết quả hòa giải", None]
    rows: list[list[Any]] = [
        ["SỔ THEO DÕI"], ["Tổ hòa giải số 5"], top, [None, None, None, None, "Thành", "Không thành"],
        [1, "25/03/2025", "Ông Trần A", "Tiếng ồn", "x", None], [None, None, "Bà Lê B", None, None, None],
        [2, "26/03/2025", "Phạm C", "Nợ tiền", None, "x"], [], ["Tổ hòa giải số 7"], list(LOG), case(1, "27/03/2025"),
    ]
    found = [e["data"] for e in events(reading(save(tmp_path / "so.xlsx", rows, touch=merge)))]
    assert [(d["team"], d["outcome"]) for d in found] == [
        ("Tổ hòa giải số 5", "settled"), ("Tổ hòa giải số 5", "not_settled"), ("Tổ hòa giải số 7", "settled"),
    ]
    assert [p["name"] for p in found[0]["private"]["parties"]] == ["Ông Trần A", "Bà Lê B"]


@pytest.mark.parametrize(("days", "option"), [
    (["25/03/2025", "03/26/2025"], "--day-order"),
    (["05/03/2025", "07/04/2025"], "--day-order"),
    (["03/25/2025", "04/05/2025"], "--day-order"),
    (["25/03/2025", dt.date(2025, 12, 3)], "--excel-dates"),
    ([dt.date(2025, 3, 25), dt.date(2026, 12, 3)], "--excel-dates"),
])
def test_swapped_days_are_asked_about_and_never_guessed(tmp_path: Path, days: list[Any], option: str) -> None:
    path = log(tmp_path / "so.xlsx", *(case(i, day) for i, day in enumerate(days, 1)))
    (question,) = reading(path).questions
    assert question.option == option and question.lines
    answered = {"order": question.answers[0]} if option == "--day-order" else {"cells": question.answers[1]}
    assert reading(path, **answered).questions == []


@pytest.mark.parametrize("days", [["25/03/2025", "05/03/2025"], [DAY, dt.date(2025, 4, 5)], ["2025-03-05", "2025-04-06"]])
def test_clear_days_are_not_asked_about(tmp_path: Path, days: list[Any]) -> None:
    assert reading(log(tmp_path / "so.xlsx", *(case(i, day) for i, day in enumerate(days, 1)))).questions == []


def test_ended_before_received_only_if_read_day_first_is_asked_about(tmp_path: Path) -> None:
    heading = ["STT", "Ngày nhận", "Các bên", "Nội dung", "Thành", "Ngày kết thúc"]
    path = log(
        tmp_path / "so.xlsx", [1, "10/02/2025", "A B", "Nợ", "x", "01/03/2026"], [2, "25/03/2025", "C D", "Nợ", "x", "26/03/2025"],
        [3, "01/12/2025", "E F", "Nợ", "x", "02/11/2025"], heading=heading,
    )
    assert [q.option for q in reading(path).questions] == ["--day-order"]


def test_excel_dates_are_swapped_back_when_a_person_says_so(tmp_path: Path) -> None:
    path = log(tmp_path / "so.xlsx", case(1, "25/03/2025"), case(2, dt.date(2025, 12, 3)))
    assert [e["data"]["on"] for e in events(reading(path, cells="swapped"))] == ["2025-03-25", "2025-03-12"]


def test_bad_rows_come_back_beside_themselves_formats_kept_and_mended_are_read(tmp_path: Path) -> None:
    def paint(book: Workbook) -> None:
        from openpyxl.styles import Font

        book.active["D5"].font = Font(bold=True, color="FFFF0000")
        book.active.column_dimensions["D"].width = 33

    rows = [["Tổ hòa giải số 5"], [], list(LOG), case(1, "25/03/2025"), case(2, "2025"), case(3, "26/03/2030"),
            case(4, "27/03/2025", failed="x")]
    path = save(tmp_path / "so.xlsx", rows, touch=paint)
    items = list(reading(path).items())
    bad = [item for item in items if isinstance(item, Bad)]
    assert [b.row for b in bad] == [5, 6, 7]
    out = tmp_path / "sua.xlsx"
    write_back(path, out, bad)
    sheet = load_workbook(out).active
    column = bad[0].column + 1
    assert sheet.cell(3, column).value == "Lý do chưa nhận" and "chỉ có năm" in sheet.cell(5, column).value
    assert sheet.cell(4, column).value is None
    assert sheet["D5"].font.bold and sheet.column_dimensions["D"].width == 33
    write_back(path, tmp_path / "en.xlsx", bad, "en")
    assert "year only" in load_workbook(tmp_path / "en.xlsx").active.cell(5, column).value
    # mended by hand and read again: the reasons are no part of the register
    book = load_workbook(out)
    for row, day in ((5, "28/03/2025"), (6, "26/03/2025")):
        book.active.cell(row, 2, day)
    book.active.cell(7, 8).value = None
    book.save(out)
    again = reading(out)
    assert [i for i in again.items() if isinstance(i, Bad)] == [] and len(events(again)) == 4
    assert events(again)[0] == events(reading(path))[0]
    write_back(out, out, [], stale=[(t.sheet, t.columns["reason"]) for t in again.tables])
    assert load_workbook(out).active.cell(5, column).value is None


def test_a_reason_never_becomes_a_formula(tmp_path: Path) -> None:
    path = log(tmp_path / "so.xlsx", case(1, '=HYPERLINK("http://x")'), case(2, "@SUM(1)"), case(3, "+1+1"))
    bad = [i for i in reading(path).items() if isinstance(i, Bad)]
    write_back(path, tmp_path / "sua.xlsx", [b._replace(words=type(b.words)("=1+1", "=1+1")) for b in bad])
    sheet = load_workbook(tmp_path / "sua.xlsx").active
    assert bad
    for one in bad:
        assert sheet.cell(one.row, one.column + 1).data_type != "f"


def test_the_roster_and_the_log_name_a_mediator_alike_and_only_by_the_key(tmp_path: Path) -> None:
    heading = ["TT", "Tên tổ", "Họ và tên", "Giới tính", "Năm sinh", "Dân tộc", "Trình độ luật", "Đã tập huấn", "Chức vụ", "SĐT"]
    path = save(tmp_path / "ds.xlsx", [["DANH SÁCH"], heading, [1, "THG TDP 05", "NGUYỄN VĂN C", "Nam", 1960, "Tày", "x", None, "Tổ trưởng",
                                                                900000000], [2, "THG TDP 05", "Lê D", "Nữ", "2/3/58", "Kinh", "Không"]])
    (roster,) = events(reading(path))
    (recorded,) = events(reading(log(tmp_path / "so.xlsx", case(1, "25/03/2025"))))
    people = {p["name"]: p for p in roster["data"]["private"]["people"]}
    assert people["NGUYỄN VĂN C"]["ref"] == recorded["data"]["mediator"]
    assert people["NGUYỄN VĂN C"]["phone"] == "0900000000" and people["Lê D"]["born"] == 1958
    by_ref = {m["ref"]: m for m in roster["data"]["teams"][0]["mediators"]}
    assert by_ref[recorded["data"]["mediator"]] == {
        "ref": recorded["data"]["mediator"], "sex": "male", "leader": True, "ethnic_minority": True, "law_qualified": True,
    }
    other = type(WORLD.references)(b"z" * 96)
    assert other.mediator("00118", "Tổ 5", "Nguyễn Văn C") != recorded["data"]["mediator"]
    assert team_key("Tổ hòa giải TDP số 05") == team_key("tdp 5") == team_key("THG 5")


def test_lists_about_many_teams_become_one_event_each(tmp_path: Path) -> None:
    documents = [["Tên tài liệu", "Ngày cấp", "Tổ hòa giải", "Số danh sách"], ["Sổ tay", "25/03/2025", "Tất cả", "02"],
                 ["Luật", "25/03/2025", "Tổ 1", None], ["Luật", "25/03/2025", "Tổ 2", None]]
    attendance = [["Tên lớp", "Ngày tập huấn", "Tổ hòa giải", "Số người dự"], ["Kỹ năng", "25/03/2025", "Tổ 1", 3],
                  ["Kỹ năng", "25/03/2025", "Tổ 2", "0"]]
    zero = [["Tháng", "Tổ hòa giải"], ["3/2025", "Tất cả các tổ"], ["02/2025", "Tổ 1"], ["tháng 2 năm 2025", "Tổ 2"]]
    found = [e["data"] for e in events(reading(save(tmp_path / "b.xlsx", documents, attendance, zero)))]
    assert found[0]["all_of"] == "00118" and found[1]["teams"] == ["Tổ 1", "Tổ 2"]
    assert found[2]["attendance"] == [{"team": "Tổ 1", "present": 3}, {"team": "Tổ 2", "present": 0}]
    assert (found[3]["all_of"], found[3]["period_from"], found[3]["period_to"]) == ("00118", "2025-03-01", "2025-03-31")
    assert (found[4]["teams"], found[4]["period_to"]) == (["Tổ 1", "Tổ 2"], "2025-02-28")


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_back_without_its_example(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.xlsx"
    write_template(kind, path)
    empty = reading(path)
    assert [t.kind for t in empty.tables] == [kind] and empty.questions == []
    assert events(empty) == [] and empty.examples == 1
    book = load_workbook(path)
    sheet = book.active
    for column in range(1, sheet.max_column):
        sheet.cell(5, column).value = sheet.cell(4, column).value
    book.save(path)
    filled = reading(path)
    assert not [i for i in filled.items() if isinstance(i, Bad)]
    assert len(events(filled)) == 1


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = log(tmp_path / "so.xlsx", case(1, "25/03/2025"), case(2, "26/03/2025"))
    bodies = [[e.body for i in read(path, WORLD).items() if isinstance(i, Good) for e in i.events] for _ in range(2)]
    assert bodies[0] == bodies[1] and len({*bodies[0]}) == 2


def test_a_row_twice_in_one_file_is_told(tmp_path: Path) -> None:
    path = log(tmp_path / "so.xlsx", case(1, "25/03/2025"), case(1, "25/03/2025"))
    assert [i.row for i in reading(path).items() if isinstance(i, Bad)] == [6]


def test_no_table_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="Không tìm thấy bảng"):
        reading(save(tmp_path / "x.xlsx", [["Xin chào"], [1, 2, 3]]))
