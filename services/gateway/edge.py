"""What surrounds every request: security headers, metrics by route template, and errors in the form that their reader can use."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway import metrics

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages run no script at all, so none is allowed."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

PROGRAMS = ("/events", "/health/", "/metrics", "/openapi.json")
"""Paths that programs read: their errors are JSON."""

MACHINES = ("/events", "/health/", "/metrics")
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def for_program(path: str) -> bool:
    return path.startswith(PROGRAMS)


class Edge:
    """Pure ASGI: Starlette's BaseHTTPMiddleware would put a task and a queue between every two layers."""

    def __init__(self, app: ASGIApp, host: str = "") -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._asked_rightly(scope):
            metrics.REQUESTS.labels(_method(scope), "unmatched", "400").inc()
            await PlainTextResponse("400: this address is not served here\n", 400, HEADERS)(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store" if status >= 400 else "no-cache")
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            method = _method(scope)
            route = _route(scope)
            metrics.REQUESTS.labels(method, route, str(status)).inc()
            metrics.SECONDS.labels(method, route).observe(time.perf_counter() - began)


    def _asked_rightly(self, scope: Scope) -> bool:
        """No address is ever made of a Host header that could not be one, nor of another's where ours is set. Probes and scrapers
        name the machine as they like."""
        given = Headers(scope=scope).getlist("host")
        if len(given) > 1 or (given and not _HOST.fullmatch(given[0])):
            return False
        return not self._host or scope["path"].startswith(MACHINES) or [one.lower() for one in given] == [self._host]


def host_of(url: str) -> str:
    """The Host header of requests for an address, "" for none."""
    return urlsplit(url).netloc.lower()


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in metrics.METHODS else "OTHER"


def _route(scope: Scope) -> str:
    """The template, never the path: paths name teams and events without bound."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else "unmatched"
