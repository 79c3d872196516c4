"""What every page works with: the other services, the renderer, and the pages for when something is missing."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity.gate import Gate
from services.gateway.inbound import Inbound
from services.gateway.outcomes import Answer
from services.gateway.pages.view import Clock, Renderer, View
from services.gateway.registers.shelf import Shelf
from services.gateway.rpc import NoAnswer, Rpc
from shared.contracts import When, moment
from shared.settings import Settings

log = logging.getLogger(__name__)

Kind = TypeVar("Kind")
Forward = Callable[[Inbound], Awaitable[Answer]]

SKEW = dt.timedelta(minutes=5)
"""How far ahead another machine's clock may be."""


class NotThere(Exception):
    """What the address names does not exist. ``kind``: its sentences under ``trouble``."""

    def __init__(self, kind: str, **values: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


class Desk:
    def __init__(self, settings: Settings, rpc: Rpc, forward: Forward, clock: Clock) -> None:
        self.settings = settings
        self.gate = Gate(settings)
        self.forward = forward
        self.shelf = Shelf()
        self._rpc = rpc
        self._clock = clock
        self._renderer = Renderer()

    def limit(self) -> When:
        """What lies after it lies in the future."""
        return moment(self._clock() + SKEW)

    def source(self, request: Request) -> str:
        """The source of the events that people enter here: as set, else by the address that they see."""
        return self.settings.console or f"{self.settings.public_url.rstrip('/') or _base(request)}/console"

    def today(self) -> dt.date:
        """In Việt Nam."""
        return self._clock().date()

    async def note(self, who: str, role: str, action: str, purpose: str, about: list[str]) -> None:
        """An entry of the audit trail about what happened here."""
        await self.ask_softly(Any, "intake", "note", who=who, role=role, action=action, purpose=purpose, about=about)

    async def ask(self, kind: type[Kind], service: str, method: str, /, **kwargs: Any) -> Kind:
        """A service's answer. Raise ``NoAnswer``."""
        return await self._rpc.ask(kind, service, method, **kwargs)

    async def ask_softly(self, kind: type[Kind], service: str, method: str, /, **kwargs: Any) -> Kind | None:
        """The same for what a page can do without: None where the service is silent, and the page says so."""
        try:
            return await self._rpc.ask(kind, service, method, **kwargs)
        except NoAnswer as error:
            log.warning("the page does without: %s", error)
            return None

    def page(self, template: str, view: View, status: int = 200, **values: Any) -> Response:
        return self._renderer.page(template, view, status, **values)

    def error(self, view: View, kind: str, status: int, **values: Any) -> Response:
        what = view.t(f"trouble.{kind}_what", **{"year": view.year, **values})
        return self.page("error.html", view, status, title=view.t(f"trouble.{kind}", **values), what=what)

    def silent(self, view: View, error: NoAnswer) -> Response:
        """Which service does not answer, and what to do."""
        log.warning("no answer: %s", error)
        service = view.word("service", error.service)
        response = self.page(
            "silent.html", view, 503, title=view.t("trouble.title"), what=view.t(f"trouble.{error.trouble}", service=service),
            service=error.service, trouble=error.trouble,
        )
        response.headers["Retry-After"] = "10"
        return response


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
