"""Communes and the city's targets, a ward's result sheet for the yearly emulation rating, and models to spread."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.figures import CommuneRow, Registry, Rollup, Sheet, Verification
from services.gateway.pages.league import picked_year
from services.gateway.pages.view import View
from shared.naming import alphabet

CASES = ("received", "carried", "settled", "not_settled", "pending", "left_out")
THREE = ("teams", "meets", "requested", "recognised")
DECISIONS = ("decided", "late", "undecided")


async def communes(desk: Desk, request: Request, view: View) -> Response:
    year = await picked_year(desk, view)
    found = await desk.ask(Rollup, "evaluation", "rollup", year=year)
    units = sorted(found.units, key=lambda row: (alphabet.order(row.name), row.unit))
    total = CommuneRow("", "", *(sum(getattr(row, name) for row in units) for name in THREE))
    return desk.page("communes.html", view, found=found, units=units, total=total, good=sum(row.good is True for row in units))


async def sheet(desk: Desk, request: Request, view: View) -> Response:
    unit = request.path_params["code"]
    year = await picked_year(desk, view)
    found, verified = await asyncio.gather(
        desk.ask(Sheet | None, "evaluation", "result_sheet", unit=unit, year=year),  # type: ignore[arg-type]
        desk.ask_softly(Verification | None, "evaluation", "verify", unit=unit, year=year),  # type: ignore[arg-type]
    )
    if found is None:
        raise NotThere("unit_unknown", code=unit)
    return desk.page("sheet.html", view, found=found, verified=verified, cases=CASES, three=THREE, decisions=DECISIONS)


async def models(desk: Desk, request: Request, view: View) -> Response:
    unit = request.query_params.get("unit", "")
    year = await picked_year(desk, view)
    found = await desk.ask(Registry, "evaluation", "registry", scheme=view.scheme, year=year, unit=unit or None)
    return desk.page("models.html", view, found=found, unit=unit)
