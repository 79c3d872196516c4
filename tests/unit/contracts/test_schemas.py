"""The JSON Schemas say what intake does: they accept every example and all that is taken in, and refuse
what is broken."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from shared import contracts
from shared.contracts import Refusal, outgoing, schemas
from shared.contracts.examples import load
from tests.unit.contracts.events import INBOUND, NOW, UNHURRIED, drop, example, places, put, structured
from tests.unit.contracts.test_fuzz import json_values, names

EVERY = sorted(schemas.known())


@cache
def validator(name: str) -> Draft202012Validator:
    schema = schemas.event() if name == schemas.ENVELOPE else schemas.of(name)
    return Draft202012Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("name", EVERY)
def test_each_is_a_schema_and_accepts_its_example(name: str) -> None:
    schema = schemas.of(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == schemas.known()[name].summary
    assert "``" not in schema.get("description", "")
    Draft202012Validator.check_schema(schema)
    validator(name).validate(load()[name]["data"])


@pytest.mark.parametrize("name", sorted(INBOUND))
def test_the_envelopes_schema_accepts_every_example(name: str) -> None:
    validator(schemas.ENVELOPE).validate(INBOUND[name])


@pytest.mark.parametrize("name", EVERY)
def test_each_refuses_its_example_once_it_is_broken(name: str) -> None:
    schema, good = schemas.of(name), load()[name]["data"]
    broken: list[Any] = [{**good, field: []} for field, about in schema["properties"].items() if about.get("type") != "array"]
    broken += [{k: v for k, v in good.items() if k != field} for field in schema["required"]]
    broken += [[good], None, "x"]
    if name in contracts.TYPES:
        broken.append(good | {"unknown": 1})
    assert len(broken) > 4
    for data in broken:
        assert not validator(name).is_valid(data), data


def test_an_outgoing_schema_lets_later_fields_pass() -> None:
    event = load()["vn.namtot.intake.case.changed.v1"]
    validator(event["type"]).validate(event["data"] | {"later": 1})


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "data"])
def test_the_envelopes_schema_asks_for_every_attribute(name: str) -> None:
    event = example("case.settled")
    del event[name]
    assert not validator(schemas.ENVELOPE).is_valid(event)


def test_one_of_team_and_unit_is_asked_for() -> None:
    data = example("case.recorded")["data"]
    del data["team"]
    assert not validator("vn.namtot.case.recorded.v1").is_valid(data)
    validator("vn.namtot.case.recorded.v1").validate(data | {"unit": "00118"})


@given(st.data(), names)
@settings(UNHURRIED, max_examples=300)
def test_what_is_taken_in_is_what_the_schemas_accept(data: st.DataObject, short: str) -> None:
    event = example(short)
    for _ in range(data.draw(st.integers(1, 2), "changes")):
        path = data.draw(st.sampled_from(list(places(event))), "path")
        if data.draw(st.booleans(), "drop"):
            drop(event, path)
        else:
            put(event, path, data.draw(json_values, "value"))
    try:
        body, kind, headers = structured(event)
        envelope = contracts.read(body, kind, headers)
        contracts.decode(envelope, NOW)
    except (Refusal, UnicodeEncodeError):
        return
    validator(schemas.ENVELOPE).validate(event)
    validator(event["type"]).validate(event["data"])


@given(st.data(), names, json_values)
@settings(UNHURRIED, max_examples=300)
def test_what_a_schema_refuses_is_refused(data: st.DataObject, short: str, value: Any) -> None:
    event = example(short)
    put(event["data"], data.draw(st.sampled_from(list(places(event["data"]))), "path"), value)
    if validator(event["type"]).is_valid(event["data"]):
        return
    with pytest.raises(Refusal):
        contracts.decode(contracts.read(*structured(event)), NOW)


def test_twice_generated_is_the_same_and_nothing_is_missing() -> None:
    once, twice = schemas.files(), schemas.files()
    assert once == twice
    assert set(once) == {"event.json", *(f"{name}.json" for name in (*contracts.TYPES, *outgoing.EVENTS))}
    once["event.json"]["title"] = "changed by a caller"
    assert schemas.files() == twice


def test_each_stands_alone() -> None:
    for name, schema in schemas.files().items():
        held = set(schema.get("$defs", {}))
        assert set(references(schema)) <= held, name


def references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"].removeprefix("#/$defs/")] if "$ref" in schema else []
        return own + [one for inner in schema.values() for one in references(inner)]
    return [one for inner in schema for one in references(inner)] if isinstance(schema, list) else []
