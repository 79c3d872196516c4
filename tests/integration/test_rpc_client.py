"""The RPC client against a real nameko service on a real broker."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import kombu
import pytest

from shared.messaging.rpc import RpcClient, RpcFailed, RpcTimeout, RpcUnreachable, call
from shared.settings import Settings

ECHO = Path(__file__).with_name("echo_service.py")


@pytest.fixture
def echo(amqp_uri: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, str(ECHO), amqp_uri], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_answers_come_back_over_one_connection(amqp_uri: str, echo: object) -> None:
    with RpcClient(amqp_uri) as ask:
        assert [ask.call("echo", "echo", text=t) for t in ("Bồ Đề", "Ngọc Thụy")] == [
            {"text": "Bồ Đề"}, {"text": "Ngọc Thụy"},
        ]


def test_one_question_from_settings(amqp_uri: str, echo: object) -> None:
    settings = Settings(amqp_uri=amqp_uri, mongo_uri="mongodb://unused.example")
    assert call(settings, "echo", "echo", text="một") == {"text": "một"}


def test_what_the_service_raised_is_told_by_name(amqp_uri: str, echo: object) -> None:
    with RpcClient(amqp_uri) as ask:
        with pytest.raises(RpcFailed, match="no such team") as raised:
            ask.call("echo", "fail")
        assert raised.value.kind == "LookupError"
        with pytest.raises(RpcFailed) as raised:
            ask.call("echo", "no_such_method")
        assert raised.value.kind == "MethodNotFound"
        assert ask.call("echo", "echo", text="still there") == {"text": "still there"}


def test_a_late_answer_is_not_taken_for_another(amqp_uri: str, echo: object) -> None:
    with RpcClient(amqp_uri) as ask:
        with pytest.raises(RpcTimeout, match=r"echo did not answer 'sleep' within 0\.2 s"):
            ask.call("echo", "sleep", timeout=0.2, seconds=0.6)
        assert ask.call("echo", "sleep", seconds=0.6) == "slept"
        assert ask.call("echo", "echo", text="next") == {"text": "next"}


def test_a_service_that_never_ran_is_named_at_once(amqp_uri: str) -> None:
    with kombu.Connection(amqp_uri) as connection:
        kombu.Exchange("nameko-rpc", type="topic", durable=True, channel=connection.default_channel).declare()
    began = time.monotonic()
    with RpcClient(amqp_uri, timeout=20) as ask, pytest.raises(RpcUnreachable, match="namtot run ghost"):
        ask.call("ghost", "anything")
    assert time.monotonic() - began < 10


def test_a_broker_that_is_away_is_named_without_its_password() -> None:
    with RpcClient("amqp://user:secret@127.0.0.1:1/") as ask, pytest.raises(RpcUnreachable) as raised:
        ask.call("echo", "echo", text="x")
    assert "127.0.0.1:1" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_an_idle_connection_that_the_broker_closed_is_opened_again(amqp_uri: str, echo: object) -> None:
    with RpcClient(amqp_uri) as ask:
        assert ask.call("echo", "echo", text="a") == {"text": "a"}
        ask._connection.transport.close_connection(ask._connection.connection)
        assert ask.call("echo", "echo", text="b") == {"text": "b"}
