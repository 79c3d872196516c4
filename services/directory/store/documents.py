"""Structs as documents."""

from __future__ import annotations

from typing import Any

import msgspec

from services.directory.domain.facts import Fact
from shared.contracts import from_builtins
from shared.contracts.when import enc_hook

Document = dict[str, Any]


def plain(value: Any) -> Any:
    """As MongoDB will give it back: lists for tuples, so that a stored document compares equal to a fresh one."""
    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=enc_hook))


def fact_document(fact: Fact) -> Document:
    document: Document = plain(fact)
    document["_id"] = document.pop("id")
    return document


def fact_of(document: Document) -> Fact:
    fact: Fact = from_builtins({**document, "id": document["_id"]}, Fact)
    return fact
