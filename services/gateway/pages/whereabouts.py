"""For which unit and team an event is entered: by its data, and by the record that it continues."""

from __future__ import annotations

import asyncio

from services.gateway.forms.acts import SUBJECTS, Act
from services.gateway.identity.policy import Where
from services.gateway.pages.casework import Lines
from services.gateway.pages.commended import Commendation
from services.gateway.pages.desk import Desk
from services.gateway.pages.shapes import Team
from services.gateway.pages.view import View
from shared.contracts import record_id
from shared.naming import read_code

BOUND: dict[tuple[str, ...], str] = {("team", "year"): "team", ("unit", "year"): "unit"}


async def may_act(desk: Desk, view: View, act: Act, data: dict[str, object], subject: str) -> bool:
    """Whether the reader may enter it. A record that names its place in no way that can be asked is open to whoever holds the
    act's role anywhere."""
    if not view.signing:
        return True
    if view.who is None:
        return False
    wheres = await _wheres(desk, view, data, subject)
    if not wheres:
        return any(view.who.acting(act.entered, Where(one.unit, one.team), view.today) for one in view.who.roles)
    return all(view.who.acting(act.entered, where, view.today) is not None for where in wheres)


async def _wheres(desk: Desk, view: View, data: dict[str, object], subject: str) -> list[Where]:
    """Of the record and of the data: somebody must be responsible for both."""
    found: list[Where] = []
    scheme, _, rest = subject.partition("://")
    if scheme == "case" and subject:
        lines = await desk.ask(Lines, "evaluation", "cases", ids=[record_id(subject)])
        found += [line.where for line in lines.items]
    elif scheme == "commendation" and subject:
        known = await desk.ask_softly(Commendation | None, "evaluation", "commendation", id=record_id(subject))  # type: ignore[arg-type]
        found += [Where(known.unit or "", known.team)] if known is not None else []
    else:
        name = next((BOUND.get(names, "") for kind, names in SUBJECTS.values() if kind == scheme), "")
        segment = [*rest.split("/"), ""][1]
        if name == "team":
            found.append(await _of_team(desk, view, segment))
        elif name == "unit":
            found.append(Where(unit=segment))
    listed = [data.get("team"), *_several(data.get("teams")), data.get("code")]
    teams = list(dict.fromkeys(one for one in listed if isinstance(one, str) and one))
    # whoever is listed line by line stands beside the unit that acts, not in its place
    lined = [one for one in _lined(data) if isinstance(one, str) and one]
    found += await asyncio.gather(*(_of_team(desk, view, team) for team in dict.fromkeys([*teams, *lined])))
    unit = data.get("unit") or data.get("all_of")
    if not teams and isinstance(unit, str) and unit:
        found.append(Where(unit=unit))
    return list(dict.fromkeys(found))


def _lined(data: dict[str, object]) -> list[object]:
    """Names of teams in the lines of a sheet, of minutes, of a decision."""
    lines = [line for name in ("attendance", "results", "declined") for line in _several(data.get(name))]
    return [*_several(data.get("recognised")), *(line.get("team") for line in lines if isinstance(line, dict))]


def _several(given: object) -> list[object]:
    return given if isinstance(given, list) else []


async def _of_team(desk: Desk, view: View, code: str) -> Where:
    known = await desk.ask_softly(
        Team | None, "directory", "team", code=read_code(code) or code, on=view.today.isoformat()  # type: ignore[arg-type]
    )
    return Where(known.unit or "", known.code) if known is not None else Where(team=code)


