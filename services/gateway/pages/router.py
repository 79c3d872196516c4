"""The pages' routes. Each asks the services, and shows what they said or which of them is silent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages import act, commendation, league, papers, recognition, refusals, reports, stream, team
from services.gateway.pages.desk import Desk, Forward, NotThere
from services.gateway.pages.static import VersionedFiles
from services.gateway.pages.view import BadChoice, Clock, View, now
from services.gateway.rpc import NoAnswer, Rpc
from services.gateway.words import Words
from shared.settings import Settings

Page = Callable[[Desk, Request, View], Awaitable[Response]]

ROUTES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", league.home),
    ("GET", "/units/{code}", league.unit),
    ("GET", "/units/{code}/recognition", recognition.board),
    ("GET", "/units/{code}/sheet", reports.sheet),
    ("GET", "/units/{code}/proposals", commendation.proposals),
    ("GET", "/teams/{code}", team.team),
    ("GET", "/teams/{code}/mediators/{ref}", commendation.mediator),
    ("GET", "/communes", reports.communes),
    ("GET", "/models", reports.models),
    ("GET", "/commendations", commendation.listing),
    ("GET", "/commendations/{id}", commendation.one),
    ("GET", "/owed", commendation.owed),
    ("GET", "/papers", papers.listing),
    ("GET", "/papers/{kind}", papers.paper),
    ("GET", "/flow", stream.flow),
    ("GET", "/refused", refusals.listing),
    ("GET", "/refused/{key}", refusals.one),
    ("POST", "/refused/{key}/replay", refusals.replay),
    ("GET", "/act/{type}", act.ask),
    ("POST", "/act/{type}", act.send),
    ("GET", "/sent/{id}", act.sent),
)


class Pages:
    def __init__(
        self, settings: Settings, rpc: Rpc, forward: Forward, words: Words, files: VersionedFiles, clock: Clock = now
    ) -> None:
        self._desk = Desk(settings, rpc, forward, clock)
        self._words = words
        self._files = files
        self._clock = clock

    def router(self) -> APIRouter:
        routes = APIRouter(include_in_schema=False)
        for method, path, page in ROUTES:
            methods = ["GET", "HEAD"] if method == "GET" else [method]
            routes.add_api_route(path, self._endpoint(page), methods=methods, name=f"{method} {path}")
        return routes

    def http_error(self, request: Request, status: int) -> Response:
        """A page for an address that does not exist (404), or that failed."""
        kind = "not_found" if status in (404, 405) else "internal"
        return self._desk.error(self._view(request), kind, status)

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            view = self._view(request)
            try:
                view.choose()
                return await page(self._desk, request, view)
            except BadChoice:
                view.scheme, view.year = self._desk.settings.scheme, None
                return self._desk.error(view, "bad_choice", 400)
            except NotThere as error:
                return self._desk.error(view, error.kind, 404, **error.values)
            except NoAnswer as error:
                return self._desk.silent(view, error)

        return answer

    def _view(self, request: Request) -> View:
        settings = self._desk.settings
        return View(
            request, self._words, self._files, scheme=settings.scheme, today=self._clock().date(), notice=settings.notice
        )
