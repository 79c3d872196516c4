"""A workbook read, marked or made in a process of its own, bounded in time and memory.

    python -m services.gateway.registers read|mark|template        what is asked as JSON on standard input

``read`` answers in lines of JSON, in this order: ``{"tables", "total", "questions"}``; each row as ``{"good"}`` (to be sent),
``{"same"}`` (as it was taken in before), ``{"left"}`` (differs from that) or ``{"bad"}``; ``{"end"}``. Where a question must be
answered first, the answer ends after the first line. ``mark`` and ``template`` write the workbook itself. A file that cannot be
read is told as ``{"error": {"vi", "en"}}``, with exit code 2.
"""

from __future__ import annotations

import datetime as dt
import resource
import signal
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from services.gateway.registers.asked import MEMORY, MOST_ROWS, SECONDS, Asked
from shared import registers
from shared.registers import (
    Bad,
    Changed,
    Doubt,
    Event,
    Good,
    Known,
    Reading,
    References,
    RegisterError,
    Words,
    World,
)


def main(arguments: list[str], given: BinaryIO, out: BinaryIO) -> int:
    """The process."""
    try:
        asked = msgspec.json.decode(given.read(), type=Asked)
        _limit()
        {"read": _read, "mark": _mark, "template": _template}[arguments[0]](asked, out)
        out.flush()
    except RegisterError as error:
        return _said(out, error.words)
    except MemoryError:
        return _said(out, Words("Tệp quá lớn để đọc: chia nhỏ sổ.", "The file is too large to be read: split it."))
    except _TooLong:
        return _said(out, Words("Đọc tệp lâu quá mức: chia nhỏ sổ.", "Reading took too long: split the file."))
    return 0


def _read(asked: Asked, out: BinaryIO) -> None:
    world = World(
        source=asked.source, unit=asked.unit, unit_name=asked.unit_name, valid_from=asked.valid_from,
        on=dt.date.fromisoformat(asked.on), today=dt.date.fromisoformat(asked.today), references=_references(asked),
    )
    reading = registers.read(
        Path(asked.path), world, kind=asked.kind or None,
        order=asked.order or None, cells=asked.cells or None,  # type: ignore[arg-type]  # the page asks for these words alone
    )
    if reading.total > MOST_ROWS:
        raise RegisterError(
            f"Sổ có {reading.total} dòng, mỗi lần nhận tối đa {MOST_ROWS}: chia nhỏ sổ, hoặc dùng lệnh namtot import.",
            f"The register has {reading.total} rows, {MOST_ROWS} are taken at a time: split it, or use namtot import.",
        )
    _line(out, {
        "tables": [{"sheet": table.sheet, "kind": table.kind} for table in reading.tables], "total": reading.total,
        "questions": [{"about": q.option.removeprefix("--"), "answers": q.answers, "lines": q.lines, **q.words._asdict()}
                      for q in reading.questions],
    })
    if reading.questions:
        return
    _tell_rows(asked, reading, out)
    stale = [(table.sheet, table.columns["reason"]) for table in reading.tables if "reason" in table.columns]
    _line(out, {"end": True, "examples": reading.examples, "stale": stale})


def _tell_rows(asked: Asked, reading: Reading, out: BinaryIO) -> None:
    """Beside what was taken in before: new rows and corrections are to be sent, rows that differ wait for a person's word."""
    known = Known(reading.world)
    known.add(asked.known)
    doubts: list[tuple[Good, Doubt]] = []
    changed: list[tuple[Good, Changed]] = []
    for item in reading.items():
        if isinstance(item, Bad):
            _line(out, {"bad": item._asdict()})
            continue
        look = known.look(item.events) if item.events else "new"
        if isinstance(look, Doubt):
            doubts.append((item, look))
        elif isinstance(look, Changed):
            changed.append((item, look))
        elif look == "said":
            _line(out, {"same": len(item.events), "row": item.rows[0] if item.rows else 0})
        else:
            _line(out, _good(reading, item, item.events))
    for item, doubt in doubts:
        settled = known.settle(item.events, doubt)
        if isinstance(settled, Changed):
            changed.append((item, settled))
        else:
            _line(out, _good(reading, item, item.events))
    for item, one in changed:
        if one.moved and asked.changed == "distinct":
            _line(out, _good(reading, item, item.events))
        elif asked.changed == "correct":
            _line(out, {**_good(reading, item, one.events(_reason(asked, item), asked.by)), "corrected": True})
        else:
            _line(out, {"left": {**_place(reading, item), "moved": one.moved}})


def _reason(asked: Asked, item: Good) -> str:
    said = "The mended register was imported again" if asked.lang == "en" else "Nhập lại sổ đã sửa"
    return f"{said}: {item.sheet}, {item.rows[0]}" if item.rows else said


def _good(reading: Reading, item: Good, events: Iterable[Event]) -> dict[str, Any]:
    return {"good": {**_place(reading, item), "events": [event.body.decode() for event in events]}}


def _place(reading: Reading, item: Good) -> dict[str, Any]:
    """``row``: 0 for what stands for a whole list."""
    if not item.rows:
        return {"sheet": item.sheet, "row": 0}
    table = next(t for t in reversed(reading.tables) if t.sheet == item.sheet and t.heading < item.rows[0])
    return {"sheet": item.sheet, "row": item.rows[0], "column": table.reasons, "heading": table.heading}


def _mark(asked: Asked, out: BinaryIO) -> None:
    bad = [Bad(one["sheet"], one["row"], Words(one["vi"], one["en"]), one["column"], one["heading"]) for one in asked.bad]
    path = Path(asked.path)
    marked = path.with_name("marked.xlsx")
    registers.write_back(path, marked, bad, "en" if asked.lang == "en" else "vi", asked.stale)
    out.write(marked.read_bytes())


def _template(asked: Asked, out: BinaryIO) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        registers.write_template(asked.kind, path)
        out.write(path.read_bytes())


def _references(asked: Asked) -> References:
    try:
        if asked.reference_key:
            return References.from_file(Path(asked.reference_key))
        return References.beside(Path(asked.master_key))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise RegisterError(
            "Máy chủ chưa có khóa mã tham chiếu (NAMTOT_REFERENCE_KEY_FILE): báo người vận hành.",
            f"The server has no key of references (NAMTOT_REFERENCE_KEY_FILE): {reason}; tell its operator.",
        ) from None


def _line(out: BinaryIO, told: dict[str, Any]) -> None:
    out.write(msgspec.json.encode(told) + b"\n")


def _said(out: BinaryIO, words: Words) -> int:
    _line(out, {"error": words._asdict()})
    out.flush()
    return 2


class _TooLong(Exception):
    pass


def _limit() -> None:
    def stop(number: int, frame: object) -> None:
        raise _TooLong

    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    signal.signal(signal.SIGXCPU, stop)
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
