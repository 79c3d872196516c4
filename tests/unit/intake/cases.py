"""Short ways to write log entries of a case in tests."""

from __future__ import annotations

from typing import Any

from services.intake.domain.entries import Correction, Entry
from shared.contracts import TYPES, When, from_builtins
from shared.contracts.fields import Target
from shared.contracts.keys import entry_key
from shared.contracts.records import Withdrawn

SOURCE = "https://so.example/phuong"
REPORT = {"team": "Tổ hòa giải số 5", "dispute": "civil", "ground": "party_request"}


def entry(type: str, on: str, id: str | None = None, time: str | None = None, source: str = SOURCE, **data: Any) -> Entry:
    """``entry("case.settled", "2024-03-05")``. Written up the same day unless ``time`` says otherwise."""
    name = f"vn.namtot.{type}.v1"
    if type == "case.reported":
        data = {**REPORT, **data}
    id = id or f"{type}-{on}"
    return Entry(
        key=entry_key(source, id), source=source, id=id, type=name, on=When.parse(on), time=When.parse(time or on),
        data=from_builtins({"on": on, **data}, TYPES[name].data),
    )


def withdrawn(target: Entry, id: str, time: str) -> Entry:
    data = Withdrawn(on=When.parse(time), target=Target(source=target.source, id=target.id), reason="nhầm")
    return Entry(
        key=entry_key(SOURCE, id), source=SOURCE, id=id, type="vn.namtot.record.withdrawn.v1", on=When.parse(time),
        time=When.parse(time), data=data,
    )


def corrected(target: Entry, by: Entry, id: str, time: str) -> Entry:
    data = Correction(target=target.key, type=by.type, data=by.data)
    return Entry(
        key=entry_key(SOURCE, id), source=SOURCE, id=id, type="vn.namtot.record.corrected.v1", on=When.parse(time),
        time=When.parse(time), data=data,
    )
