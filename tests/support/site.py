"""The gateway's pages without broker and services: these are stood in for at the RPC's and the door's edge, by tables."""

from __future__ import annotations

import asyncio
import datetime as dt
from html.parser import HTMLParser
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI

from services.gateway import app as gateway_app
from services.gateway import edge, outcomes, words
from services.gateway.inbound import Inbound
from services.gateway.outcomes import Answer, Told
from services.gateway.pages import Pages
from services.gateway.pages.static import VersionedFiles
from shared.contracts import VIETNAM
from shared.settings import Settings
from tests.support import canned

TODAY = dt.datetime(2026, 11, 23, 15, 0, tzinfo=VIETNAM)
SETTINGS = Settings(amqp_uri="amqp://nowhere", mongo_uri="mongodb://nowhere")


class FakeRpc:
    """Answers from a table; an exception in it is raised."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def ask(self, kind: Any, service: str, method: str, /, **kwargs: Any) -> Any:
        self.asked.append((f"{service}.{method}", kwargs))
        answer = self.answers[f"{service}.{method}"]
        if isinstance(answer, Exception):
            raise answer
        return msgspec.convert(answer(**kwargs) if callable(answer) else answer, kind)


class FakeForward:
    """Stands for the way through broker and intake: ``replies`` are given one after another, the last one again and again."""

    def __init__(self) -> None:
        self.sent: list[Inbound] = []
        self.replies: list[Answer] = [outcomes.told(words.load(), Told("applied", record="r" * 32, n=1), None, None)]

    async def __call__(self, message: Inbound) -> Answer:
        self.sent.append(message)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class Site:
    """``others``: answers in place of the canned ones, ``evaluation__check=…``."""

    def __init__(self, settings: Settings = SETTINGS, **others: Any) -> None:
        self.rpc = FakeRpc(canned.answers(**others))
        self.forward = FakeForward()
        files = VersionedFiles(gateway_app.STATIC)
        pages = Pages(settings, self.rpc, self.forward, words.load(), files, lambda: TODAY)  # type: ignore[arg-type]
        self.app = FastAPI(openapi_url=None)
        self.app.add_middleware(edge.Edge)
        self.app.include_router(pages.router())
        self.app.mount("/static", files)
        self.cookies = httpx.Cookies()

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://namtot.example", cookies=self.cookies) as client:
            response = await client.request(method, path, **options)
            self.cookies = client.cookies
            return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self.call("GET", path, **options))

    def post(self, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self.call("POST", path, **options))


class Elements(HTMLParser):
    """A page's elements with their attributes; ``open``: what was never closed."""

    VOID = ("meta", "link", "img", "input", "br")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]
