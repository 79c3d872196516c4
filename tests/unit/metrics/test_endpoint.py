"""What a service answers over HTTP."""

from __future__ import annotations

import json
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from prometheus_client import CollectorRegistry, Counter

from shared.metrics import build_info, endpoint, readiness


def ask(path: str, method: str = "GET", registry: CollectorRegistry | None = None) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": "", "SCRIPT_NAME": ""}
    setup_testing_defaults(environ)
    seen: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        seen.extend([status, dict(headers)])
        return lambda _: None

    answer = validator(endpoint.application(registry or CollectorRegistry()))(environ, start)
    try:
        body = b"".join(answer)
    finally:
        answer.close()  # type: ignore[attr-defined]
    return seen[0], seen[1], body


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "_checks", {})


def test_live_even_when_not_ready() -> None:
    readiness.register("store", lambda: "away")
    assert ask("/health/live")[0] == "200 OK"
    status, _, body = ask("/health/ready")
    assert status == "503 Service Unavailable"
    assert json.loads(body) == {"status": "not ready", "problems": {"store": "away"}}


def test_ready() -> None:
    status, headers, body = ask("/health/ready")
    assert (status, json.loads(body)) == ("200 OK", {"status": "ready"})
    assert headers["Content-Type"] == "application/json"


def test_metrics_of_the_registry_and_the_build() -> None:
    registry = CollectorRegistry()
    Counter("namtot_test_things_total", "Things", registry=registry).inc(3)
    build_info("test", registry)
    status, headers, body = ask("/metrics", registry=registry)
    assert status == "200 OK"
    assert headers["Content-Type"].startswith("text/plain")
    assert b"namtot_test_things_total 3.0" in body
    assert b'namtot_build_info{' in body and b'service="test"' in body


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", "404 Not Found"), ("/metrics", "POST", "405 Method Not Allowed")]
)
def test_nothing_else(path: str, method: str, status: str) -> None:
    assert ask(path, method)[0] == status


def test_head_has_the_length_and_no_body() -> None:
    _, headers, body = ask("/health/live", "HEAD")
    assert (headers["Content-Length"], body) == ("18", b"")
