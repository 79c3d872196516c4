"""A commune's year with real servers: until it is closed everything flows through, afterwards only a recorded correction; a
process that dies while it closes leaves nothing half."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from services.evaluation.commands import evaluation
from services.evaluation.store import Db
from shared.contracts.outgoing import Place
from tests.integration.test_evaluation_service import Wire, ask, db, is_met, met, wire
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses, namtot
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, team, unit

__all__ = ["ask", "db", "wire"]

OF_TEAM_1 = Place(source=SOURCE, team="Tổ hòa giải 1")


def closing() -> Any:
    return activity("khoa-so/2024", "evaluation.closed", "2024-12-12", unit=UNIT, year=2024)


def late(status: str = "not_settled", n: int = 1) -> Any:
    return case(77, status, n, place=OF_TEAM_1, received="2024-10-01", ended="2024-10-20")


def closed(db: Db, revision: int = 0) -> dict[str, Any] | None:
    return db["closed"].find_one({"_id": f"{UNIT}|2024|{code(1)}|{revision}"})


def test_until_the_closing_and_after_it(
    run_service: ServiceProcesses, wire: Wire, ask: Callable[..., Any], settings_env: dict[str, str], db: Db
) -> None:
    app = typer.Typer()
    evaluation.register(app)

    def run(*words: str) -> Any:
        """As the command line would, in this process."""
        return CliRunner().invoke(app, ["evaluation", *words], env=settings_env)

    service = run_service("evaluation")
    wire.tell(unit(), team(1), team(2), *met())
    eventually(lambda: is_met(wire))
    # late, and corrected again: both flow through
    wire.tell(late())
    eventually(lambda: wire.verdicts().get(code(1)) == "not_met")
    wire.tell(late("settled", n=2))
    eventually(lambda: db["verdicts"].count_documents({"team": code(1), "scheme": "hanoi-v2", "year": 2024, "settled": 2}) == 1)
    wire.tell(closing())
    frozen = eventually(lambda: closed(db))
    assert (frozen["verdict"], frozen["settled"], frozen["rated"]) == ("not_enough_evidence", 2, 2), "nothing was asked for it"
    assert json.loads(run("verify", "--json").stdout)[0]["ok"] is True

    # withdrawn by its sender, as intake tells it
    wire.tell(case(77, "received", 3, place=OF_TEAM_1, received="2025-10-01"))
    eventually(lambda: ask("explain", team=code(1), scheme="hanoi-v2", year=2024)["children"][0]["value"].startswith("1/1"))
    assert closed(db) == frozen
    told = run("verify", "--unit", UNIT, "--year", "2024")
    assert told.exit_code == 1 and "Số liệu đã thay đổi" in told.stdout and late().case in told.stdout
    (year,) = json.loads(run("verify", "--json").stdout)
    assert [t["why"] for t in year["teams"]] == ["facts", "same"] or [t["why"] for t in year["teams"]] == ["same", "facts"]

    wire.tell(activity(
        "hieu-chinh/1", "evaluation.corrected", "2025-02-01", team="Tổ hòa giải 1", year=2024, reason="rút vụ việc ghi nhầm",
    ))
    revised = eventually(lambda: closed(db, 1))
    assert (revised["verdict"], revised["settled"], revised["cause"]["reason"]) == ("met", 1, "rút vụ việc ghi nhầm")
    assert closed(db) == frozen
    eventually(lambda: service.metrics().value("namtot_evaluation_frozen_total") == 2)

    again = run("verify", "--head", ask("result_sheet", unit=UNIT, year=2024)["head"])
    assert again.exit_code == 0 and "2/2 kết quả đã khóa sổ không đổi." in again.stdout, again.stdout + again.stderr
    assert ask("verify", unit=UNIT, year=2024)["ok"] is True
    assert run("verify", "--head", "0" * 64).exit_code == 1

    board = run("show", "--unit", UNIT, "--year", "2024")
    assert board.exit_code == 0 and "Bồ Đề" in board.stdout and "Đã khóa sổ ngày 12/12/2024" in board.stdout, board.stderr
    assert "Chưa tự đánh giá" not in run("board", "--unit", UNIT, "--year", "2024", "--lang", "en").stdout
    sheet = run("sheet", "--unit", UNIT, "--year", "2024")
    assert "Tỷ lệ hòa giải thành: 1/1 = 100,0%" in sheet.stdout, sheet.stdout + sheet.stderr
    assert run("sheet", "--unit", "99999", "--year", "2024").exit_code == 1
    communes = run("communes", "--year", "2024", "--lang", "en")
    assert communes.exit_code == 0 and "does well" in communes.stdout.lower(), communes.stderr

    db["closed"].update_one({"_id": frozen["_id"]}, {"$set": {"verdict": "not_met"}})
    touched = run("verify")
    assert touched.exit_code == 1 and "Bản lưu bị sửa" in touched.stdout
    assert ask("verify", unit=UNIT, year=2024)["ok"] is False


@pytest.fixture
def short_locks(db: Db) -> Iterator[None]:
    """What a process that died held is free again after 2 seconds instead of 15."""
    admin, name = db.client["admin"], "transactionLifetimeLimitSeconds"
    before = admin.command({"getParameter": 1, name: 1})[name]
    admin.command({"setParameter": 1, name: 2})
    yield
    admin.command({"setParameter": 1, name: before})


@pytest.mark.chaos
@pytest.mark.usefixtures("short_locks")
def test_killed_while_it_closes(
    run_service: ServiceProcesses, wire: Wire, tmp_path: Path, db: Db, settings_env: dict[str, str]
) -> None:
    """Between the verdicts and the head, within the transaction: nothing is half."""
    doomed = run_service("evaluation", wait=False, NAMTOT_FAILPOINT=f"evaluation.freezing=once:{tmp_path / 'died'}")
    wire.tell(unit(), team(1), team(2), *met(), closing())
    assert doomed.wait_exit(90) == -9
    assert (db["closed"].count_documents({}), db["closings"].count_documents({})) == (0, 0)
    doomed.start()
    eventually(lambda: db["closings"].count_documents({}) == 1, timeout=90)
    eventually(lambda: db["due"].count_documents({}) == 0)
    assert db["closed"].count_documents({}) == 2
    verified = namtot("evaluation", "verify", "--json", environ=settings_env)
    assert verified.returncode == 0, verified.stdout + verified.stderr
