"""The published description of the door agrees with the contract, and needs nothing from outside."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from services.gateway.app import create_app
from shared.contracts import TYPES, examples
from shared.settings import Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(amqp_uri="amqp://nowhere", mongo_uri="mongodb://nowhere")).openapi()


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_every_example_fits_the_schema_of_its_type(kind: str, document: dict[str, Any]) -> None:
    reference = document["components"]["schemas"]["CloudEvent"]["discriminator"]["mapping"][kind]
    schema = {"$ref": reference, "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(examples.load()[kind])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**examples.load()[kind], "data": {"surely": "not"}})


def test_what_is_described(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {"/events"}
    post = document["paths"]["/events"]["post"]
    assert set(post["requestBody"]["content"]) == {
        "application/cloudevents+json", "application/cloudevents-batch+json", "application/json",
    }
    assert {"200", "202", "207", "413", "422", "503"} <= set(post["responses"])
    assert "http" not in json.dumps(document["paths"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    names = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert names <= set(document["components"]["schemas"])
