"""Which team, unit and office a message is about, and whose mailbox to use, from the directory's states."""

from __future__ import annotations

from collections.abc import Iterable

from shared.contracts.outgoing import Place, TeamState, UnitState
from shared.contracts.when import When
from shared.naming import TeamIndex

SYSTEM = "Hệ thống theo dõi hòa giải ở cơ sở"
"""Who speaks where no office is known."""


def unit_on(units: Iterable[UnitState], code: str, day: str) -> UnitState | None:
    """The unit that the code means on that day."""
    return next(
        (u for u in units if u.code == code and u.valid_from[:10] <= day and (u.valid_to is None or day < u.valid_to[:10])), None
    )


def office(unit: UnitState | None) -> str:
    """ "UBND phường Bồ Đề"."""
    return SYSTEM if unit is None else f"UBND {unit.name[:1].lower()}{unit.name[1:]}"


def unit_of(team: TeamState, day: str) -> str | None:
    """Code of the unit where the team works on that day, else where it worked last."""
    for place in reversed(team.places):
        if place.valid_from[:10] <= day:
            return place.unit
    return team.places[0].unit if team.places else None


def team_of(place: Place, teams: Iterable[TeamState], on: When) -> str | None:
    return TeamIndex(teams).resolve(place, on)


def source_of(ref: str, teams: Iterable[TeamState], said_by: str | None) -> str | None:
    """The source whose reference to a mediator ``ref`` is: the one register that lists it; among several, the one that speaks."""
    listing = {member.source for team in teams for member in team.members if member.ref == ref}
    if len(listing) == 1:
        return listing.pop()
    return said_by if not listing or said_by in listing else None
