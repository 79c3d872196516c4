"""A listing as PDF: A4 on its side, headings on every page, fonts in the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from shared.papers import wording
from shared.papers.listing.data import UNKNOWN, Cell, Listing, Table
from shared.papers.render import typeset

TEMPLATE = Path(__file__).with_name("danh-sach.typ")
ACROSS = 269
"""Millimetres between the page's margins."""
LETTERS = 0.5
"""At least so many fit on a millimetre."""
WHOLE = 18
"""Lines up to which a row is not parted by the end of a page; there is room for about thirty."""
_LONG = re.compile(r"\S{13,}")
BREAK = "\u200b"


def written(listing: Listing) -> bytes:
    """Raise ``PaperError``."""
    return typeset({
        "title": wording.clean(listing.title), "notice": wording.clean(listing.notice), "place": wording.clean(listing.place),
        **{name: [wording.clean(line) for line in getattr(listing, name)] for name in ("lines", "authority", "notes", "remarks")},
        "tables": [_table(table) for table in listing.tables],
        "signatures": [{"caption": wording.clean(one.caption), "hint": wording.clean(one.hint)} for one in listing.signatures],
    }, TEMPLATE)


def _table(table: Table) -> dict[str, Any]:
    marks: dict[tuple[int, int], str] = {}
    for mark in table.marks:
        at = (mark.row, mark.column)
        marks[at] = ",".join(filter(None, (marks.get(at), str(mark.note + 1))))
    scale = ACROSS * LETTERS / sum(column.width for column in table.columns)
    fits = [max(1.0, column.width * scale) for column in table.columns]
    return {
        "heading": wording.clean(table.heading), "empty": wording.clean(table.empty),
        "columns": [
            {"title": wording.clean(one.title), "number": wording.clean(one.number), "width": one.width, "align": one.align}
            for one in table.columns
        ],
        "rows": [
            {"bold": at in table.bold, "whole": _lines(row, fits) <= WHOLE, "cells": [
                {"text": shown(cell), "mark": marks.get((at, column), ""), "known": cell is not None}
                for column, cell in enumerate(row)
            ]}
            for at, row in enumerate(table.rows)
        ],
    }


def _lines(row: list[Cell], fits: list[float]) -> float:
    """About how many lines the row is high."""
    return max(
        sum(1 + len(line) // letters for line in cell.split("\n")) if isinstance(cell, str) else 1
        for cell, letters in zip(row, fits, strict=True)
    )


def shown(cell: Cell) -> str:
    """A word longer than a column may be broken anywhere, else it would run into the next one."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, int):
        return wording.count(cell)
    return _LONG.sub(lambda found: BREAK.join(found[0]), wording.clean(cell))
