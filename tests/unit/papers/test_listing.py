"""Tables as PDF and Excel: every letter, headings on each page, fonts in the file, nothing that Excel would calculate."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from shared.papers import PaperError
from shared.papers.listing import Column, Listing, Mark, Signature, Table, read, render
from shared.papers.listing.data import UNKNOWN
from tests.unit.papers.test_certificates import A4_ON_ITS_SIDE, LETTERS, fonts

TRAPS = ("=1+1", "+84 900", "-2", "@sum", "=cmd|' /C calc'!A0")


def listing(rows: list[list[Any]], **more: Any) -> Listing:
    return Listing(title="SỔ THỬ", authority=["PHƯỜNG BỒ ĐỀ"], tables=[Table(
        heading="PHẦN I", empty="Không phát sinh", rows=rows,
        columns=[Column(title="STT", number="1", width=10), Column(title="Nội dung", number="2", width=60)], **more,
    )], signatures=[Signature(caption="Người ghi sổ")], notes=["vì sao"])


def pages(content: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(content))
    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in reader.pages} == {A4_ON_ITS_SIDE}
    return [" ".join(page.extract_text().replace("\u200b", "").split()) for page in reader.pages]


def cells(content: bytes) -> list[Any]:
    return [cell for sheet in load_workbook(io.BytesIO(content)).worksheets for row in sheet.iter_rows() for cell in row]


def test_headings_and_page_numbers_stand_on_every_page() -> None:
    content = render(listing([[i, f"dòng {i}"] for i in range(120)]), "pdf")
    told = pages(content)
    assert len(told) > 2
    assert all("STT Nội dung" in page and f"Trang {n}/{len(told)}" in page for n, page in enumerate(told, 1))
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts(content))
    assert "dòng 119" in told[-1] and "Người ghi sổ" in told[-1]


def test_a_row_stays_on_one_page_unless_it_is_long() -> None:
    rows: list[list[Any]] = [[i, "\n".join(f"dòng {i}.{line}" for line in range(7))] for i in range(30)]
    told = pages(render(listing(rows), "pdf"))
    assert len(told) > 5
    for i in range(30):
        assert any(f"dòng {i}.0" in page and f"dòng {i}.6" in page for page in told), i
    long = "\n".join(f"dòng {line}" for line in range(100))
    assert "dòng 99" in pages(render(listing([[1, long]]), "pdf"))[-1]


def test_a_book_without_rows_says_that_nothing_arose() -> None:
    assert "Không phát sinh" in pages(render(listing([]), "pdf"))[0]
    assert "Không phát sinh" in {cell.value for cell in cells(render(listing([]), "xlsx"))}


def test_every_letter_stands_in_both_and_a_word_without_end_stays_in_its_column() -> None:
    rows: list[list[Any]] = [[1, LETTERS], [2, "đ" * 1000], [None, "câu dài " * 400]]
    told = " ".join(pages(render(listing(rows), "pdf")))
    assert set(LETTERS.split()) <= set(told.split())
    assert max(map(len, told.split())) < 200, "a line of its own, not one across the page's edge"
    assert UNKNOWN in told
    assert LETTERS in {cell.value for cell in cells(render(listing(rows), "xlsx"))}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    found = {cell.value: cell for cell in cells(render(listing([[1, trap] for trap in TRAPS]), "xlsx"))}
    for trap in TRAPS:
        assert found[trap].data_type == "s" and found[trap].quotePrefix, trap


def test_text_with_a_note_that_looks_like_a_formula_stays_text() -> None:
    noted = listing([[1, trap] for trap in TRAPS], marks=[Mark(row=at, column=1, note=0) for at in range(len(TRAPS))])
    found = {cell.value: cell for cell in cells(render(noted, "xlsx"))}
    for trap in TRAPS:
        assert found[f"{trap} 1)"].data_type == "s" and found[f"{trap} 1)"].quotePrefix, trap


def test_a_marked_number_stays_a_number_and_leads_to_its_note() -> None:
    noted = listing([[1, 1315]], marks=[Mark(row=0, column=1, note=0)])
    (cell,) = (cell for cell in cells(render(noted, "xlsx")) if cell.value == 1315)
    assert "1)" in cell.number_format
    told = pages(render(noted, "pdf"))[0]
    assert "1.315 1)" in told.replace("1.3151)", "1.315 1)") and "1) vì sao" in told


def test_a_workbook_prints_on_its_side_with_its_headings_on_every_page() -> None:
    sheet = load_workbook(io.BytesIO(render(listing([[1, "x"]]), "xlsx"))).worksheets[0]
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize), sheet.page_setup.fitToHeight) == ("landscape", "9", 0)
    top = int(sheet.print_title_rows.replace("$", "").split(":")[0])
    assert [cell.value for cell in sheet[top]] == ["STT", "Nội dung"]


@pytest.mark.parametrize(("data", "words"), [
    ({"title": "x", "tables": []}, "tables"), ({"title": "x", "tabels": []}, "tabels"),
    ({"title": "x", "tables": [{"columns": [{"title": "a"}], "rows": [[1, 2]]}]}, "row 0 has 2 cells"),
    ({"title": "x", "tables": [{"columns": [{"title": "a"}], "marks": [{"row": 3, "column": 0, "note": 0}]}]}, "leads nowhere"),
])
def test_what_cannot_be_drawn_is_refused_with_its_field(data: dict[str, Any], words: str) -> None:
    with pytest.raises(PaperError, match=words):
        read(data)
