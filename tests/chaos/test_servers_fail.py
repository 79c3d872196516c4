"""RabbitMQ or MongoDB dies under load; the servers are those of this folder, so that no other test is harmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.support.sending import Sender, reports, sender
from tests.support.servers import TestServers

pytestmark = pytest.mark.chaos


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


def test_broker_sigkill_and_restart(servers: TestServers, outside: Sender, run_service: ServiceProcesses) -> None:
    """The broker dies with messages in its queues, in flight and on their way out; after its restart every confirmed event is
    applied exactly once and every change is announced."""
    assert servers.rabbitmq is not None
    intake = run_service("intake")
    outside.send(reports(2000, "a"))
    servers.rabbitmq.kill()
    servers.rabbitmq.start()
    eventually(lambda: send_again(outside, reports(500, "b")), timeout=60)
    # the second batch may have been sent twice where the broker died between storing and confirming
    accounts = outside.settled(applied=2500, refused=0)
    assert accounts["received"] == 2500 + accounts["duplicate"]
    intake.wait_ready()


def send_again(outside: Sender, events: list[bytes]) -> bool:
    outside.send(events)
    return True


def test_mongod_sigkill_and_restart(servers: TestServers, outside: Sender, run_service: ServiceProcesses) -> None:
    """While MongoDB is away nothing is acknowledged and nothing is given up on; service goes on by itself afterwards."""
    assert servers.mongodb is not None
    intake = run_service("intake")
    outside.send(reports(200, "a"))
    servers.mongodb.kill()
    outside.send(reports(1500, "b"))
    eventually(lambda: intake.get("/health/ready").status_code == 503, timeout=60)
    assert intake.get("/health/live").status_code == 200
    servers.mongodb.start()
    accounts = outside.settled(applied=1700, refused=0, duplicate=0)
    assert accounts["received"] == 1700
    assert accounts["queued"] == 0


def test_both_die_at_once(servers: TestServers, outside: Sender, run_service: ServiceProcesses) -> None:
    assert servers.mongodb is not None and servers.rabbitmq is not None
    run_service("intake")
    outside.send(reports(1000, "a"))
    servers.rabbitmq.kill()
    servers.mongodb.kill()
    servers.mongodb.start()
    servers.rabbitmq.start()
    accounts = outside.settled(applied=1000, refused=0)
    assert accounts["received"] == 1000 + accounts["duplicate"]
