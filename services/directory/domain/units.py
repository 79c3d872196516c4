"""Units, each over one extent: keyed by code and the day it began, because codes are reused with another
extent."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from services.directory.domain.facts import Fact, UnitAltered, UnitOver, UnitSeen
from shared.contracts.outgoing import UnitState
from shared.contracts.when import When

COMMUNE = "commune"


def fold_units(code: str, facts: Iterable[Fact]) -> list[UnitState]:
    """The extents of one code, in order of time. ``n`` is 0: the store numbers the versions.

    A fact about a unit that nobody named yet is left out; it counts as soon as the unit is named.
    """
    extents: dict[str, UnitState] = {}
    for fact in sorted(facts, key=lambda f: f.order):
        match fact.body:
            case UnitSeen() as seen:
                _see(extents, seen)
            case UnitAltered() as altered:
                _alter(extents, altered, fact.day)
            case UnitOver():
                held = _open_on(extents, fact.day)
                if held is not None and held.valid_from < fact.day:
                    extents[held.valid_from] = msgspec.structs.replace(held, valid_to=When(fact.day))
            case _:
                continue
    return _without_overlap([extents[day] for day in sorted(extents)])


def _see(extents: dict[str, UnitState], seen: UnitSeen) -> None:
    held = extents.get(seen.valid_from)
    if held is None:
        extents[seen.valid_from] = UnitState(
            code=seen.code, valid_from=When(seen.valid_from), n=0, name=seen.name, level=seen.level or COMMUNE,
            parent=seen.parent, contact=seen.contact,
        )
    else:
        extents[seen.valid_from] = msgspec.structs.replace(
            held, name=seen.name, level=seen.level or held.level, parent=seen.parent or held.parent,
            contact=seen.contact or held.contact,
        )


def _alter(extents: dict[str, UnitState], altered: UnitAltered, day: str) -> None:
    held = _open_on(extents, day)
    if held is None:
        return
    changed = msgspec.structs.replace(
        held, name=altered.name or held.name, parent=altered.parent or held.parent,
        contact=altered.contact or held.contact,
    )
    if altered.extent and held.valid_from < day:
        extents[held.valid_from] = msgspec.structs.replace(held, valid_to=When(day))
        changed = msgspec.structs.replace(changed, valid_from=When(day))
    extents[changed.valid_from] = changed


def _open_on(extents: dict[str, UnitState], day: str) -> UnitState | None:
    begun = [e for e in extents.values() if e.valid_from <= day and (e.valid_to is None or day < e.valid_to)]
    return max(begun, key=lambda e: e.valid_from) if begun else None


def _without_overlap(extents: list[UnitState]) -> list[UnitState]:
    for i, (one, after) in enumerate(pairwise(extents)):
        if one.valid_to is None or one.valid_to > after.valid_from:
            extents[i] = msgspec.structs.replace(one, valid_to=after.valid_from)
    return extents
