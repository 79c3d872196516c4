"""Reading a simulated year back, independently of the code that wrote it: through the contract alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from shared import contracts
from shared.contracts import When
from shared.simulation import Plan, broken, simulate

LIMIT = When("2101-12-31")


class Event(NamedTuple):
    type: str
    source: str
    id: str
    subject: str
    time: str
    data: Any
    """The contract's struct."""
    raw: dict[str, Any]


def events(lines: Iterable[bytes]) -> list[Event]:
    """Each line as the intake would read it, without what is broken on purpose; another refusal is an error of the simulation."""
    read = []
    for line in lines:
        if is_broken(line):
            continue
        envelope = contracts.read(line, contracts.STRUCTURED, {})
        data = contracts.decode(envelope, LIMIT)
        assert envelope.time is not None
        read.append(Event(
            contracts.short(envelope.type), envelope.source, envelope.id, envelope.subject, envelope.time, data, json.loads(line)
        ))
    return read


def is_broken(line: bytes) -> bool:
    return bool(json.loads(line)["source"] == broken.SOURCE)


@cache
def district(seed: int = 1, year: int = 2024) -> list[Event]:
    return events(simulate(Plan(year=year, seed=seed)))


def by_type(found: Iterable[Event]) -> dict[str, list[Event]]:
    sorted_out: dict[str, list[Event]] = defaultdict(list)
    for event in found:
        sorted_out[event.type].append(event)
    return sorted_out


def once(found: Iterable[Event]) -> list[Event]:
    """Without what was sent a second time."""
    return list({(e.source, e.id): e for e in found}.values())


ENDINGS = {"case.settled": "settled", "case.not-settled": "not_settled", "case.ended-by-party": "ended_by_party"}


def outcomes(found: Iterable[Event]) -> dict[str, str]:
    """Subject of each quarrel that counts → how it stands at the end: ``open`` or the last ending that was not taken back.

    Left out: what is linked to another, out of scope, or without a place.
    """
    found = once(found)
    gone = {(e.data.target.source, e.data.target.id) for e in found if e.type == "record.withdrawn"}
    left_out = {e.subject for e in found if e.type in ("case.linked", "case.out-of-scope")}
    state: dict[str, str] = {}
    placed: set[str] = set()
    for e in sorted(found, key=lambda e: (e.data.on, e.time)):
        if (e.source, e.id) in gone or e.subject in left_out:
            continue
        if e.type == "case.recorded":
            state[e.subject] = e.data.outcome
            placed.add(e.subject)
        elif e.type == "case.reported":
            state.setdefault(e.subject, "open")
            if e.data.team or e.data.group:
                placed.add(e.subject)
        elif e.type == "record.corrected" and e.data.of == "vn.namtot.case.reported.v1":
            # a report that found its group: it joins its team's cases, still open
            placed.discard(e.subject)
        elif e.type in ENDINGS:
            state[e.subject] = ENDINGS[e.type]
    return {subject: how for subject, how in state.items() if subject in placed}
