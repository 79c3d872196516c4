"""Rendering in a process of its own, bounded in time and memory: for whoever must not block, or must not die of a bad template.

    python -m shared.papers KIND [--folder DIR] [--notice TEXT]     JSON on standard input, the file's bytes on standard output

KIND is a paper's, or listing-pdf, listing-xlsx (``shared.papers.listing``).

Exit codes: 0; 2 the kind or the data is wrong; 3 the template is; 4 a limit was broken. One line on standard error says what.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sys
from types import FrameType
from typing import Any, BinaryIO

import msgspec

from shared.papers import listing
from shared.papers.errors import PaperError
from shared.papers.kinds import find
from shared.papers.render import render

SECONDS = 60
MEMORY = 768 * 1024 * 1024
"""Of addresses; a table of 2,000 rows takes about 100 MiB."""
MAX_DATA = 16 * 1024 * 1024
EXITS = {"kind": 2, "data": 2, "template": 3, "limit": 4}
MEANS: dict[int, Any] = {2: "data", 3: "template"}


def main(arguments: list[str], given: BinaryIO, out: BinaryIO) -> int:
    """The process: read, render, write."""
    try:
        kind, options = _read_arguments(arguments)
        _limit()
        data = given.read(MAX_DATA + 1)
        if len(data) > MAX_DATA:
            raise PaperError("data", f"more than {MAX_DATA // 1024**2} MiB of data")
        out.write(_rendered(kind, _noted(data, options.get("--notice", "")), options.get("--folder", "")))
        out.flush()
    except PaperError as error:
        return _said(error.reason, EXITS[error.what])
    except MemoryError:
        return _said(f"the paper needs more than {MEMORY // 1024**2} MiB", 4)
    except OSError as error:
        return _said(f"cannot be written: {error.strerror}", 4)
    return 0


async def made(
    kind: str, data: dict[str, Any], folder: str = "", notice: str = "", seconds: float = SECONDS
) -> bytes:
    """The file, rendered by a worker process. Raise ``PaperError``; the process never outlives the call."""
    body = msgspec.json.encode(data)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.papers", kind, "--folder", folder, "--notice", notice,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )
    try:
        written, told = await asyncio.wait_for(process.communicate(body), seconds)
    except TimeoutError:
        raise PaperError("limit", f"the paper was not ready within {seconds:g} seconds") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == 0:
        return written
    lines = told.decode(errors="replace").strip().splitlines()
    reason = lines[-1] if lines else f"the worker ended with {process.returncode}"
    raise PaperError(MEANS.get(process.returncode or 0, "limit"), reason)


def _rendered(kind: str, data: bytes | dict[str, Any], folder: str) -> bytes:
    if kind in listing.KINDS:
        return listing.render(listing.read(data), listing.KINDS[kind])
    return render(find(kind), data, folder)


def _read_arguments(arguments: list[str]) -> tuple[str, dict[str, str]]:
    kind, *rest = arguments or [""]
    if not kind or len(rest) % 2 or not set(rest[::2]) <= {"--folder", "--notice"}:
        raise PaperError("kind", "usage: python -m shared.papers KIND [--folder DIR] [--notice TEXT] < DATA.json > FILE")
    return kind, dict(zip(rest[::2], rest[1::2], strict=True))


def _noted(data: bytes, notice: str) -> bytes | dict[str, Any]:
    if not notice:
        return data
    try:
        return {"notice": notice, **msgspec.json.decode(data, type=dict[str, Any])}
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PaperError("data", f"data: {error}") from None


def _limit() -> None:
    """Wall clock and processor time are both bounded: the alarm cannot interrupt C code, the kernel's limit can."""
    os.environ.setdefault("RAYON_NUM_THREADS", "1")  # else typst has a thread, with memory of its own, for every core
    for what, soft, hard in (
        (resource.RLIMIT_AS, MEMORY, MEMORY), (resource.RLIMIT_CPU, SECONDS, SECONDS + 5),
    ):
        _, given = resource.getrlimit(what)
        most = hard if given == resource.RLIM_INFINITY else min(hard, given)
        resource.setrlimit(what, (min(soft, most), most))
    signal.signal(signal.SIGALRM, _too_long)
    signal.signal(signal.SIGXCPU, _too_long)
    signal.alarm(SECONDS)


def _too_long(number: int, frame: FrameType | None) -> None:
    raise PaperError("limit", f"the paper took more than {SECONDS} seconds")


def _said(reason: str, code: int) -> int:
    sys.stderr.write(" ".join(reason.split()) + "\n")
    return code
