"""Evaluation as a process: facts and directory in, verdicts out, questions answered; dead at any step, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kombu
import msgspec
import pytest

from services.evaluation.store import Db
from shared.contracts import write
from shared.contracts.outgoing import (
    ACTIVITY_CHANGED,
    CASE_CHANGED,
    NAMES_CHANGED,
    TEAM_CHANGED,
    UNIT_CHANGED,
    VERDICT_CHANGED,
    CaseChanged,
    NamesChanged,
    Place,
    RecordChanged,
    TeamState,
    UnitState,
)
from shared.messaging import ConfirmingPublisher, Outgoing, topology
from shared.messaging.rpc import RpcClient, RpcFailed
from shared.settings import load
from shared.storage import connect, database
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses, namtot
from tests.unit.evaluation.told import SOURCE, case, code, full_year, meeting, payment, team, unit

KINDS = {
    CaseChanged: ("intake", CASE_CHANGED), RecordChanged: ("intake", ACTIVITY_CHANGED),
    TeamState: ("directory", TEAM_CHANGED), UnitState: ("directory", UNIT_CHANGED), NamesChanged: ("directory", NAMES_CHANGED),
}


class Wire:
    """The sides of intake, directory and a subscriber."""

    def __init__(self, uri: str) -> None:
        self.publisher = ConfirmingPublisher(uri, mandatory=True)
        self.connection = kombu.Connection(uri)
        topology.declare(self.connection)
        queue = kombu.Queue(exchange=topology.events_exchange("evaluation"), routing_key="#", exclusive=True)
        self.queue = queue(self.connection.channel())
        self.queue.declare()
        self.heard: list[dict[str, Any]] = []
        self.others: dict[str, list[dict[str, Any]]] = {}

    def tell(self, *states: Any) -> None:
        self.publisher.publish([self._message(state) for state in states])

    def _message(self, state: Any) -> Outgoing:
        service, type = KINDS[state.__class__]
        return Outgoing(f"{service}.events", type, write(
            type=type, source=f"namtot://{service}", id="x", subject="namtot://x/x", data=state,
        ))

    def send(self, exchange: str, key: str, body: bytes) -> None:
        self.publisher.publish([Outgoing(exchange, key, body)])

    def listen(self) -> list[dict[str, Any]]:
        """The data of every verdict announced so far."""
        while (message := self.queue.get(no_ack=True)) is not None:
            event = msgspec.json.decode(message.body)
            assert event["type"] == message.delivery_info["routing_key"]
            assert message.content_type == "application/json"
            if event["type"] == VERDICT_CHANGED:
                self.heard.append(event["data"])
            else:
                self.others.setdefault(event["type"], []).append(event["data"])
        return self.heard

    def told(self, type: str) -> list[dict[str, Any]]:
        """The data of every other event of that type so far."""
        self.listen()
        return self.others.get(type, [])

    def verdicts(self, scheme: str = "hanoi-v2", year: int = 2024) -> dict[str, str]:
        """The last verdict heard of each team."""
        return {
            data["team"]: data["verdict"] for data in self.listen() if (data["scheme"], data["year"]) == (scheme, year)
        }

    def close(self) -> None:
        self.publisher.close()
        self.connection.release()


@pytest.fixture
def wire(amqp_uri: str) -> Iterator[Wire]:
    wire = Wire(amqp_uri)
    yield wire
    wire.close()


@pytest.fixture
def db(settings_env: dict[str, str]) -> Iterator[Db]:
    settings = load(settings_env)
    client = connect(settings)
    yield database(client, settings, "evaluation")
    client.close()


@pytest.fixture
def ask(amqp_uri: str) -> Iterator[Callable[..., Any]]:
    with RpcClient(amqp_uri, timeout=30) as client:
        yield lambda method, **arguments: client.call("evaluation", method, **arguments)


def met(number: int = 1) -> list[Any]:
    who = f"Tổ hòa giải {number}"
    own = case(number)
    return [*full_year(number), own, payment(number, who, [own.subject], "2024-03-25", "2024-03-28")]


def is_met(wire: Wire, number: int = 1) -> bool:
    return wire.verdicts().get(code(number)) == "met"


def test_from_facts_to_a_verdict_that_explains_itself(
    run_service: ServiceProcesses, wire: Wire, ask: Callable[..., Any], settings_env: dict[str, str], db: Db
) -> None:
    service = run_service("evaluation")
    wire.tell(unit(), team(1), *met())
    eventually(lambda: is_met(wire))
    assert ask("counts", scheme="hanoi-v2", year=2024) == {
        "met": 1, "not_met": 0, "not_enough_evidence": 0, "teams": 1, "settled_rate": {"numerator": 1, "denominator": 1},
    }
    league = ask("league", scheme="hanoi-v2", year=2024)
    assert [row["code"] for row in league["teams"]] == [code(1)]
    assert ask("unplaced") == []
    assert eventually(lambda: ask("lag")["waiting"] == 0)
    with pytest.raises(RpcFailed, match="UnknownTeam"):
        ask("explain", team="HG-NONE", scheme="hanoi-v2", year=2024)

    shown = namtot("explain", "tổ hòa giải 1", "--scheme", "hanoi-v2", "--year", "2024", environ=settings_env)
    assert shown.returncode == 0, shown.stderr
    assert "Tổ hòa giải 5 tốt" in shown.stdout and "Đạt" in shown.stdout
    english = namtot("explain", code(1), "--year", "2024", "--lang", "en", environ=settings_env)
    assert "Settled rate of 85% or more: Met" in english.stdout
    printed = namtot("explain", code(1), "--year", "2024", "--json", environ=settings_env)
    tree = json.loads(printed.stdout)
    assert tree["verdict"] == "met" and tree["about"]["team"] == code(1)
    nobody = namtot("explain", "Tổ nào đó", "--year", "2024", environ=settings_env)
    assert nobody.returncode == 1 and "no team is called" in nobody.stderr
    too_early = namtot("explain", code(1), "--year", "1990", environ=settings_env)
    assert too_early.returncode == 1 and "was not evaluated" in too_early.stderr

    def told() -> bool:
        metrics = service.metrics()
        return (
            metrics.value("namtot_evaluation_teams", scheme="hanoi-v2", year="2024", verdict="met") == 1
            and metrics.value("namtot_evaluation_scored_teams_total") >= 1
            and metrics.value("namtot_evaluation_facts_total", kind="fact", outcome="applied") == len(met())
        )

    eventually(told)
    assert SOURCE not in service.metrics().text
    assert service.stop() == 0
    held = db["meta"].find_one({"_id": "rules"})
    assert held is not None and held["seen"].year == 1970, "the rules are given up at a graceful end"


def test_nobody_answers(wire: Wire, settings_env: dict[str, str]) -> None:
    answer = namtot("explain", code(1), "--year", "2024", "--timeout", "2", environ=settings_env)
    assert answer.returncode == 1
    assert "namtot run evaluation" in answer.stderr


def test_what_cannot_be_read_is_kept_and_harms_no_neighbour(run_service: ServiceProcesses, wire: Wire, db: Db) -> None:
    bad = meeting(9, "half_year", "2024-06-01")
    bad.entries[0].data.pop("kind")
    wire.send("intake.events", CASE_CHANGED, b"{")
    wire.send("intake.events", CASE_CHANGED, b'{"type": "vn.namtot.other.v1", "data": {}}')
    wire.tell(unit(), team(1), bad, NamesChanged(source=SOURCE, name="Tổ 9", n=1), *met())
    service = run_service("evaluation")
    eventually(lambda: is_met(wire))
    eventually(lambda: db["unread"].count_documents({}) == 3)
    assert {d["code"] for d in db["unread"].find({})} == {"unreadable", "unknown_type", "data"}
    assert service.metrics().value("namtot_evaluation_facts_total", outcome="unread") == 3


@pytest.mark.chaos
@pytest.mark.parametrize("step", ["evaluation.committed", "evaluation.published"])
def test_killed_at_a_step(run_service: ServiceProcesses, wire: Wire, step: str, tmp_path: Path, db: Db) -> None:
    """After the facts' commit and before the acknowledgement; after the broker's confirmation and before the mark."""
    doomed = run_service("evaluation", wait=False, NAMTOT_FAILPOINT=f"{step}=once:{tmp_path / 'died'}")
    wire.tell(unit(), team(1), *met())
    assert doomed.wait_exit(90) == -9
    doomed.start()
    eventually(lambda: is_met(wire), timeout=90)
    eventually(lambda: db["generations"].count_documents({"waiting": True}) == 0)
    # the mark follows the broker's confirmation, so it may come a moment after the verdict was heard
    eventually(lambda: db["verdicts"].count_documents({"unannounced": True}) == 0)
    assert db["verdicts"].find_one({"_id": f"hanoi-v2|2024|{code(1)}"})["settled"] == 1  # type: ignore[index]


@pytest.mark.chaos
def test_killed_while_facts_stream_in_and_another_goes_on(run_service: ServiceProcesses, wire: Wire, db: Db) -> None:
    first, second = run_service("evaluation"), run_service("evaluation")
    wire.tell(unit(), *(team(n) for n in range(1, 41)))
    told = [fact for n in range(1, 41) for fact in _of_team(n)]
    for start in range(0, len(told), 40):
        wire.tell(*told[start:start + 40])
        if start == 120:
            first.kill()
    eventually(lambda: sum(v == "met" for v in wire.verdicts().values()) == 40, timeout=120)
    eventually(lambda: db["generations"].count_documents({"waiting": True}) == 0)
    assert db["cases"].count_documents({}) == 40
    assert second.stop() == 0


def _of_team(number: int) -> list[Any]:
    who = f"Tổ hòa giải {number}"
    own = case(number, place=Place(source=SOURCE, team=who))
    return [*full_year(number), own, payment(number, who, [own.subject], "2024-03-25", "2024-03-28")]


def test_a_duplicate_tells_nobody_anything(run_service: ServiceProcesses, wire: Wire, db: Db) -> None:
    run_service("evaluation")
    wire.tell(unit(), team(1), team(2), *met())
    eventually(lambda: is_met(wire))
    heard = len(wire.listen())
    before = db["generations"].find_one({"_id": code(1)})
    for _ in range(10):
        wire.tell(*met())
    # another team's fact, which comes behind them in the queue, shows that they were taken in
    wire.tell(case(2, "not_settled", place=Place(source=SOURCE, team="Tổ hòa giải 2")))
    eventually(lambda: wire.verdicts().get(code(2)) == "not_met")
    assert db["generations"].find_one({"_id": code(1)})["generation"] == before["generation"]  # type: ignore[index]
    assert [data for data in wire.listen()[heard:] if data["team"] == code(1)] == []
