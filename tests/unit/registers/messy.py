"""A register as a hurried hand leaves it, made here cell by cell: titles merged across the sheet, two teams' books one below the
other under headings that differ, a heading of two lines, days as text, as Excel's dates, as numbers and with day and month swapped
by Excel, numbers as text, names in NFD and capitals, a formula with its stored result, hidden rows and columns, notes, totals and
signatures below, an empty sheet, a sheet of notes, and a second sheet with the roster.

Nothing in it is a real person's.
"""

# ruff: noqa: E501 - rows of registers stand on one line

from __future__ import annotations

import datetime as dt
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

CASES = 9
"""Rows that are cases and can be read; ``BAD`` more cannot. Each comes to one event; the roster to one more."""
BAD = {13: "chỉ có năm", 14: "cả “thành” và “không thành”", 24: "không có trong lịch", 25: "Thiếu ngày nhận"}
"""Row of the first sheet → words of the reason."""
MEDIATORS = 4
ROSTER_BAD = {8: "giới tính"}


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def messy(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = nfd("Sổ HG 2025")
    rows: list[list[Any]] = [
        ["ỦY BAN NHÂN DÂN PHƯỜNG BỒ ĐỀ"],
        ["SỔ THEO DÕI HOẠT ĐỘNG HÒA GIẢI Ở CƠ SỞ NĂM 2025"],
        [nfd("Tổ hoà giải số 5")],
        [],
        ["TT", "Ngày, tháng, năm\nnhận vụ việc", nfd("HỌ VÀ TÊN HGV"), "Họ tên các bên", "Nội dung chủ yếu", "Kết quả hòa giải", None, "Ghi chú"],
        [None, None, None, None, None, "Thành", "Không thành", None],
        [f"({n})" for n in range(1, 9)],
        [1, "13/01/2025", nfd("Nguyễn Văn Cẩn"), "Ông Trần Ất (sinh năm 1961, ngõ 5/12)\nvà bà Lê Bính", "Tranh chấp lối đi chung", "x", None, None],
        ["2", "14-1-25", "NGUYỄN VĂN CẨN", "Phạm Đinh; Đỗ Mậu", "  Tiếng ồn   ban đêm ", "X", None, "vụ này 2 buổi"],
        [3, 45_672, "Lê Thị Tân", nfd("Hoàng Kỷ - Vũ Canh"), "Nợ tiền", None, "x", None],
        [None, None, None, "Mai Tân (làm chứng)", None, None, None, None],
        [4.0, dt.date(2025, 1, 20), "Lê Thị Tân", "Bùi Nhâm; Bùi Quý", "Mâu thuẫn vợ chồng", "✓", None, None],
        [5, 2025, "Lê Thị Tân", "Ngô Tý", "Đánh nhau nhẹ", "x", None, "không nhớ ngày"],
        [6, "22/01/2025", "Lê Thị Tân", "Hồ Sửu; Dương Dần", "Lấn ranh đất", "x", "x", None],
        ["Cộng", "=COUNTA(B8:B14)", None, None, None, "4", "2", None],
        [None, None, None, None, None, "Tổ trưởng (đã ký)", None, None],
        [],
        [nfd("Tổ hòa giải TDP số 07:")],
        ["Số TT", "Ngày tiếp nhận", "Hòa giải viên", "Các bên tranh chấp", "Nội dung vụ việc", "Kết quả", "Ngày kết thúc", "Gc"],
        [1, "15/02/2025", "Trịnh Mão", "Lý Thìn; Lương Tỵ", "Vay nợ", "HG thành", "17/02/2025", None],
        [2, "ngày 18 tháng 2 năm 2025", "Trịnh Mão", "Phan Ngọ", "Chó thả rông", "đang hòa giải", None, "hẹn tuần sau"],
        [3, dt.datetime.combine(dt.date(2025, 2, 19), dt.time(8, 30)), "Trịnh Mão", "Đào Mùi và Đoàn Thân", "Cây đổ sang nhà bên", "Không thành", "21.2.2025", None],
        [4, "20/02/2025", "Trịnh Mão", "Tạ Dậu; Cao Tuất", "Thừa kế", "chấm dứt", "22/02/2025", None],
        [5, "30/02/2025", "Trịnh Mão", "Kim Hợi", "Nợ", "thành", None, None],
        [6, None, "Trịnh Mão", "Thái An", "Nợ", "thành", None, None],
        [7, "26/02/2025", "Trịnh Mão", "Mạc Bảo; Văn Cường", "Đất đai", "thành", "27/02/2025", None],
        ["Tổng số: 7 vụ"], [None, None, None, "Người lập sổ"], [], ["Ghi chú: sổ năm trước để ở nhà văn hóa"],
    ]
    for row in rows:
        sheet.append(row)
    for area in ("A1:H1", "A2:H2", "A3:H3", "A5:A6", "B5:B6", "C5:C6", "D5:D6", "E5:E6", "F5:G5", "H5:H6", "A10:A11", "B10:B11", "A18:H18"):
        sheet.merge_cells(area)
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["H"].hidden = True
    sheet["D8"].comment = Comment("hỏi lại địa chỉ", "ai đó")
    sheet["E12"].fill = PatternFill("solid", start_color="FFFFFF00")
    book.create_sheet("Trống")
    book.create_sheet("Nháp").append(["gọi lại cho phường"])
    roster = book.create_sheet("Danh sách")
    for row in [
        ["DANH SÁCH HÒA GIẢI VIÊN"], [], ["STT", nfd("Tổ hoà giải"), "Họ và tên", "Giới tính", "Năm sinh", "Chức vụ", "SĐT"],
        [1, "Tổ hòa giải số 5", nfd("Nguyễn Văn Cẩn"), "Nam", "1958", "Tổ trưởng", 912000001],
        [2, "Tổ hòa giải số 5", "LÊ THỊ TÂN", "nữ", 1964.0, None, "0912 000 002"],
        [3, "Tổ hòa giải TDP số 07", "Trịnh Mão", "NAM", "2/3/61", "to truong", None],
        [4, "Tổ hòa giải TDP số 07", "Đặng Thu", "Nữ", 1970, None, None],
        [5, "Tổ hòa giải TDP số 07", "Vương Đông", None, 1972, None, None],
        ["Tổng cộng: 5 người"],
    ]:
        roster.append(row)
    book.save(path)
    _store_results(path, {"B15": "7"})
    return path


def _store_results(path: Path, results: dict[str, str]) -> None:
    """Formulas with the results that Excel keeps beside them, which openpyxl leaves out."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for cell, result in results.items():
        before, found, after = parts["xl/worksheets/sheet1.xml"].partition(f'r="{cell}"'.encode())
        assert found
        parts["xl/worksheets/sheet1.xml"] = before + found + after.replace(b"<v/>", f"<v>{result}</v>".encode(), 1).replace(
            b"<v></v>", f"<v>{result}</v>".encode(), 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
