"""Wards and communes with their verdicts, and the teams of one."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.shapes import Chosen, Counts, Extent, League, UnitRow
from services.gateway.pages.view import YEARS_OFFERED, View
from shared.naming import alphabet

VERDICTS = ("met", "not_met", "not_enough_evidence")


async def home(desk: Desk, request: Request, view: View) -> Response:
    year = await picked_year(desk, view)
    league, extent = await asyncio.gather(
        desk.ask(League, "evaluation", "league", scheme=view.scheme, year=year),
        desk.ask_softly(Extent, "directory", "totals", on=view.reference_day),
    )
    units = sorted(league.units, key=lambda row: (alphabet.order(row.name), row.unit))
    return desk.page("home.html", view, league=league, units=units, total=summed(units), extent=extent)


async def unit(desk: Desk, request: Request, view: View) -> Response:
    code = request.path_params["code"]
    year = await picked_year(desk, view)
    chosen = await desk.ask_softly(Chosen, "evaluation", "scheme_of", unit=code, year=year)
    if chosen is not None and "scheme" not in request.query_params:
        # the commune's own choice, where the reader made none
        view.scheme = chosen.scheme
    league = await desk.ask(League, "evaluation", "league", scheme=view.scheme, year=year, unit=code)
    row = next((row for row in league.units if row.unit == code), None)
    if row is None:
        raise NotThere("unit_unknown", code=code)
    shown = request.query_params.get("show", "")
    teams = sorted(
        (team for team in league.teams if shown not in VERDICTS or team.verdict == shown),
        key=lambda team: (alphabet.order(team.group or ""), alphabet.order(team.name), team.code),
    )
    return desk.page(
        "unit.html", view, row=row, teams=teams, shown=shown if shown in VERDICTS else "", verdicts=VERDICTS, chosen=chosen,
    )


def summed(units: list[UnitRow]) -> UnitRow:
    return UnitRow(
        "", "", *(sum(getattr(row, name) for row in units) for name in ("teams", *VERDICTS, "settled", "rated"))
    )


async def picked_year(desk: Desk, view: View) -> int:
    """The year picked; else the newest in which a case was judged, so that the first page opened is not an empty one."""
    if view.year is None:
        years = range(view.current_year, view.current_year - YEARS_OFFERED, -1)
        counts = await asyncio.gather(
            *(desk.ask(Counts, "evaluation", "counts", scheme=view.scheme, year=year) for year in years)
        )
        view.year = next(
            (year for year, count in zip(years, counts, strict=True) if count.settled_rate.denominator), view.current_year
        )
    return view.year
