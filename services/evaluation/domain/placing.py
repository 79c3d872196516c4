"""By what a fact can be found again when the directory learns something: the keys of a place and of a team.

A fact is placed anew when a team changes with which it shares a key. Keys are those by which ``shared.naming.TeamIndex``
finds a team: its code, a source's name for it, the unit and group where it works.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.evaluation.domain.reading import EVERY
from shared.contracts.outgoing import Place, TeamState
from shared.naming import fold_name, read_code

_PART = "\x1f"


def keys_of_place(place: Place) -> set[str]:
    keys = set()
    if place.team == EVERY and place.unit is not None:
        return {_unit(place.unit)}
    if place.team is not None:
        code = read_code(place.team)
        if code is not None:
            keys.add(_code(code))
        if fold_name(place.team):
            keys.add(_name(place.source, place.team))
    if place.unit is not None and place.group is not None and fold_name(place.group):
        keys.add(_group(place.unit, place.group))
    return keys


def keys_of_team(team: TeamState) -> set[str]:
    return {
        _code(team.code),
        *(_name(source, name) for source, name in team.names if fold_name(name)),
        *(_group(place.unit, place.group) for place in team.places if fold_name(place.group)),
        *(_unit(place.unit) for place in team.places),
    }


def places_alike(before: TeamState | None, after: TeamState) -> bool:
    """Whether a change (of members, say) leaves every place where it was."""
    return before is not None and all(
        getattr(before, field) == getattr(after, field)
        for field in ("places", "names", "established_on", "ended_on", "merged_into")
    )


def keys_of_all(places: Iterable[Place]) -> list[str]:
    return sorted({key for place in places for key in keys_of_place(place)})


def _code(code: str) -> str:
    return f"c{_PART}{code}"


def _name(source: str, name: str) -> str:
    return f"n{_PART}{source}{_PART}{fold_name(name)}"


def _unit(unit: str) -> str:
    """All teams of a unit."""
    return f"u{_PART}{unit}"


def _group(unit: str, group: str) -> str:
    return f"g{_PART}{unit}{_PART}{fold_name(group)}"
