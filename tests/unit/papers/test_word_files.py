"""The Word files: every template with full, no and hostile data."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shared.papers import PaperError
from shared.papers.data import Part
from shared.papers.drafts import DRAFTS
from shared.papers.drafts.layout import Draft
from shared.papers.fields import fields
from shared.papers.kinds import KINDS, OWN_LAYOUT, Kind
from shared.papers.render import read, render
from shared.papers.templates import SHIPPED
from shared.papers.wording import clean
from tests.unit.papers.reading import PDF, WORD, example, rows_of, text_of

HOSTILE = "<w:t>&lt;{{ luu_y }} {% for x in y %} {{'a'.__class__}} & ]]> \x00\x07\x0b\ud800 ‮đảo “Tổ”\nhai dòng\tvà thẻ {_{ x }_}"
SINGLE = ("scheme", "leader", "chair", "secretary", "signer", "number", "opinions", "summary", "office", "posted_at", "fund")
SEVERAL = ("criteria", "rows", "disputes", "documents", "attachments", "guests")
each_word = pytest.mark.parametrize("kind", WORD, ids=lambda kind: kind.id)


@each_word
def test_with_everything_known_nothing_is_left_to_fill_in(kind: Kind) -> None:
    data = example(kind)
    written = text_of(render(kind, data))
    assert "…" not in written and "None" not in written and "{{" not in written and "{%" not in written
    for key in SINGLE:
        assert data.get(key, "") in written, key
    for row in chain.from_iterable(data.get(key, ()) for key in SEVERAL):
        line = row if isinstance(row, str) else row.get("title") or row.get("recipient") or row.get("team_name") or row["kind"]
        assert line in written, line
    assert OWN_LAYOUT not in written, "the note to the clerk is not printed"


@each_word
def test_with_nothing_known_there_are_dots_to_fill_in(kind: Kind) -> None:
    written = text_of(render(kind, {}))
    assert written.count("…") > 20
    assert "None" not in written and "{{" not in written and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in written


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_the_example_leaves_no_field_out(kind: Kind) -> None:
    """So that the tests with full data see every field, and a preview shows it."""
    missing = set(unsaid(kind.data, read(kind, example(kind))))
    assert missing <= {"notice", "reference", "remark", "present", "dated", "number"}


def unsaid(of: type[Part], value: Any) -> list[str]:
    found: list[str] = []
    for field in fields(of):
        inner = getattr(value, field.key)
        if inner is None:
            found.append(field.key)
        elif field.shown == "part" and field.part is not None:
            found += unsaid(field.part, inner)
        elif field.shown == "rows" and field.part is not None:
            found += [key for row in inner for key in unsaid(field.part, row)]
    return found


def hostile(of: type[Part], text: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field in fields(of):
        if field.part is not None:
            inner = hostile(field.part, text)
            made[field.key] = [inner, inner] if field.shown == "rows" else inner
        elif field.shown == "lines":
            made[field.key] = [text, ""]
        elif field.words is None and field.shown in ("text", "long", "optional", "unit"):
            made[field.key] = text
    return made


@each_word
def test_hostile_text_is_only_text(kind: Kind) -> None:
    data = read(kind, hostile(kind.data, HOSTILE))
    content = render_struct(kind, data)
    written = text_of(content)
    expected = clean(HOSTILE).replace("{_{", "{{").replace("}_}", "}}")
    for line in expected.replace("\t", "").split("\n"):
        assert line in written, line
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        if name.endswith(".xml"):
            etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


def render_struct(kind: Kind, data: Any) -> bytes:
    from shared.papers.render import fill

    return fill(kind, data, SHIPPED / kind.shipped)


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=12, deadline=None)
def test_any_text_is_printed_as_it_is(raw: str) -> None:
    kind = KINDS["commendation-notice"]
    written = text_of(render_struct(kind, read(kind, {"posted_at": "x"}).__class__(posted_at=f"|{raw}|")))
    flat = "".join(clean(f"|{raw}|").split()).replace("{_{", "{{").replace("}_}", "}}").replace("{_%", "{%").replace("%_}", "%}")
    assert flat in "".join(written.split())


def test_a_table_of_a_thousand_rows() -> None:
    kind = KINDS["review-minutes"]
    row = example(kind)["rows"][0]
    content = render(kind, {"rows": [{**row, "team_name": f"Tổ số {n}"} for n in range(1, 1_001)]})
    rows = rows_of(content, 1)
    assert len(rows) == 1_001
    assert rows[-1][:2] == ["1000", "Tổ số 1000"]


def test_rows_known_to_be_none_are_not_rows_to_fill_in() -> None:
    kind = KINDS["recognition-decision"]
    assert len(rows_of(render(kind, {"rows": []}), 2)) == 1
    assert len(rows_of(render(kind, {}), 2)) == 4


def test_a_decision_reads_as_it_should() -> None:
    written = text_of(render(KINDS["recognition-decision"], example(KINDS["recognition-decision"])))
    for line in (
        "ỦY BAN NHÂN DÂN", "PHƯỜNG BỒ ĐỀ", "Số: 412/QĐ-UBND", "Bồ Đề, ngày 05 tháng 12 năm 2024",
        "Căn cứ Hướng dẫn 1269/TP-MTTQ;",
        "Điều 1. Công nhận 2 tổ hòa giải thuộc phường Bồ Đề đạt “Tổ hòa giải 5 tốt” năm 2024 (danh sách kèm theo).",
        "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Văn C",
    ):
        assert line in written, line
    assert rows_of(render(KINDS["recognition-decision"], example(KINDS["recognition-decision"])), 2)[1:] == [
        ["1", "Tổ hòa giải Tổ dân phố số 5", "Tổ dân phố số 5", "85%"],
        ["2", "Tổ hòa giải Tổ dân phố số 7", "Tổ dân phố số 7", "không phát sinh"],
    ]


def test_a_commendation_says_its_money_in_words() -> None:
    written = text_of(render(KINDS["commendation-decision"], example(KINDS["commendation-decision"])))
    assert "2.106.000 đồng (Hai triệu một trăm linh sáu nghìn đồng)" in written
    assert "1.404.000 đồng" in written and "Số sổ vàng" in written


def test_a_reference_stands_only_where_the_name_is_to_be_filled_in() -> None:
    named = [{"recipient": "Trần Thị B", "reference": "hgv-0012"}, {"reference": "hgv-0013"}]
    written = text_of(render(KINDS["commendation-decision"], {"rows": named}))
    assert "hgv-0012" not in written and "…… (mã hgv-0013)" in written


def test_a_notice_stands_on_every_page() -> None:
    content = render(KINDS["yearly-report"], {"notice": "MÔ PHỎNG"})
    assert text_of(content).startswith("MÔ PHỎNG\n")


def test_the_same_data_makes_the_same_bytes() -> None:
    kind = KINDS["yearly-report"]
    assert render(kind, example(kind)) == render(kind, example(kind))


@pytest.mark.parametrize("kind", [*WORD, *PDF], ids=lambda kind: kind.id)
def test_no_template_names_a_law(kind: Kind) -> None:
    """Which law applies depends on the day: that is data. (The note to the clerk names where the layout comes from.)"""
    content = (SHIPPED / kind.shipped).read_bytes()
    written = text_of(content).replace(OWN_LAYOUT, "") if kind.format == "docx" else content.decode()
    assert not re.search(r"\d+/\d{4}/(QH|NĐ)|1269", written)


@pytest.mark.parametrize("id", DRAFTS)
def test_the_shipped_templates_are_what_the_drafts_make(id: str) -> None:
    kind = KINDS[id]
    draft = Draft(kind.title)
    DRAFTS[id](draft)
    shipped, made = (zipfile.ZipFile(source) for source in (SHIPPED / kind.template, io.BytesIO(draft.written())))
    for part in ("word/document.xml", "word/header1.xml", "docProps/core.xml"):
        same = etree.tostring(etree.fromstring(shipped.read(part)), method="c14n")
        assert same == etree.tostring(etree.fromstring(made.read(part)), method="c14n"), "run python -m shared.papers.drafts"


def test_all_word_papers_have_a_draft_and_none_is_left_over() -> None:
    assert set(DRAFTS) == {kind.id for kind in WORD}
    assert {path.name for path in SHIPPED.iterdir()} == {kind.shipped for kind in KINDS.values()}


@pytest.mark.parametrize(("data", "reason"), [
    ({"members": "sáu"}, r"Expected `int \| null`, got `str` - at `\$.members`"), ({"members": -1}, "Expected `int` >= 0"),
    ({"ten_to": "x"}, "unknown field `ten_to`"), ({"dated": "05/12/2024"}, "Invalid RFC3339"), (b"{", "truncated"),
    (b"\xff\xfe", "malformed"),
])
def test_data_that_cannot_be_read_is_said_with_its_field(data: Any, reason: str) -> None:
    with pytest.raises(PaperError, match=f"^data for yearly-report: .*{reason}") as raised:
        read(KINDS["yearly-report"], data)
    assert raised.value.what == "data"
