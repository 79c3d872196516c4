"""A listing as an Excel workbook: a sheet for each table, headings on every printed page, numbers as numbers, and no text that
Excel would take for a formula."""

from __future__ import annotations

import io
from typing import Any

from shared.papers import wording
from shared.papers.listing.data import UNKNOWN, Cell, Listing, Table

FONT = "Times New Roman"
LONGEST = 32_000
"""Letters in a cell; Excel holds 32,767."""
WIDE = 140
"""Of Excel's widths, on such a page."""
LETTERS = 150
"""At least so many fit on a line across the page."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(listing: Listing) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for number, table in enumerate(listing.tables, 1):
        last = number == len(listing.tables)
        _sheet(book.create_sheet("Bảng" if last and number == 1 else f"Phần {number}"), listing, table, last)
    book.properties.title, book.properties.creator = wording.clean(listing.title), "namtot"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(sheet: Any, listing: Listing, table: Table, last: bool) -> None:
    from openpyxl.utils import get_column_letter

    width = sum(column.width for column in table.columns)
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = max(4.0, column.width * WIDE / width)
    at = _head(sheet, listing, table)
    first = at
    at = _headings(sheet, table, at)
    sheet.print_title_rows = f"{first}:{at - 1}"
    sheet.freeze_panes = sheet.cell(at, 1)
    at = _rows(sheet, table, at)
    if last:
        _foot(sheet, listing, len(table.columns), at)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "Trang &P/&N"
    for name, length in {"left": 14, "right": 14, "top": 15, "bottom": 16}.items():
        setattr(sheet.page_margins, name, length / 25.4)


def _head(sheet: Any, listing: Listing, table: Table) -> int:
    across = len(table.columns)
    at = 1
    for line in (listing.notice, *listing.authority):
        if line:
            _line(sheet, at, across, line, align="left", italic=line == listing.notice, bold=line != listing.notice)
            at += 1
    _line(sheet, at, across, listing.title, size=14, bold=True)
    for line in listing.lines:
        at += 1
        _line(sheet, at, across, line)
    if table.heading:
        at += 1
        _line(sheet, at, across, table.heading, align="left", bold=True)
    return at + 2


def _headings(sheet: Any, table: Table, at: int) -> int:
    rows = [[column.title for column in table.columns]]
    if any(column.number for column in table.columns):
        rows.append([column.number for column in table.columns])
    for offset, texts in enumerate(rows):
        for number, text in enumerate(texts, 1):
            _cell(sheet, at + offset, number, text, align="center", bold=not offset, italic=bool(offset), border=True)
    return at + len(rows)


def _rows(sheet: Any, table: Table, at: int) -> int:
    from openpyxl.styles import PatternFill

    if not table.rows:
        _line(sheet, at, len(table.columns), table.empty, italic=True, border=True)
        return at + 1
    marks: dict[tuple[int, int], list[int]] = {}
    for mark in table.marks:
        marks.setdefault((mark.row, mark.column), []).append(mark.note + 1)
    for row, cells in enumerate(table.rows):
        for number, value in enumerate(cells):
            noted = marks.get((row, number))
            cell = _cell(
                sheet, at + row, number + 1, value, align=table.columns[number].align, bold=row in table.bold,
                italic=value is None, border=True,
            )
            if noted:
                signs = ",".join(map(str, noted))
                cell.fill = PatternFill("solid", fgColor="FFF2CC")
                if isinstance(value, int):
                    # the number stays a number; its sign is only shown beside it
                    cell.number_format = f'#,##0" {signs})"'
                else:
                    _text(cell, f"{cell.value} {signs})")
    return at + len(table.rows)


def _foot(sheet: Any, listing: Listing, across: int, at: int) -> None:
    at += 1
    for line in [*(f"{number}) {note}" for number, note in enumerate(listing.notes, 1)), *listing.remarks]:
        _line(sheet, at, across, line, align="left", size=9)
        at += 1
    if not listing.signatures:
        return
    _line(sheet, at + 1, across, f"{listing.place + ', ' if listing.place else ''}ngày …… tháng …… năm …………",
          align="right", italic=True)
    part = max(1, across // len(listing.signatures))
    for number, one in enumerate(listing.signatures):
        first = 1 + number * part
        end = across if number == len(listing.signatures) - 1 else first + part - 1
        if first > across:
            break
        _line(sheet, at + 2, end, one.caption, first=first, bold=True)
        _line(sheet, at + 3, end, one.hint, first=first, italic=True, size=9)


def _line(sheet: Any, row: int, across: int, text: str, first: int = 1, border: bool = False, **look: Any) -> None:
    _cell(sheet, row, first, text, **{"align": "center", **look}, border=border)
    # Excel sets the height of a row by its contents, but not where cells are merged
    lines = sum(1 + len(line) // LETTERS for line in text.split("\n"))
    if lines > 1 and first == 1:
        sheet.row_dimensions[row].height = 13.5 * lines
    if across > first:
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=across)


def _cell(
    sheet: Any, row: int, column: int, value: Cell, align: str = "left", size: int = 10, bold: bool = False, italic: bool = False,
    border: bool = False,
) -> Any:
    from openpyxl.styles import Alignment, Border, Font, Side

    cell = sheet.cell(row, column)
    if isinstance(value, int):
        cell.value, cell.number_format = value, "#,##0"
    else:
        text = UNKNOWN if value is None else wording.clean(value)
        text = text if len(text) <= LONGEST else text[:LONGEST] + "…"
        _text(cell, text)
    cell.font = Font(name=FONT, size=size, bold=bold, italic=italic)
    cell.alignment = Alignment(horizontal=align, vertical="center" if bold and not border else "top", wrap_text=True)
    if border:
        thin = Side(style="thin")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    return cell


def _text(cell: Any, text: str) -> None:
    """Text stays text, however it begins."""
    cell.value = text
    cell.data_type = "s"
    if text.startswith(FORMULA):
        cell.quotePrefix = True
