"""Claims for payment through the broker and the running service: taken, listed, shown, proposed, printed; the workload."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from services.evaluation.commands import payment, workload
from shared.commands import papers
from shared.contracts import record_id
from shared.messaging.rpc import RpcFailed
from tests.integration.test_evaluation_service import Wire, ask, wire  # noqa: F401 - fixtures
from tests.integration.test_payments import ONE, asked, claim, decided
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.evaluation.told import SOURCE, UNIT, case, code, team, unit
from tests.unit.papers.reading import text_of


def test_a_ward_officer_finds_shows_proposes_and_prints(
    run_service: ServiceProcesses, wire: Wire, ask: Callable[..., Any], settings_env: dict[str, str],  # noqa: F811
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_service("evaluation")
    wire.tell(
        unit(), team(1), case(1), case(2, "not_settled"), case(3, "mediating"),
        claim("a", asked(1), decided()), claim("b", asked(3, amount=300_000), decided("2024-03-29", 300_000)),
    )
    eventually(lambda: len(ask("payments", unit=UNIT)["items"]) == 2 and ask("lag")["waiting"] == 0)
    first, second = record_id(f"{SOURCE}/chi/a"), record_id(f"{SOURCE}/chi/b")

    for name, value in settings_env.items():
        monkeypatch.setenv(name, value)
    app = typer.Typer()
    for module in (payment, workload, papers):
        module.register(app)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    listed = ask("payments", unit=UNIT)
    assert {one["id"]: one["state"] for one in listed["items"]} == {first: "decided", second: "requested"}
    assert listed["totals"] == {"amount_requested": 700_000, "amount_decided": 400_000, "paid": 0}
    told = run("payment", "list", "--unit", UNIT)
    assert f"! {second[:8]}: Quyết định không có hiệu lực: Vụ việc" in told and "400.000 đ" in told
    shown = run("payment", "show", second[:8], "--lang", "en")
    assert "had not ended on 2024-03-29" in shown and "without effect" in shown and "300,000 đ" in shown
    proposed = json.loads(run("payment", "propose", "--unit", UNIT, "--year", "2024", "--json"))["teams"][0]
    assert [one["subject"] for one in proposed["items"] if one["case"]] == [case(2).subject]
    answer = ask("check", type="payment.requested", data=proposed["requests"][0], subject=f"{SOURCE}/chi/c", source=SOURCE)
    assert answer == {"allowed": True, "refusals": [], "flags": []}
    barred = ask(
        "check", type="payment.decided", subject=f"{SOURCE}/chi/b", source=SOURCE,
        data={"team": ONE, "amount": 300_000, "on": "2024-04-01"},
    )
    assert [one["code"] for one in barred["refusals"]] == ["case_open"] and not barred["allowed"]
    with pytest.raises(RpcFailed, match="UnknownPayment"):
        ask("payment", id="0" * 32)

    run("papers", "make", "payment-decision", "--payment", first[:12], "--out", str(tmp_path / "giay-to"))
    (made,) = (tmp_path / "giay-to").iterdir()
    printed = text_of(made.read_bytes())
    assert "12/QĐ-UBND" in printed and "Bốn trăm nghìn đồng" in printed
    load = ask("workload", team=code(1), year=2024)["teams"][0]
    assert (load["unassigned"], [one["ref"] for one in load["mediators"]]) == (1, ["m1"])
    assert "không dùng để xếp hạng" in run("workload", "--unit", UNIT, "--year", "2024")
