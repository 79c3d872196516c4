"""From a workbook to outcomes: a worker reads it, each event is forwarded as it comes, at most so many under way."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from services.gateway.inbound import Inbound, single
from services.gateway.outcomes import Answer
from services.gateway.pages.shapes import Both
from services.gateway.registers.asked import SECONDS, Asked
from shared.contracts import STRUCTURED

OUTCOMES = ("applied", "duplicate", "refused", "pending")
AT_ONCE = 100
"""Events on their way to the broker at a time."""
LONGEST_LINE = 32 * 1024 * 1024
"""A whole roster is one event."""
MEMORY_FOLDER = Path("/dev/shm")
"""Where a workbook lies while a worker reads it: it may hold names, and memory forgets them."""


class Unreadable(Exception):
    """The file as a whole cannot be taken in; ``words`` say why."""

    def __init__(self, words: Both) -> None:
        super().__init__(words.en)
        self.words = words


class Question(msgspec.Struct, frozen=True):
    """``about``: day-order or excel-dates. ``lines``: where the doubt lies."""

    about: str
    answers: list[str]
    lines: list[str]
    vi: str
    en: str


class Table(msgspec.Struct, frozen=True):
    sheet: str
    kind: str


class Bad(msgspec.Struct):
    """A row with the reason why it was not taken in; ``row`` 0: of a whole list."""

    sheet: str
    row: int
    vi: str
    en: str
    column: int = 0
    heading: int = 0


class Left(msgspec.Struct):
    """A row that differs from what was taken in before. ``moved``: in number, day or team, so that it may be another case."""

    sheet: str
    row: int
    moved: bool = False


class Taken(msgspec.Struct):
    """``counts``: events by outcome (``pending``: no answer yet). ``stopped``: the broker went away in between; what was sent
    counts, and the same file can be sent again."""

    tables: list[Table] = []
    questions: list[Question] = []
    rows: int = 0
    good: int = 0
    examples: int = 0
    counts: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    corrected: int = 0
    left: list[Left] = []
    bad: list[Bad] = []
    stale: list[tuple[str, int]] = []
    stopped: bool = False


Forward = Callable[[Inbound], Awaitable[Answer]]


@contextlib.contextmanager
def in_memory(body: bytes) -> Iterator[Path]:
    """A file with that content, gone afterwards."""
    parent = MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="namtot-register-", dir=parent) as folder:
        path = Path(folder) / "register.xlsx"
        path.write_bytes(body)
        yield path


async def take(body: bytes, asked: Asked, forward: Forward) -> Taken:
    """Raise ``Unreadable``. Where there are questions, nothing was sent."""
    taken = Taken()
    slots = asyncio.Semaphore(AT_ONCE)
    under_way: set[asyncio.Task[None]] = set()

    async def send(event: str, good: dict[str, Any]) -> None:
        try:
            _note(taken, await forward(single(event.encode(), STRUCTURED, ())), good)
        finally:
            slots.release()

    with in_memory(body) as path:
        asked.path = str(path)
        try:
            # closed at once wherever it is left, and the worker with it
            async with contextlib.aclosing(_lines("read", asked)) as lines:
                async for line in lines:
                    if "error" in line:
                        raise Unreadable(msgspec.convert(line["error"], Both))
                    for event in _heard(taken, line):
                        await slots.acquire()
                        task = asyncio.create_task(send(event, line["good"]))
                        under_way.add(task)
                        task.add_done_callback(under_way.discard)
                    if taken.stopped:
                        break
        finally:
            await asyncio.gather(*under_way)
    taken.bad.sort(key=lambda one: (one.sheet, one.row))
    return taken


async def marked(body: bytes, taken: Taken, lang: str) -> bytes:
    """The workbook with the reasons beside its rows. Raise ``Unreadable``."""
    with in_memory(body) as path:
        bad = [msgspec.to_builtins(one) for one in taken.bad if one.row]
        return await _whole("mark", Asked(path=str(path), bad=bad, stale=taken.stale, lang=lang))


async def template(kind: str) -> bytes:
    """Raise ``Unreadable`` for a kind that has none."""
    return await _whole("template", Asked(kind=kind))


def _heard(taken: Taken, line: dict[str, Any]) -> list[str]:
    """Take over what a line says; the events that it holds."""
    if "tables" in line:
        taken.tables, taken.rows = msgspec.convert(line["tables"], list[Table]), line["total"]
        taken.questions = msgspec.convert(line["questions"], list[Question])
    elif "bad" in line:
        words = line["bad"].pop("words")
        taken.bad.append(Bad(**line["bad"], vi=words[0], en=words[1]))
    elif "same" in line:
        taken.good += line["row"] > 0
        taken.counts["duplicate"] += line["same"]
    elif "left" in line:
        taken.good += line["left"]["row"] > 0
        taken.left.append(msgspec.convert(line["left"], Left))
    elif "good" in line:
        taken.good += line["good"]["row"] > 0
        taken.corrected += line.get("corrected", False)
        return list(line["good"]["events"])
    elif "end" in line:
        taken.examples, taken.stale = line["examples"], [(sheet, column) for sheet, column in line["stale"]]
    return []


def _note(taken: Taken, answer: Answer, good: dict[str, Any]) -> None:
    if answer.outcome == "not_accepted":
        taken.stopped = True
        return
    taken.counts[answer.outcome if answer.outcome in taken.counts else "pending"] += 1
    if answer.outcome == "refused":
        why, field = answer.body["reason"], answer.body.get("field") or ""
        place = {name: good.get(name, 0) for name in ("column", "heading")}
        taken.bad.append(Bad(good["sheet"], good["row"], why["vi"], f"{field}: {why['en']}".removeprefix(": "), **place))


async def _lines(what: str, asked: Asked) -> AsyncGenerator[dict[str, Any], None]:
    """The process never outlives the reading."""
    process = await _started(what, asked)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS * 2):
            while line := await process.stdout.readline():
                yield msgspec.json.decode(line)
            if await process.wait() not in (0, 2):
                raise Unreadable(_BROKEN)
    except (TimeoutError, ValueError):
        raise Unreadable(_BROKEN) from None
    finally:
        await _over(process)


async def _whole(what: str, asked: Asked) -> bytes:
    process = await _started(what, asked)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS * 2):
            body = await process.stdout.read()
            code = await process.wait()
    except TimeoutError:
        raise Unreadable(_BROKEN) from None
    finally:
        await _over(process)
    if code == 2:
        raise Unreadable(msgspec.convert(msgspec.json.decode(body)["error"], Both))
    if code != 0:
        raise Unreadable(_BROKEN)
    return body


_BROKEN = Both("Không đọc được tệp này: tệp quá lớn hoặc đã hỏng.", "The file could not be read: it is too large or damaged.")


async def _started(what: str, asked: Asked) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.gateway.registers", what, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, limit=LONGEST_LINE,
    )
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):
        process.stdin.write(msgspec.json.encode(asked))
        await process.stdin.drain()
    process.stdin.close()
    return process


async def _over(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
