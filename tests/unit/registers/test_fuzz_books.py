"""Workbooks full of nonsense, and broken ones: every row is taken in or comes back with a reason, every file is read or refused
in one sentence; what is taken in, intake takes."""

# ruff: noqa: E501 - nonsense stands close together

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.intake.domain.inspection import Accepted, inspect
from shared.contracts import STRUCTURED, When
from shared.registers import KINDS, Bad, Good, RegisterError, write_back
from shared.registers.templates import TEMPLATES
from tests.unit.registers.books import TODAY, case, log, reading, save

QUICK = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
    # the same nonsense in every run: what is found by chance is looked for with more examples, not in somebody's landing
    derandomize=True,
)
NOW = When(f"{TODAY.isoformat()}T12:00:00+07:00")
CELLS: tuple[Any, ...] = (
    None, "", " ", "x", "X", "+", "không", "Tất cả", "Ví dụ", "Tổ hòa giải số 5", "to\u0302\u0309 5", "Nguyễn Văn A", "A" * 32_000,
    "ộ" * 600, ";" * 500, "(" * 300, "Nam", "nữ", "Tổ trưởng", "Thành", "Không thành", "hồi nào đó", "25/03/2025", "31/02/2025",
    "03/25/2025", "5/3/25", "2025", "3/2025", "13/2025", "0/0/0000", "99/99/9999", "2025-03-25", "tháng 3 năm 2025", "²/³/2025",
    "٢٥/٠٣/٢٠٢٥", "1e9", "1.234,5", "=1+1", "=A1", "#REF!", "@SUM(A1)", "\u202edcba", "\u200b", "👩‍👩‍👧", "\ufeffx", "a\nb\nc", "\t",
    "&amp;<b>", "]]>", "_x0000_", "_x000D_", "STT", "Ngày nhận", "Nội dung", "(1)", "Tổng cộng", "HG-CFX5TXM6", "1/2/3/4",
    0, 1, -1, 5, 12, 2025, 45_741, 10**15, -(10**9), 0.5, 1e300, 1e-9, 3.0, True, False,
    dt.date(2025, 3, 25), dt.datetime.combine(dt.date(2025, 3, 25), dt.time(13, 30, 59)), dt.time(7, 5), dt.timedelta(days=400, hours=3), dt.date(1900, 1, 1),
    dt.date(9999, 12, 31), dt.date(2030, 1, 1),
)
ROWS = st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=14), min_size=1, max_size=8)


def heading(kind: str) -> list[str]:
    return [column.title for column in TEMPLATES[kind][1]]


def judge(path: Path, tmp_path: Path, *, sound: bool = True, **given_: Any) -> tuple[int, int]:
    """How many rows were good and bad. ``sound``: openpyxl reads it as well."""
    read = reading(path, **({"order": "dmy", "cells": "kept"} | given_))
    items = list(read.items())
    bad = [item for item in items if isinstance(item, Bad)]
    good = [item for item in items if isinstance(item, Good)]
    for one in bad:
        assert one.words.vi and one.words.en and len(one.words.vi) < 700, one
    for event in (event for item in good for event in item.events):
        found = inspect(event.body, STRUCTURED, {}, now=NOW, limit=NOW, max_body=2**20, allowed=lambda source, type: True)
        assert isinstance(found, Accepted), found
    out = tmp_path / "sua.xlsx"
    write_back(path, out, bad)
    if sound:
        book = load_workbook(out)
        for one in bad:
            assert book[one.sheet].cell(one.row, one.column + 1).value, one
    again = reading(out, **({"order": "dmy", "cells": "kept"} | given_))
    assert [type(item) for item in again.items()] == [type(item) for item in items], "the reasons are no part of the register"
    rows = sum(len(item.rows) for item in good)
    assert rows + len(bad) <= read.total
    return rows, len(bad)


@pytest.mark.parametrize("kind", KINDS)
@settings(QUICK)
@given(rows=ROWS, known=st.booleans())
def test_cells_of_every_type(kind: str, tmp_path: Path, rows: list[list[Any]], known: bool) -> None:
    path = save(tmp_path / "so.xlsx", [heading(kind), *rows])
    judge(path, tmp_path, **({"kind": kind} if known else {}))


