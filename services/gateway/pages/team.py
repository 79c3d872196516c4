"""One team: what it lacks first, then each criterion with its verdict, evidence and source."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.lacking import lacking
from services.gateway.pages.league import picked_year
from services.gateway.pages.shapes import Node, Team, Unit
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.naming import read_code

UNKNOWN = frozenset({"KeyError", "LookupError", "NotFound", "UnknownTeam"})
"""What a service raises for a team that it does not know."""
INPUTS_SHOWN = 20


async def team(desk: Desk, request: Request, view: View) -> Response:
    typed = request.path_params["code"]
    code = read_code(typed) or typed
    year = await picked_year(desk, view)
    on = view.reference_day
    node, (known, away) = await asyncio.gather(_explained(desk, code, view.scheme, year), _known(desk, code, on))
    if node is None and known is None and not away:
        raise NotThere("team_unknown", code=code)
    unit_name = await _unit_name(desk, known.unit, on) if known and known.unit else ""
    return desk.page(
        "team.html", view, code=code, team=known, unit_name=unit_name, directory_away=away, node=node,
        lacking=lacking(node) if node else None, most=INPUTS_SHOWN,
    )


async def _explained(desk: Desk, code: str, scheme: str, year: int) -> Node | None:
    try:
        return await desk.ask(Node | None, "evaluation", "explain", team=code, scheme=scheme, year=year)  # type: ignore[arg-type]
    except NoAnswer as error:
        if error.error in UNKNOWN:
            return None
        raise


async def _known(desk: Desk, code: str, on: str) -> tuple[Team | None, bool]:
    """The team by the directory, and whether the directory was silent: the explanation is worth showing without it."""
    try:
        return await desk.ask(Team | None, "directory", "team", code=code, on=on), False  # type: ignore[arg-type]
    except NoAnswer as error:
        return None, error.error not in UNKNOWN


async def _unit_name(desk: Desk, code: str, on: str) -> str:
    """The unit's name on that day; its code where the directory knows no other."""
    units = await desk.ask_softly(list[Unit], "directory", "units", on=on)
    return next((unit.name for unit in units or () if unit.code == code), code)
