"""``namtot import`` on a running intake: rows go in once, however often they are sent; bad ones come back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.support.processes import ServiceProcesses, namtot
from tests.support.sending import Sender, sender
from tests.unit.registers.books import case, log


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
