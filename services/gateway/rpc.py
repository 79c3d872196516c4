"""Asking the other services, by nameko's RPC convention over the gateway's own link.

    flow = await rpc.ask(Flow, "intake", "flow")
    league = await rpc.ask(League, "evaluation", "league", scheme="hanoi-v2", year=2024)

Request: exchange ``nameko-rpc``, routing key ``<service>.<method>``, body ``{"args": [], "kwargs": {…}}``; reply
``{"result": …, "error": null | {"exc_type", "value", …}}``. The result is read as the struct asked for; what it does not
name passes.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Literal, TypeVar

import msgspec

from services.gateway import metrics
from services.gateway.link import RPC_EXCHANGE, Link, NotConfirmed, Parcel, ReplyLost, Unroutable
from shared.contracts import dec_hook

Kind = TypeVar("Kind")

Trouble = Literal["broker", "absent", "silent", "failed", "unreadable"]
"""broker: it is away; absent: no such service has ever run; silent: no answer in time; failed: the service raised; unreadable:
its answer has another form."""


class NoAnswer(Exception):
    """A service gave no usable answer. ``error``: the name of the exception that it raised, "" otherwise."""

    def __init__(self, service: str, method: str, trouble: Trouble, detail: str, error: str = "") -> None:
        super().__init__(f"{service}.{method}: {trouble}: {detail}")
        self.service = service
        self.method = method
        self.trouble = trouble
        self.detail = detail
        self.error = error


class _Error(msgspec.Struct):
    exc_type: str = "Exception"
    value: Any = ""


class _Answer(msgspec.Struct):
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: _Error | None = None


_answer = msgspec.json.Decoder(_Answer)


class Rpc:
    """``seconds``: how long a question may take, connection included."""

    def __init__(self, link: Link, seconds: float) -> None:
        self._link = link
        self._seconds = seconds

    async def ask(self, kind: type[Kind], service: str, method: str, /, **kwargs: Any) -> Kind:
        """The method's result as ``kind``. Raise ``NoAnswer``."""
        began = time.perf_counter()
        outcome = "ok"
        try:
            body = await self._exchange(service, method, kwargs)
            return _read(kind, service, method, body)
        except NoAnswer as error:
            outcome = error.trouble
            raise
        finally:
            metrics.CALLS.labels(service, method, outcome).inc()
            metrics.CALL_SECONDS.labels(service, method).observe(time.perf_counter() - began)

    async def _exchange(self, service: str, method: str, kwargs: dict[str, Any]) -> bytes:
        deadline = asyncio.get_running_loop().time() + self._seconds
        body = msgspec.json.encode({"args": [], "kwargs": kwargs})
        for last in (False, True):
            left = deadline - asyncio.get_running_loop().time()
            # it expires with the caller's patience: a service that comes back need not answer questions of an hour ago
            parcel = Parcel(RPC_EXCHANGE, f"{service}.{method}", body, content_encoding="utf-8", seconds=max(left, 0.001))
            try:
                with self._link.expect() as reply:
                    await self._link.publish(parcel, timeout=max(left, 0.0), reply=reply, grace=max(left, 0.0))
                    return await reply.within(deadline - asyncio.get_running_loop().time())
            except Unroutable as error:
                raise NoAnswer(service, method, "absent", str(error)) from error
            except TimeoutError as error:
                raise NoAnswer(service, method, "silent", f"no answer within {self._seconds:g} s") from error
            except (NotConfirmed, ReplyLost) as error:
                # questions change nothing, so a broken connection costs one more try while time is left
                if last or asyncio.get_running_loop().time() >= deadline:
                    raise NoAnswer(service, method, "broker", str(error)) from error
        raise AssertionError("unreachable")


def _read(kind: type[Kind], service: str, method: str, body: bytes) -> Kind:
    try:
        answer = _answer.decode(body)
        if answer.error is not None:
            raise NoAnswer(service, method, "failed", str(answer.error.value)[:500], answer.error.exc_type)
        return msgspec.json.decode(answer.result, type=kind, dec_hook=dec_hook)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoAnswer(service, method, "unreadable", str(error)[:500]) from error
