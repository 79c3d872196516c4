"""Workbooks to download and fill: headings with notes, lists to choose from, and one row marked as an example, which is not
read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

from shared.registers.errors import RegisterError

FILLED = 1_000
"""Rows for which the lists to choose from are laid."""


class Column(NamedTuple):
    title: str
    note: str
    example: Any
    choices: tuple[str, ...] = ()


_DAY = "Ghi ngày/tháng/năm, ví dụ 25/03/2025."
_TEAM = Column("Tổ hòa giải", "Tên tổ như trong danh sách của phường, xã.", "Tổ hòa giải TDP số 5")
_NOTES = Column("Ghi chú", "Dòng có ghi chú bắt đầu bằng “Ví dụ” không được đọc.", "Ví dụ: xóa hoặc để nguyên dòng này")
_TICK = ("x",)
_BULK_TEAM = Column("Tổ hòa giải", "Mỗi dòng một tổ, hoặc ghi “Tất cả” cho mọi tổ của phường, xã.", "Tất cả")

TEMPLATES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "roster": ("DANH SÁCH TỔ HÒA GIẢI, HÒA GIẢI VIÊN", (
        Column("STT", "Số thứ tự.", 1), _TEAM, Column("Tổ dân phố", "Tổ dân phố, thôn nơi tổ hoạt động.", "TDP số 5"),
        Column("Họ và tên", "Họ và tên hòa giải viên.", "Nguyễn Văn Ví Dụ"),
        Column("Giới tính", "Nam hoặc Nữ.", "Nam", ("Nam", "Nữ")), Column("Năm sinh", "Chỉ cần năm.", 1960),
        Column("Dân tộc", "Để trống nếu là Kinh.", "Kinh"), Column("Trình độ luật", "Đánh x nếu có.", "x", _TICK),
        Column("Đã tập huấn", "Đánh x nếu đã được tập huấn.", "x", _TICK),
        Column("Chức vụ", "Ghi Tổ trưởng nếu là tổ trưởng.", "Tổ trưởng", ("Tổ trưởng", "Thành viên")),
        Column("Điện thoại", "Ghi dạng chữ để giữ số 0.", "0900000000"), _NOTES,
    )),
    "log": ("SỔ THEO DÕI HOẠT ĐỘNG HÒA GIẢI Ở CƠ SỞ", (
        Column("STT", "Số thứ tự trong sổ.", 1), _TEAM, Column("Ngày nhận", _DAY, dt.date(2025, 3, 25)),
        Column("Hòa giải viên", "Một người; người được mời ghi ở cột bên.", "Nguyễn Văn Ví Dụ"),
        Column("Người được mời", "Để trống nếu không có.", None),
        Column("Các bên", "Mỗi bên cách nhau bằng dấu chấm phẩy.", "Trần Thị A (sinh năm 1970); Lê Văn B"),
        Column("Nội dung", "Tóm tắt nội dung chủ yếu.", "Tranh chấp lối đi chung"),
        Column("Loại vụ việc", "Nếu để trống, namtot xếp theo nội dung.", "Dân sự",
               ("Mâu thuẫn", "Dân sự", "Hôn nhân gia đình", "Vi phạm pháp luật")),
        Column("Ngày phân công", _DAY, dt.date(2025, 3, 26)), Column("Ngày hòa giải", _DAY, dt.date(2025, 3, 27)),
        Column("Thỏa thuận", "Thỏa thuận, hoặc yêu cầu của mỗi bên.", "Hai bên đồng ý mở rộng lối đi"),
        Column("Kết quả", "Để trống nếu chưa xong.", "Thành", ("Thành", "Không thành", "Chấm dứt", "Đang hòa giải")),
        Column("Ngày kết thúc", _DAY, dt.date(2025, 3, 28)), _NOTES,
    )),
    "documents": ("DANH SÁCH CẤP PHÁT TÀI LIỆU", (
        Column("STT", "Số thứ tự.", 1), Column("Tên tài liệu", "Tên tài liệu.", "Sổ tay hòa giải viên"),
        Column("Ngày cấp", _DAY, dt.date(2025, 3, 25)), _BULK_TEAM,
        Column("Số danh sách", "Số của danh sách ký nhận, nếu có.", "02/DS"), _NOTES,
    )),
    "attendance": ("DANH SÁCH DỰ TẬP HUẤN", (
        Column("STT", "Số thứ tự.", 1), Column("Tên lớp", "Tên lớp tập huấn.", "Kỹ năng hòa giải ở cơ sở"),
        Column("Ngày tập huấn", _DAY, dt.date(2025, 3, 25)), _TEAM,
        Column("Số người dự", "Số hòa giải viên có mặt; vắng ghi 0.", 3), _NOTES,
    )),
    "zero": ("BÁO CÁO KHÔNG PHÁT SINH VỤ VIỆC", (
        Column("STT", "Số thứ tự.", 1), Column("Tháng", "Ghi tháng/năm, ví dụ 3/2025.", "3/2025"), _BULK_TEAM, _NOTES,
    )),
}


def write_template(kind: str, out: Path) -> None:
    """Raise ``RegisterError`` for a kind that has none."""
    if kind not in TEMPLATES:
        names = ", ".join(TEMPLATES)
        raise RegisterError(f"Không có mẫu “{kind}”; có: {names}.", f"There is no template {kind!r}; there are: {names}.")
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    title, columns = TEMPLATES[kind]
    book = Workbook()
    sheet = book.active
    sheet.title = "Sổ"
    sheet["A1"] = title
    sheet["A1"].font = Font(bold=True, size=14)
    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        head, example = sheet.cell(3, at, column.title), sheet.cell(4, at, column.example)
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        head.fill = PatternFill("solid", start_color="FFDDEBF7")
        head.comment = Comment(column.note, "namtot")
        example.font = Font(italic=True, color="FF808080")
        if isinstance(column.example, dt.date):
            for row in range(4, 4 + FILLED):
                sheet.cell(row, at).number_format = "dd/mm/yyyy"
        if column.title == "Điện thoại":
            for row in range(4, 4 + FILLED):
                sheet.cell(row, at).number_format = "@"
        if column.choices:
            choice = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            choice.add(f"{letter}4:{letter}{3 + FILLED}")
            sheet.add_data_validation(choice)
        sheet.column_dimensions[letter].width = max(12, min(40, len(str(column.example or "")) + 4))
    sheet.freeze_panes = "A4"
    book.save(out)
