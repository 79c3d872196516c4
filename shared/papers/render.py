"""A paper's file from its data: Word by docxtpl, PDF by typst. Pure but for reading the template; takes tenths of a second, so it
runs in a command or a worker process, never in a nameko process."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import TemplateError

from shared.papers.check import findings
from shared.papers.data import Paper
from shared.papers.errors import PaperError
from shared.papers.fields import context
from shared.papers.kinds import Kind
from shared.papers.templates import SHIPPED, environment, template_of

# no clock in a file: the same data makes the same bytes
STAMP = (1980, 1, 1, 0, 0, 0)
# what a document that Word or a clerk left half can raise in docxtpl, which checks little
BROKEN = (OSError, zipfile.BadZipFile, KeyError, ValueError, AttributeError, IndexError, TypeError, RecursionError)


def read(kind: Kind, data: Any) -> Paper:
    """``data``: plain JSON values, or JSON as bytes. Raise ``PaperError`` naming the field."""
    try:
        if isinstance(data, bytes | str):
            return msgspec.json.decode(data, type=kind.data)
        return msgspec.convert(data, kind.data)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PaperError("data", f"data for {kind.id}: {error}") from None


def render(kind: Kind, data: Any, folder: str | Path = "") -> bytes:
    """The file. Raise ``PaperError``: data that cannot be read, a template that is broken (which tag, in which paragraph)."""
    return fill(kind, read(kind, data), template_of(kind, folder))


def fill(kind: Kind, paper: Paper, template: Path) -> bytes:
    seen = context(paper)
    return _docx(kind, seen, template) if kind.format == "docx" else typeset(seen, template)


def _docx(kind: Kind, seen: dict[str, Any], template: Path) -> bytes:
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate
    from lxml.etree import LxmlError

    if template.parent != SHIPPED:  # those are held by tests
        found = findings(template, kind)
        if found:
            more = f" (and {len(found) - 1} more; `namtot papers check {template}`)" if len(found) > 1 else ""
            raise PaperError("template", f"{template}: {found[0]}{more}")
    out = io.BytesIO()
    try:
        document = DocxTemplate(str(template))
        document.render(seen, jinja_env=environment())
        document.save(out)
    except (*BROKEN, TemplateError, LxmlError, OpcError) as error:
        raise PaperError("template", f"{template}: {type(error).__name__}: {str(error)[:300]}") from None
    return _timeless(out.getvalue())


def _timeless(written: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def typeset(seen: dict[str, Any], template: Path) -> bytes:
    """A PDF by typst. Raise ``PaperError``."""
    import typst

    try:
        # fonts that the wheel carries: the same picture on every machine. The data is text, never read as markup
        written = typst.compile(
            template, root=template.parent, ignore_system_fonts=True, sys_inputs={"data": json.dumps(seen, ensure_ascii=False)},
        )
    except (RuntimeError, OSError) as error:
        told = " ".join(str(getattr(error, "diagnostic", "") or error).split())
        raise PaperError("template", f"{template}: {told[:300]}") from None
    assert isinstance(written, bytes)
    return written
