"""Chốt số liệu tháng: who has submitted, what was locked, and what came to differ since: shown as corrections, never hidden."""

from __future__ import annotations

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity.policy import Where
from services.gateway.pages import act
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.months import below
from services.gateway.pages.places import may, sees, units_of
from services.gateway.pages.shapes import UnitName
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer

_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
COMMUNE = "commune"
LOCKED, SUBMITTED = "statistics.locked", "statistics.submitted"


class Figure(msgspec.Struct, frozen=True):
    value: int = 0


class Said(msgspec.Struct, frozen=True):
    code: str = ""
    vi: str = ""
    en: str = ""


class Changed(msgspec.Struct, frozen=True):
    """A figure that is another now than it was locked; the cases that came in and went out."""

    figure: str
    locked: int
    now: int
    cases_in: list[str] = []
    cases_out: list[str] = []


class Lock(msgspec.Struct, frozen=True):
    on: str
    by: str | None = None
    number: str | None = None
    hash: str = ""
    figures: dict[str, Figure] = {}
    state: str = ""


class Who(msgspec.Struct, frozen=True):
    team: str | None = None
    name: str = ""
    unit: str | None = None
    on: str | None = None


class Status(msgspec.Struct, frozen=True):
    unit: str
    period: str
    name: str = ""
    teams: int = 0
    submitted: list[Who] = []
    missing: list[Who] = []
    locked: Lock | None = None
    locks: list[Lock] = []
    corrections: list[Changed] = []


async def status(desk: Desk, request: Request, view: View) -> Response:
    units = await units_of(desk, view)
    whole = view.who is None or view.who.sight(view.today).everything
    unit = request.query_params.get("unit") or ("" if whole or not units else units[0].code)
    if unit and unit not in {one.code for one in units}:
        raise NotThere("unit_unknown", code=unit)
    asked = request.query_params.get("month", "")
    month = asked if _MONTH.fullmatch(asked) else _before(view)
    found = Status(unit, month)
    try:
        if unit:
            found = await desk.ask(Status, "evaluation", "statistics_lock", unit=unit, period=month)
        many = await below(desk, unit, month) if not unit or _is_above(units, unit) else None
    except NoAnswer as error:
        if error.error == "BadQuestion":
            raise NotThere("period") from error
        raise
    here = view.path("statistics", "month", unit=unit or None, month=month)
    today = view.today.isoformat()
    submit = [
        (one, act.link(SUBMITTED, here, team=one.team, month=month, on=today)
         if may(view, SUBMITTED, Where(one.unit or unit, one.team or "")) else "")
        for one in found.missing if sees(view, Where(one.unit or unit, one.team or ""))
    ]
    return desk.page(
        "month.html", view, units=units, whole=whole, many=many, open_to={one.code for one in units},
        unit=unit, month=month, found=found, submit=submit, sees=view.may("cases"),
        lock=act.link(LOCKED, here, unit=unit, month=month, on=today) if unit and may(view, LOCKED, Where(unit)) else "",
    )


def _is_above(units: list[UnitName], unit: str) -> bool:
    return any(one.code == unit and one.level != COMMUNE for one in units)


def _before(view: View) -> str:
    """The month that is over: of it figures are locked."""
    year, month = (view.today.year, view.today.month - 1) if view.today.month > 1 else (view.today.year - 1, 12)
    return f"{year}-{month:02}"
