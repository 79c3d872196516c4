"""``namtot import`` on a running intake: rows go in once, however often they are sent; bad ones come back."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.support.processes import COMMAND, ROOT, ServiceProcesses, namtot
from tests.support.sending import Sender, sender
from tests.unit.registers.books import case, log
from tests.unit.registers.messy import BAD, CASES, ROSTER_BAD, messy


def test_a_register_goes_in_once_and_its_bad_rows_come_back(
    run_service: ServiceProcesses, settings_env: dict[str, str], amqp_uri: str, tmp_path: Path
) -> None:
    run_service("intake")
    path = log(tmp_path / "so.xlsx", *(case(i, f"{i + 12}/03/2025") for i in range(1, 13)), case(13, "2025"))
    given = ("--source", "https://bode.example/so", "--unit", "00118", "--json")
    first = namtot("import", str(path), *given, environ=settings_env)
    assert first.returncode == 1, first.stderr
    told = json.loads(first.stdout)
    assert (told["applied"], told["duplicate"], told["refused"], told["waiting"], told["bad"]) == (12, 0, 0, 0, 1), told
    with sender(amqp_uri) as outside:
        outside.settled(received=12, applied=12)
    again = json.loads(namtot("import", str(path), *given, environ=settings_env).stdout)
    assert (again["applied"], again["duplicate"]) == (0, 12)
    mended = Path(told["written_back"])
    book = load_workbook(mended)
    book.active.cell(told["reasons"][0]["row"], 2, "28/03/2025")
    book.save(mended)
    last = namtot("import", str(mended), *given, environ=settings_env)
    assert last.returncode == 0, last.stderr + last.stdout
    assert (json.loads(last.stdout)["applied"], json.loads(last.stdout)["duplicate"]) == (1, 12)
    with sender(amqp_uri) as outside:
        outside.settled(received=13, applied=13)
    unclear = log(tmp_path / "hoi.xlsx", case(1, "05/03/2025"))
    asked = namtot("import", str(unclear), *given, environ=settings_env)
    assert asked.returncode == 3 and "--day-order" in asked.stderr


def test_a_mended_row_becomes_a_correction_when_a_person_asks_for_it(
    run_service: ServiceProcesses, settings_env: dict[str, str], amqp_uri: str, tmp_path: Path
) -> None:
    run_service("intake")
    given = ("--source", "https://bode.example/so", "--unit", "00118", "--json")
    path = tmp_path / "so.xlsx"
    rows = [case(i, f"{i + 12}/03/2025") for i in range(1, 5)]
    assert namtot("import", str(log(path, *rows)), *given, environ=settings_env).returncode == 0
    rows[1] = case(2, "14/03/2025", settled=None, failed="x")
    rows[2] = case(3, "17/03/2025")
    left = namtot("import", str(log(path, *rows)), *given, environ=settings_env)
    told = json.loads(left.stdout)
    assert (left.returncode, told["changed"], told["corrected"], told["applied"], told["duplicate"]) == (1, 2, 0, 0, 2), told
    assert ["--correct" in reason["vi"] for reason in told["reasons"]] == [True, True]
    assert [reason["row"] for reason in told["reasons"]] == [6, 7]
    nobody = namtot("import", str(path), *given, "--correct", "--by", "Trần Văn Tư", environ=settings_env)
    assert nobody.returncode == 2 and "--by" in nobody.stderr
    with sender(amqp_uri) as outside:
        outside.settled(received=4, applied=4)
        done = namtot("import", str(path), *given, "--correct", "--by", "bode/02", environ=settings_env)
        told = json.loads(done.stdout)
        # the second row: one correction; the third, whose day was wrong: taken back where it stood, entered where it belongs
        assert (done.returncode, told["corrected"], told["applied"], told["duplicate"]) == (0, 2, 3, 2), done.stderr
        accounts = outside.settled(received=7, applied=7)
        assert accounts["balanced"]
        again = json.loads(namtot("import", str(path), *given, environ=settings_env).stdout)
        assert (again["changed"], again["applied"], again["duplicate"]) == (0, 0, 4)
        held = pages(outside, 2)
        assert len(held) == 5 and [one["withdrawn_by"] != "" for one in held].count(True) == 1
        entries = [entry for one in held for entry in outside.ask("case", id=one["record"])["entries"]]
        reasons = {(entry["by"], entry["reason"].rpartition(", ")[0]) for entry in entries if "by" in entry}
        assert reasons == {("bode/02", "Nhập lại sổ đã sửa: so.xlsx, Sổ 1")}


def pages(outside: Sender, limit: int) -> list[dict[str, Any]]:
    found, after = [], ""
    while True:
        page = outside.ask("imported", source="https://bode.example/so", after=after, limit=limit)
        found += page["items"]
        if page["next"] is None:
            return found
        after = page["next"]


def at_a_terminal(arguments: Sequence[str], answers: Sequence[str], environ: dict[str, str]) -> tuple[int, str]:
    """A person runs the command and types these answers. The exit code, and what the terminal showed."""
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, env={**os.environ, **environ, "TERM": "xterm", "COLUMNS": "160"},
        stdin=theirs, stdout=theirs, stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the terminal's other end was closed
                break
            if not piece:
                break
            shown += piece
        code = process.wait(60)
    os.close(ours)
    return code, shown.decode()


def test_a_messy_register_and_its_roster_at_a_terminal(
    run_service: ServiceProcesses, settings_env: dict[str, str], amqp_uri: str, tmp_path: Path
) -> None:
    """Title rows, two books in a sheet, days in every spelling: what can be read is taken in once, the accounts balance; a day
    that may be swapped is asked about, and so is a mended row."""
    run_service("intake")
    path = messy(tmp_path / "so.xlsx")
    unit = ("--unit", "00118", "--unit-name", "Phường Bồ Đề", "--unit-since", "2025-07-01")
    given = ("--source", "https://bode.example/so", *unit)
    first = namtot("import", str(path), *given, "--json", environ=settings_env)
    told = json.loads(first.stdout)
    counts = [told[name] for name in ("applied", "duplicate", "refused", "waiting", "bad", "lost")]
    assert counts == [CASES + 1, 0, 0, 0, len(BAD) + len(ROSTER_BAD), []], first.stderr
    book = load_workbook(path)
    book.worksheets[0]["E8"] = "Tranh chấp ngõ đi chung"
    book.worksheets[0]["B20"] = "05/02/2025"
    book.save(path)
    code, shown = at_a_terminal(["import", str(path), *given], ["correct", "bode/02"], settings_env)
    assert code == 1 and "2 dòng khác với lần nhập trước" in shown and "Mã của người yêu cầu" in shown
    assert "2 dòng đã gửi đính chính" in shown and "19/19" in shown, shown
    unclear = log(tmp_path / "hoi.xlsx", case(1, "05/03/2025"))
    code, shown = at_a_terminal(["import", str(unclear), *given], ["xyz", "dmy"], settings_env)
    assert code == 0 and shown.count("dmy / mdy") == 2, shown
    with sender(amqp_uri) as outside:
        # one correction; one taken back and entered under its day; the asked-about one
        accounts = outside.settled(received=CASES + 1 + 3 + 1, applied=CASES + 1 + 3 + 1)
        assert accounts["balanced"] and accounts["redelivered"] == 0
        assert outside.ask("totals")["cases_by_status"].get("settled") == 6
