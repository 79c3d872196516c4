"""Finding the tables of a sheet: where a heading stands, what each column is, which rows belong below it.

A sheet may hold several books one after another, each with its heading (one or two lines, merged cells), titles above and totals
below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from shared.registers.sheets import Row, Sheet
from shared.registers.text import folded, plain

_WORDS: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text())
COLUMNS: Mapping[str, list[str]] = _WORDS["columns"]
KINDS: Mapping[str, list[list[str]]] = _WORDS["kinds"]
DISPUTES: Mapping[str, list[str]] = _WORDS["disputes"]
_EXACT = {word: name for name, words in COLUMNS.items() for word in words}
_BEGINNINGS = sorted((word for word in _EXACT if len(word) > 4), key=len, reverse=True)
_BY_FIRST: dict[str, list[str]] = {}
for _beginning in _BEGINNINGS:
    _BY_FIRST.setdefault(_beginning.split(" ")[0], []).append(_beginning)
_NUMBERING = re.compile(r"\(?[0-9]{1,2}\)?")
_TEAM_TITLE = re.compile(r"to hoa giai\b.*\S")
_GOES_ON = ("received", "parties", "content", "agreement")
"""Where a row that holds nothing else is no title: it goes on with the row above, or lacks much."""
_COUNTED = ("number", "received", "day", "born")
_TOTALS = ("tong", "cong", "total")
LONGEST_HEADING = 120


@dataclass(slots=True)
class Table:
    """``columns``: field → column, from 0. ``heading``: number of its last heading row. ``team``: named in a title above.
    ``reasons``: the column beside the table in which reasons are written."""

    sheet: str
    kind: str
    columns: dict[str, int]
    heading: int
    reasons: int
    team: str | None = None


@dataclass(slots=True)
class Line:
    """One row below a heading. ``values``: by field, merged cells filled downwards. ``continues``: its number stands in a cell
    merged with the row before, so it belongs to the same entry."""

    table: Table
    number: int
    values: dict[str, Any]
    continues: bool = False


@dataclass(slots=True)
class _Finder:
    sheet: Sheet
    kind: str | None
    table: Table | None = None
    team: str | None = None
    above: tuple[int, list[str], dict[str, int]] | None = None
    last: int = 0
    held: dict[tuple[int, int], Any] = field(default_factory=dict)


@lru_cache(maxsize=10_000)
def column_of(text: str) -> str | None:
    """Which field a heading names."""
    if not text or len(text) > LONGEST_HEADING:
        return None
    words = folded(text)
    if words in _EXACT:
        return _EXACT[words]
    likely = _BY_FIRST.get(words.partition(" ")[0], ())
    return next((_EXACT[word] for word in likely if words.startswith(word + " ")), None)


def lines(sheet: Sheet, kind: str | None = None) -> Iterator[Line | Table]:
    """Each table when its heading is found, then its rows. ``kind``: what the tables are, if that is known."""
    finder = _Finder(sheet, kind)
    merged_from = set(sheet.origins.values())
    for number, row in sheet.rows():
        if merged_from:
            for column, value in enumerate(row):
                if (number - 1, column) in merged_from:
                    finder.held[number - 1, column] = value
        entry = finder.table is not None and _is_entry(finder.table, row)
        texts = [] if entry else _texts(finder, number, row)
        if entry:
            finder.above = found = None
        else:
            found = _heading(finder, number, texts)
        if found is not None:
            finder.table = found
            yield found
            continue
        if finder.table is None or _is_text(finder.table, row, finder.last == number - 1):
            _note_title(finder, texts)
            continue
        line = _line(finder, finder.table, number, row)
        if line is not None:
            finder.last = number
            yield line


def _texts(finder: _Finder, number: int, row: Row) -> list[str]:
    """The row's cells as text, what is merged with a cell above or beside it included."""
    texts = [plain(value) for value in row]
    if finder.sheet.origins:
        for column in range(len(row)):
            if (origin := finder.sheet.origins.get((number - 1, column))) is not None:
                texts[column] = plain(finder.held.get(origin))
    return texts


