"""What a listing says, as it travels: plain JSON, in the words that are printed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Cell = int | str | None
"""A number, text (lines parted by a line break), or None: not known, which is never printed as 0."""
UNKNOWN = "chưa có số liệu"


class Part(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Column(Part, kw_only=True, frozen=True):
    """``number``: as it stands under the title, e.g. "1". ``width``: in millimetres; all of a table are scaled to the page."""

    title: str
    number: str = ""
    width: Annotated[int, Meta(ge=1, le=300)] = 20
    align: Literal["left", "center", "right"] = "left"


class Mark(Part, kw_only=True, frozen=True):
    """The cell bears a sign that leads to a note. All three count from 0."""

    row: int
    column: int
    note: int


class Table(Part, kw_only=True, frozen=True):
    """``empty``: stands in the place of rows where there are none. ``bold``: rows, counted from 0."""

    columns: Annotated[list[Column], Meta(min_length=1, max_length=40)]
    rows: list[list[Cell]] = []
    heading: str = ""
    empty: str = ""
    bold: list[int] = []
    marks: list[Mark] = []

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells for {len(self.columns)} columns")


class Signature(Part, kw_only=True, frozen=True):
    caption: str
    hint: str = "(Ký, ghi rõ họ tên)"


class Listing(Part, kw_only=True, frozen=True):
    """``authority``: lines at the head on the left. ``notes``: what marks lead to, in their order; ``remarks``: said below
    without a mark. ``place``: stands before the dots for the day."""

    title: str
    lines: list[str] = []
    authority: list[str] = []
    notice: str = ""
    place: str = ""
    tables: Annotated[list[Table], Meta(min_length=1, max_length=20)]
    notes: list[str] = []
    remarks: list[str] = []
    signatures: Annotated[list[Signature], Meta(max_length=6)] = []

    def __post_init__(self) -> None:
        for table in self.tables:
            for mark in table.marks:
                if not (0 <= mark.row < len(table.rows) and 0 <= mark.column < len(table.columns)
                        and 0 <= mark.note < len(self.notes)):
                    raise ValueError(f"a mark leads nowhere: row {mark.row}, column {mark.column}, note {mark.note}")
