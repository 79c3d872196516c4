"""Việc đang giữ: what each mediator has on their hands, for whoever gives out the next case. By reference and in its order: it
measures nobody, and no list of it is public."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity.policy import Where, opens
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.places import may
from services.gateway.pages.shapes import Team, UnitName
from services.gateway.pages.view import YEARS_OFFERED, View
from services.gateway.rpc import NoAnswer
from shared.naming import read_code

COLUMNS = ("in_hand", "taken", "settled", "not_settled", "sessions")


class Load(msgspec.Struct, frozen=True):
    ref: str
    member: bool = True
    leader: bool = False
    in_hand: int = 0
    taken: int = 0
    settled: int = 0
    not_settled: int = 0
    sessions: int = 0


class OfTeam(msgspec.Struct, frozen=True):
    """``least``: members who have the fewest cases in hand; ``unassigned``: cases in hand that nobody has."""

    team: str
    team_name: str = ""
    unit: str = ""
    unit_name: str = ""
    mediators: list[Load] = []
    least: list[str] = []
    unassigned: int = 0


class Workload(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    year: int
    first: str
    last: str
    teams: list[OfTeam] = []


class Place(NamedTuple):
    """A unit or team of which the reader may see it; ``asked``: the parameter and code by which the address names it."""

    asked: tuple[str, str]
    name: str


async def loads(desk: Desk, request: Request, view: View) -> Response:
    given = request.query_params
    unit, team = given.get("unit", ""), read_code(given.get("team", "")) or given.get("team", "")
    places = await _places(desk, view)
    if not unit and not team and places:
        first = dict([places[0].asked])
        unit, team = first.get("unit", ""), first.get("team", "")
    year = min(view.year or view.today.year, view.today.year)
    found = None
    if unit or team:
        where = await _where(desk, view, unit, team)
        if not sees_loads(view, where):
            raise NotThere("team_unknown" if team else "unit_unknown", code=team or unit)
        found = await _found(desk, year, unit, team)
    assign = {
        one.team: view.path("cases", team=one.team) for one in (found.teams if found else [])
        if one.unassigned and may(view, "case.assigned", Where(one.unit, one.team))
    }
    response = desk.page(
        "workload.html", view, found=found, places=places, chosen=("team", team) if team else ("unit", unit), year=year,
        years=range(view.today.year, view.today.year - YEARS_OFFERED, -1), columns=COLUMNS, assign=assign,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def sees_loads(view: View, where: Where) -> bool:
    """For the roles of that very team or unit, and for nobody where nobody signs in."""
    return view.who is not None and opens("workload", view.who.roles, where, view.today)


async def _places(desk: Desk, view: View) -> list[Place]:
    held = [one for one in (view.who.now(view.today) if view.who is not None else [])
            if opens("workload", [one], Where(one.unit, one.team), view.today)]
    on = view.today.isoformat()
    codes = sorted({one.team for one in held if one.team})
    units = await desk.ask_softly(list[UnitName], "directory", "units", on=on)
    teams = await asyncio.gather(
        *(desk.ask_softly(Team | None, "directory", "team", code=code, on=on) for code in codes)  # type: ignore[arg-type]
    )
    names = {one.code: one.name for one in units or []}
    return [
        *(Place(("unit", code), names.get(code, code)) for code in sorted({one.unit for one in held if one.unit})),
        *(Place(("team", code), code if team is None else team.name)
          for code, team in zip(codes, teams, strict=True)),
    ]


async def _where(desk: Desk, view: View, unit: str, team: str) -> Where:
    if not team:
        return Where(unit)
    known = await desk.ask_softly(Team | None, "directory", "team", code=team, on=view.today.isoformat())  # type: ignore[arg-type]
    return Where(known.unit or "" if known is not None else "", team)


async def _found(desk: Desk, year: int, unit: str, team: str) -> Workload:
    try:
        return await desk.ask(Workload, "evaluation", "workload", year=year, unit=None if team else unit, team=team or None)
    except NoAnswer as error:
        if error.error == "UnknownTeam":
            raise NotThere("team_unknown", code=team) from error
        raise
