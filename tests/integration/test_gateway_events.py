"""The HTTP door over a real broker: events go to intake's real queues, and what intake replies comes back over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import kombu
import pytest

from shared.contracts import STRUCTURED
from shared.settings import Settings
from tests.support.eventually import eventually
from tests.support.gateway import RunningGateway
from tests.support.responder import Responder
from tests.support.servers import TestServers

BATCH = "application/cloudevents-batch+json"


def event(id: str = "7", **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": id, "source": "https://so.example", "type": "vn.namtot.case.settled.v1",
        "subject": "case://so.example/1", "data": {"on": "2024-03-05", **data},
    }


def judge(message: kombu.Message) -> dict[str, Any] | None:
    """Applies what it can read; refuses id "bad"; keeps silent on id "slow"."""
    try:
        read = json.loads(message.body)
    except (ValueError, RecursionError):
        return {"outcome": "refused", "code": "unreadable", "field": "", "reason": "not JSON", "source": None, "id": None}
    id = read.get("id") or message.headers.get("cloudEvents:id")
    if id == "slow":
        return None
    head = {"source": "https://so.example", "id": id}
    if id == "bad":
        return {**head, "outcome": "refused", "code": "data", "field": "data.on", "reason": "not a date"}
    return {**head, "outcome": "duplicate" if id == "again" else "applied", "record": "ab" * 16, "n": 1}


class Door:
    def __init__(self, gateway: RunningGateway, responder: Responder) -> None:
        self.gateway, self.responder = gateway, responder

    def send(self, content: bytes | dict[str, Any] | list[Any], kind: str = STRUCTURED, **headers: str) -> Any:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.gateway.post("/events", content=body, headers={"content-type": kind, **given})

    def taken(self) -> list[kombu.Message]:
        return self.responder.taken


def settings(amqp_uri: str, **more: Any) -> Settings:
    return Settings(amqp_uri=amqp_uri, mongo_uri="mongodb://unused", gateway_wait_ms=2000, gateway_query_ms=3000, **more)


LEDGER: dict[str, dict[str, Any]] = {
    "7": {"outcome": "applied", "record": "ab" * 16, "n": 4, "parked": False},
    "bad": {"outcome": "refused", "code": "data", "field": "data.on", "reason": "not a date", "status": "open"},
}


def outcome(source: str, id: str) -> dict[str, Any]:
    assert source == "https://so.example/a b"
    return LEDGER.get(id, {"outcome": "unknown"})


@pytest.fixture(scope="module")
def shared_door(servers: TestServers) -> Iterator[Door]:
    uri = servers.fresh_vhost()
    with Responder(uri, {"intake.outcome": outcome}, judge) as responder, RunningGateway(settings(uri)) as gateway:
        yield Door(gateway, responder)
    servers.done_with(uri)


@pytest.fixture
def door(shared_door: Door) -> Door:
    shared_door.responder.taken.clear()
    return shared_door


def test_structured_events_arrive_byte_by_byte_and_persistent(door: Door) -> None:
    body = json.dumps(event(), indent=1).encode()
    response = door.send(body, "application/cloudevents+json; charset=utf-8")
    assert response.status_code == 200
    assert response.json() == {
        "source": "https://so.example", "id": "7", "outcome": "applied", "record": "ab" * 16, "n": 1,
        "message": {"vi": "Đã ghi nhận.", "en": "Applied."},
    }
    (message,) = door.taken()
    assert message.body == body and message.content_type == "application/cloudevents+json; charset=utf-8"
    assert message.properties["delivery_mode"] == 2
    assert message.delivery_info["exchange"] == "namtot.inbound" and message.delivery_info["routing_key"] == ""
    assert isinstance(message.headers["timestamp_in_ms"], int)


def test_binary_events_carry_their_attributes_as_headers(door: Door) -> None:
    response = door.send(
        b'{"on":"2024-03-05"}', "application/json", ce_id="7", ce_source="https://so.example",
        ce_type="vn.namtot.case.settled.v1", ce_specversion="1.0", ce_subject="case://so.example/T%E1%BB%95",
    )
    assert response.json()["outcome"] == "applied"
    (message,) = door.taken()
    assert message.headers["cloudEvents:subject"] == "case://so.example/Tổ"
    assert message.body == b'{"on":"2024-03-05"}'


def test_a_duplicate_is_no_error(door: Door) -> None:
    response = door.send(event("again"))
    assert (response.status_code, response.json()["outcome"]) == (200, "duplicate")


def test_a_refusal_says_field_and_reason_in_both_languages(door: Door) -> None:
    response = door.send(event("bad"))
    assert response.status_code == 422
    assert response.json() == {
        "source": "https://so.example", "id": "bad", "outcome": "refused", "code": "data", "field": "data.on",
        "reason": {"vi": "Trường dữ liệu thiếu hoặc sai (data.on)", "en": "not a date"},
        "next": {"vi": "Sửa trường sai rồi gửi lại; có thể giữ nguyên mã sự kiện.",
                 "en": "Mend the field at fault and send it again; the event id may stay."},
    }


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b'{"id":' + b"9" * 5000 + b"}"])
def test_a_malformed_body_is_counted_by_intake_and_not_by_the_door(door: Door, body: bytes) -> None:
    response = door.send(body)
    assert (response.status_code, response.json()["code"]) == (422, "unreadable")
    assert [m.body or b"" for m in door.taken()] == [body]  # py-amqp has "" for no body


def test_urgent_events_take_the_urgent_queue(door: Door) -> None:
    door.send(event("1", urgent=["violence_risk"]))
    door.send(event("2"))
    assert [m.delivery_info["routing_key"] for m in door.taken()] == ["urgent", ""]


def test_a_batch_is_answered_event_by_event(door: Door) -> None:
    good, slow = json.dumps(event("1")).encode(), json.dumps(event("slow")).encode()
    broken = b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}"
    response = door.send(b"[" + b",".join([good, json.dumps(event("bad")).encode(), broken, slow]) + b"]", BATCH)
    assert response.status_code == 207
    answers = response.json()["events"]
    assert [a["status"] for a in answers] == [200, 422, 422, 202]
    assert sorted(m.body for m in door.taken()) == sorted([good, json.dumps(event("bad")).encode(), broken, slow])


def test_a_batch_of_hundreds(door: Door) -> None:
    response = door.send([event(str(n)) for n in range(700)], BATCH)
    assert [a["id"] for a in response.json()["events"]] == [str(n) for n in range(700)]
    assert {a["status"] for a in response.json()["events"]} == {200}


@pytest.mark.parametrize("body", [b'{"id":"1"}', b"[", b"nothing"])
def test_a_batch_that_is_no_array_is_not_taken(door: Door, body: bytes) -> None:
    response = door.send(body, BATCH)
    assert (response.status_code, response.json()["code"]) == (400, "batch_not_array")
    assert door.taken() == []


def test_no_word_from_intake_in_time_is_202_with_where_to_ask(door: Door) -> None:
    response = door.send(event("slow"))
    assert response.status_code == 202
    assert response.json()["status_url"] == "/events?source=https%3A%2F%2Fso.example&id=slow"
    assert response.headers["location"] == response.json()["status_url"]


def test_over_large_bodies_stop_at_the_door(door: Door) -> None:
    most = door.gateway  # announced and unannounced
    for content in (b"x" * (1024 * 1024 + 1), iter([b"x" * 600_000, b"x" * 600_000])):
        response = most.client.post("/events", content=content, headers={"content-type": STRUCTURED})
        assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert door.taken() == []


def test_compressed_bodies_are_not_taken(door: Door) -> None:
    response = door.send(event(), content_encoding="gzip")
    assert (response.status_code, response.json()["code"]) == (415, "compressed")


def test_headers_too_long_for_amqp(door: Door) -> None:
    response = door.send(event(), "application/json", **{"ce_" + "x" * 250: "1"})
    assert (response.status_code, response.json()["code"]) == (431, "header_too_long")


def test_the_outcome_by_path_and_by_query(door: Door) -> None:
    by_path = door.gateway.get("/events/https%3A%2F%2Fso.example%2Fa%20b/7")
    assert (by_path.status_code, by_path.json()["outcome"], by_path.json()["n"]) == (200, "applied", 4)
    by_query = door.gateway.get("/events", params={"source": "https://so.example/a b", "id": "bad"})
    assert (by_query.status_code, by_query.json()["outcome"], by_query.json()["field"]) == (200, "refused", "data.on")
    unknown = door.gateway.get("/events", params={"source": "https://so.example/a b", "id": "a/b?c"})
    assert (unknown.status_code, unknown.json()["outcome"], unknown.headers["retry-after"]) == (404, "unknown", "2")
    for address in ("/events", "/events?source=x", "/events/https://so.example/7"):
        assert door.gateway.get(address).json()["code"] == "which_event"


def test_errors_that_programs_meet_are_json(door: Door) -> None:
    assert door.gateway.get("/metrics/nothing").json()["code"] == "not_found"
    assert door.gateway.client.put("/events").json()["code"] == "method"
    assert door.gateway.get("/nowhere").headers["content-type"].startswith("text/html")


def test_the_door_is_counted(door: Door) -> None:
    def value(text: str, sample: str) -> float:
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(sample))

    before = door.gateway.get("/metrics").text
    for id in ("1", "again", "bad"):
        door.send(event(id))
    door.gateway.get("/events", params={"source": "https://so.example/a b", "id": "7"})
    door.gateway.get("/teams/whoever/whatever")
    after = door.gateway.get("/metrics").text
    for outcome_ in ("applied", "duplicate", "refused"):
        sample = f'namtot_gateway_events_total{{outcome="{outcome_}"}}'
        assert value(after, sample) - value(before, sample) == 1
    assert 'namtot_gateway_http_requests_total{method="POST",route="/events",status="422"}' in after
    assert 'route="unmatched"' in after and "whoever" not in after
    assert 'namtot_gateway_rpc_calls_total{method="outcome",outcome="ok",service="intake"}' in after


def test_with_a_token(amqp_uri: str) -> None:
    given = settings(amqp_uri, gateway_token="s3cret")
    with Responder(amqp_uri, {"intake.outcome": outcome}, judge) as responder, RunningGateway(given) as gateway:
        door = Door(gateway, responder)
        for headers in ({}, {"authorization": "Bearer wrong"}):
            response = door.send(event(), **headers)
            assert (response.status_code, response.json()["code"]) == (401, "token")
            assert response.headers["www-authenticate"].startswith("Bearer")
        assert gateway.get("/events?source=x&id=1").status_code == 401
        assert responder.taken == []
        assert door.send(event(), authorization="Bearer s3cret").status_code == 200


def test_nothing_is_lost_before_intake_ever_ran(amqp_uri: str) -> None:
    """The gateway declares the queues, so what it accepts waits there."""
    with RunningGateway(Settings(amqp_uri=amqp_uri, mongo_uri="mongodb://unused", gateway_wait_ms=50)) as gateway:
        response = gateway.post("/events", json=event(), headers={"content-type": STRUCTURED})
        assert response.status_code == 202
        response = gateway.get("/events?source=https://so.example&id=7")
        assert (response.status_code, response.json()["code"]) == (503, "intake_away")
    with Responder(amqp_uri, {}, judge) as responder:
        eventually(lambda: [json.loads(m.body)["id"] for m in responder.taken] == ["7"])


def test_a_broker_that_is_not_there_is_503() -> None:
    with RunningGateway(settings("amqp://guest:guest@127.0.0.1:1/"), wait=False) as gateway:
        response = gateway.post("/events", json=event(), headers={"content-type": STRUCTURED})
        assert (response.status_code, response.json()["outcome"]) == (503, "not_accepted")
        assert int(response.headers["retry-after"]) > 0
        batch = gateway.post("/events", json=[event("1"), event("2")], headers={"content-type": BATCH})
        assert batch.status_code == 503
        assert gateway.get("/health/live").status_code == 200
        ready = gateway.get("/health/ready")
        assert ready.status_code == 503 and "broker" in ready.json()["problems"]
        page = gateway.get("/flow")
        assert page.status_code == 503 and "RabbitMQ" in page.text
