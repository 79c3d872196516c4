"""How far a sheet reaches, known before it is read: it is read as a rectangle, so that one cell at its far corner would cost as
much memory as a full sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from shared.registers.errors import RegisterError

PIECE = 1 << 20
MOST_ROWS = 200_000
MOST_COLUMNS = 104
"""CZ."""
MOST_CELLS = 4_000_000
"""Of the rectangle; some 130 MB. That is 200,000 rows of 20 columns, or 38,000 of 104."""
MOST_MERGED = 100_000
_UNUSUAL = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]{1,3}[0-9]{1,7}")|<row(?=[\s/>])(?! r="[0-9]{1,7}")|:(?:c|row|mergeCell)[\s/>]')
"""A cell or row that is not written as Excel, LibreOffice and others do: its place first."""
_CELLS = re.compile(rb'<c r="([A-Z]+)([0-9]+)"')


@dataclass(slots=True)
class Extent:
    """``rows``, ``columns``: the farthest, from 1. ``usual``: what was seen is written the usual way; else ``parse`` looks."""

    rows: int = 0
    columns: int = 0
    merged: int = 0
    usual: bool = True

    def look(self, text: bytes) -> None:
        """A piece of the sheet that ends after a tag. Raise ``RegisterError`` for one that reaches too far."""
        self.usual = self.usual and not _UNUSUAL.search(text)
        self.merged += text.count(b"<mergeCell ")
        found = _CELLS.findall(text)
        if found:
            self.columns = max(self.columns, *map(_number, {letters for letters, _ in found}))
            self.rows = max(self.rows, *map(int, {digits for _, digits in found}))
        self._judge()

    def parse(self, stream: IO[bytes], is_xml: bool) -> None:
        """The whole part, however its tags are written. ``is_xml``: it says so; else it may be a picture. Raise
        ``RegisterError``."""
        row = column = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, column
            kind = name.rpartition(":")[2]
            if kind == "row":
                row, column = int(attributes.get("r", row + 1)), 0
            elif kind == "c":
                place = attributes.get("r", "").encode()
                letters = place.rstrip(b"0123456789")
                column = _number(letters) if letters else column + 1
                self.columns, self.rows = max(self.columns, column), max(self.rows, int(place[len(letters):] or row))
            elif kind == "mergeCell":
                self.merged += 1

        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        try:
            while piece := stream.read(PIECE):
                parser.Parse(piece, False)
                self._judge()
            parser.Parse(b"", True)
        except RegisterError:
            raise
        except (expat.ExpatError, ValueError) as error:
            if is_xml:
                raise RegisterError("Trang tính đã hỏng.", f"A sheet is damaged: {error}"[:200]) from None

    def _judge(self) -> None:
        if self.columns > MOST_COLUMNS:
            raise RegisterError(
                f"Trang tính có ô ở quá cột CZ ({MOST_COLUMNS} cột): xóa các cột thừa bên phải.",
                f"A sheet has cells beyond column CZ ({MOST_COLUMNS} columns): delete what is right of the register.",
            )
        if self.rows > MOST_ROWS:
            raise RegisterError(
                f"Trang tính có ô ở quá dòng {MOST_ROWS}: xóa các dòng thừa bên dưới hoặc chia nhỏ sổ.",
                f"A sheet has cells below row {MOST_ROWS}: delete what is below the register, or split it.",
            )
        if self.rows * self.columns > MOST_CELLS:
            raise RegisterError(
                f"Trang tính quá rộng và quá dài ({self.rows} dòng × {self.columns} cột): xóa dòng, cột thừa hoặc chia nhỏ sổ.",
                f"A sheet is too wide and too long ({self.rows} rows × {self.columns} columns): delete what is beside the "
                "register, or split it.",
            )
        if self.merged > MOST_MERGED:
            raise RegisterError("Trang tính gộp quá nhiều ô.", "A sheet merges too many cells.")


def _number(letters: bytes) -> int:
    """A column's: A is 1."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column
