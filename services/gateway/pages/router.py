"""The pages' routes. Each asks the services, and shows what they said or which of them is silent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway.identity.policy import Entry
from services.gateway.pages import (
    act,
    cases,
    commendation,
    course,
    entering,
    importing,
    league,
    money,
    month,
    papers,
    printing,
    recognition,
    refusals,
    reports,
    signing,
    standing,
    statistics,
    stream,
    team,
    trail,
    waiting,
    workload,
)
from services.gateway.pages.desk import Desk, Forward, NotThere
from services.gateway.pages.static import VersionedFiles
from services.gateway.pages.view import BadChoice, Clock, View, now
from services.gateway.rpc import NoAnswer, Rpc
from services.gateway.words import Words
from shared.settings import Settings

Page = Callable[[Desk, Request, View], Awaitable[Response]]

ROUTES: tuple[tuple[str, str, Page, Entry], ...] = (
    ("GET", "/", league.home, "public"),
    ("GET", "/units/{code}", league.unit, "public"),
    ("GET", "/units/{code}/recognition", recognition.board, "public"),
    ("GET", "/units/{code}/sheet", reports.sheet, "public"),
    ("GET", "/units/{code}/proposals", commendation.proposals, "public"),
    ("GET", "/teams/{code}", team.team, "public"),
    ("GET", "/teams/{code}/mediators/{ref}", commendation.mediator, "signed_in"),
    ("GET", "/communes", reports.communes, "public"),
    ("GET", "/models", reports.models, "public"),
    ("GET", "/commendations", commendation.listing, "public"),
    ("GET", "/commendations/{id}", commendation.one, "public"),
    ("GET", "/owed", commendation.owed, "public"),
    ("GET", "/papers", papers.listing, "papers"),
    ("GET", "/papers/{kind}", papers.paper, "papers"),
    ("GET", "/flow", stream.flow, "public"),
    ("GET", "/refused", refusals.listing, "refused"),
    ("GET", "/refused/{key}", refusals.one, "refused"),
    ("POST", "/refused/{key}/replay", refusals.replay, "refused"),
    ("GET", "/act/{type}", act.ask, "enter"),
    ("POST", "/act/{type}", act.send, "enter"),
    ("GET", "/sent/{id}", act.sent, "enter"),
    ("GET", "/today", cases.today, "cases"),
    ("GET", "/cases", cases.listing, "cases"),
    ("GET", "/cases/{id}", cases.one, "cases"),
    ("POST", "/cases/{id}/reveal", cases.reveal, "cases"),
    ("GET", "/enter", entering.listing, "enter"),
    ("GET", "/statistics", statistics.figures, "public"),
    ("GET", "/statistics/cases", statistics.trace, "cases"),
    ("GET", "/statistics/month", month.status, "papers"),
    ("GET", "/prints", printing.choice, "papers"),
    ("GET", "/prints/form", printing.form, "papers"),
    ("POST", "/prints/log-book", printing.log_book, "papers"),
    ("GET", "/standing", standing.teams, "standing"),
    ("GET", "/standing/teams/{code}", course.course, "standing"),
    ("GET", "/standing/training", course.training, "standing"),
    ("GET", "/workload", workload.loads, "workload"),
    ("GET", "/payments", money.listing, "money"),
    ("GET", "/payments/{id}", money.one, "money"),
    ("GET", "/data", waiting.listing, "data"),
    ("GET", "/import", importing.ask, "import"),
    ("POST", "/import", importing.send, "import"),
    ("GET", "/import/templates/{kind}", importing.blank, "import"),
    ("GET", "/import/marked/{token}", importing.copy, "import"),
    ("GET", "/audit", trail.listing, "audit"),
    ("GET", "/sign-in", signing.ask, "public"),
    ("POST", "/sign-in", signing.send, "public"),
    ("GET", "/sign-in/go", signing.go, "public"),
    ("GET", "/sign-in/back", signing.back, "public"),
    ("GET", "/account", signing.account, "public"),
    ("POST", "/account/sign-out", signing.sign_out, "public"),
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
        for method, path, page, entry in ROUTES:
            methods = ["GET", "HEAD"] if method == "GET" else [method]
            routes.add_api_route(path, self._endpoint(page, entry), methods=methods, name=f"{method} {path}")
        return routes

    def http_error(self, request: Request, status: int) -> Response:
        """A page for an address that does not exist (404), or that failed."""
        kind = "not_found" if status in (404, 405) else "internal"
        return self._desk.error(self._view(request), kind, status)

    def _endpoint(self, page: Page, entry: Entry) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            view = self._view(request)
            view.who = await self._desk.gate.who(request)
            try:
                view.choose()
                if entry != "public" and not view.may(entry):
                    return self._turned_away(request, view, entry)
                return await page(self._desk, request, view)
            except BadChoice:
                view.scheme, view.year = self._desk.settings.scheme, None
                return self._desk.error(view, "bad_choice", 400)
            except NotThere as error:
                return self._desk.error(view, error.kind, 404, **error.values)
            except NoAnswer as error:
                return self._desk.silent(view, error)

        return answer

    def _turned_away(self, request: Request, view: View, entry: Entry) -> Response:
        if not view.signing:
            # what is private has no page where nobody signs in
            return self._desk.error(view, "not_found", 404)
        if view.who is not None:
            return self._desk.error(view, "forbidden", 403, entry=view.word("entry", entry))
        target = view.here if request.method in ("GET", "HEAD") else ""
        return RedirectResponse(signing.link(target), 303, {"Cache-Control": "no-store"})

    def _view(self, request: Request) -> View:
        settings = self._desk.settings
        view = View(
            request, self._words, self._files, scheme=settings.scheme, today=self._clock().date(), notice=settings.notice
        )
        view.signing = self._desk.gate.asks
        return view
