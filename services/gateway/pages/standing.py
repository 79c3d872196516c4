"""Tổ hòa giải: whether each team is as the law wants it (Luật 35/2013/QH13 Art. 12), which groups have none, whose review is due,
who stands in two teams."""

from __future__ import annotations

import asyncio
from collections import Counter

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity.policy import Where
from services.gateway.pages import act
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.places import may, sees, units_of
from services.gateway.pages.view import View
from services.gateway.pages.workload import sees_loads

REVIEW = "directory.review.held"


class Problem(msgspec.Struct, frozen=True):
    """``mark``: F found, I inferred, U not verified."""

    code: str
    article: str = ""
    mark: str = "F"
    vi: str = ""
    en: str = ""


class Row(msgspec.Struct, frozen=True):
    code: str
    name: str
    unit: str | None = None
    group: str | None = None
    mediators: int = 0
    women: int = 0
    problems: list[Problem] = []
    last_review: str | None = None
    review_due: str | None = None

    @property
    def where(self) -> Where:
        return Where(self.unit or "", self.code)


class Group(msgspec.Struct, frozen=True):
    unit: str
    group: str
    article: str = ""


class Standing(msgspec.Struct, frozen=True):
    on: str
    teams: list[Row] = []
    groups_without_team: list[Group] = []


class Place(msgspec.Struct, frozen=True):
    code: str
    name: str
    unit: str | None = None


class Double(msgspec.Struct, frozen=True):
    """One reference to a mediator in several teams."""

    ref: str
    source: str = ""
    teams: list[Place] = []


async def teams(desk: Desk, request: Request, view: View) -> Response:
    units = await units_of(desk, view)
    unit = request.query_params.get("unit") or (units[0].code if units else "")
    if unit and unit not in {one.code for one in units}:
        raise NotThere("unit_unknown", code=unit)
    found, doubles = Standing(view.today.isoformat()), None
    if unit:
        found, doubles = await asyncio.gather(
            desk.ask(Standing, "directory", "standing", unit=unit), desk.ask_softly(list[Double], "directory", "doubles"),
        )
    rows = [row for row in found.teams if sees(view, row.where)]
    show = request.query_params.get("show", "")
    here = view.path("standing", unit=unit or None)
    return desk.page(
        "standing.html", view, units=units, unit=unit, on=found.on, total=len(rows), show=show,
        counts=sorted(Counter(problem.code for row in rows for problem in row.problems).items()),
        rows=[row for row in rows if (show == "all" or row.problems) and (show in ("", "all") or _has(row, show))],
        groups=found.groups_without_team if sees(view, Where(unit)) else [],
        doubles=[one for one in doubles or [] if any(sees(view, Where(at.unit or "", at.code)) for at in one.teams)
                 and any(at.unit == unit for at in one.teams)],
        loads=view.path("workload", unit=unit) if sees_loads(view, Where(unit)) else view.path("workload") if view.may("workload")
        else "",
        review=act.link(REVIEW, here, on=found.on) if may(view, REVIEW, Where(unit)) else "",
    )


def _has(row: Row, code: str) -> bool:
    return any(problem.code == code for problem in row.problems)
