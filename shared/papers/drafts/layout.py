"""The look of an administrative paper: A4, Times New Roman, national name and motto, number, place, day, recipients, signature.

Layout: NĐ 30/2020/NĐ-CP, the usual one. Lengths in millimetres, sizes in points.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shared.papers.kinds import OWN_LAYOUT
from shared.papers.render import STAMP

FONT = "Times New Roman"
SIZE, SMALL, TINY = 14, 12, 11
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 20}
TEXT_WIDTH = 160
LEFT, CENTRE, BOTH = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


class Draft:
    """One template being written. In texts ``**…**`` is bold, ``{{ … }}`` and ``{% … %}`` are docxtpl's tags."""

    def __init__(self, title: str) -> None:
        self.document: Any = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for side, length in MARGINS.items():
            setattr(section, side, Mm(length))
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(SIZE)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.element.rPr.rFonts.set(qn("w:cs"), FONT)
        style.paragraph_format.space_after = Pt(0)
        about = self.document.core_properties
        about.title, about.comments, about.author, about.language = title, OWN_LAYOUT, "namtot", "vi"
        # a notice, such as that the data is simulated, stands on every page
        notice = section.header.paragraphs[0]
        self._write(notice, "{{ luu_y }}", CENTRE, TINY, italic=True)
        self.line(f"{{#p {OWN_LAYOUT} #}}", LEFT, TINY, italic=True)

    def written(self) -> bytes:
        """The file, without the time at which it was made."""
        raw, out = io.BytesIO(), io.BytesIO()
        self.document.save(raw)
        with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(zipfile.ZipInfo(name, STAMP), source.read(name), zipfile.ZIP_DEFLATED)
        return out.getvalue()

    # -- the head

    def head(self, above: str, issuer: str, number: str = "", place: str = "{{ dia_danh }}, {{ ngay_ky }}") -> None:
        """``above``: who stands above the issuer, or "". ``number``: what the number ends in, e.g. ``/QĐ-UBND``; "": none."""
        table = self._grid([[66, 94]])
        left, right = table.rows[0].cells
        first = left.paragraphs[0]
        if above:
            self._write(first, above, CENTRE, SMALL)
            first = left.add_paragraph()
        self._write(first, f"**{issuer}**", CENTRE, SMALL)
        self._rule(left, 22)
        self._write(right.paragraphs[0], "**CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**", CENTRE, SMALL)
        self._write(right.add_paragraph(), "**Độc lập - Tự do - Hạnh phúc**", CENTRE, 13)
        self._rule(right, 19)
        if number:
            self._write(left.add_paragraph(), f"Số: {{% if so %}}{{{{ so }}}}{{% else %}}……{number}{{% endif %}}", CENTRE, 13)
        self._write(right.add_paragraph(), place, CENTRE, 13, italic=True)

    def title(self, name: str, about: str = "") -> None:
        self.line(f"**{name}**", CENTRE, SIZE, before=14)
        if about:
            self.line(f"**{about}**", CENTRE, SIZE)
        self.line("", CENTRE, 6)

    # -- the body

    def text(self, *texts: str) -> None:
        for each in texts:
            self.line(each, BOTH, SIZE, before=6, indent=10)

    def heading(self, text: str) -> None:
        self.line(f"**{text}**", LEFT, SIZE, before=8, indent=10)

    def centred(self, text: str) -> None:
        self.line(f"**{text}**", CENTRE, SIZE, before=8)

    def lines(self, names: str, text: str, italic: bool = False) -> None:
        """A paragraph for each of ``names``; in ``text`` it is ``{{ d }}``."""
        self.line(f"{{%p for d in {names} %}}", LEFT, TINY)
        self.line(text, BOTH, SIZE, before=6, indent=10, italic=italic)
        self.line("{%p endfor %}", LEFT, TINY)

    def table(self, names: str, columns: Sequence[tuple[str, str, int]]) -> None:
        """A row for each of ``names``. Columns: heading, cell, width; in a cell the row is ``d``."""
        assert sum(width for _, _, width in columns) == TEXT_WIDTH, columns
        self.line("", LEFT, 6)
        table = self._grid([[width for _, _, width in columns]] * 4, "Table Grid")
        for cell, (heading, _, _) in zip(table.rows[0].cells, columns, strict=True):
            self._write(cell.paragraphs[0], f"**{heading}**", CENTRE, SMALL)
        self._row_property(table.rows[0], "w:tblHeader")
        self._write(_whole(table.rows[1]), f"{{%tr for d in {names} %}}", LEFT, TINY)
        for cell, (_, inside, width) in zip(table.rows[2].cells, columns, strict=True):
            self._write(cell.paragraphs[0], inside, LEFT if width > 30 else CENTRE, SMALL)
        self._row_property(table.rows[2], "w:cantSplit")
        self._write(_whole(table.rows[3]), "{%tr endfor %}", LEFT, TINY)
        self.line("", LEFT, 6)

    def new_page(self) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    # -- the end

    def signatures(self, *blocks: tuple[str, str]) -> None:
        """Side by side: (who signs, the name)."""
        self.line("", LEFT, 6)
        table = self._grid([[TEXT_WIDTH // len(blocks)] * len(blocks)])
        self._row_property(table.rows[0], "w:cantSplit")
        for cell, (role, name) in zip(table.rows[0].cells, blocks, strict=True):
            self._signature(cell, cell.paragraphs[0], role, name)

    def recipients(self, to: Iterable[str], role: str, name: str) -> None:
        """Nơi nhận on the left, the signature on the right."""
        self.line("", LEFT, 6)
        row = self._grid([[80, 80]]).rows[0]
        self._row_property(row, "w:cantSplit")
        left, right = row.cells
        self._write(left.paragraphs[0], "**Nơi nhận:**", LEFT, SMALL, italic=True)
        for each in to:
            self._write(left.add_paragraph(), f"- {each}", LEFT, TINY)
        self._signature(right, right.paragraphs[0], role, name)

    def _signature(self, cell: Any, paragraph: Any, role: str, name: str) -> None:
        self._write(paragraph, f"**{role}**", CENTRE, 13)
        self._write(cell.add_paragraph(), "(Ký, ghi rõ họ tên)", CENTRE, TINY, italic=True)
        for _ in range(3):
            self._write(cell.add_paragraph(), "", CENTRE, SIZE)
        # as many dots as a narrow cell has room for
        short = name.replace("{{ ", "{% if ").replace(" }}", " %}") + name + "{% else %}…………………{% endif %}" if name else ""
        self._write(cell.add_paragraph(), f"**{short}**", CENTRE, SIZE)

    # -- the pieces

    def line(self, text: str, align: Any, size: int, before: int = 0, indent: int = 0, italic: bool = False) -> None:
        self._write(self.document.add_paragraph(), text, align, size, before, indent, italic)

    def _write(
        self, paragraph: Any, text: str, align: Any, size: int, before: int = 0, indent: int = 0, italic: bool = False
    ) -> None:
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(0)
        if indent:
            form.first_line_indent = Mm(indent)
        for number, part in enumerate(_BOLD.split(text)):
            if part:
                run = paragraph.add_run(part)
                run.font.size, run.bold, run.italic = Pt(size), number % 2 == 1 or None, italic or None

    def _grid(self, widths: Sequence[Sequence[int]], style: str | None = None) -> Any:
        """A table of fixed widths; without a style it has no lines."""
        table = self.document.add_table(rows=len(widths), cols=len(widths[0]), style=style)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths[0], strict=True):
            column.width = Mm(width)
        for row, each in zip(table.rows, widths, strict=True):
            for cell, width in zip(row.cells, each, strict=True):
                cell.width = Mm(width)
        return table

    def _rule(self, cell: Any, indent: int) -> None:
        """A short line across, ``indent`` from both sides."""
        paragraph = cell.add_paragraph()
        self._write(paragraph, "", CENTRE, 2)
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = Mm(indent)
        form.line_spacing, form.space_after = Pt(3), Pt(6)
        borders = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            bottom.set(qn(f"w:{name}"), value)
        borders.append(bottom)
        properties = paragraph._p.get_or_add_pPr()
        # the schema has an order: borders come before spacing
        properties.insert_element_before(borders, *AFTER_BORDERS)

    def _row_property(self, row: Any, name: str) -> None:
        row._tr.get_or_add_trPr().append(OxmlElement(name))


def _whole(row: Any) -> Any:
    """The paragraph of a row whose cells are made one."""
    return row.cells[0].merge(row.cells[-1]).paragraphs[0]
