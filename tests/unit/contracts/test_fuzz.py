"""Whatever arrives is read or refused; nothing else is ever raised, and what was read can be stored."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import bson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import contracts
from shared.contracts import Refusal
from shared.contracts.errors import CODES
from tests.unit.contracts.events import INBOUND, NOW, UNHURRIED, binary, drop, example, places, put, structured

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(sorted(INBOUND)).map(contracts.short)


def outcome(body: bytes, content_type: str | None, headers: dict[Any, Any]) -> Any:
    """The data, or the refusal. Anything else that is raised fails the test."""
    try:
        envelope = contracts.read(body, content_type, headers)
        data = contracts.decode(envelope, NOW)
    except Refusal as refusal:
        assert refusal.code in CODES
        assert 0 < len(refusal.reason) <= 400
        f"{refusal.field} {refusal.reason}".encode()
        return refusal
    # what was taken in can be keyed, kept and told on
    contracts.record_id(envelope.subject)
    bson.encode({"data": contracts.to_builtins(data), "source": envelope.source, "id": envelope.id})
    attributes = {name: getattr(envelope, name) for name in ("type", "source", "id", "subject")}
    contracts.write(**attributes, data=data)
    return data


@given(st.binary(max_size=300), st.sampled_from([contracts.STRUCTURED, contracts.JSON, "", None]))
@UNHURRIED
def test_random_bytes(body: bytes, content_type: str | None) -> None:
    assert isinstance(outcome(body, content_type, {}), Refusal)


@given(json_values)
@UNHURRIED
def test_random_json(value: Any) -> None:
    assert isinstance(outcome(json.dumps(value).encode(), contracts.STRUCTURED, {}), Refusal)


@given(names, json_values)
@UNHURRIED
def test_random_data_under_a_good_envelope(short: str, value: Any) -> None:
    event = example(short) | {"data": value}
    outcome(*structured(event))
    outcome(*binary(event))


@given(st.data(), names)
@settings(UNHURRIED, max_examples=500)
def test_an_example_with_something_changed(data: st.DataObject, short: str) -> None:
    event = example(short)
    for _ in range(data.draw(st.integers(1, 3), "changes")):
        path = data.draw(st.sampled_from(list(places(event))), "path")
        kind = data.draw(st.sampled_from(["put", "drop", "add"]), "kind")
        if kind == "drop":
            drop(event, path)
        elif kind == "put":
            put(event, path, data.draw(json_values, "value"))
        elif not isinstance(path[-1], int):
            put(event, (*path[:-1], data.draw(st.text(max_size=12), "key")), data.draw(json_values, "value"))
        if not event:
            break
    body = json.dumps(event).encode("utf-8", "surrogatepass")
    outcome(body, contracts.STRUCTURED, {})


@given(st.data(), names)
@settings(UNHURRIED, max_examples=300)
def test_an_example_with_bytes_damaged(data: st.DataObject, short: str) -> None:
    body = bytearray(structured(example(short))[0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        if data.draw(st.booleans()):
            body[at] = data.draw(st.integers(0, 255))
        else:
            del body[at]
    outcome(bytes(body), contracts.STRUCTURED, {})


@given(names, st.integers(0, 4000))
@UNHURRIED
def test_an_example_cut_short(short: str, length: int) -> None:
    body = structured(example(short))[0]
    if length < len(body):
        assert isinstance(outcome(body[:length], contracts.STRUCTURED, {}), Refusal)


header_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=20)
    | st.text(st.characters(), max_size=20) | st.decimals(allow_nan=True)
    | st.datetimes(timezones=st.just(dt.UTC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
attributes = st.sampled_from(["id", "source", "type", "subject", "time", "specversion", "datacontenttype",
                              "expectedversion", "data", "", "partitionkey"])
prefixes = st.sampled_from(["cloudEvents:", "cloudEvents_", "ce-", "CE_", "ceee", ""])
keys = st.binary(max_size=10) | st.text(max_size=10) | st.builds(str.__add__, prefixes, attributes)


@given(names, st.dictionaries(keys, header_values, max_size=5))
@settings(UNHURRIED, max_examples=300)
def test_weird_headers(short: str, weird: dict[Any, Any]) -> None:
    body, kind, headers = binary(example(short))
    outcome(body, kind, headers | weird)
    outcome(body, kind, weird | headers)
    outcome(body, kind, weird)


SETTLED = example("case.settled")


def settled(ext: bytes) -> bytes:
    """The example with ``ext`` as raw JSON text, which Python's own writer could not produce."""
    event = example("case.settled")
    event["data"]["ext"] = "@@"
    return structured(event)[0].replace(b'"@@"', ext)


