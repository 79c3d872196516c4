"""What is refused is told to its sender: the code, the field, the reason. Nothing private is repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared import contracts
from shared.contracts import Refusal
from shared.contracts.errors import CODES
from tests.unit.contracts.events import binary, example, put, structured, take


def refusal(event: dict[str, Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        take(event)
    return caught.value


def message(body: bytes, kind: str | None = contracts.STRUCTURED, headers: Any = ()) -> Refusal:
    with pytest.raises(Refusal) as caught:
        contracts.read(body, kind, dict(headers))
    return caught.value


ENVELOPE = [
    (("id",), None, "id", "Expected `str`, got `null`"),
    (("id",), "", "id", "length >= 1"),
    (("id",), "a\nb", "id", "matching regex"),
    (("id",), "a\n", "id", "matching regex"),
    (("id",), "x" * 201, "id", "length <= 200"),
    (("source",), "no colon", "source", "matching regex"),
    (("source",), "https://a b", "source", "matching regex"),
    (("source",), "https://a\n", "source", "matching regex"),
    (("subject",), "urn:case:1", "subject", "globally unique URI"),
    (("subject",), "https://", "subject", "globally unique URI"),
    (("subject",), "https:///", "subject", "globally unique URI"),
    (("specversion",), "0.3", "specversion", "CloudEvents 1.0"),
    (("time",), "2025-09-14", None, None),
    (("time",), "yesterday", "time", "not a date"),
    (("datacontenttype",), "text/xml", "datacontenttype", "data is application/json"),
    (("expectedversion",), -1, "expectedversion", ">= 0"),
    (("expectedversion",), "two", "expectedversion", "Expected `int"),
]


@pytest.mark.parametrize(("path", "value", "field", "reason"), ENVELOPE)
def test_the_envelope(path: tuple[str], value: Any, field: str | None, reason: str | None) -> None:
    event = example("case.settled")
    put(event, path, value)
    if field is None:
        take(event)
        return
    error = refusal(event)
    assert (error.code, error.field) == ("envelope", field)
    assert reason is not None and reason in error.reason


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "data"])
def test_an_attribute_that_is_missing_is_named(name: str) -> None:
    event = example("case.settled")
    del event[name]
    error = refusal(event)
    assert (error.code, error.field, error.reason) == ("envelope", name, "this field is missing")


DATA = [
    (("data", "dispute"), "quarrel", "data.dispute", "not one of: civil, family, minor_violation, personal"),
    (("data", "on"), "12/09/2025", "data.on", "not a date: use YYYY-MM-DD"),
    (("data", "on"), "2025-09-12T09:00:00", "data.on", "needs an offset"),
    (("data", "arose_on"), "2025-09-01T09:00:00+07:00", "data.arose_on", "not a day"),
    (("data", "unit"), "118A", "data.unit", "matching regex '^[0-9]{2,5}$'"),
    (("data", "unit"), "00118\n", "data.unit", "matching regex"),
    (("data", "group"), "", "data.group", "length >= 1"),
    (("data", "urgent"), ["fire"], "data.urgent[0]", "not one of: "),
    (("data", "disputes"), 1, "data.disputes", "unknown field; known are: arose_on, dispute, "),
    (("data", "NguyenThiTuyetMat"), 1, "data", "unknown field; known are: arose_on, dispute, "),
    (("data", "Tên các bên"), 1, "data", "unknown field; known are: "),
    (("data", "evidence"), [{"kind": "letter", "dated": "31/12"}], "data.evidence[0].dated", "not a day"),
    (("data", "evidence"), [{}], "data.evidence[0].kind", "this field is missing"),
    (("data",), [], "data", "Expected `object`, got `array`"),
    (("data", "ext"), {"a": 2**63}, "data.ext", "64 bits"),
    (("data", "ext"), {"a": {"\x00": 1}}, "data.ext", "NUL"),
    (("data", "ext"), json.loads("[" * 10 + "]" * 10), "data.ext", "Expected `object`"),
    (("data", "ext"), {"a": json.loads("[" * 10 + "]" * 10)}, "data.ext", "deeper than 10 levels"),
]


@pytest.mark.parametrize(("path", "value", "field", "reason"), DATA)
def test_the_data(path: tuple[str], value: Any, field: str, reason: str) -> None:
    event = example("case.reported")
    put(event, path, value)
    error = refusal(event)
    assert (error.code, error.field) == ("data", field)
    assert reason in error.reason


def test_ten_levels_of_ext_pass() -> None:
    event = example("case.reported")
    event["data"]["ext"] = {"a": json.loads("[" * 9 + "]" * 9), "n": -(2**63)}
    assert take(event).ext == event["data"]["ext"]


def test_a_case_needs_a_place() -> None:
    event = example("case.reported")
    del event["data"]["team"], event["data"]["unit"]
    error = refusal(event)
    assert (error.code, error.field) == ("data", "data")
    assert error.reason == "one of `team` and `unit` is needed"


@pytest.mark.parametrize("short", ["period.declared", "attestation.given"])
def test_a_period_runs_forward(short: str) -> None:
    event = example(short)
    data = event["data"]
    data["period_from"], data["period_to"] = data["period_to"], data["period_from"]
    assert refusal(event).reason == "`period_from` lies after `period_to`"


@pytest.mark.parametrize(
    ("of", "inner", "field"),
    [
        ("vn.namtot.record.withdrawn.v1", {}, "data.of"),
        ("vn.namtot.record.corrected.v1", {}, "data.of"),
        ("vn.namtot.case.eaten.v1", {}, "data.of"),
        ("vn.namtot.training.attended.v1", {"on": "2025-10-16"}, "data.data.attendance"),
        ("vn.namtot.period.declared.v1", {"on": "2025-10-16", "ext": []}, "data.data.ext"),
        ("vn.namtot.training.attended.v1", [], "data.data"),
        ("vn.namtot.case.settled.v1", {"on": "2025-10-16", "ext": {"a": 2**64}}, "data.data.ext"),
    ],
)
def test_a_correction_is_read_to_its_end(of: str, inner: Any, field: str) -> None:
    event = example("record.corrected")
    event["data"] |= {"of": of, "data": inner}
    error = refusal(event)
    assert (error.code, error.field) == ("data", field)


SECRET = "Nguyễn Văn Kín"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("private", "parties", 0, "role"), SECRET),
        (("private", "parties", 0, SECRET), 1),
        (("private", "parties", 0, "NguyenVanKin"), 1),
        (("private", SECRET), 1),
        (("private", "parties", 0, "born"), SECRET),
        (("private", "parties", 0, "name"), SECRET * 50),
        (("private", "content"), [SECRET]),
        (("private", "parties"), SECRET),
        (("private",), SECRET),
        (("dispute",), SECRET),
        (("on",), SECRET),
        (("unit",), SECRET),
        ((SECRET,), 1),
        (("private", f"x` - at `$.{SECRET}"), 1),
        ((f"x` - at `$.{SECRET}",), 1),
    ],
)
def test_a_refusal_repeats_no_ones_words(path: tuple[str | int, ...], value: Any) -> None:
    for event in (example("case.reported"), corrected(example("case.reported"))):
        data = event["data"]["data"] if "of" in event["data"] else event["data"]
        put(data, path, value)
        error = refusal(event)
        assert error.reason
        assert "Kín" not in str(error) and "NguyenVanKin" not in str(error), str(error)


def corrected(event: dict[str, Any]) -> dict[str, Any]:
    outer = example("record.corrected")
    outer["data"] |= {"of": event["type"], "data": event["data"]}
    return outer


def test_a_long_name_does_not_make_a_long_refusal() -> None:
    event = example("case.reported")
    event["data"]["x" * 100_000] = 1
    error = refusal(event)
    assert len(str(error)) < 500


def test_an_unknown_type_and_an_unknown_version_are_told_apart() -> None:
    event = example("case.settled") | {"type": "vn.namtot.case.settled.v2"}
    assert refusal(event).code == "unknown_type"
    assert contracts.is_unknown_version("vn.namtot.case.settled.v2")
    for other in ("vn.namtot.case.settled.v1", "vn.namtot.case.settled.v02", "vn.namtot.case.settled", "x.v2",
                  "vn.namtot.case.settled.v2\n", "vn.namtot.case.settled.v0"):
        assert not contracts.is_unknown_version(other), other


def test_the_message_around_it() -> None:
    body, kind, _ = structured(example("case.settled"))
    assert message(body, None).code == "content_type"
    assert message(body, "text/plain").code == "content_type"
    assert message(body, contracts.JSON).code == "content_type"
    assert message(body, "x" * 10_000).reason.count("x") < 200
    assert message(b"\xef\xbb\xbf" + body).code == "unreadable"
    assert message(body.decode().encode("utf-16")).code == "unreadable"
    assert message(b"").code == "unreadable"
    assert message(b" " * (contracts.MAX_BODY + 1)).code == "too_large"
    assert contracts.read(body, kind.upper() + "; charset=utf-8", {}).id == "vv-2025-0012-04"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cloudEvents:id": 7}, "id"),
        ({"cloudEvents:id": None}, "id"),
        ({"cloudEvents:id": b"\xff"}, "id"),
        ({"cloudEvents:subject": "https://a/\ud800"}, "subject"),
        ({"cloudEvents:time": 5}, "time"),
        ({"cloudEvents:source": ["https://a"]}, "source"),
        ({"ce-id": "another"}, "id"),
        ({"cloudEvents:expectedversion": "-1"}, "expectedversion"),
    ],
)
def test_headers_that_are_wrong_are_named(change: dict[str, Any], field: str) -> None:
    body, kind, headers = binary(example("case.settled"))
    error = message(body, kind, headers | change)
    assert (error.code, error.field) == ("envelope", field)


def test_headers_that_are_strange_but_harmless_pass() -> None:
    body, kind, headers = binary(example("case.settled"))
    strange = {
        "x-trace": {"deep": [1]}, b"\xff": 1, "cloudEvents:partitionkey": b"\xff", "cloudEvents:data": "no",
        "ce-id": headers["cloudEvents:id"], "cloudEvents:expectedversion": "3",
        "cloudEvents:source": headers["cloudEvents:source"].encode(),
    }
    envelope = contracts.read(body, kind, headers | strange)
    assert (envelope.expectedversion, bytes(envelope.data)) == (3, body)


def test_in_binary_mode_the_data_is_json() -> None:
    body, _, headers = binary(example("case.settled"))
    assert message(body, "text/plain", headers).code == "content_type"
    assert message(body, None, headers).code == "content_type"
    # another door than read(): the body is read with the data
    with pytest.raises(Refusal) as caught:
        contracts.decode(contracts.read(b"", contracts.JSON, headers), contracts.When("2026-01-01"))
    assert (caught.value.code, caught.value.field) == ("unreadable", "data")


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_sentence_for_people(code: str) -> None:
    assert Refusal(code, "data.on", "x").people == f"{CODES[code]} (data.on)"
    assert Refusal(code, "", "x").people == CODES[code]


def test_a_code_that_nobody_knows_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="unknown refusal code"):
        Refusal("odd", "", "x")
