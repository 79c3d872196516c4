"""A paper made by a process of its own: bytes or one sentence, within limits."""

from __future__ import annotations

import asyncio
import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from shared.papers import PaperError
from shared.papers.kinds import KINDS
from shared.papers.render import render
from shared.papers.worker import MAX_DATA, MEMORY, made, main
from tests.unit.papers.reading import example, text_of

KIND = KINDS["recognition-certificate"]


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are the process's; in the tests' own they would stay."""
    monkeypatch.setattr("shared.papers.worker._limit", lambda: None)


def run(*arguments: str, given: bytes = b"{}") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "shared.papers", *arguments], input=given, capture_output=True, timeout=60)


def test_json_in_bytes_out() -> None:
    done = run(KIND.id, given=b'{"recipient": "T\xe1\xbb\x95 s\xe1\xbb\x91 5"}')
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == render(KIND, {"recipient": "Tổ số 5"})


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize(("arguments", "given", "code", "told"), [
    (["giay-khem"], b"{}", 2, "did you mean giay-khen?"),
    ([], b"{}", 2, "usage: "),
    (["certificate", "--folder"], b"{}", 2, "usage: "),
    (["certificate"], b"{", 2, "data for certificate: "),
    (["certificate", "--notice", "x"], b"[]", 2, "data: "),
    (["certificate"], b'{"ordinal": "m\xe1\xbb\x99t"}', 2, "at `$.ordinal`"),
    (["certificate"], b" " * (MAX_DATA + 1), 2, "more than 16 MiB of data"),
    (["certificate", "--folder", "/nowhere"], b"{}", 3, "NAMTOT_PAPERS_DIR='/nowhere' is no folder"),
])
def test_what_is_wrong_is_one_line_and_a_code(
    arguments: list[str], given: bytes, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = io.BytesIO()
    assert main(arguments, io.BytesIO(given), out) == code
    said = capsys.readouterr().err
    assert told in said and said.count("\n") == 1
    assert out.getvalue() == b""


def test_a_template_that_never_ends_is_stopped(tmp_path: Path) -> None:
    (tmp_path / KIND.template).write_text("#for a in range(9999) { for b in range(9999) { for c in range(9999) { let n = c } } }")
    with pytest.raises(PaperError, match="not ready within 1 seconds") as raised:
        asyncio.run(made(KIND.id, {}, folder=str(tmp_path), seconds=1))
    assert raised.value.what == "limit"
    assert not [child for child in Path("/proc").glob("[0-9]*/stat") if child_of_ours(child)]


def child_of_ours(stat: Path) -> bool:
    try:
        parent = int(stat.read_text().rpartition(")")[2].split()[1])
        return parent == os.getpid() and "shared.papers" in (stat.parent / "cmdline").read_text()
    except (OSError, ValueError):
        return False


def test_memory_is_bounded(tmp_path: Path) -> None:
    (tmp_path / KIND.template).write_text('#let s = "x" * 9999999\n#let all = ()\n#for a in range(9999) { all.push(s + str(a)) }')
    process = subprocess.Popen(
        [sys.executable, "-m", "shared.papers", KIND.id, "--folder", str(tmp_path)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=at_most_twice,
    )
    assert process.stdin is not None and process.stdout is not None
    with process.stdin, process.stdout:
        process.stdin.write(b"{}")
        process.stdin.close()
        assert process.stdout.read() == b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode < 0, "the compiler was stopped, not the template found wrong"
    assert used.ru_maxrss * 1024 <= MEMORY


def at_most_twice() -> None:
    """So that a worker without a limit of its own fails the test and not the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))


def test_made_gives_the_file_with_the_notice() -> None:
    kind = KINDS["recognition-decision"]
    content = asyncio.run(made(kind.id, example(kind), notice="MÔ PHỎNG"))
    assert text_of(content).startswith("MÔ PHỎNG\n") and "412/QĐ-UBND" in text_of(content)


@pytest.mark.parametrize(("kind", "data", "what", "told"), [
    ("certificate", {"ordinal": -1}, "data", "Expected `int` >= 0"), ("nothing", {}, "data", "there is no paper 'nothing'"),
])
def test_made_raises_what_the_worker_said(kind: str, data: dict[str, int], what: str, told: str) -> None:
    with pytest.raises(PaperError, match=told) as raised:
        asyncio.run(made(kind, data))
    assert raised.value.what == what


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize(("kind", "begins"), [("listing-pdf", b"%PDF"), ("listing-xlsx", b"PK")])
def test_a_listing_is_made_like_any_paper(kind: str, begins: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    out = io.BytesIO()
    given = b'{"title": "x", "tables": [{"columns": [{"title": "STT"}], "rows": [[1]]}]}'
    assert main([kind, "--notice", "Thử"], io.BytesIO(given), out) == 0
    assert out.getvalue().startswith(begins)
    assert main([kind], io.BytesIO(b'{"title": "x"}'), io.BytesIO()) == 2
    assert "data for a listing" in capsys.readouterr().err
