"""The certificates: one A4 page on its side, its own fonts in it, every diacritic readable."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from shared.papers import PaperError
from shared.papers.kinds import KINDS, Kind
from shared.papers.render import fill, read, render
from tests.unit.papers.reading import PDF, example

A4_ON_ITS_SIDE = (842, 595)
LETTERS = "ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỵỷỹ đĐ ẮẰẲẴẶ ẤẦẨẪẬ ẾỀỂỄỆ ỐỒỔỖỘ ỚỜỞỠỢ ỨỪỬỮỰ ỲỴỶỸ"
each_pdf = pytest.mark.parametrize("kind", PDF, ids=lambda kind: kind.id)


def one_page(content: bytes) -> str:
    """Its text, with spaces only."""
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == A4_ON_ITS_SIDE
    return " ".join(pages[0].extract_text().split())


def fonts(content: bytes) -> list[Any]:
    found = []
    for font in PdfReader(io.BytesIO(content)).pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        (inner,) = font.get_object()["/DescendantFonts"]
        found.append(inner.get_object()["/FontDescriptor"].get_object())
    return found


@each_pdf
def test_all_that_the_law_asks_for_stands_on_it(kind: Kind) -> None:
    data = example(kind)
    written = one_page(render(kind, data))
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN PHƯỜNG BỒ ĐỀ", data["form"].upper(),
        data["recipient"], data["achievement"], f"Quyết định số: {data['decision']}", "Số sổ vàng: 1", "Bồ Đề, ngày", "CHỦ TỊCH",
        data["signer"],
    ):
        assert part in written, part


@each_pdf
def test_the_fonts_are_in_the_file(kind: Kind) -> None:
    found = fonts(render(kind, example(kind)))
    assert found
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in found)


def test_every_vietnamese_letter_is_there() -> None:
    kind = KINDS["certificate"]
    assert LETTERS in one_page(render(kind, {"recipient": "x", "achievement": LETTERS}))


@each_pdf
def test_with_nothing_known_there_are_dots(kind: Kind) -> None:
    written = one_page(render(kind, {}))
    assert written.count("…") > 20 and "None" not in written


@each_pdf
@pytest.mark.parametrize("length", [1, 40, 400])
def test_long_words_stay_on_the_page(kind: Kind, length: int) -> None:
    one_page(render(kind, {**example(kind), "recipient": "Tổ hòa giải " * length, "achievement": "Có thành tích tốt. " * length}))


@given(st.text(max_size=80))
@settings(max_examples=12, deadline=None)
def test_what_looks_like_markup_is_text(raw: str) -> None:
    kind = KINDS["certificate"]
    one_page(render(kind, {"recipient": raw, "unit_name": raw, "achievement": f"#panic() $x$ *đậm* {raw}"}))


def test_markup_is_printed_as_it_is() -> None:
    markup = "#panic() $x$ *đậm* <nhãn> @ref"
    assert markup in one_page(render(KINDS["certificate"], {"achievement": markup}))


def test_a_notice_stands_on_it() -> None:
    assert "MÔ PHỎNG" in one_page(render(KINDS["certificate"], {"notice": "MÔ PHỎNG"}))


def test_the_same_data_makes_the_same_bytes() -> None:
    kind = KINDS["certificate"]
    assert render(kind, example(kind)) == render(kind, example(kind))


def test_an_own_design_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "giay-khen.typ").write_text('#set page(paper: "a4", flipped: true)\n#json(bytes(sys.inputs.data)).ten')
    kind = KINDS["certificate"]
    assert one_page(render(kind, example(kind), tmp_path)) == "Tổ hòa giải Tổ dân phố số 5"
    other = KINDS["recognition-certificate"]
    assert "GIẤY CÔNG NHẬN" in one_page(render(other, example(other), tmp_path))


@pytest.mark.parametrize("source", ["#panic[]", "#let x = ", "#import \"@preview/cetz:0.3.0\": *", '#read("/etc/passwd")'])
def test_a_broken_design_is_said(tmp_path: Path, source: str) -> None:
    design = tmp_path / "giay-khen.typ"
    design.write_text(source)
    kind = KINDS["certificate"]
    with pytest.raises(PaperError, match=r"giay-khen\.typ: ") as raised:
        fill(kind, read(kind, {}), design)
    assert raised.value.what == "template" and "\n" not in raised.value.reason
