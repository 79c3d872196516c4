"""A filled form of a report as a listing, from what evaluation tells (``report_form``). Pure. A number is never altered here:
what breaks an identity bears a sign, what is not known says so, what people estimate stands in rows of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.papers import wording
from shared.papers.listing.data import Cell, Column, Listing, Mark, Signature, Table
from shared.papers.logbook import day

ROWS_ARE = {"team": "Tổ hòa giải", "unit": "Phường, xã"}
MARKS = {"I": "suy ra", "U": "chưa kiểm chứng"}
MISSING = "chưa có số liệu"


def form(report: Mapping[str, Any], notice: str = "") -> Listing:
    drawn = _Drawn(report)
    for number, row in enumerate(report["rows"], 1):
        drawn.add(row, str(number), bold=False)
    if report["rows"]:
        drawn.add(report["total"], "", bold=True)
    where = report["unit_name"] or report["unit"] or "Toàn bộ"
    return Listing(
        title=report["title"]["vi"].upper(), notice=notice, authority=[where.upper()],
        place=wording.place(report["unit_name"]) if report["unit_name"] else "", lines=_lines(report),
        tables=[Table(
            columns=[
                Column(title="TT", number="", width=9, align="center"),
                Column(title=ROWS_ARE[report["rows_are"]], number="A", width=50),
                *(Column(title=one["title"]["vi"], number=one["id"], width=20, align="center") for one in report["columns"]),
            ],
            rows=drawn.rows, bold=drawn.bold, marks=drawn.marks, empty=f"Không có dòng nào ({MISSING})",
        )],
        notes=drawn.notes, remarks=_remarks(report),
        signatures=[Signature(caption="Người lập biểu"), Signature(caption="Thủ trưởng đơn vị", hint="(Ký tên, đóng dấu)")],
    )


class _Drawn:
    """Rows as they come, with what their marks lead to."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.ids = [column["id"] for column in report["columns"]]
        self.by = report["estimated_by"]
        self.rows: list[list[Cell]] = []
        self.bold: list[int] = []
        self.marks: list[Mark] = []
        self.notes: list[str] = []

    def add(self, row: Mapping[str, Any], number: str, bold: bool) -> None:
        cells: list[int | None] = [row["cells"][id]["value"] for id in self.ids]
        self._put([number, row["name"], *cells], bold)
        for column, count in row["unknown"].items():
            self._mark(column, f"Chưa gồm {count} dòng chưa có số liệu")
        self._broken(row, estimated=False)
        if row["estimates"]:
            expected = [row["estimates"].get(id) for id in self.ids]
            self._put(["", f"Ước tính phần còn lại của kỳ ({self.by} nhập)", *expected], bold)
            self._broken(row, estimated=True)
            self._put(["", "Cộng cả ước tính", *map(_sum, cells, expected)], bold)

    def _put(self, cells: list[Cell], bold: bool) -> None:
        if bold:
            self.bold.append(len(self.rows))
        self.rows.append(cells)

    def _broken(self, row: Mapping[str, Any], estimated: bool) -> None:
        for one in row["broken"]:
            if one["estimated"] == estimated:
                against = "lớn hơn" if one["kind"] == "at_most" else "khác"
                right = " + ".join(one["right"])
                of = f"tổng các cột {right}" if len(one["right"]) > 1 else f"cột {right}"
                self._mark(one["left"], f"Cột {one['left']} ({wording.count(one['left_value'])}) {against} {of} "
                                        f"({wording.count(one['right_value'])}); số giữ nguyên như dữ liệu")

    def _mark(self, column: str, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
        self.marks.append(Mark(row=len(self.rows) - 1, column=self.ids.index(column) + 2, note=self.notes.index(note)))


def _sum(counted: int | None, expected: int | None) -> int | None:
    return None if counted is None or expected is None else counted + expected


def _lines(report: Mapping[str, Any]) -> list[str]:
    lines = [f"Kỳ báo cáo: từ ngày {day(report['from'])} đến ngày {day(report['to'])}"]
    if report["counted_to"] != report["to"]:
        estimates = f"số ước tính do {report['estimated_by']} nhập" if report["estimated_by"] else "chưa nhập số ước tính"
        lines.append(f"Số thực tính đến ngày {day(report['counted_to'])}; {estimates}")
    if report["as_of"] != report["counted_to"]:
        lines.append(f"Theo địa bàn và danh sách ngày {day(report['as_of'])}")
    return lines


def _remarks(report: Mapping[str, Any]) -> list[str]:
    said = []
    for column in report["columns"]:
        about = "; ".join(filter(None, (MARKS.get(column["mark"], ""), column["note"])))
        if about:
            said.append(f"Cột {column['id']}: {about}.")
    head = f"Biểu theo {report['regime']}" + (f" ({report['note']})." if report["note"] else ".")
    return [head, *([" ".join(said)] if said else [])]
