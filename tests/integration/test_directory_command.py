"""``namtot directory`` and ``namtot teams``, as an officer runs them, against running services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from shared.commands import directory
from shared.contracts import STRUCTURED, write
from shared.messaging import ConfirmingPublisher, Outgoing
from shared.messaging.rpc import RpcClient
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.directory.world import OTHER, WARD, World, mediator

FIVE = {"name": "Tổ hòa giải TDP số 5", "group": "TDP số 5", "mediators": [mediator("m1"), mediator("m2", "male")]}


class Officer:
    """Runs the commands in this process with the environment of the test's servers."""

    def __init__(self, environ: dict[str, str]) -> None:
        import typer

        self.app = typer.Typer()
        directory.register(self.app)
        self.environ = {**environ, "COLUMNS": "200"}

    def __call__(self, *arguments: str) -> Any:
        return CliRunner().invoke(self.app, list(arguments), env=self.environ)

    def json(self, *arguments: str) -> Any:
        result = self(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def officer(settings_env: dict[str, str]) -> Officer:
    return Officer(settings_env)


@pytest.fixture
def system(run_service: ServiceProcesses, amqp_uri: str) -> Iterator[RpcClient]:
    """Intake and directory, with a ward's roster and a second source's name for one of its teams."""
    for name in ("intake", "directory"):
        run_service(name, wait=False)
    world = World()
    world.snapshot("2024-01-10", teams=[FIVE, {"name": "Tổ hòa giải TDP số 6", "group": "TDP số 6"}])
    world.say("team.registered", "2024-02-01", source=OTHER, team="Tổ HG 5", unit="00118", group="tổ 5")
    publisher = ConfirmingPublisher(amqp_uri)
    publisher.publish([
        Outgoing("namtot.inbound", "", write(
            type=f"vn.namtot.{entry.type}.v1", source=entry.source, id=entry.id, subject=record.subject, data=entry.data,
        ), content_type=STRUCTURED)
        for record in world.records for entry in record.entries
    ])
    publisher.close()
    with RpcClient(amqp_uri) as ask:
        eventually(lambda: len(ask.call("directory", "names_to_confirm", timeout=30)) == 1, timeout=60)
        yield ask


def test_lists_for_people_and_for_programs(system: RpcClient, officer: Officer) -> None:
    rows = officer.json("teams", "--unit", "00118", "--on", "2024-06-01")
    assert [(r["name"], r["group"], r["members"]) for r in rows] == [
        ("Tổ hòa giải TDP số 5", "TDP số 5", 2), ("Tổ hòa giải TDP số 6", "TDP số 6", 0),
    ]
    shown = officer("directory", "teams").stdout
    assert rows[0]["code"] in shown and "2 memberships" in shown
    assert officer.json("teams", "--on", "2023-01-01") == []
    assert "No teams are known" in officer("teams", "--unit", "99999").stdout
    assert [u["code"] for u in officer.json("directory", "units")] == ["00118"]
    names = officer("directory", "names").stdout
    assert "Tổ HG 5" in names and rows[0]["code"] in names and "namtot directory confirm" in names


def test_an_officer_confirms_a_name(system: RpcClient, officer: Officer) -> None:
    (code, _) = [r["code"] for r in officer.json("teams")]
    result = officer("directory", "confirm", OTHER, "Tổ HG 5", code.lower(), "--by", "can-bo/2")
    assert result.exit_code == 0 and code in result.stdout, result.output
    eventually(lambda: officer.json("directory", "names") == [], timeout=20)
    assert officer("directory", "names").stdout.strip() == "No names wait."
    team = system.call("directory", "team", code=code)
    assert [OTHER, "Tổ HG 5"] in team["names"] and [WARD, FIVE["name"]] in team["names"]
    again = officer.json("directory", "confirm", OTHER, "Tổ HG 5", code)
    assert (again["outcome"], again["team"]) == ("applied", code)


def test_or_says_that_it_is_a_team_of_its_own(system: RpcClient, officer: Officer) -> None:
    (waiting,) = officer.json("directory", "names")
    assert officer("directory", "confirm", OTHER, "Tổ HG 5", "--own").exit_code == 0
    eventually(lambda: len(officer.json("teams")) == 3, timeout=20)
    assert waiting["own"] in {r["code"] for r in officer.json("teams")}


@pytest.mark.parametrize(("arguments", "code", "words"), [
    (("directory", "confirm", OTHER, "Tổ HG 5", "HG-00000000"), 1, "No team has the code"),
    (("directory", "confirm", OTHER, "Tổ HG 9", "--own"), 1, "does not wait"),
    (("directory", "confirm", OTHER, "Tổ HG 5"), 2, "or --own"),
    (("teams", "--on", "31/12/2024"), 2, "YYYY-MM-DD"),
])
def test_mistakes_are_named(system: RpcClient, officer: Officer, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = officer(*arguments)
    assert result.exit_code == code and words in result.output


def test_what_intake_refuses_is_said(system: RpcClient, officer: Officer) -> None:
    (code, _) = [r["code"] for r in officer.json("teams")]
    result = officer("directory", "confirm", "no uri", "Tổ HG 5", code)
    assert (result.exit_code == 1 and "data.source" in result.output) or "Expected" in result.output


def test_without_a_service_it_says_what_to_start(officer: Officer) -> None:
    result = officer("teams")
    assert result.exit_code == 1 and "namtot" in result.output
