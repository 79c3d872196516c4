"""The service runner while the broker comes and goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.messaging.rpc import RpcClient, RpcError
from tests.integration.test_runner import THROWAWAY, Question
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.support.servers import TestServers

pytestmark = pytest.mark.chaos


def test_a_reply_that_cannot_be_sent_does_not_end_the_service(
    servers: TestServers, run_service: ServiceProcesses, amqp_uri: str, tmp_path: Path
) -> None:
    """The broker dies while a question is being worked on and returns later: the service goes on, and answers the next one."""
    assert servers.rabbitmq is not None
    run_service.environ = {**run_service.environ, "NAMTOT_KEY_FILE": str(tmp_path / "key")}
    service = run_service(THROWAWAY)
    question = Question(amqp_uri, "begun")
    eventually(lambda: (tmp_path / "begun").exists())
    servers.rabbitmq.settle()
    pid = service.pid
    servers.rabbitmq.kill()
    (tmp_path / "begun.go").touch()
    eventually(lambda: (tmp_path / "begun.done").exists())
    assert isinstance(question.result(), RpcError), "its connection broke too"
    assert eventually(lambda: "no reply could be sent" in service.log(), timeout=90)
    servers.rabbitmq.start()

    def answers() -> bool:
        with RpcClient(amqp_uri, timeout=2) as client:
            return bool(client.call("throwaway", "echo", text="back") == "back")

    assert eventually(answers, timeout=60)
    assert service.pid == pid
