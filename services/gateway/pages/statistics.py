"""Báo cáo, thống kê: figures of any period over any unit, by the map of any day; each number leads to the cases
that it counts."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.forms import reading
from services.gateway.pages.cases import PAGE, page_number
from services.gateway.pages.casework import Lines
from services.gateway.pages.counted import Figure, OddFigures, Row, Statistics
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.shapes import UnitName
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.naming import alphabet

COLUMNS = (
    "received", "carried", "new", "personal", "civil", "family", "minor_violation", "unknown", "settled", "not_settled",
    "ended_by_party", "not_handled", "in_progress", "out_of_scope", "reopened",
)
"""In the order of the page."""
HEADS = ("received", "settled", "not_settled", "not_handled", "in_progress")


async def figures(desk: Desk, request: Request, view: View) -> Response:
    asked = _asked(request, view)
    found, units, odd = await asyncio.gather(
        _found(desk, asked), desk.ask_softly(list[UnitName], "directory", "units", on=view.today.isoformat()),
        _odd(desk, view, asked),
    )
    rows = sorted(found.rows, key=lambda row: (row.unit is None, alphabet.order(row.name), row.team or row.unit or ""))
    return desk.page(
        "statistics.html", view, found=found, rows=rows, asked=asked, columns=COLUMNS, heads=HEADS,
        units=sorted(units or [], key=lambda unit: alphabet.order(unit.name)),
        odd=odd.odd if odd is not None else [], trace=lambda column, row=None: _trace(view, asked, column, row),
        sees=view.may("cases"),
    )


async def trace(desk: Desk, request: Request, view: View) -> Response:
    """The cases that one number counts, as far as the reader may see them."""
    asked = _asked(request, view)
    column, team = request.query_params.get("column", ""), request.query_params.get("team", "")
    if column not in COLUMNS:
        raise NotThere("not_found")
    found = await _found(desk, {**asked, "by": "team" if team else "unit"})
    columns = next((row.columns for row in found.rows if row.team == team), {}) if team else found.columns
    counted = columns.get(column, Figure())
    number = page_number(request.query_params.get("page", ""))
    ids = counted.cases[(number - 1) * PAGE:number * PAGE]
    lines = await desk.ask(Lines, "evaluation", "cases", ids=ids, limit=PAGE) if ids else Lines(0)
    sight = view.who.sight(view.today) if view.who is not None else None
    seen = [line for line in lines.items if sight is None or sight.sees(line.where)]
    here = {**{key: value for key, value in asked.items() if value}, "column": column, "team": team or None}
    return desk.page(
        "trace.html", view, found=found, column=column, counted=counted, items=seen, hidden=len(ids) - len(seen), page=number,
        more=number * PAGE < len(counted.cases), back=view.path("statistics", **_shown(asked)),
        earlier=view.path("statistics", "cases", **here, page=number - 1),
        later=view.path("statistics", "cases", **here, page=number + 1),
    )


async def _odd(desk: Desk, view: View, asked: dict[str, str]) -> OddFigures | None:
    """For whoever prepares reports: it is pointed out to them, not to the public."""
    if not view.may("papers"):
        return None
    return await desk.ask_softly(
        OddFigures, "evaluation", "statistics_odd", from_=asked["from"], to=asked["to"], unit=asked["unit"] or None
    )


def _asked(request: Request, view: View) -> dict[str, str]:
    """What the address asks for; without days, this calendar year up to today."""
    given = request.query_params
    return {
        "from": _day(given.get("from", "")) or dt.date(view.today.year, 1, 1).isoformat(),
        "to": _day(given.get("to", "")) or view.today.isoformat(), "as_of": _day(given.get("as_of", "")),
        "unit": given.get("unit", ""), "by": "team" if given.get("by") == "team" else "unit",
    }


def _day(text: str) -> str:
    return reading.day(text.strip())[:10]


async def _found(desk: Desk, asked: dict[str, str]) -> Statistics:
    try:
        return await desk.ask(
            Statistics, "evaluation", "statistics", from_=asked["from"], to=asked["to"], unit=asked["unit"] or None,
            as_of=asked["as_of"] or None, by=asked["by"],
        )
    except NoAnswer as error:
        if error.error == "BadQuestion":
            raise NotThere("period") from error
        raise


def _shown(asked: dict[str, str]) -> dict[str, Any]:
    return {key: value or None for key, value in asked.items()}


def _trace(view: View, asked: dict[str, str], column: str, row: Row | None) -> str:
    """A row of a unit leads to that unit's own cases."""
    of = {**_shown(asked), "column": column}
    if row is not None:
        of |= {"team": row.team} if row.team else {"unit": row.unit}
    return view.path("statistics", "cases", **of)
