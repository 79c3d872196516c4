"""A clerk's own template: each mistake is said once, with its place and a remedy; a right one is said to be right."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from shared.papers import PaperError
from shared.papers.check import findings
from shared.papers.kinds import KINDS, Kind
from shared.papers.render import render
from shared.papers.templates import SHIPPED
from tests.unit.papers.reading import WORD, example, text_of

REVIEW = KINDS["review-minutes"]


def template(folder: Path, *paragraphs: str, rows: list[list[str]] | None = None, header: str = "") -> Path:
    document: Any = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    path = folder / REVIEW.template
    document.save(path)
    return path


@pytest.mark.parametrize("kind", WORD, ids=lambda kind: kind.id)
def test_the_shipped_templates_are_right(kind: Kind) -> None:
    assert findings(SHIPPED / kind.template, kind) == []


LOOP = "{%p for d in thanh_phan %}"
MISTAKES: list[tuple[list[str], str]] = [
    (["{{ don_vj }}"], "đoạn 1 (“{{ don_vj }}”): {{ don_vj }}: không có trường don_vj; có phải don_vi?"),
    (["Ở đây", "{{ đơn_vị }}"], "đoạn 2 (“{{ đơn_vị }}”): {{ đơn_vị }}: không có trường đơn_vị; có phải don_vi?"),
    (["{{ so_cong_dan }}"], "không có trường so_cong_dan; có"),
    (["Số {{ so"], "thẻ mở mà không đóng"),
    (["Số so }}"], "đóng mà không mở"),
    (["Số { so } ngày"], "{ so }: thiếu ngoặc: viết {{ so }}"),
    (["{{ }}"], "thẻ rỗng"),
    (["{{ so ngay_ky }}"], "không đọc được"),
    (["{{ so + }}"], "không đọc được"),
    (["{{ don_vi|in_hoa }}"], "không có bộ lọc in_hoa; có: upper"),
    (["{{ don_vi.ten }}"], "don_vi là chữ, không có phần sau dấu chấm"),
    (["{{ danh_sach }}"], "danh_sach là danh sách: dùng {%tr for d in danh_sach %}"),
    (["{{ danh_sach.ten_to }}"], "danh_sach là danh sách"),
    (["{{ thanh_phan }}"], "thanh_phan có nhiều dòng: dùng {%p for d in thanh_phan %}"),
    (["{% in so %}"], "chỉ dùng được for, if"),
    (["{% set x = 1 %}"], "chỉ dùng được for, if"),
    (["{%tr for d in danh_sach %}", "{%tr endfor %}"], "{%tr chỉ dùng trong bảng"),
    ([LOOP, "{{ d }}"], f"{LOOP}: chưa đóng: thêm {{%p endfor %}}"),
    ([LOOP, "{{ d }}", "{%p endif %}"], "phải là endfor, để đóng {%p for d in thanh_phan %} (đoạn 1)"),
    ([LOOP, "{{ d }}", "{% endfor %}"], "mở bằng {%p thì đóng bằng {%p endfor %}"),
    (["{%p endfor %}"], "đóng mà không có thẻ mở nào trước đó"),
    (["{% if so %}Số {{ so }}", "hết{% endif %}"], "mở ở đoạn này mà đóng ở đoạn khác: dùng {%p"),
    ([f"Gồm: {LOOP}", "{{ d }}", "{%p endfor %}"], "phải đứng một mình trong một đoạn riêng"),
    (["{%p for d in so %}", "{{ d }}", "{%p endfor %}"], "so không phải danh sách"),
    ([LOOP, "{{ d.ten }}", "{%p endfor %}"], "d là chữ, không có phần sau dấu chấm"),
    ([LOOP, "{{ x }}", "{%p endfor %}"], "không có trường x"),
    (["{%p for a, b in danh_sach %}", "{%p endfor %}"], "viết: for TÊN in DANH_SÁCH"),
    (["{%p\u00a0if so %}", "x", "{%p\u00a0endif %}"], "sau {%p phải là dấu cách thường"),
    (["{% if khong_co %}x{% endif %}"], "không có trường khong_co"),
    (["{% else %}"], "else không đứng trong {% if … %} nào"),
    (["{{ (1).__class__ }} {{ so.__class__ }}"], "so là chữ, không có phần sau dấu chấm"),
]


@pytest.mark.parametrize(("paragraphs", "told"), MISTAKES, ids=[told[-40:] for _, told in MISTAKES])
def test_each_mistake_is_said_with_its_remedy(tmp_path: Path, paragraphs: list[str], told: str) -> None:
    found = findings(template(tmp_path, *paragraphs), REVIEW)
    assert found and told in found[0].told(), [one.told() for one in found]
    assert found[0].told("en") != found[0].told("vi")


ROW_MISTAKES: list[tuple[list[list[str]], str]] = [
    ([["{%tr for d in danh_sach %}", "STT"], ["{{ d.stt }}", ""], ["{%tr endfor %}", ""]], "bảng 1, hàng 1, cột 1"),
    ([["{%tr for d in danh_sach %}", ""], ["{{ d.ten }}", "{{ d.stt }}"], ["{%tr endfor %}", ""]],
     "bảng 1, hàng 2, cột 1 (“{{ d.ten }}”): {{ d.ten }}: không có trường d.ten; có phải d.ten_to?"),
    ([["{%tr for d in danh_sac %}", ""], ["{{ d.stt }}", ""], ["{%tr endfor %}", ""]],
     "không có trường danh_sac; có phải danh_sach?"),
    ([["{% for d in danh_sach %}", ""], ["{{ d.stt }}", ""], ["{% endfor %}", ""]], "dùng {%p cho đoạn văn, {%tr cho hàng"),
]


@pytest.mark.parametrize(("rows", "told"), ROW_MISTAKES)
def test_a_mistake_in_a_table_is_said_with_its_cell(tmp_path: Path, rows: list[list[str]], told: str) -> None:
    found = findings(template(tmp_path, rows=rows), REVIEW)
    assert len(found) == 1 and told in found[0].told(), [one.told() for one in found]


def test_a_mistake_in_the_page_header_is_found(tmp_path: Path) -> None:
    (found,) = findings(template(tmp_path, "x", header="{{ luu_i }}"), REVIEW)
    assert found.told() == "đầu trang, đoạn 1 (“{{ luu_i }}”): {{ luu_i }}: không có trường luu_i; có phải luu_y?"
    assert found.told("en").startswith("header, paragraph 1")


RIGHT: list[Callable[[Path], Path]] = [
    lambda folder: template(folder, "{{ don_vi|upper }}{% if so %}, {{ so }}{% else %}.{% endif %}", "{# ghi chú {{ #}"),
    lambda folder: template(folder, LOOP, "{{ loop.index }}. {{ d }}", "{%p endfor %}", "{{ danh_sach|length }} {{ “so” }}"),
    lambda folder: template(folder, rows=[
        ["{%tr for to in danh_sach %}", ""],
        ["{{ to.stt }}", "{{ to.ten_to }}{% if to.nhan_xet %} ({{ to.nhan_xet }}){% endif %}"], ["{%tr endfor %}", ""],
    ]),
    lambda folder: template(folder, "{%p if so and not thu_ky or so_to == '3' %}", "{{ so }}", "{%p elif y_kien %}", "b",
                            "{%p endif %}"),
]


@pytest.mark.parametrize("made", RIGHT)
def test_what_is_right_is_said_to_be_right_and_prints(tmp_path: Path, made: Callable[[Path], Path]) -> None:
    assert [one.told() for one in findings(made(tmp_path), REVIEW)] == []
    assert "{" not in text_of(render(REVIEW, example(REVIEW), tmp_path))


def test_a_tag_that_word_has_cut_into_runs_is_one_tag(tmp_path: Path) -> None:
    document: Any = Document()
    paragraph = document.add_paragraph("Số ")
    for piece in ("{", "{ s", "o }", "}"):
        paragraph.add_run(piece).bold = True
    path = tmp_path / REVIEW.template
    document.save(path)
    assert findings(path, REVIEW) == []
    assert text_of(render(REVIEW, {"number": "21/BB"}, tmp_path)).strip() == "Số 21/BB"


def test_a_broken_own_template_makes_no_paper(tmp_path: Path) -> None:
    template(tmp_path, "Số {{ soo }}", "{{ khong }}")
    with pytest.raises(PaperError, match=r"soo; có phải so\? \(and 1 more; `namtot papers check ") as raised:
        render(REVIEW, {}, tmp_path)
    assert raised.value.what == "template"


def test_a_template_cannot_loop_without_end(tmp_path: Path) -> None:
    found = findings(template(tmp_path, "{%p for d in range(10 ** 9) %}", "x", "{%p endfor %}"), REVIEW)
    assert "không có trường range" in found[0].told()


@pytest.mark.parametrize(("content", "told"), [
    (b"", "it is no .docx file"), (b"\xd0\xcf\x11\xe0 an old .doc", "it is no .docx file"), (None, "cannot be read: No such"),
])
def test_a_file_that_is_no_word_document_is_said(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "x.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PaperError, match=told):
        findings(path, REVIEW)


def test_a_zip_without_a_document_and_one_with_broken_xml(tmp_path: Path) -> None:
    for name, inside, told in (("a.docx", "x", "holds no Word document"), ("b.docx", "word/document.xml", "is damaged")):
        with zipfile.ZipFile(tmp_path / name, "w") as file:
            file.writestr(inside, "<w")
        with pytest.raises(PaperError, match=told):
            findings(tmp_path / name, REVIEW)


def test_entities_of_a_hostile_template_are_not_resolved(tmp_path: Path) -> None:
    declared = b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    source = zipfile.ZipFile(template(tmp_path, "x"))
    path = tmp_path / "e.docx"
    with zipfile.ZipFile(path, "w") as out:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"?>", declared, 1).replace(b">x<", b">&e;<")
            out.writestr(name, content)
    assert findings(path, REVIEW) == []
    path.rename(tmp_path / REVIEW.template)
    assert "root:" not in text_of(render(REVIEW, {}, tmp_path))
