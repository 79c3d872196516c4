"""Every type has an example, and each is read alike in every way it may travel."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from shared import contracts
from shared.contracts import outgoing
from shared.contracts.examples import FOLDER, load
from tests.unit.contracts.events import INBOUND, NOW, binary, structured, take


def test_there_is_one_example_for_every_type_and_none_for_others() -> None:
    assert set(load()) == {*contracts.TYPES, *outgoing.EVENTS}
    assert len(list(FOLDER.glob("*/*"))) == len(load())


def test_a_type_says_one_thing_whichever_way_it_travels() -> None:
    assert not set(contracts.TYPES) & set(outgoing.EVENTS)


def test_no_two_examples_have_the_same_source_and_id() -> None:
    keys = [(event["source"], event["id"]) for event in INBOUND.values()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", sorted(INBOUND))
@pytest.mark.parametrize("prefix", ["cloudEvents:", "cloudEvents_", "ce-", "CE_"])
def test_structured_and_binary_mode_give_the_same_event(name: str, prefix: str) -> None:
    event = INBOUND[name]
    one = contracts.read(*structured(event))
    other = contracts.read(*binary(event, prefix))
    for field in ("specversion", "id", "source", "type", "subject", "time"):
        assert getattr(one, field) == getattr(other, field) == event.get(field), field
    assert contracts.decode(one, NOW) == contracts.decode(other, NOW)


@pytest.mark.parametrize("name", sorted(INBOUND))
def test_what_is_read_can_be_written_and_read_again(name: str) -> None:
    event = INBOUND[name]
    data = take(event)
    attributes = {k: event[k] for k in ("type", "source", "id", "subject", "time")}
    again = contracts.read(contracts.write(**attributes, data=data), contracts.STRUCTURED, {})
    assert contracts.decode(again, NOW) == data


@pytest.mark.parametrize("name", sorted(INBOUND))
def test_what_is_read_can_be_kept_as_plain_values(name: str) -> None:
    data = take(INBOUND[name])
    plain = contracts.to_builtins(data)
    json.dumps(plain)
    if name == "vn.namtot.record.corrected.v1":
        assert plain["data"] == INBOUND[name]["data"]["data"]
    else:
        assert contracts.from_builtins(plain, type(data)) == data


@pytest.mark.parametrize("name", sorted(outgoing.EVENTS))
def test_outgoing_examples_are_what_the_services_would_write(name: str) -> None:
    event = load()[name]
    kind = outgoing.EVENTS[name].data
    data = contracts.from_builtins(event["data"], kind)
    assert json.loads(json.dumps(contracts.to_builtins(data))) == event["data"]
    assert {f.encode_name for f in msgspec.structs.fields(kind) if f.required} <= set(event["data"])


def test_nothing_that_identifies_a_person_is_in_an_outgoing_example() -> None:
    private = [
        word
        for event in INBOUND.values()
        for word in texts(event["data"].get("private", {}))
        if word.count(" ") >= 1
    ]
    assert len(private) > 8
    told = json.dumps([load()[name] for name in outgoing.EVENTS], ensure_ascii=False)
    assert not [word for word in private if word in told]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [t for inner in (value.values() if isinstance(value, dict) else value) for t in texts(inner)]
    return [value] if isinstance(value, str) else []


def test_a_case_is_told_by_its_subject_alone() -> None:
    told = load()[outgoing.CASE_CHANGED]
    assert told["data"]["case"] == contracts.record_id(told["subject"])
