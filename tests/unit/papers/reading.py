"""What stands in a made file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from shared.papers.kinds import KINDS, Kind

EXAMPLES = Path(__file__).parents[3] / "shared" / "papers" / "examples"
WORD = [kind for kind in KINDS.values() if kind.format == "docx"]
PDF = [kind for kind in KINDS.values() if kind.format == "pdf"]


def example(kind: Kind) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EXAMPLES / f"{kind.id}.json").read_text())
    return loaded


def text_of(content: bytes) -> str:
    """Body and page header, a line for each paragraph; line breaks within one too."""
    document: Any = Document(io.BytesIO(content))
    roots = [document.sections[0].header._element, document.element.body]
    return "\n".join(_text(paragraph) for root in roots for paragraph in root.iter(qn("w:p")))


def rows_of(content: bytes, table: int) -> list[list[str]]:
    document: Any = Document(io.BytesIO(content))
    return [[cell.text for cell in row.cells] for row in document.tables[table].rows]


def _text(paragraph: Any) -> str:
    return "".join((node.text or "") if node.tag == qn("w:t") else "\n" for node in paragraph.iter(qn("w:t"), qn("w:br")))
