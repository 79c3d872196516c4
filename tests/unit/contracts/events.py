"""Ways in which one event travels, for the contract's tests."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, settings

from shared import contracts
from shared.contracts import When
from shared.contracts.examples import load

NOW = When("2026-04-01T08:00:00+07:00")
"""A moment after every example."""

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For hypothesis: how fast a busy machine is says nothing about the contract."""

INBOUND = {name: event for name, event in load().items() if name in contracts.TYPES}


def structured(event: dict[str, Any]) -> tuple[bytes, str, dict[str, Any]]:
    return json.dumps(event, ensure_ascii=False).encode(), contracts.STRUCTURED, {}


def binary(event: dict[str, Any], prefix: str = "cloudEvents:") -> tuple[bytes, str, dict[str, Any]]:
    attributes = {k: v for k, v in event.items() if k not in ("data", "datacontenttype")}
    body = json.dumps(event["data"], ensure_ascii=False).encode()
    return body, contracts.JSON, {f"{prefix}{name}": value for name, value in attributes.items()}


def take(event: dict[str, Any], limit: When = NOW) -> Any:
    """The event's data, read as intake reads it. Raise ``Refusal``."""
    return contracts.decode(contracts.read(*structured(event)), limit)


def example(short: str) -> dict[str, Any]:
    return copy.deepcopy(INBOUND[f"vn.namtot.{short}.v1"])


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path inside a JSON value, itself left out."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, key)
            yield from places(inner, (*path, key))


def put(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


def drop(value: Any, path: tuple[str | int, ...]) -> None:
    for step in path[:-1]:
        value = value[step]
    del value[path[-1]]
