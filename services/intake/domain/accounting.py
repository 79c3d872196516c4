"""Received = applied + duplicate + refused: each delivery of a batch gets exactly one outcome, decided here.

A delivery that the broker flags as redelivered and that the ledger already holds was counted before its first acknowledgement was
lost; it counts as ``redelivered`` and in nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from services.intake.domain.inspection import Accepted, Refused
from shared.contracts import TYPES, Refusal, is_unknown_version, short

Outcome = Literal["applied", "duplicate", "refused", "redelivered"]


class Arrival(msgspec.Struct, frozen=True):
    """A delivery as inspected. ``raw``: its key among refusals."""

    read: Accepted | Refused
    raw: str
    redelivered: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the store holds of a batch's events: content hash by entry key, refused raw keys, version by record."""

    entries: Mapping[str, bytes]
    refused: frozenset[str]
    versions: Mapping[str, int]


class Verdict(msgspec.Struct, frozen=True):
    outcome: Outcome
    refusal: Refusal | None = None


@dataclass(slots=True)
class Tally:
    """What a batch adds to the accounts. ``by_type``: short type → outcome → count; types of no contract are "unknown".
    ``cases``: by how many there are more, or fewer, of each status."""

    received: int = 0
    redelivered: int = 0
    applied: int = 0
    duplicate: int = 0
    refused: int = 0
    by_type: dict[str, dict[str, int]] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)

    def move(self, before: str | None, after: str | None) -> None:
        """A case went from one status to another; None: it was, or is, no case."""
        for status, change in ((before, -1), (after, 1)):
            if status is not None:
                self.cases[status] = self.cases.get(status, 0) + change

    def add(self, type: str | None, outcome: Outcome) -> None:
        if outcome == "redelivered":
            self.redelivered += 1
            return
        setattr(self, outcome, getattr(self, outcome) + 1)
        counts = self.by_type.setdefault(type_label(type), {})
        counts[outcome] = counts.get(outcome, 0) + 1


def type_label(type: str | None) -> str:
    """A type's short name, bounded: a sender cannot invent a label."""
    if type is None:
        return "unknown"
    if type in TYPES:
        return short(type)
    return "newer_version" if is_unknown_version(type) else "unknown"


def judge(arrivals: Sequence[Arrival], ledger: Ledger) -> list[Verdict]:
    """One verdict per arrival, in order. Earlier arrivals of the batch count as known for later ones."""
    known: dict[str, bytes] = dict(ledger.entries)
    fresh: set[str] = set()
    versions = dict(ledger.versions)
    verdicts: list[Verdict] = []
    for arrival in arrivals:
        seen_refused = arrival.redelivered and arrival.raw in ledger.refused
        if isinstance(arrival.read, Refused):
            verdicts.append(Verdict("redelivered") if seen_refused else Verdict("refused", arrival.read.refusal))
            continue
        accepted = arrival.read
        key = accepted.entry.key
        before = known.get(key)
        if before is None:
            verdict = Verdict("redelivered") if seen_refused else _fresh(accepted, versions)
        elif before != accepted.content:
            verdict = Verdict("redelivered") if seen_refused else Verdict("refused", Refusal(
                "id_reused", "id", f"{accepted.entry.source} already used {accepted.entry.id!r} for another content"
            ))
        elif arrival.redelivered and key not in fresh:
            verdict = Verdict("redelivered")
        else:
            verdict = Verdict("duplicate")
        if verdict.outcome == "applied":
            known[key] = accepted.content
            fresh.add(key)
            # a batch raises a record's version once
            versions[accepted.record] = ledger.versions.get(accepted.record, 0) + 1
        verdicts.append(verdict)
    return verdicts


def _fresh(accepted: Accepted, versions: Mapping[str, int]) -> Verdict:
    present = versions.get(accepted.record, 0)
    if accepted.expected is not None and accepted.expected != present:
        return Verdict("refused", Refusal(
            "version_conflict", "expectedversion", f"expected version {accepted.expected}, the record is at {present}"
        ))
    return Verdict("applied")
