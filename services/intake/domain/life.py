"""The life of a case as data: ``case_life.yaml``, read strictly."""

from __future__ import annotations

import functools
from importlib import resources
from typing import get_args

import msgspec
import yaml

from shared.contracts.outgoing import Status


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """One event's effect. ``cite``: the article that the flag quotes when the event comes in another status."""

    rank: int
    from_: frozenset[Status]
    cite: str
    to: Status | None = None


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    days: int
    cite: str


class Months(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    months: int
    cite: str


class Deadlines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start_after_assignment: Days
    court_recognition: Months
    written_up: Days


class CaseLife(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ended: frozenset[Status]
    steps: dict[str, Rule]
    deadlines: Deadlines


@functools.cache
def case_life() -> CaseLife:
    """The state table. Raise ``msgspec.ValidationError`` naming the key at fault."""
    text = resources.files(__package__).joinpath("case_life.yaml").read_text(encoding="utf-8")
    table = msgspec.convert(yaml.safe_load(text), CaseLife)
    unknown = {rule.to for rule in table.steps.values() if rule.to} - set(get_args(Status))
    if unknown:
        raise ValueError(f"case_life.yaml leads to unknown statuses: {sorted(unknown)}")
    return table