@pytest.mark.parametrize(
    ("ext", "code"),
    [
        (b'{"a": 1}', None),
        (b'{"a": 9223372036854775807}', None),
        (b'{"a": 9223372036854775808}', "data"),
        (b'{"a": -9223372036854775809}', "data"),
        (b'{"a": ' + b"9" * 400 + b"}", "data"),
        (b'{"a": ' + b"9" * 100_000 + b"}", "data"),
        (b'{"a": 1e400}', "data"),
        (b'{"a": -1e400}', "data"),
        (b'{"a": 1e-400}', None),
        (b'{"a": NaN}', "unreadable"),
        (b'{"a": Infinity}', "unreadable"),
        (b'{"a": "\xff"}', "unreadable"),
        (b'{"\xff": 1}', "unreadable"),
        (b'{"a": "\xed\xa0\x80"}', "unreadable"),
        (b'{"a": "\\ud800"}', "unreadable"),
        (b'{"a": "\\ud800\\u0061"}', "unreadable"),
        (b'{"a": "\\ud83d\\ude00"}', None),
        (b'{"a": "\\u0000"}', None),
        (b'{"\\u0000": 1}', "data"),
        (b'{"a": 01}', "unreadable"),
        (b'{"a": .5}', "unreadable"),
        (b'{"a": 0x10}', "unreadable"),
        (b"{'a': 1}", "unreadable"),
        (b'{"a": 1,}', "unreadable"),
        (b'{"a": 1} // x', "unreadable"),
        (b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}", "data"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "unreadable"),
        (b'{"a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}", "unreadable"),
        (b"[" * 400_000, "unreadable"),
    ],
)
def test_json_at_its_edges(ext: bytes, code: str | None) -> None:
    got = outcome(settled(ext), contracts.STRUCTURED, {})
    assert (got.code if isinstance(got, Refusal) else None) == code


def test_a_depth_bomb_outside_the_data_is_refused_too() -> None:
    for bomb in (b"[" * 300_000, b'{"a":' * 100_000):
        body = structured(SETTLED)[0]
        assert isinstance(outcome(bomb, contracts.STRUCTURED, {}), Refusal)
        around = body.replace(b'{"spec', b'{"x": ' + bomb + b', "spec')
        assert isinstance(outcome(around, contracts.STRUCTURED, {}), Refusal)
        kind, headers = binary(SETTLED)[1:]
        assert isinstance(outcome(bomb, kind, headers), Refusal)
        # deep inside what may hold anything: only the data's own reader meets it
        assert outcome(b'{"on": "2025-09-13", "ext": {"a": ' + bomb, kind, headers).code == "unreadable"


def test_of_a_key_given_twice_the_last_counts_always() -> None:
    body = structured(SETTLED)[0]
    twice = body.replace(b'"written": true', b'"written": true, "written": false')
    assert twice != body
    assert {outcome(twice, contracts.STRUCTURED, {}).written for _ in range(3)} == {False}
    other = body.replace(b'"id": "', b'"id": "first", "id": "')
    assert contracts.read(other, contracts.STRUCTURED, {}).id == SETTLED["id"]


def test_decimals_and_times_in_headers_are_no_text() -> None:
    body, kind, headers = binary(SETTLED)
    for value in (Decimal("1.0"), dt.datetime(2025, 9, 14, tzinfo=dt.UTC), 1.0):
        got = outcome(body, kind, headers | {"cloudEvents:specversion": value})
        assert (got.code, got.field) == ("envelope", "specversion")
