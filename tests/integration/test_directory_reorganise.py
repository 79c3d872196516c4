"""``namtot directory reorganise`` on running services: shown, put into force, said twice, taken back, put into force again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import services.directory
from shared.contracts import STRUCTURED, write
from shared.messaging import ConfirmingPublisher, Outgoing
from shared.messaging.rpc import RpcClient
from tests.integration.test_directory_command import Officer
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.directory.world import WARD, World, mediator

PLAN = str(Path(services.directory.__file__).parent / "plans" / "long-bien-2025.yaml")
APP = "https://app.example/so"
AFTER = "2025-08-01"


def district(world: World) -> None:
    for unit in ("00118", "00133", "00142"):
        world.snapshot("2024-01-10", unit=unit, teams=[
            {"name": f"Tổ hòa giải {unit}-{k}", "group": f"TDP số {k}", "mediators": [mediator(f"{unit}/{k}")]} for k in (1, 2)
        ])


def case(number: int, on: str, unit: str) -> Outgoing:
    return Outgoing("namtot.inbound", "", write(
        type="vn.namtot.case.reported.v1", source=APP, id=str(number), subject=f"{APP}/{number}",
        data={"on": on, "unit": unit, "group": "tổ 1", "dispute": "civil", "ground": "party_request"},
    ), content_type=STRUCTURED)


def test_a_plan_is_shown_applied_once_and_taken_back(
    run_service: ServiceProcesses, amqp_uri: str, settings_env: dict[str, str]
) -> None:
    for name in ("intake", "directory", "evaluation"):
        run_service(name, wait=False)
    world = World()
    district(world)
    publisher = ConfirmingPublisher(amqp_uri)
    publisher.publish([
        Outgoing("namtot.inbound", "", write(
            type=f"vn.namtot.{entry.type}.v1", source=WARD, id=entry.id, subject=record.subject, data=entry.data,
        ), content_type=STRUCTURED)
        for record in world.records for entry in record.entries
    ])
    officer = Officer(settings_env)
    with RpcClient(amqp_uri, timeout=60) as ask:
        eventually(lambda: ask.call("directory", "totals", on=AFTER)["teams"] == 6, timeout=40)
        before = state(ask)
        names = {t["name"]: t["code"] for t in before["teams"]}
        publisher.publish([case(1, "2025-06-30", "00118"), case(2, "2025-07-10", "00118")])
        eventually(lambda: ask.call("evaluation", "cases", team=names["Tổ hòa giải 00118-1"])["total"] == 2, timeout=40)

        shown = officer.json("directory", "reorganise", PLAN)
        assert shown["not_asked"] == {} and shown["applied"] == []
        assert {t["name"] for t in shown["teams"]} == set(names)
        assert {c["team"] for c in shown["open_cases"]} == {names["Tổ hòa giải 00118-1"]} and len(shown["open_cases"]) == 2
        assert "to be confirmed: 00097 or 00118" in officer("directory", "reorganise", PLAN).stdout
        assert state(ask) == before, "showing changes nothing"

        first = officer.json("directory", "reorganise", PLAN, "--apply")
        assert first["applied"] == first["events"] == len(shown["events"]) and not first["refused"]
        eventually(lambda: len(officer.json("directory", "reorganise", PLAN)["applied"]) == first["events"], timeout=40)
        moved = state(ask)
        places = {t["name"]: (t["unit"], t["group"]) for t in moved["teams"]}
        assert places["Tổ hòa giải 00133-1"] == ("00118", "TDP số 1") and places["Tổ hòa giải 00118-1"] == (None, None)
        assert {u["code"]: u["name"] for u in moved["units"]}["00118"] == "Phường Bồ Đề"
        # the case of July was of the unit that bears the code now, the one of June was not
        eventually(lambda: ids(ask, names["Tổ hòa giải 00133-1"]) == {f"{APP}/2"}, timeout=40)
        assert ids(ask, names["Tổ hòa giải 00118-1"]) == {f"{APP}/1"}

        again = officer.json("directory", "reorganise", PLAN, "--apply")
        assert (again["applied"], again["duplicate"]) == (0, first["events"]) and not again["refused"]
        assert state(ask) == moved

        undone = officer.json("directory", "reorganise", PLAN, "--undo", "--by", "can-bo/1")
        assert undone["applied"] == undone["events"] == first["events"]
        eventually(lambda: state(ask) == before, timeout=40)
        eventually(lambda: ids(ask, names["Tổ hòa giải 00118-1"]) == {f"{APP}/1", f"{APP}/2"}, timeout=40)
        assert officer.json("directory", "reorganise", PLAN, "--undo")["events"] == 0

        assert officer.json("directory", "reorganise", PLAN, "--apply")["applied"] == first["events"]
        eventually(lambda: state(ask) == moved, timeout=40)
        assert ask.call("intake", "reconcile")["balanced"]
        assert ask.call("directory", "plans") == [{"plan": "long-bien-2025", "events": first["events"]}]
    publisher.close()


def state(ask: RpcClient) -> dict[str, Any]:
    return {
        "units": [{k: v for k, v in u.items() if k != "n"} for u in ask.call("directory", "units", on=AFTER)],
        "teams": ask.call("directory", "teams", on=AFTER), "totals": ask.call("directory", "totals", on=AFTER),
    }


def ids(ask: RpcClient, team: str) -> set[str]:
    return {item["subject"] for item in ask.call("evaluation", "cases", team=team)["items"]}


def test_what_it_does_not_know_and_what_cannot_be_read_is_said(
    run_service: ServiceProcesses, settings_env: dict[str, str], tmp_path: Path
) -> None:
    run_service("directory")
    officer = Officer(settings_env)
    shown = officer.json("directory", "reorganise", PLAN)
    assert shown["teams"] == [] and shown["problems"]
    bad = tmp_path / "bad.yaml"
    bad.write_text("plan: x-1\n", encoding="utf-8")
    result = officer("directory", "reorganise", str(bad))
    assert result.exit_code == 1 and "'title' is missing" in result.output
    assert officer("directory", "reorganise", PLAN, "--apply", "--undo").exit_code == 2
