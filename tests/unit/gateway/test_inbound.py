"""From HTTP to messages: bytes stay bytes, and one broken event of a batch harms no other."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway import inbound
from services.gateway.inbound import CannotForward
from shared.contracts import STRUCTURED

BINARY = [("ce-specversion", "1.0"), ("ce-id", "7"), ("ce-source", "https://a.example/x"), ("content-type", "application/json")]


def event(**more: Any) -> bytes:
    return json.dumps({"specversion": "1.0", "id": "7", "source": "https://a.example/x", **more}).encode()


def test_structured_is_forwarded_as_it_came() -> None:
    body = b' {"id":"7",  "source":"https://a.example/x","data":{"on":"2024-01-02"}}\n'
    message = inbound.single(body, "application/cloudevents+json; charset=utf-8", [("ce-id", "other")])
    assert message == (body, "application/cloudevents+json; charset=utf-8", {}, "", "https://a.example/x", "7")


def test_binary_attributes_become_amqp_headers() -> None:
    message = inbound.single(b'{"on":"2024-01-02"}', "application/json", BINARY)
    assert message.headers == {
        "cloudEvents:specversion": "1.0", "cloudEvents:id": "7", "cloudEvents:source": "https://a.example/x",
    }
    assert (message.source, message.id, message.routing_key) == ("https://a.example/x", "7", "")


def test_binary_attributes_are_percent_decoded() -> None:
    message = inbound.single(b"{}", "application/json", [("CE-Subject", "case://a.example/T%E1%BB%95%205"), ("ce-id", "%ff")])
    assert message.headers["cloudEvents:subject"] == "case://a.example/Tổ 5"
    assert message.headers["cloudEvents:id"] == "%ff"  # not UTF-8: left for intake to judge


@pytest.mark.parametrize(("data", "key"), [
    ({"urgent": ["violence_risk"]}, "urgent"), ({"urgent": []}, ""), ({"urgent": None}, ""), ({}, ""), (["urgent"], ""),
    ({"urgent": "violence_risk"}, ""), (None, ""),
])
def test_urgent_events_take_the_urgent_way(data: Any, key: str) -> None:
    assert inbound.single(event(data=data), STRUCTURED, []).routing_key == key
    assert inbound.single(json.dumps(data).encode(), "application/json", BINARY).routing_key == key


@pytest.mark.parametrize("body", [
    b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"id":3,"source":[]}', b"[" * 100_000, b'{"data":' + b"[" * 100_000,
    b'{"id":"' + b"x" * 2000 + b'"}',
])
def test_what_cannot_be_read_is_forwarded_all_the_same(body: bytes) -> None:
    message = inbound.single(body, STRUCTURED, [])
    assert (message.body, message.routing_key, message.id) == (body, "", None)


@pytest.mark.parametrize(("content_type", "headers"), [
    ("x/" + "y" * 300, []), ("application/json", [("ce-" + "x" * 300, "1")]),
])
def test_a_header_that_amqp_cannot_carry(content_type: str, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(CannotForward) as raised:
        inbound.single(b"{}", content_type, headers)
    assert raised.value.status == 431


def test_a_batch_keeps_each_element_byte_by_byte() -> None:
    first, second = b'{"id":"1",  "source":"a:b"}', json.dumps({"id": "2", "x": 'Tổ ]}, {"'}, ensure_ascii=False).encode()
    messages = inbound.batch(b"[ " + first + b" ,\n" + second + b"]")
    assert [m.body for m in messages] == [first, second]
    assert {m.content_type for m in messages} == {STRUCTURED}


def test_broken_events_of_a_batch_are_forwarded_beside_the_good_ones() -> None:
    deep, bad, empty = b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"a":tru}', b""
    messages = inbound.batch(b"[" + b",".join([event(), deep, bad, empty, event(id="8")]) + b"]")
    assert [m.body for m in messages] == [event(), deep, bad, empty, event(id="8")]
    assert [m.id for m in messages] == ["7", None, None, None, "8"]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[", b"]", b"[}", b"[1]]", b"[[1]", b'["', b"[1][2]", b"[1,2}x]", b"\xef\xbb\xbf[]"]
)
def test_what_is_no_array_is_no_batch(body: bytes) -> None:
    with pytest.raises(CannotForward) as raised:
        inbound.batch(body)
    assert (raised.value.code, raised.value.status) == ("batch_not_array", 400)


def test_an_empty_batch_and_one_too_long() -> None:
    assert inbound.batch(b" [ ] ") == []
    with pytest.raises(CannotForward) as raised:
        inbound.batch(b"[" + b",".join([b"1"] * (inbound.BATCH_EVENTS + 1)) + b"]")
    assert raised.value.status == 413


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8,
)


@settings(deadline=None)
@given(st.lists(JSON_VALUES, max_size=6), st.sampled_from(["", " ", "\n\t"]), st.booleans())
def test_cutting_agrees_with_parsing(values: list[Any], space: str, ascii_only: bool) -> None:
    elements = [json.dumps(value, ensure_ascii=ascii_only).encode() for value in values]
    body = f"{space}[{space}".encode() + f"{space},{space}".encode().join(elements) + f"{space}]".encode()
    assert inbound.split(body) == elements
    assert [m.body for m in inbound.batch(body)] == elements


@pytest.mark.parametrize("body", [b'["' + b'\\"' * 60_000 + b"]", b'["' * 60_000 + b"]", b"[" + b"\\" * 800_000 + b"]"])
def test_cutting_takes_time_in_proportion(body: bytes) -> None:
    """A body made to send the search back to its start again and again would take minutes here."""
    began = time.process_time()
    with contextlib.suppress(CannotForward):
        inbound.split(body)
    assert time.process_time() - began < 5
