"""The sheets of a workbook as rows of plain values. Formulas are their stored results; nothing is computed, no link followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import python_calamine as calamine

from shared.registers.errors import RegisterError
from shared.registers.extent import MOST_COLUMNS
from shared.registers.opening import check

Row = list[Any]


@dataclass
class Sheet:
    """``origins``: for a cell inside a merged area, the cell that holds its value. Rows and columns from 0."""

    name: str
    _sheet: Any
    origins: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def width(self) -> int:
        """The first column, from 0, right of everything in the sheet, merged areas too: what is written inside one is not seen.
        An area that goes on beyond what a sheet may hold is a title over the whole row."""
        merged = (right + 1 for _, (_, right) in self._sheet.merged_cell_ranges or () if right < MOST_COLUMNS)
        return max(self._sheet.end[1] + 1 if self._sheet.end else 0, max(merged, default=0))

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Each row that holds anything, with its number from 1; cells that are empty are None."""
        start = self._sheet.start
        if start is None:
            return
        before: Row = [None] * start[1]
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            values = before + [None if v == "" else v for v in row]
            if values.count(None) < len(values):
                yield number, values


MOST_MERGED = 200_000


def open_sheets(path: Path) -> list[Sheet]:
    """The visible and hidden sheets, in order. Raise ``RegisterError``."""
    check(path)
    try:
        book = calamine.load_workbook(str(path))
        found = []
        for about in book.sheets_metadata:
            if about.typ is calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(about.name)
                found.append(Sheet(about.name, sheet, _origins(sheet.merged_cell_ranges or ())))
    except calamine.CalamineError as error:
        raise RegisterError("Không đọc được bảng tính: tệp đã hỏng.", f"The workbook cannot be read: {error}"[:200]) from None
    return found


def _origins(areas: Any) -> dict[tuple[int, int], tuple[int, int]]:
    origins: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in areas:
        if len(origins) + (bottom - top + 1) * (right - left + 1) > MOST_MERGED:
            raise RegisterError("Trang tính gộp quá nhiều ô.", "A sheet merges too many cells.")
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    origins[row, column] = (top, left)
    return origins
