"""The gateway's questions to a real nameko service over a real broker, and to a responder that answers oddly."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import kombu
import msgspec
import pytest

from services.gateway.link import Link
from services.gateway.rpc import NoAnswer, Rpc
from tests.support.eventually import eventually
from tests.support.responder import Responder

ECHO = Path(__file__).with_name("echo_service.py")


class Echoed(msgspec.Struct):
    text: str


@asynccontextmanager
async def rpc(uri: str, seconds: float = 5.0) -> AsyncIterator[Rpc]:
    link = Link(uri)
    await link.start()
    try:
        yield Rpc(link, seconds)
    finally:
        await link.stop()


def run(uri: str, body: Callable[[Rpc], Coroutine[Any, Any, None]], seconds: float = 5.0) -> None:
    async def whole() -> None:
        async with rpc(uri, seconds) as ask:
            await body(ask)

    asyncio.run(whole())


@pytest.fixture
def echo(amqp_uri: str) -> Iterator[str]:
    process = subprocess.Popen([sys.executable, str(ECHO), amqp_uri], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield amqp_uri
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_real_nameko_service_answers_many_at_once(echo: str) -> None:
    async def body(ask: Rpc) -> None:
        texts = [f"Tổ {n}" for n in range(60)]
        answers = await asyncio.gather(*(ask.ask(Echoed, "echo", "echo", text=text) for text in texts))
        assert [answer.text for answer in answers] == texts

    run(echo, body, 20)


def test_what_a_real_nameko_service_raises_is_told_by_name(echo: str) -> None:
    async def body(ask: Rpc) -> None:
        with pytest.raises(NoAnswer) as raised:
            await ask.ask(Echoed, "echo", "fail")
        assert (raised.value.trouble, raised.value.error, raised.value.detail) == ("failed", "LookupError", "no such team")
        with pytest.raises(NoAnswer) as raised:
            await ask.ask(Echoed, "echo", "nothing")
        assert raised.value.error == "MethodNotFound"

    run(echo, body)


def test_a_service_that_is_slow_is_silent_and_its_late_answer_is_nobodys(echo: str) -> None:
    async def body(ask: Rpc) -> None:
        await ask.ask(Echoed, "echo", "echo", text="connected")
        with pytest.raises(NoAnswer) as raised:
            await ask.ask(str, "echo", "sleep", seconds=1.5)
        assert raised.value.trouble == "silent"
        await asyncio.sleep(1)
        assert (await ask.ask(Echoed, "echo", "echo", text="mine")).text == "mine"

    run(echo, body, 1.0)


def test_a_service_that_never_ran_is_absent_at_once(amqp_uri: str) -> None:
    async def body(ask: Rpc) -> None:
        began = time.monotonic()
        with pytest.raises(NoAnswer) as raised:
            await ask.ask(str, "ghost", "anything")
        assert raised.value.trouble == "absent" and time.monotonic() - began < 8

    run(amqp_uri, body, 20)


def test_an_answer_of_another_form_is_unreadable(amqp_uri: str) -> None:
    async def body(ask: Rpc) -> None:
        for _ in range(2):
            with pytest.raises(NoAnswer) as raised:
                await ask.ask(Echoed, "echo", "echo")
            assert raised.value.trouble == "unreadable"

    with Responder(amqp_uri, {"echo.echo": {"txt": 1}}):
        run(amqp_uri, body)


def test_questions_expire_with_their_asker(amqp_uri: str) -> None:
    """A service that comes back must not answer an hour of questions that nobody waits for."""
    with Responder(amqp_uri, {"echo.echo": {"text": "a"}}):
        pass  # its queue is there now, and nobody reads it

    async def body(ask: Rpc) -> None:
        with pytest.raises(NoAnswer) as raised:
            await ask.ask(Echoed, "echo", "echo")
        assert raised.value.trouble == "silent"

    run(amqp_uri, body, 0.5)
    with kombu.Connection(amqp_uri) as connection, connection.channel() as channel:
        queue = kombu.Queue("rpc-echo", durable=True)(channel)
        eventually(lambda: queue.queue_declare(passive=True).message_count == 0, 10)


def test_replies_end_with_the_connection(amqp_uri: str) -> None:
    """The reply queue is exclusive: nothing is left on the broker when the gateway is gone."""
    names: list[str] = []

    async def body(ask: Rpc) -> None:
        with pytest.raises(NoAnswer):
            await ask.ask(str, "ghost", "anything")
        names.append(ask._link._queue)

    run(amqp_uri, body)
    with kombu.Connection(amqp_uri) as connection:

        def gone() -> bool:
            with connection.channel() as channel:
                try:
                    kombu.Queue(names[0])(channel).queue_declare(passive=True)
                except connection.channel_errors:
                    return True
                return False

        assert names[0].startswith("gateway.replies.")
        eventually(gone, 10)
