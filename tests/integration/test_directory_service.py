"""The directory as a process: records in, changes out, questions answered; dead at any step, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kombu
import msgspec
import pytest

from shared.contracts import write
from shared.contracts.outgoing import DIRECTORY_CHANGED, NAMES_CHANGED, TEAM_CHANGED, UNIT_CHANGED, RecordChanged
from shared.messaging import ConfirmingPublisher, Outgoing, topology
from shared.messaging.rpc import RpcClient
from shared.settings import load
from shared.storage import connect, database
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.directory.world import OTHER, World, mediator

FIVE = {"name": "Tổ hòa giải TDP số 5", "group": "TDP số 5", "mediators": [mediator("m1"), mediator("m2", "male")]}


class Wire:
    """Intake's side and a subscriber's side of the directory."""

    def __init__(self, uri: str) -> None:
        self.publisher = ConfirmingPublisher(uri, mandatory=True)
        self.connection = kombu.Connection(uri)
        topology.declare(self.connection)
        self.channel = self.connection.channel()
        queue = kombu.Queue(exchange=topology.events_exchange("directory"), routing_key="#", exclusive=True)
        self.queue = queue(self.channel)
        self.queue.declare()
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def send(self, *records: RecordChanged) -> None:
        self.publisher.publish([
            Outgoing("intake.events", DIRECTORY_CHANGED, write(
                type=DIRECTORY_CHANGED, source="namtot://intake", id=r.record, subject=r.subject, data=r,
            ))
            for r in records
        ])

    def listen(self) -> list[tuple[str, dict[str, Any]]]:
        """(type, data) of everything published so far."""
        while (message := self.queue.get(no_ack=True)) is not None:
            event = msgspec.json.decode(message.body)
            assert message.delivery_info["routing_key"] == event["type"] and message.content_type == "application/json"
            self.heard.append((event["type"], event["data"]))
        return self.heard

    def codes(self) -> set[str]:
        return {data["code"] for kind, data in self.listen() if kind == TEAM_CHANGED}

    def close(self) -> None:
        self.publisher.close()
        self.connection.release()


@pytest.fixture
def wire(amqp_uri: str) -> Iterator[Wire]:
    wire = Wire(amqp_uri)
    yield wire
    wire.close()


@pytest.fixture
def ask(amqp_uri: str) -> Iterator[RpcClient]:
    with RpcClient(amqp_uri) as client:
        yield client


def test_records_become_changes_and_answers(run_service: ServiceProcesses, wire: Wire, ask: RpcClient) -> None:
    service = run_service("directory")
    world = World()
    world.snapshot("2024-01-10", teams=[FIVE, {"name": "Tổ 6", "group": "TDP 6"}])
    world.say("team.registered", "2024-02-01", source=OTHER, team="Tổ HG 5", unit="00118", group="tổ 5")
    wire.send(*world.records)
    wire.send(*world.records)
    eventually(lambda: {kind for kind, _ in wire.listen()} == {UNIT_CHANGED, TEAM_CHANGED, NAMES_CHANGED}, timeout=20)
    assert len(wire.codes()) == 2
    assert ask.call("directory", "totals", on="2024-06-01") == {"units": 1, "groups": 2, "teams": 2, "mediators": 2}
    (five, six) = ask.call("directory", "teams", unit="00118", on="2024-06-01")
    assert (five["name"], five["group"], five["members"]) == (FIVE["name"], "TDP số 5", 2)
    assert ask.call("directory", "team", code=six["code"], on="2023-06-01")["unit"] is None
    (name,) = ask.call("directory", "names_to_confirm")
    assert name["suggestions"][0] == {"code": five["code"], "name": five["name"], "score": 100}
    assert [u["name"] for u in ask.call("directory", "units", on="2024-06-01")] == ["Phường 00118"]

    def counted() -> bool:
        seen = service.metrics()
        return (seen.value("namtot_directory_teams"), seen.value("namtot_directory_names_to_confirm")) == (2, 1)

    eventually(counted, timeout=20)
    assert service.metrics().value("namtot_directory_records_total", outcome="applied") == 2
    eventually(lambda: service.metrics().value("namtot_directory_records_total", outcome="stale") == 2, timeout=20)
    assert "Tổ" not in service.metrics().text
    assert service.stop() == 0


@pytest.mark.parametrize("point", ["directory.committed", "directory.published"])
def test_killed_between_commit_and_confirmation_it_tells_everything_after_all(
    run_service: ServiceProcesses, wire: Wire, ask: RpcClient, tmp_path: Path, point: str
) -> None:
    """Dead before publishing: the changes stay due and are published later. Dead after: they are published once more."""
    world = World()
    world.snapshot("2024-01-10", teams=[{"name": f"Tổ {k}", "group": f"TDP {k}"} for k in range(1, 21)])
    first = run_service("directory", NAMTOT_FAILPOINT=f"{point}=once:{tmp_path / 'died'}")
    wire.send(*world.records)
    assert first.wait_exit() == -9
    run_service("directory")
    eventually(lambda: len(wire.codes()) == 20, timeout=30)
    totals = ask.call("directory", "totals", on="2024-06-01")
    assert totals["teams"] == 20
    told: dict[str, set[int]] = {}
    for kind, data in wire.listen():
        if kind == TEAM_CHANGED:
            told.setdefault(data["code"], set()).add(data["n"])
    assert set(map(frozenset, told.values())) == {frozenset({1})}


def test_what_it_cannot_read_is_kept_and_harms_no_neighbour(
    run_service: ServiceProcesses, wire: Wire, settings_env: dict[str, str]
) -> None:
    run_service("directory")
    world = World()
    good = world.snapshot("2024-01-10", teams=[FIVE])
    strange = world.say("team.registered", "2024-01-10", team="Tổ 7", unit="phường", group="TDP 7")
    wire.publisher.publish([Outgoing("intake.events", DIRECTORY_CHANGED, b"{no json")])
    wire.send(strange, good)
    wire.publisher.publish([Outgoing("namtot.dead", "directory.dead", b"took the process down")])
    eventually(lambda: len(wire.codes()) == 1, timeout=20)
    settings = load(settings_env)
    with connect(settings) as client:
        unread = database(client, settings, "directory")["unread"]
        eventually(lambda: unread.count_documents({}) == 3, timeout=20)
        assert sorted(d["code"] for d in unread.find()) == ["crashed", "data", "unreadable"]


def test_two_instances_share_the_work(run_service: ServiceProcesses, wire: Wire, ask: RpcClient) -> None:
    for _ in range(2):
        run_service("directory", wait=False)
    world = World()
    for k in range(60):
        world.say("team.registered", "2024-01-10", team=f"Tổ {k}", unit="00118", group=f"TDP {k}")
        world.say("mediator.registered", "2024-01-11", team=f"Tổ {k}", mediator=mediator(f"m{k}"))
    for record in world.records:
        wire.send(record, record)

    def all_known() -> bool:
        newest: dict[str, dict[str, Any]] = {}
        for kind, data in wire.listen():
            if kind == TEAM_CHANGED and data["n"] >= newest.get(data["code"], {"n": 0})["n"]:
                newest[data["code"]] = data
        return len(newest) == 60 and all(len(t.get("members", [])) == 1 for t in newest.values())

    eventually(all_known, timeout=60)
    assert ask.call("directory", "totals", on="2024-06-01")["mediators"] == 60
