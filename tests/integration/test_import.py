"""``namtot import`` on a running intake: rows go in once, however often they are sent; bad ones come back."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook

from tests.support.processes import ServiceProcesses, namtot
from tests.support.sending import sender
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
