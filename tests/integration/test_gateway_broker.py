"""A broker that dies, sleeps and comes back under the gateway: nothing is accepted that was not confirmed, and nothing that was
confirmed is lost."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local import RabbitMQ
from shared.contracts import STRUCTURED
from shared.settings import Settings
from tests.support import canned
from tests.support.eventually import eventually
from tests.support.gateway import RunningGateway
from tests.support.responder import Responder


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    broker = RabbitMQ(tmp_path_factory.mktemp("broker"), guarded=True)
    broker.start()
    yield broker
    broker.stop(grace=5)


@pytest.fixture
def broker(own_broker: RabbitMQ) -> Iterator[RabbitMQ]:
    yield own_broker
    own_broker.resume()
    own_broker.start()


@pytest.fixture
def gateway(broker: RabbitMQ) -> Iterator[RunningGateway]:
    given = Settings(amqp_uri=broker.uri, mongo_uri="mongodb://unused", gateway_wait_ms=200, gateway_query_ms=2000)
    with RunningGateway(given) as running:
        yield running


def post(gateway: RunningGateway, id: str) -> httpx.Response:
    event = {
        "specversion": "1.0", "id": id, "source": "https://so.example", "type": "vn.namtot.case.settled.v1",
        "subject": "case://so.example/1", "data": {"on": "2024-03-05"},
    }
    return gateway.post("/events", content=json.dumps(event), headers={"content-type": STRUCTURED})


def applied(message: Any) -> dict[str, Any]:
    return {"outcome": "applied", "record": "ab" * 16, "n": 1}


def taken(broker: RabbitMQ, *expected: str) -> list[str]:
    """Ids in intake's queues, which are emptied; waits until the expected ones are among them."""
    with Responder(broker.uri, {}, applied) as responder:

        def ids() -> list[str]:
            return [json.loads(message.body)["id"] for message in responder.taken]

        eventually(lambda: set(expected) <= set(ids()), 30)
        return ids()


def test_a_broker_that_died_and_came_back(broker: RabbitMQ, gateway: RunningGateway, tmp_path: Path) -> None:
    assert post(gateway, "before").status_code == 202
    assert "namtot_gateway_broker_connected 1.0" in gateway.get("/metrics").text
    broker.kill()
    eventually(lambda: gateway.get("/health/ready").status_code == 503, 20)
    assert "namtot_gateway_broker_connected 0.0" in gateway.get("/metrics").text
    answer = post(gateway, "away")
    assert (answer.status_code, answer.json()["outcome"], answer.headers["retry-after"]) == (503, "not_accepted", "5")
    page = gateway.get("/flow")
    assert page.status_code == 503 and "RabbitMQ" in page.text
    broker.start()
    eventually(lambda: gateway.get("/health/ready").status_code == 200, 30)
    assert post(gateway, "after").status_code == 202
    with Responder(broker.uri, canned.answers()):
        assert "4.317" in gateway.get("/flow").text
    assert sorted(taken(broker, "before", "after")) == ["after", "before"]


def test_a_broker_that_sleeps(broker: RabbitMQ, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.forward.CONFIRM_SECONDS", 1.0)
    broker.pause()
    began = time.monotonic()
    answer = post(gateway, "asleep")
    assert answer.status_code == 503 and time.monotonic() - began < 10
    broker.resume()
    eventually(lambda: post(gateway, "awake").status_code == 202, 60)
    # the one that was not confirmed may have arrived all the same: its sender sends it again, and intake counts it once
    assert "awake" in taken(broker, "awake")


def test_a_broker_that_dies_while_the_outcome_is_awaited(
    broker: RabbitMQ, gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Confirmed is accepted: the answer is 202 and not an error, and it comes at once."""
    given = Settings(amqp_uri=broker.uri, mongo_uri="mongodb://unused", gateway_wait_ms=25_000)
    answers: list[httpx.Response] = []
    with RunningGateway(given) as patient:
        thread = threading.Thread(target=lambda: answers.append(post(patient, "confirmed")))
        thread.start()
        with Responder(broker.uri, {}, lambda message: None) as silent:
            eventually(lambda: len(silent.taken) == 1, 20)  # so it has been confirmed, and its reply is awaited
        began = time.monotonic()
        broker.kill()
        thread.join(30)
        assert answers[0].status_code == 202 and time.monotonic() - began < 15
        broker.start()
        eventually(lambda: patient.get("/health/ready").status_code == 200, 30)