@settings(QUICK)
@given(field=st.integers(0, 9), value=st.sampled_from(CELLS))
def test_a_good_row_with_one_cell_of_nonsense(tmp_path: Path, field: int, value: Any) -> None:
    row = case(1, "25/03/2025")
    row[field] = value
    assert sum(judge(log(tmp_path / "so.xlsx", row, case(2, "26/03/2025")), tmp_path)) >= 1


@settings(QUICK)
@given(rows=st.lists(st.lists(st.sampled_from(CELLS), max_size=12), min_size=1, max_size=12),
       areas=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 10), st.integers(1, 5), st.integers(1, 5)), max_size=4))
def test_no_heading_or_any_and_areas_merged_anyhow(
    tmp_path: Path, rows: list[list[Any]], areas: list[tuple[int, int, int, int]]
) -> None:
    def merge(book: Workbook) -> None:
        for top, left, height, width in areas:
            book.active.merge_cells(start_row=top, start_column=left, end_row=top + height, end_column=left + width)

    path = save(tmp_path / "so.xlsx", [*rows[:3], heading("log"), *rows[3:]], touch=merge)
    judged(path, tmp_path, sound=True)


PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml",
         "xl/styles.xml")
PIECES = (b"", b"<", b">", b'"', b"<row r='0'>", b'<row r="-1">', b'<c r="A0">', b'<c r="1A">', b'<c r="ZZ9">', b'<c r="">', b"<c/>",
          b"<v>1e999</v>", b"<v>NaN</v>", b"<v>-1</v>", b"<v>99999999999999999999</v>", b't="s"', b't="e"', b't="d"', b't="b"', b't="?"',
          b"&#0;", b"&#xD800;", b"\xff", b"\x00", b"</row>", b"<row>", b'r="A1:B2"', b'<mergeCell ref="A1:ZZ99999"/>',
          b'<mergeCell ref="B2:A1"/>', b'<mergeCell ref="?"/>', b"<!-- x", b"<![CDATA[", b"<?x?>", b"numFmtId='99999'", "ộ".encode())


class Parts(dict[str, bytes]):
    def __repr__(self) -> str:
        return "…"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = log(tmp_path_factory.mktemp("good") / "so.xlsx", *(case(i, f"{i + 12}/03/2025") for i in range(1, 6)), case(6, "2025"))
    with zipfile.ZipFile(path) as archive:
        return Parts({name: archive.read(name) for name in archive.namelist()})


def judged(path: Path, tmp_path: Path, *, sound: bool = False) -> str | None:
    try:
        judge(path, tmp_path, sound=sound)
    except RegisterError as error:
        assert error.words.vi and error.words.en and len(str(error)) < 1000
        return error.words.vi
    return None


@pytest.mark.parametrize("part", PARTS)
@settings(QUICK, max_examples=20)
@given(data=st.data())
def test_xml_broken_in_any_place(part: str, tmp_path: Path, good: dict[str, bytes], data: st.DataObject) -> None:
    content = good[part]
    at = data.draw(st.integers(0, len(content)))
    until = at + data.draw(st.sampled_from((0, 1, 5, 30)))
    piece = data.draw(st.sampled_from(PIECES))
    write(tmp_path / "so.xlsx", {**good, part: content[:at] + piece + content[until:]})
    judged(tmp_path / "so.xlsx", tmp_path)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_missing_empty_or_no_xml(part: str, tmp_path: Path, good: dict[str, bytes]) -> None:
    for content in (None, b"", b"x", b"<a/>", b"\xff\xfe<\0a\0/\0>\0"):
        parts = {name: text for name, text in good.items() if name != part} | ({part: content} if content is not None else {})
        write(tmp_path / "so.xlsx", parts)
        judged(tmp_path / "so.xlsx", tmp_path)


@settings(QUICK, max_examples=40)
@given(data=st.data())
def test_bytes_damaged_anywhere(tmp_path: Path, good: dict[str, bytes], data: st.DataObject) -> None:
    path = tmp_path / "so.xlsx"
    write(path, good)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        how = data.draw(st.sampled_from(("cut", "insert", "put")))
        if how == "cut":
            del content[at:at + data.draw(st.sampled_from((1, 50, len(content))))]
        elif how == "put":
            content[at:at + 1] = bytes([data.draw(st.integers(0, 255))])
        else:
            content[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        if not content:
            break
    path.write_bytes(content)
    judged(path, tmp_path)


def write(path: Path, parts: dict[str, bytes], order: Sequence[str] = ()) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in order or parts:
            archive.writestr(name, parts[name])
