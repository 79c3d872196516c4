"""One message alone: what it is, what of it is private, and that nothing a sender can send raises."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.entries import Correction, decoded
from services.intake.domain.inspection import Accepted, Refused, inspect
from services.intake.domain.people import people
from shared.contracts import JSON, STRUCTURED, TYPES, When, write
from shared.contracts.examples import load
from shared.contracts.keys import raw_key
from tests.unit.contracts.events import UNHURRIED

NOW = When("2026-06-01T00:00:00+07:00")


def look(body: bytes, content_type: str | None = STRUCTURED, headers: dict[str, Any] | None = None,
         allowed: bool = True, max_body: int = 1_000_000) -> Accepted | Refused:
    return inspect(
        body, content_type, headers or {}, now=NOW, limit=NOW, max_body=max_body, allowed=lambda source, type: allowed
    )


INBOUND = {name: event for name, event in load().items() if name in TYPES}


@pytest.mark.parametrize("name", sorted(INBOUND))
def test_no_word_of_the_private_part_is_in_what_the_log_keeps(name: str) -> None:
    accepted = look(msgspec.json.encode(INBOUND[name]))
    assert isinstance(accepted, Accepted)
    assert b'"private":' not in accepted.public
    private = INBOUND[name]["data"].get("private") or (INBOUND[name]["data"].get("data") or {}).get("private")
    assert bool(private) == bool(accepted.private)
    if accepted.entry.type in TYPES:
        again = decoded(accepted.entry.type, accepted.public)
        assert again == accepted.entry.data


def test_a_corrections_private_part_goes_to_the_vault_too() -> None:
    body = write(
        type="vn.namtot.record.corrected.v1", source="https://so.example", id="c", subject="case://so.example/1",
        data={
            "on": "2024-03-06", "target": {"source": "https://so.example", "id": "r"}, "of": "vn.namtot.case.reported.v1",
            "reason": "sai tên", "data": {
                "on": "2024-03-05", "team": "Tổ 5", "dispute": "civil", "ground": "party_request",
                "private": {"parties": [{"name": "Trần Thị Bí Mật"}]},
            },
        },
    )
    accepted = look(body)
    assert isinstance(accepted, Accepted) and isinstance(accepted.entry.data, Correction)
    assert "Bí Mật" in accepted.private.decode()
    assert "Bí Mật" not in accepted.public.decode()
    assert accepted.entry.data.data.private is None


def test_a_newer_version_of_a_known_type_is_kept_whole_and_under_lock() -> None:
    body = write(
        type="vn.namtot.case.settled.v2", source="https://so.example", id="1", subject="case://so.example/1",
        data={"when": "2024-03-05", "who": "Nguyễn Văn Kín"},
    )
    accepted = look(body)
    assert isinstance(accepted, Accepted)
    assert accepted.entry.data is None and accepted.public == b""
    assert "Nguyễn Văn Kín" in accepted.private.decode()


@pytest.mark.parametrize(("change", "code", "field"), [
    ({"type": "vn.namtot.case.exploded.v1"}, "unknown_type", "type"),
    ({"type": "vn.namtot.case.settled.v0"}, "unknown_type", "type"),
    ({"specversion": "0.3"}, "envelope", "specversion"),
    ({"source": "nowhere"}, "envelope", "source"),
    ({"subject": "urn:x"}, "envelope", "subject"),
    ({"time": "2027-01-01T00:00:00+07:00"}, "future", "time"),
    ({"data": {"on": "2027-01-01"}}, "future", "data.on"),
    ({"data": {"on": "2024-02-30"}}, "data", "data.on"),
    ({"data": {"on": "2024-03-05", "wrtten": True}}, "data", "data.wrtten"),
    ({"data": {}}, "data", "data.on"),
])
def test_a_refusal_names_the_field(change: dict[str, Any], code: str, field: str) -> None:
    event = {
        "specversion": "1.0", "type": "vn.namtot.case.settled.v1", "source": "https://so.example", "id": "1",
        "subject": "case://so.example/1", "data": {"on": "2024-03-05"}, **change,
    }
    refused = look(msgspec.json.encode(event))
    assert isinstance(refused, Refused)
    assert (refused.refusal.code, refused.refusal.field) == (code, field)
    assert refused.refusal.reason


def test_a_source_without_the_right_is_refused() -> None:
    refused = look(msgspec.json.encode(INBOUND["vn.namtot.case.settled.v1"]), allowed=False)
    assert isinstance(refused, Refused) and refused.refusal.code == "not_allowed"


def test_a_body_over_the_limit_is_refused_unread() -> None:
    refused = look(b" " * 2000, max_body=1000)
    assert isinstance(refused, Refused) and refused.refusal.code == "too_large"


names = st.sampled_from(["cloudEvents:id", "ce-type", "x", "cloudEvents:source"])


@UNHURRIED
@given(
    st.binary(max_size=300), st.sampled_from([STRUCTURED, JSON, "text/plain", None, "\udcff"]),
    st.dictionaries(names, st.text() | st.integers() | st.binary()),
)
def test_nothing_that_can_be_sent_raises(body: bytes, content_type: str | None, headers: dict[str, Any]) -> None:
    read = look(body, content_type, headers)
    assert isinstance(read, Accepted | Refused)
    assert len(raw_key(body, content_type, headers)) == 32


@pytest.mark.parametrize("ext", [{"n": 2**80}, {"n": -(2**80)}, {"$where": 1, "a.b": {"$ref": 1}, "\0": 1}, {"n": 1e300}])
def test_what_a_sender_puts_into_ext_is_kept_or_refused_never_a_crash(ext: dict[str, Any]) -> None:
    import json

    event = {**INBOUND["vn.namtot.case.settled.v1"], "data": {"on": "2024-03-05", "ext": ext}}
    read = look(json.dumps(event).encode())
    if isinstance(read, Accepted):
        assert decoded(read.entry.type, read.public) == read.entry.data
    else:
        assert read.refusal.field.startswith("data.ext")


def test_only_mediators_of_directory_events_can_be_reached() -> None:
    event = INBOUND["vn.namtot.directory.roster.snapshot.v1"]
    accepted = look(msgspec.json.encode(event))
    assert isinstance(accepted, Accepted)
    assert people(accepted) == sorted(p["ref"] for p in event["data"]["private"]["people"])
    case = look(msgspec.json.encode(INBOUND["vn.namtot.case.reported.v1"]))
    assert isinstance(case, Accepted) and people(case) == []
