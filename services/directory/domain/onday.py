"""Who a team is on a day."""

from __future__ import annotations

from typing import Any

from shared.contracts import to_builtins
from shared.contracts.outgoing import Membership, TeamPlace, TeamState, UnitState
from shared.naming import fold_name


def natural(group: str) -> tuple[Any, ...]:
    """TDP 2 before TDP 10."""
    return tuple((int(w), "") if w.isdigit() else (-1, w) for w in fold_name(group).split())


def covers(spell: TeamPlace | Membership | UnitState, day: str) -> bool:
    """Whether it holds on ``day`` (``YYYY-MM-DD``); ``valid_to`` is the first day on which it does not."""
    return spell.valid_from[:10] <= day and (spell.valid_to is None or day < spell.valid_to[:10])


def place_on(team: TeamState, day: str) -> TeamPlace | None:
    return next((place for place in team.places if covers(place, day)), None)


def members_on(team: TeamState, day: str) -> list[Membership]:
    return [member for member in team.members if covers(member, day)]


def works_on(team: TeamState, day: str) -> bool:
    """Whether the team is there that day: it works somewhere, or nobody said where but it has not ended."""
    if place_on(team, day) is not None:
        return True
    return team.established_on[:10] <= day and (team.ended_on is None or day < team.ended_on[:10])


def summary(team: TeamState, day: str) -> dict[str, Any]:
    """A row of a list of teams: {"code", "name", "unit", "group", "members", "women", "contact"}; unit and group are None for a
    team whose place nobody knows."""
    place = place_on(team, day)
    members = members_on(team, day)
    return {
        "code": team.code, "name": team.name, "unit": place.unit if place else None, "group": place.group if place else None,
        "members": len({(m.source, m.ref) for m in members}), "women": sum(m.sex == "female" for m in members),
        "contact": team.contact,
    }


def details(team: TeamState, day: str) -> dict[str, Any]:
    """``summary`` with the members of that day by reference, the whole list of places, and the names that mean the team."""
    whole = to_builtins(team)
    return {
        **summary(team, day), "on": day, "works": works_on(team, day),
        "member_list": [to_builtins(m) for m in members_on(team, day)],
        "established_on": team.established_on, "ended_on": team.ended_on, "merged_into": team.merged_into,
        "places": whole.get("places", []), "names": [list(pair) for pair in team.names],
    }
