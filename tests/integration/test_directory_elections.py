"""From the households' vote to the chair's decision through running services, as an officer sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from shared.contracts import STRUCTURED, write
from shared.messaging import ConfirmingPublisher, Outgoing
from shared.messaging.rpc import RpcClient
from tests.integration.test_directory_command import Officer
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.directory.world import World, mediator

FIVE = {"name": "Tổ 5", "group": "TDP 5", "mediators": [mediator("m1", leader=True), mediator("m2", "male")]}
SIX = {"name": "Tổ 6", "group": "TDP 6", "mediators": [mediator("m1", leader=True)]}


class Register:
    """A commune's register that speaks to intake."""

    def __init__(self, uri: str) -> None:
        self.world = World()
        self.publisher = ConfirmingPublisher(uri)

    def say(self, type_: str, on: str, **data: Any) -> None:
        self.send(self.world.say(type_, on, **data))

    def send(self, record: Any) -> None:
        self.publisher.publish([
            Outgoing("namtot.inbound", "", write(
                type=f"vn.namtot.{entry.type}.v1", source=entry.source, id=entry.id, subject=record.subject, data=entry.data,
            ), content_type=STRUCTURED)
            for entry in record.entries
        ])


@pytest.fixture
def register(amqp_uri: str) -> Iterator[Register]:
    register = Register(amqp_uri)
    yield register
    register.publisher.close()


def attended(world: World, on: str, *attendance: dict[str, Any]) -> Any:
    record = world.say("attended", on, attendance=list(attendance))
    record.entries[0] = msgspec.structs.replace(record.entries[0], type="training.attended")
    return record


def test_recognising_whom_the_households_did_not_elect_has_no_effect_until_a_supplementary_vote_does(
    run_service: ServiceProcesses, amqp_uri: str, settings_env: dict[str, str], register: Register
) -> None:
    run_service("intake", wait=False)
    directory = run_service("directory")
    officer = Officer(settings_env)
    with RpcClient(amqp_uri) as ask:

        def members(on: str) -> list[str]:
            found = [t for t in ask.call("directory", "teams", unit="00118", on=on) if t["name"] == "Tổ 5"]
            if not found:
                return []
            return sorted(m["ref"] for m in ask.call("directory", "team", code=found[0]["code"], on=on)["member_list"])

        def decisions() -> list[dict[str, Any]]:
            return [d for row in ask.call("directory", "elections", unit="00118") for d in row["decisions"]]

        register.send(register.world.snapshot("2024-01-10", groups=["TDP 5", "TDP 6", "TDP 7"], teams=[FIVE, SIX]))
        register.say("candidates.agreed", "2024-02-20", team="Tổ 5", candidates=["m3", "m4"], seats=2)
        register.say(
            "election.held", "2024-03-01", team="Tổ 5", households=84, present=80,
            votes=[{"ref": "m3", "votes": 61}, {"ref": "m4", "votes": 42}],
        )
        eventually(lambda: members("2024-03-02") == ["m1", "m2"] and ask.call("directory", "elections"), timeout=20)

        data = {"on": "2024-03-05", "team": "Tổ 5", "number": "12/QĐ-UBND", "mediators": [mediator("m4")]}
        source, name = register.world.records[0].entries[0].source, "directory.mediator.recognised"
        answer = ask.call("directory", "check", type=name, data=data, source=source)
        assert answer["allowed"] is False
        assert [(r["code"], r["field"]) for r in answer["refusals"]] == [("not_elected", "mediators[0]")]
        assert "42/84" in answer["refusals"][0]["vi"]
        assert ask.call("directory", "check", type=name, data={**data, "team": "nobody"}, source=source)["flags"]

        register.say("mediator.recognised", **{**data, "mediators": [mediator("m3"), mediator("m4")]})
        eventually(lambda: members("2024-03-05") == ["m1", "m2", "m3"], timeout=20)
        shown = officer("directory", "elections", "--unit", "00118").output
        assert "no effect" in shown and "42/84" in shown and "1 of 2 seats open" in shown
        assert "Tổ chức bầu bổ sung" in shown

        register.say(
            "election.held", "2024-03-10", team="Tổ 5", households=84, supplementary=True, votes=[{"ref": "m4", "votes": 43}],
        )
        eventually(lambda: ask.call("directory", "check", type=name, data={**data, "on": "2024-03-12"}, source=source)["allowed"],
                   timeout=20)
        register.say("mediator.recognised", "2024-03-12", team="Tổ 5", number="15/QĐ-UBND", mediators=[mediator("m4")])
        eventually(lambda: members("2024-03-12") == ["m1", "m2", "m3", "m4"], timeout=20)
        assert members("2024-03-11") == ["m1", "m2", "m3"]
        assert [bool(d.get("refused")) for d in decisions()] == [True, False]
        assert "recognised" in officer("directory", "candidates", "--unit", "00118").output

        found = officer("directory", "check", "--on", "2024-03-12")
        assert found.exit_code == 1
        for part in ("1 of 2 teams lack something", "Tổ có 1 hòa giải viên", "Điều 12", "TDP 7", "m1", "Next:"):
            assert part in found.output, found.output
        assert len(officer.json("directory", "check", "--unit", "00200", "--on", "2024-03-12")["doubles"]) == 0

        # an activity, of which the directory keeps who came
        register.send(attended(register.world, "2024-03-20", {"team": "Tổ 5", "present": 1, "mediators": ["m4"]}))
        eventually(lambda: ask.call("directory", "training", unit="00118", year=2024)["classes"], timeout=20)
        shown = officer.json("directory", "training", "--unit", "00118", "--year", "2024")
        assert [n["ref"] for n in shown["needed"]] == ["m1", "m2", "m3", "m1"] and shown["new"]["joined"] == 2
        metrics = directory.metrics
        eventually(lambda: metrics().value("namtot_directory_mediators_in_several_teams") == 1, timeout=20)
        assert metrics().value("namtot_directory_lacking", what="group_without_team") == 1
