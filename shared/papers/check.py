"""What is wrong with a clerk's own Word template: which tag, in which paragraph or cell, and how to mend it.

docxtpl itself tells of a first error at most, without a place, and mends broken XML in silence, losing text. So the tags are read
here paragraph by paragraph, as they stand on the page.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.papers.errors import PaperError
from shared.papers.fields import names
from shared.papers.kinds import Kind
from shared.papers.tags import Finding, Reader, Spot

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_XML = 64 * 1024 * 1024
_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
PARTS = {"document": ("", ""), "header": ("đầu trang", "header"), "footer": ("chân trang", "footer"),
         "footnotes": ("chú thích", "footnotes")}
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``row``: identity of the table row that it stands in; ``row_text``: that row's whole text."""

    spot: Spot
    text: str
    row: int | None
    row_text: str


def findings(template: Path, kind: Kind) -> list[Finding]:
    """Raise ``PaperError`` if the file is no Word document."""
    found: list[Finding] = []
    for root, where in _roots(template):
        reader = Reader(names(kind.data))
        for paragraph in _paragraphs(root, where):
            reader.read(paragraph.spot, paragraph.text, paragraph.row, paragraph.row_text)
        reader.end()
        found += reader.found
    return found


def _roots(template: Path) -> Iterator[tuple[Any, tuple[str, str]]]:
    from lxml import etree

    try:
        with zipfile.ZipFile(template) as file:
            parts = [(info, match) for info in file.infolist() if (match := _PART.fullmatch(info.filename))]
            if not any(match[1] == "document" for _, match in parts):
                raise PaperError("template", f"{template} holds no Word document; save it as .docx in Word")
            for info, match in sorted(parts, key=lambda part: part[1][1] != "document"):
                if info.file_size > MAX_XML:
                    raise PaperError("template", f"{template}: {info.filename} is larger than {MAX_XML // 1024**2} MiB")
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                yield etree.fromstring(file.read(info), parser), PARTS[match[1].rstrip("0123456789")]
    except (zipfile.BadZipFile, OSError) as error:
        told = "it is no .docx file; save it as .docx in Word" if isinstance(error, zipfile.BadZipFile) else error.strerror
        raise PaperError("template", f"{template} cannot be read: {told}") from None
    except etree.XMLSyntaxError as error:
        raise PaperError("template", f"{template} is damaged: {error}") from None


def _paragraphs(root: Any, where: tuple[str, str]) -> Iterator[Paragraph]:
    tables: dict[Any, int] = {table: number for number, table in enumerate(root.iter(f"{W}tbl"), 1)}
    for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
        text = _text(paragraph)
        row = next(paragraph.iterancestors(f"{W}tr"), None)
        if row is None:
            yield Paragraph(_spot(where, f"đoạn {number}", f"paragraph {number}", text), text, None, text)
            continue
        table = next(row.iterancestors(f"{W}tbl"))
        at = list(table.iterchildren(f"{W}tr")).index(row) + 1
        cell = next(paragraph.iterancestors(f"{W}tc"))
        column = list(row.iterchildren(f"{W}tc")).index(cell) + 1 if cell.getparent() is row else 1
        vi, en = f"bảng {tables[table]}, hàng {at}, cột {column}", f"table {tables[table]}, row {at}, column {column}"
        spot = _spot(where, vi, en, text)
        yield Paragraph(spot, text, id(row), " ".join(_text(each) for each in row.iter(f"{W}p")))


def _spot(where: tuple[str, str], vi: str, en: str, text: str) -> Spot:
    return Spot(", ".join(filter(None, (where[0], vi))), ", ".join(filter(None, (where[1], en))), text.strip()[:SHOWN])


def _text(paragraph: Any) -> str:
    """Its own text, without that of text boxes anchored in it."""
    return "".join(
        (node.text or "") if node.tag == f"{W}t" else " "
        for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
        if next(node.iterancestors(f"{W}p"), None) is paragraph
    )
