"""Writing reasons into a copy of a workbook, beside the rows that were not taken in.

The parts of the zip are copied as they are; into a sheet's XML only the reasons are spliced, at the places that the parser
tells, so that formats, widths, pictures and formulas stay what they were. A reason is an inline string: whatever it begins
with, Excel never computes it. Reasons of an earlier copy are taken out.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from xml.parsers import expat
from xml.sax.saxutils import escape

from shared.registers.errors import RegisterError, Words
from shared.registers.reading import Bad

HEADING = Words("Lý do chưa nhận", "Reason not taken in")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_back(
    path: Path, out: Path, bad: Iterable[Bad], lang: Literal["vi", "en"] = "vi", stale: Iterable[tuple[str, int]] = ()
) -> None:
    """``stale``: sheets with a column (from 0) of reasons from an earlier copy, which are taken out. ``out`` is replaced whole or
    not at all. Raise ``RegisterError`` for a workbook that can be read but is too damaged to be written into."""
    wanted: dict[str, dict[tuple[int, int], str]] = {}
    for one in bad:
        cells = wanted.setdefault(one.sheet, {})
        cells[one.heading, one.column] = HEADING.vi if lang == "vi" else HEADING.en
        words = one.words.vi if lang == "vi" else one.words.en
        cells[one.row, one.column] = words
    cleared: dict[str, set[int]] = {}
    for sheet, column in stale:
        cleared.setdefault(sheet, set()).add(column)
    part_file = out.with_name(out.name + ".part")
    try:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(part_file, "w", zipfile.ZIP_DEFLATED) as target:
            places = {place: name for name, place in _sheet_parts(source).items()}
            for part in source.infolist():
                content = source.read(part)
                name = places.get(part.filename)
                if name in wanted or name in cleared:
                    content = _spliced(content, wanted.get(name or "", {}), cleared.get(name or "", set()))
                target.writestr(part, content, zipfile.ZIP_DEFLATED)
        part_file.replace(out)
    except (ET.ParseError, expat.ExpatError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RegisterError(
            "Không ghi được lý do vào bản sao vì tệp có chỗ hỏng: mở bằng Excel, lưu lại rồi nhập lại.",
            f"The reasons cannot be written into a copy, for the file is damaged ({error}): save it anew and import again."[:300],
        ) from None
    finally:
        part_file.unlink(missing_ok=True)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of a sheet → its part."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): posixpath.normpath(posixpath.join("xl", targets[sheet.get(f"{_REL}id")])).lstrip("/")
        if not targets[sheet.get(f"{_REL}id")].startswith("/") else targets[sheet.get(f"{_REL}id")].lstrip("/")
        for sheet in book.iter(f"{_MAIN}sheet") if sheet.get(f"{_REL}id") in targets
    }


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _column(reference: str) -> int:
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - 64
    return column - 1


@dataclass(slots=True)
class _Splices:
    """Where the parser is, and what is to be cut and put in: (from, to, text), in order."""

    wanted: dict[tuple[int, int], str]
    cleared: set[int]
    parser: expat.XMLParserType
    prefix: str = ""
    row: int = 0
    column: int = -1
    pending: list[tuple[int, str]] = field(default_factory=list)
    cut_from: int | None = None
    row_at: int = 0
    found: list[tuple[int, int, str]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        self._finish_cut(at)
        prefix, _, local = name.rpartition(":")
        if local == "row":
            self.prefix = f"{prefix}:" if prefix else ""
            self.row = int(attributes.get("r", self.row + 1))
            self.column, self.row_at = -1, at
            self.pending = sorted((column, text) for (row, column), text in self.wanted.items() if row == self.row)
        elif local == "c" and self.row:
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            while self.pending and self.pending[0][0] < self.column:
                self.found.append((at, at, self._cell(*self.pending.pop(0))))
            if (self.row, self.column) in self.wanted or self.column in self.cleared:
                self.cut_from = at

    def end(self, name: str) -> None:
        at = self.parser.CurrentByteIndex
        if name.rpartition(":")[2] != "row":
            return
        self._finish_cut(at)
        self.found += [(at, at, self._cell(column, text)) for column, text in self.pending]
        self.pending = []

    def other(self, _: str) -> None:
        pass

    def _finish_cut(self, at: int) -> None:
        if self.cut_from is not None and self.column >= 0 and self._cell_over:
            text = ""
            if self.pending and self.pending[0][0] == self.column:
                text = self._cell(*self.pending.pop(0))
            self.found.append((self.cut_from, at, text))
            self.cut_from = None

    @property
    def _cell_over(self) -> bool:
        return self.depth == 0

    depth: int = 0

    def _cell(self, column: int, text: str) -> str:
        p = self.prefix
        words = escape(_UNFIT.sub("", text))
        return (f'<{p}c r="{_letters(column)}{self.row}" t="inlineStr"><{p}is><{p}t xml:space="preserve">{words}</{p}t></{p}is>'
                f"</{p}c>")


def _spliced(content: bytes, wanted: dict[tuple[int, int], str], cleared: set[int]) -> bytes:
    parser = expat.ParserCreate("UTF-8")
    by_row: dict[int, dict[tuple[int, int], str]] = {}
    for (row, column), text in wanted.items():
        by_row.setdefault(row, {})[row, column] = text
    splices = _Splices(wanted, cleared, parser)

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            number = int(attributes.get("r", splices.row + 1))
            splices.wanted = by_row.get(number, {})
        if splices.depth == 0:
            splices.start(name, attributes)
        if local == "c" or splices.depth:
            splices.depth += 1

    def end(name: str) -> None:
        if splices.depth:
            splices.depth -= 1
            return
        splices.end(name)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(content, True)
    pieces: list[bytes] = []
    last = 0
    for begin, until, text in splices.found:
        pieces += [content[last:begin], text.encode()]
        last = until
    pieces.append(content[last:])
    return b"".join(pieces)
