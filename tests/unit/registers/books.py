"""Workbooks as communes keep them, made here cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from shared.registers import Good, Reading, References, World, read

TODAY = dt.date(2026, 3, 31)
WORLD = World(
    source="https://bode.example/so", unit="00118", unit_name="Phường Bồ Đề", valid_from="2025-07-01", on=dt.date(2026, 1, 1),
    today=TODAY, references=References(b"k" * 96),
)
LOG = ("STT", "Ngày nhận", "Hòa giải viên", "Các bên", "Nội dung", "Thỏa thuận", "Thành", "Không thành", "Chữ ký", "Ghi chú")


def case(number: Any, day: Any, *, party: str = "Trần Thị A; Lê Văn B", settled: Any = "x", failed: Any = None) -> list[Any]:
    return [number, day, "Nguyễn Văn C", party, "Tranh chấp lối đi", "Đồng ý", settled, failed, None, None]


def save(path: Path, *sheets: Sequence[Sequence[Any]], touch: Callable[[Workbook], None] = lambda book: None) -> Path:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sổ {number}")
        for row in rows:
            sheet.append(list(row))
    touch(book)
    book.save(path)
    return path


def log(path: Path, *rows: Sequence[Any], heading: Sequence[Any] = LOG) -> Path:
    return save(path, [["SỔ THEO DÕI HOẠT ĐỘNG HÒA GIẢI Ở CƠ SỞ"], ["Tổ hòa giải TDP số 5"], [], heading, *rows])


def events(reading: Reading) -> list[dict[str, Any]]:
    import json

    return [json.loads(e.body) for item in reading.items() if isinstance(item, Good) for e in item.events]


def reading(path: Path, **given: Any) -> Reading:
    return read(path, WORLD, **given)
