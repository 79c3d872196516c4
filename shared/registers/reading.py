"""A workbook as events: opened, its tables found, the order of its dates settled, each row taken or told why not.

    reading = read(path, world, kind=None, order=None, cells=None)
    reading.questions          not empty: ask a person, read again with the answer; nothing is taken in before
    for item in reading.items():
        Good(sheet, rows, events)          rows taken in; of rosters and lists the events come at the end, with rows ()
        Bad(sheet, row, words, …)          a row that is not, with the reason

Rows pass one at a time; what is kept is the workbook itself (bounded by ``opening``) and what a roster or list gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from shared.registers import log
from shared.registers.bulk import Bulk
from shared.registers.dates import Cells, Evidence, Order, Question
from shared.registers.dates import read as read_date
from shared.registers.errors import RegisterError, RowError, Words
from shared.registers.roster import Roster
from shared.registers.sheets import Sheet, open_sheets
from shared.registers.tables import Line, Table, lines
from shared.registers.text import folded
from shared.registers.world import Event, World

EXAMPLE = "vi du"
"""The first words of an example row in a template."""
_GATHERED = ("roster", "documents", "attendance", "zero")
TOLD_EVERY = 200


class Good(NamedTuple):
    sheet: str
    rows: tuple[int, ...]
    events: tuple[Event, ...]


class Bad(NamedTuple):
    """``column``: from 0, in which the reason is written; ``heading``: the row of the table's heading."""

    sheet: str
    row: int
    words: Words
    column: int
    heading: int


@dataclass(slots=True)
class Reading:
    world: World
    sheets: list[Sheet]
    kind: str | None
    evidence: Evidence
    questions: list[Question]
    tables: list[Table]
    total: int
    moved: Callable[[int], None]
    examples: int = field(default=0)

    def items(self) -> Iterator[Good | Bad]:
        done = 0
        gathered: dict[str, Roster | Bulk] = {}
        seen: dict[str, int] = {}
        for sheet in self.sheets:
            for group in _grouped(lines(sheet, self.kind)):
                done += len(group)
                if done % TOLD_EVERY < len(group):
                    self.moved(done)
                first = group[0]
                if _is_example(first):
                    self.examples += 1
                    continue
                try:
                    if first.table.kind in _GATHERED:
                        _gather(gathered, first, self.world)
                        yield Good(sheet.name, (first.number,), ())
                    else:
                        events = tuple(log.events(group, self.world))
                        _once(seen, events, first.number)
                        yield Good(sheet.name, tuple(line.number for line in group), events)
                except RowError as error:
                    yield Bad(sheet.name, first.number, error.words, first.table.reasons, first.table.heading)
        self.moved(done)
        for whole in gathered.values():
            try:
                for event in whole.events():
                    yield Good("", (), (event,))
            except RowError as error:
                raise RegisterError(*error.words) from None


def read(
    path: Path, world: World, *, kind: str | None = None, order: Order | None = None, cells: Cells | None = None,
    moved: Callable[[int], None] = lambda rows: None,
) -> Reading:
    """Open and look through. ``kind``: what the tables are; ``order`` and ``cells``: answers to questions. Raise
    ``RegisterError``."""
    sheets = open_sheets(path)
    evidence = Evidence(world.today)
    tables: list[Table] = []
    total = 0
    for sheet in sheets:
        for item in lines(sheet, kind):
            if isinstance(item, Table):
                if tables and tables[-1].sheet == item.sheet and tables[-1].heading == item.heading - 1:
                    tables.pop()
                tables.append(item)
                continue
            total += 1
            if item.table.kind not in ("roster", "zero") and not _is_example(item):
                evidence.note(_dates(item), f"{sheet.name}!{item.number}")
    if not tables:
        raise RegisterError(
            "Không tìm thấy bảng nào: cần một dòng tiêu đề cột như “Ngày nhận”, “Nội dung”, hoặc “Họ và tên”, “Tổ hòa giải”.",
            "No table was found: a heading such as “Ngày nhận”, “Nội dung” or “Họ và tên”, “Tổ hòa giải” is needed.",
        )
    settled = replace(world, order=evidence.order(order), cells=cells or "kept")
    return Reading(settled, sheets, kind, evidence, evidence.questions(order, cells), tables, total, moved)


def _dates(line: Line) -> list[Any]:
    if line.table.kind == "log":
        return log.dates_of(line)
    try:
        found = read_date(line.values.get("day"))
    except RowError:
        return []
    return [] if found is None else [found]


def _grouped(items: Iterator[Line | Table]) -> Iterator[list[Line]]:
    """Rows of a log with those that continue them; every other row alone."""
    group: list[Line] = []
    for item in items:
        if isinstance(item, Line) and group and item.table is group[0].table and _goes_on(group[-1], item):
            group.append(item)
            continue
        if group:
            yield group
        group = [item] if isinstance(item, Line) else []
    if group:
        yield group


def _goes_on(before: Line, line: Line) -> bool:
    """Below a total or an empty row nothing goes on: what stands alone there is a signature or a note."""
    if line.table.kind != "log" or line.number != before.number + 1:
        return False
    return line.continues or not any(name in line.values for name in (*log.DATES, "number", "settled", "not_settled", "result"))


def _is_example(line: Line) -> bool:
    for name in ("number", "notes"):
        value = line.values.get(name)
        if isinstance(value, str) and folded(value[: 4 * len(EXAMPLE)]).startswith(EXAMPLE):
            return True
    return False


def _gather(gathered: dict[str, Roster | Bulk], line: Line, world: World) -> None:
    kind = line.table.kind
    if kind not in gathered:
        gathered[kind] = Roster(world) if kind == "roster" else Bulk(world, kind)
    gathered[kind].add(line)


def _once(seen: dict[str, int], events: tuple[Event, ...], row: int) -> None:
    """The same case twice in one file is a mistake that would go unseen: the second would count as the first, mended."""
    for event in events[:1]:
        earlier = seen.setdefault(event.subject, row)
        if earlier != row:
            raise RowError(
                f"Trùng với dòng {earlier}: cùng tổ, số thứ tự và ngày nhận (nếu sổ không có số: cùng các bên). "
                "Nếu là vụ việc khác, ghi số khác.",
                f"The same as row {earlier}: team, number and day (in a book without numbers, the parties). "
                "If it is another case, give it another number.",
            )
