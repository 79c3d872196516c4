"""The HTTP door with the real intake behind it: what senders are told is what the ledger holds, to the message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.contracts import JSON, STRUCTURED, examples
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcess, ServiceProcesses

BATCH = "application/cloudevents-batch+json"
SETTLED = "vn.namtot.case.settled.v1"
REPORTED = "vn.namtot.case.reported.v1"


@pytest.fixture
def gateway(run_service: ServiceProcesses) -> Iterator[ServiceProcess]:
    run_service("intake", wait=False)
    gateway = run_service("gateway", NAMTOT_GATEWAY_WAIT_MS="15000")
    run_service.started[0].wait_ready()
    yield gateway


def event(kind: str, id: str, **more: Any) -> dict[str, Any]:
    return {**examples.load()[kind], "id": id, **more}


def send(gateway: ServiceProcess, content: Any, kind: str = STRUCTURED, **headers: str) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return httpx.post(f"{gateway.url}/events", content=body, headers={"content-type": kind, **headers}, timeout=30)


def test_every_way_in_ends_in_one_account(gateway: ServiceProcess) -> None:
    first = event(REPORTED, "gw-1")
    answer = send(gateway, first)
    assert (answer.status_code, answer.json()["outcome"], answer.json()["n"]) == (200, "applied", 1)
    assert send(gateway, first).json()["outcome"] == "duplicate"
    reused = send(gateway, {**first, "data": {**first["data"], "dispute": "family"}})
    assert (reused.status_code, reused.json()["code"]) == (422, "id_reused")

    binary = event(SETTLED, "gw-2")
    headers = {f"ce-{k}": v for k, v in binary.items() if k not in ("data", "datacontenttype")}
    assert send(gateway, binary["data"], JSON, **headers).status_code == 200

    future = event(SETTLED, "gw-3")
    answer = send(gateway, {**future, "data": {**future["data"], "on": "2199-01-01"}})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "future", "data.on")
    # the refused one is known by its source and id, and a mended resend goes through under the same id
    where = {"source": future["source"], "id": "gw-3"}
    assert gateway.get("/events", params=where).json()["outcome"] == "refused"
    assert send(gateway, future).status_code == 200
    assert gateway.get("/events", params=where).json()["outcome"] == "applied"

    for body in (b"", b"{", b"\xff", b'{"data":' + b"[" * 50_000):
        answer = send(gateway, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable"), body[:10]
    assert send(gateway, b"{}", "text/plain").json()["code"] == "content_type"

    batch = [event(SETTLED, "gw-4"), event(SETTLED, "gw-4"), {"id": "gw-5"}]
    answers = send(gateway, batch, BATCH).json()["events"]
    assert sorted(a["outcome"] for a in answers[:2]) == ["applied", "duplicate"]
    assert (answers[2]["status"], answers[2]["code"]) == (422, "envelope")

    unknown = gateway.get("/events", params={"source": first["source"], "id": "never-sent"})
    assert (unknown.status_code, unknown.json()["outcome"]) == (404, "unknown")

    flow = gateway.get("/flow").text
    for figure, word in ((14, "Đã nhận"), (4, "Đã ghi nhận"), (2, "Trùng, đã có"), (8, "Không tiếp nhận")):
        assert f"<b>{figure}</b>{word}" in flow
    assert "Khớp: không mất thông điệp nào" in flow
    metrics = gateway.metrics()
    assert metrics.value("namtot_gateway_events_total", outcome="applied") == 4
    assert metrics.value("namtot_gateway_events_total", outcome="refused") == 8


def test_accepted_while_intake_is_away_and_applied_when_it_is_back(run_service: ServiceProcesses) -> None:
    intake = run_service("intake")
    gateway = run_service("gateway", NAMTOT_GATEWAY_WAIT_MS="100")
    intake.stop()
    sent = event(REPORTED, "gw-late")
    answer = send(gateway, sent)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "pending")
    intake.start()

    def applied() -> bool:
        return bool(gateway.get(answer.json()["status_url"]).json().get("outcome") == "applied")

    eventually(applied, 60)


def test_stopped_as_asked(run_service: ServiceProcesses) -> None:
    gateway = run_service("gateway")
    assert gateway.get("/openapi.json").json()["info"]["title"] == "namtot"
    assert gateway.stop() == 0
