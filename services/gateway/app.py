"""The gateway's ASGI application.

    app = create_app()             # settings from the environment
    app = create_app(settings)     # settings as given
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.gateway import door, edge, health, openapi, outcomes, words
from services.gateway.forward import Forwarder
from services.gateway.identity.sessions import KeyTrouble
from services.gateway.link import Link
from services.gateway.pages import Pages
from services.gateway.pages.static import VersionedFiles
from services.gateway.rpc import Rpc
from shared import settings as configuration
from shared.people.file import PeopleError

log = logging.getLogger(__name__)

STATIC = Path(__file__).with_name("static")
VERSION = "0.1.0"


def create_app(settings: configuration.Settings | None = None) -> FastAPI:
    """Raise ``shared.settings.SettingsError`` when a setting is missing. The broker may be away: then it is not ready."""
    given = settings or configuration.load()
    link = Link(given.amqp_uri)
    rpc = Rpc(link, given.gateway_query_ms / 1000)
    lexicon = words.load()
    forward = Forwarder(link, lexicon, given.gateway_wait_ms / 1000)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await link.start()
        yield
        await link.stop()

    app = FastAPI(
        title="namtot", version=VERSION, summary="Events about grassroots mediation in, their outcome out",
        lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json",
    )
    files = VersionedFiles(STATIC)
    try:
        pages = Pages(given, rpc, forward, lexicon, files)
    except (KeyTrouble, PeopleError) as error:
        raise configuration.SettingsError(str(error)) from None
    app.add_middleware(edge.Edge, host=edge.host_of(given.public_url))
    app.include_router(health.router(link))
    app.include_router(door.router(door.Door(given, forward, rpc, lexicon)))
    app.include_router(pages.router())
    app.mount("/static", files, name="static")

    async def on_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if not edge.for_program(request.url.path):
            return pages.http_error(request, error.status_code)
        code = {404: "not_found", 405: "method"}.get(error.status_code, "failed")
        return JSONResponse(outcomes.trouble(lexicon, code), error.status_code, error.headers)

    async def on_crash(request: Request, error: Exception) -> Response:
        log.error("%s %s failed: %s", request.method, request.url.path, type(error).__name__)
        if not edge.for_program(request.url.path):
            response = pages.http_error(request, 500)
        else:
            response = JSONResponse(outcomes.trouble(lexicon, "failed"), 500)
        # this answer leaves outside the edge
        response.headers.update({**edge.HEADERS, "Cache-Control": "no-store"})
        return response

    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_crash)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = openapi.extend(
            get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        )
    return app.openapi_schema
