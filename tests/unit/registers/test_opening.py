"""Files that are no registers, or mean harm: each is refused with a sentence, before it is parsed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.registers import RegisterError, opening
from tests.unit.registers.books import case, events, log, reading


def rewritten(path: Path, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> Path:
    """The same workbook with its parts changed."""
    out = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return out


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return log(tmp_path / "so.xlsx", case(1, "25/03/2025"))


def refusal(path: Path) -> str:
    with pytest.raises(RegisterError) as told:
        reading(path)
    assert told.value.words.en
    return told.value.words.vi


@pytest.mark.parametrize("content", [b"", b"xin chao", b"PK\x03\x04", b"%PDF-1.7", b"a,b,c\n1,2,3\n"])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert "không phải là bảng tính" in refusal(path)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_what_is_half_written(good: Path, share: float) -> None:
    whole = good.read_bytes()
    good.write_bytes(whole[: int(len(whole) * share)])
    assert "hỏng" in refusal(good)


def test_a_part_with_damaged_bytes(good: Path) -> None:
    content = bytearray(good.read_bytes())
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[at:at + 40] = b"\xff" * 40
    good.write_bytes(content)
    assert "hỏng" in refusal(good)


def test_an_encrypted_or_old_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    assert ".xls" in refusal(path)


def test_macros(good: Path) -> None:
    assert "macro" in refusal(rewritten(good, lambda _, part: part, {"xl/vbaProject.bin": b"x"}))


def test_a_zip_bomb_is_stopped_while_it_unpacks(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = rewritten(good, lambda _, part: part, {"xl/media/a.bin": b"\0" * (40 << 20)})
    assert bomb.stat().st_size < 1 << 20
    monkeypatch.setattr(opening, "MOST_BYTES", 16 << 20)
    assert "giải nén" in refusal(bomb)


def test_entities(good: Path) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def change(name: str, part: bytes) -> bytes:
        return evil + part.partition(b"?>")[2] if name.endswith("sheet1.xml") else part

    assert "không an toàn" in refusal(rewritten(good, change))


@pytest.mark.parametrize(("cell", "words"), [("XFD1", "cột CZ"), ("A1048576", "dòng 200000"), ("DA7", "cột CZ")])
def test_one_cell_in_the_far_corner_does_not_fill_the_memory(good: Path, cell: str, words: str) -> None:
    far = f'<row r="{cell.lstrip("XFDA") or 1}"><c r="{cell}" t="n"><v>1</v></c></row></sheetData>'.encode()

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", far) if name.endswith("sheet1.xml") else part

    assert words in refusal(rewritten(good, change))


@pytest.mark.parametrize(("added", "words"), [
    pytest.param('<row r="9">' + "<c><v>1</v></c>" * 120 + "</row>", "cột CZ", id="cells without a place"),
    pytest.param("<row r='9'><c r='XFD9'><v>1</v></c></row>", "cột CZ", id="other quotes"),
    pytest.param('<row r="9"><c s="1" r="xfd9"><v>1</v></c></row>', "cột CZ", id="small letters, another order"),
    pytest.param("<row/>" * 200_001 + "<row><c><v>1</v></c></row>", "dòng 200000", id="rows without a place"),
    pytest.param('<row r="199999"><c r="CZ199999"><v>1</v></c></row>', "quá rộng và quá dài", id="wide and long"),
])
def test_however_a_far_cell_is_written(good: Path, added: str, words: str) -> None:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", added.encode() + b"</sheetData>") if name.endswith("sheet1.xml") else part

    assert words in refusal(rewritten(good, change))


def test_a_sheet_that_hides_elsewhere_in_the_file(good: Path) -> None:
    far = b"<worksheet><sheetData><row r='1'><c r='XFD1'/></row></sheetData></worksheet>"
    assert "cột CZ" in refusal(rewritten(good, lambda _, part: part, {"xl/media/image1.png": far}))


def test_a_picture_and_a_million_empty_rows_hinder_nothing(good: Path) -> None:
    rows = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(300_000, 302_000))

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", rows + b"</sheetData>") if name.endswith("sheet1.xml") else part

    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50 + b"<c:c <row :c "
    assert len(events(reading(rewritten(good, change, {"xl/media/image1.png": picture})))) == 1


def test_too_many_merged_areas(good: Path) -> None:
    areas = b"<mergeCells>" + b'<mergeCell ref="A1:A1"/>' * 100_001 + b"</mergeCells>"

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</sheetData>", b"</sheetData>" + areas) if name.endswith("sheet1.xml") else part

    assert "gộp quá nhiều ô" in refusal(rewritten(good, change))


def test_links_to_elsewhere_are_not_followed_and_formulas_not_computed(good: Path) -> None:
    link = {
        "xl/externalLinks/externalLink1.xml": b'<?xml version="1.0"?><externalLink '
        b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
        b'package/2006/relationships"><Relationship Id="rId1" Type="x" Target="http://127.0.0.1:1/x.xlsx" TargetMode="External"/>'
        b"</Relationships>",
    }
    formula = b'<c r="J5"><f>WEBSERVICE("http://127.0.0.1:1/")</f><v>stored</v></c></row></sheetData>'

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"</row></sheetData>", formula) if name.endswith("sheet1.xml") else part

    assert len(events(reading(rewritten(good, change, link)))) == 1
