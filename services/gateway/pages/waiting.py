"""Dữ liệu cần xử lý: everything that waits for a person's word, in one queue: names that nobody confirmed, records of which
no team is known, what was refused, what waits for its beginning."""

from __future__ import annotations

import asyncio
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages import act
from services.gateway.pages.counted import Name, Unplaced
from services.gateway.pages.desk import Desk
from services.gateway.pages.shapes import Flow, RefusedList
from services.gateway.pages.view import View

SHOWN = 50
CONFIRM = "directory.name.confirmed"
HERE = "/data"


async def listing(desk: Desk, request: Request, view: View) -> Response:
    units = _units(view)
    wheres: list[str | None] = [None] if units is None else [*units]
    (names, flow, refused), listed = await asyncio.gather(
        asyncio.gather(
            desk.ask_softly(list[Name], "directory", "names_to_confirm"), desk.ask_softly(Flow, "intake", "flow"),
            desk.ask_softly(RefusedList, "intake", "refused", limit=1, skip=0, status="open"),
        ),
        asyncio.gather(*(desk.ask_softly(list[Unplaced], "evaluation", "unplaced", unit=unit) for unit in wheres)),
    )
    # a name whose unit is not known is everybody's
    mine = [one for one in names or [] if units is None or one.unit is None or one.unit in units]
    unplaced = list(chain.from_iterable(one or [] for one in listed))
    response = desk.page(
        "waiting.html", view, names=[(one, _confirm(view, one)) for one in mine[:SHOWN]], names_total=len(mine),
        silent=[name for name, found in (("directory", names), ("intake", flow), ("evaluation", listed[0])) if found is None],
        unplaced=unplaced[:SHOWN], unplaced_total=len(unplaced), parked=flow.parked if flow else 0,
        refused=refused.total if refused else 0,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _units(view: View) -> list[str] | None:
    """Whose data the reader sees; None: everybody's."""
    if view.who is None:
        return None
    held = view.who.now(view.today)
    if any(one.role in ("operator", "city_department") for one in held):
        return None
    return sorted({one.unit for one in held if one.unit and one.role == "justice_officer"}) or [""]


def _confirm(view: View, name: Name) -> list[tuple[str, str]]:
    """(what the button says, its form) for each team that it may be; "" leads to a form in which the team is picked."""
    if view.who is not None and not view.who.anywhere(CONFIRM, view.today):
        return []
    given = {"source": name.source, "name": name.name, "on": view.today.isoformat()}
    near = [(one.name, act.link(CONFIRM, HERE, **given, code=one.code)) for one in name.suggestions[:3]]
    return [*near, ("", act.link(CONFIRM, HERE, **given))]
