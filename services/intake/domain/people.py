"""Whom an event's private part tells how to reach: references only."""

from __future__ import annotations

import msgspec

from services.intake.domain.inspection import Accepted
from shared.contracts import TYPES
from shared.contracts.directory import PersonPrivate, RosterPrivate


def people(accepted: Accepted) -> list[str]:
    """References of the mediators described in the private part of a directory event; empty for every other event."""
    if not accepted.private or accepted.entry.type not in TYPES or TYPES[accepted.entry.type].family != "directory":
        return []
    return sorted(described(accepted.private))


def described(private: bytes) -> dict[str, PersonPrivate]:
    """The people in a directory event's private part, by reference."""
    loaded = msgspec.json.decode(private)
    if "people" in loaded:
        return {person.ref: person for person in msgspec.convert(loaded, RosterPrivate).people}
    person = msgspec.convert(loaded, PersonPrivate)
    return {person.ref: person}
