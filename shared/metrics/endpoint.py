"""``/health/live``, ``/health/ready`` and ``/metrics`` as a WSGI application."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest

from shared.metrics import readiness

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def application(registry: CollectorRegistry = REGISTRY) -> WSGIApplication:
    """200 or 503 for health, as JSON; the text format for metrics; 404 else. Answers GET and HEAD only."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        status, kind, body = _respond(environ["PATH_INFO"], environ["REQUEST_METHOD"], registry)
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return answer


def _respond(path: str, method: str, registry: CollectorRegistry) -> tuple[str, str, bytes]:
    if method not in ("GET", "HEAD"):
        return _json("405 Method Not Allowed", {"status": "only GET and HEAD are answered here"})
    if path == "/health/live":
        return _json("200 OK", {"status": "live"})
    if path == "/health/ready":
        found = readiness.problems()
        if found:
            return _json("503 Service Unavailable", {"status": "not ready", "problems": found})
        return _json("200 OK", {"status": "ready"})
    if path == "/metrics":
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest(registry)
    return _json("404 Not Found", {"status": "there is /health/live, /health/ready and /metrics"})


def _json(status: str, body: object) -> tuple[str, str, bytes]:
    return status, "application/json", json.dumps(body).encode()