def _is_entry(table: Table, row: Row) -> bool:
    """A number or a day stands where the table has such: most rows need not be looked at as a heading."""
    for name in _COUNTED:
        column = table.columns.get(name)
        value = row[column] if column is not None and column < len(row) else None
        if value is not None and (not isinstance(value, str) or value[:1].isdigit()):
            return True
    return False


def _heading(finder: _Finder, number: int, texts: list[str]) -> Table | None:
    own: dict[str, int] = {}
    for column, text in enumerate(texts):
        if (name := column_of(text)) is not None:
            own.setdefault(name, column)
    above, finder.above = finder.above, None
    if above is not None and above[0] == number - 1 and own and _second_line(texts):
        joined = dict(above[2])
        for column, text in enumerate(texts):
            upper = above[1][column] if column < len(above[1]) else ""
            name = column_of(text) or column_of(f"{upper} {text}")
            if name is not None and text != upper:
                joined = {n: c for n, c in joined.items() if c != column}
                joined[name] = column
        if "settled" in joined and "not_settled" in joined:
            joined.pop("result", None)
        own = joined if len(joined) >= len(own) else own
    filled = sum(1 for text in texts if text)
    if len(own) < 2 or len(own) * 2 < min(filled, 8) or any(len(t) > LONGEST_HEADING for t in texts):
        return None
    if "mediator" in own and not own.keys() & {"name", "received", "content"} and own.keys() & {"sex", "born", "phone", "role"}:
        # in a roster "Hòa giải viên" heads the names themselves
        own["name"] = own.pop("mediator")
    kind = finder.kind or _kind(own)
    finder.above = (number, texts, own)
    if kind is None:
        return None
    team, finder.team = finder.team, None
    if team is None and finder.table is not None and above is not None:
        team = finder.table.team
    return Table(finder.sheet.name, kind, own, number, own.get("reason", finder.sheet.width), team)


def _second_line(texts: list[str]) -> bool:
    return not any(re.search(r"[0-9]", text) for text in texts)


def _kind(own: Mapping[str, int]) -> str | None:
    return next((kind for kind, sets in KINDS.items() for wanted in sets if all(name in own for name in wanted)), None)


def _is_text(table: Table, row: Row, goes_on: bool) -> bool:
    """Titles, numbering "(1) (2) (3)", totals, signatures. ``goes_on``: the row above is an entry."""
    filled = [value for value in row if value is not None]
    if not filled:
        return True
    if len(filled) >= 3 and _NUMBERING.fullmatch(plain(filled[1])):
        texts = [plain(value) for value in filled]
        if all(_NUMBERING.fullmatch(text) for text in texts):
            numbers = [int(text.strip("()")) for text in texts]
            return all(b - a == 1 for a, b in pairwise(numbers))
    if isinstance(filled[0], str) and folded(plain(filled[0])).split(" ")[0] in _TOTALS:
        return True
    alone = next(column for column, value in enumerate(row) if value is not None)
    return len(filled) == 1 and alone not in [table.columns.get(name) for name in (_GOES_ON if goes_on else _GOES_ON[:1])]


def _note_title(finder: _Finder, texts: list[str]) -> None:
    for text in texts:
        if text and _TEAM_TITLE.match(folded(text)) and len(text) <= 200 and not text.isupper():
            finder.team = text.removesuffix(":").strip()


def _line(finder: _Finder, table: Table, number: int, row: Row) -> Line | None:
    if not finder.sheet.origins:
        width = len(row)
        values = {n: v for n, c in table.columns.items() if c < width and (v := row[c]) is not None and v != ""}
        return Line(table, number, values) if len(values) > ("reason" in values) else None
    values = {}
    continues = False
    own = False
    for name, column in table.columns.items():
        value = row[column] if column < len(row) else None
        origin = finder.sheet.origins.get((number - 1, column))
        if origin is not None and origin[0] < number - 1 and origin[0] >= table.heading:
            value = finder.held.get(origin)
            continues |= name in ("number", "received")
        elif value is not None and name != "reason":
            own = True
        if value is not None and value != "":
            values[name] = value
    return Line(table, number, values, continues) if own and values else None
