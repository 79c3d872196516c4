"""Of which units and teams a page is, for its reader: those of the roles held, or all."""

from __future__ import annotations

import asyncio

from services.gateway.identity.policy import Where
from services.gateway.pages.desk import Desk
from services.gateway.pages.shapes import Team, UnitName
from services.gateway.pages.view import View
from shared.naming import alphabet


async def units_of(desk: Desk, view: View) -> list[UnitName]:
    """The units in which the reader, or a team of the reader's, works; all of them for whoever sees the whole city, and where
    nobody signs in. By name. Raise ``NoAnswer``."""
    on = view.today.isoformat()
    units = await desk.ask(list[UnitName], "directory", "units", on=on)
    if view.who is not None and not view.who.sight(view.today).everything:
        held = view.who.now(view.today)
        teams = await asyncio.gather(*(
            desk.ask_softly(Team | None, "directory", "team", code=code, on=on)  # type: ignore[arg-type]
            for code in sorted({one.team for one in held if one.team})
        ))
        codes = {one.unit for one in held if one.unit} | {team.unit for team in teams if team is not None and team.unit}
        units = [one for one in units if one.code in codes]
    return sorted(units, key=lambda one: (alphabet.order(one.name), one.code))


def sees(view: View, where: Where) -> bool:
    return view.who is None or view.who.sight(view.today).sees(where)


def may(view: View, name: str, where: Where) -> bool:
    """Whether the reader enters an event of that type there."""
    return view.who is None or view.who.acting(name, where, view.today) is not None
