"""One team: what it lacks first, then its way to recognition, then each criterion with its verdict, evidence and source."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway.identity.policy import Where
from services.gateway.pages import act
from services.gateway.pages.commended import AwardList
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.lacking import lacking
from services.gateway.pages.league import picked_year
from services.gateway.pages.recognised import Recognition
from services.gateway.pages.shapes import Team, Tree
from services.gateway.pages.steps import next_link
from services.gateway.pages.view import View
from services.gateway.pages.workload import sees_loads
from services.gateway.rpc import NoAnswer
from shared.naming import read_code

UNKNOWN = frozenset({"KeyError", "LookupError", "NotFound", "UnknownTeam"})
"""What a service raises for a team that it does not know."""
INPUTS_SHOWN = 20


class Who(NamedTuple):
    """What the head of the page says of the team; ``members`` None where the directory did not say."""

    name: str
    unit: str | None
    unit_name: str
    group: str | None
    members: int | None


async def team(desk: Desk, request: Request, view: View) -> Response:
    typed = request.path_params["code"]
    code = read_code(typed) or typed
    year = await picked_year(desk, view)
    tree, (known, away), course, awards = await asyncio.gather(
        _explained(desk, code, view.scheme, year), _known(desk, code, view.reference_day),
        desk.ask_softly(Recognition, "evaluation", "recognition", team=code, year=year),
        desk.ask_softly(AwardList, "evaluation", "commendations", team=code),
    )
    if tree is None and known is None and not away:
        raise NotThere("team_unknown", code=code)
    if tree is not None and tree.about is not None and tree.about.team != code:
        # asked by a name that only one team bears
        return RedirectResponse(view.path("teams", tree.about.team), 302)
    who = _who(tree, known)
    here = f"{view.path('teams', code)}#recognition"
    return desk.page(
        "team.html", view, code=code, who=who, directory_away=away, node=tree, lacking=lacking(tree) if tree else None,
        most=INPUTS_SHOWN, course=course, awards=awards.items if awards else [],
        nexts=[(step, next_link(step, here, team=code, unit=course.unit, year=year)) for step in course.next] if course else [],
        withdraw=lambda step: act.withdraw(step, step.subject or "", step.n, here),
        loads=view.path("workload", team=code) if sees_loads(view, Where(who.unit or "" if who else "", code)) else "",
        practice=act.link("practice.noted", here, team=code),
        correct=act.link("evaluation.corrected", here, team=code, year=year) if tree and tree.about and tree.about.closed else "",
    )


def _who(tree: Tree | None, known: Team | None) -> Who | None:
    """As the team was when it was judged, where it was; else as the directory has it."""
    members = known.members if known else None
    if tree is not None and tree.about is not None:
        about = tree.about
        return Who(about.name, about.unit, about.unit_name, about.group, members)
    if known is not None:
        return Who(known.name, known.unit, known.unit or "", known.group, members)
    return None


async def _explained(desk: Desk, code: str, scheme: str, year: int) -> Tree | None:
    try:
        return await desk.ask(Tree | None, "evaluation", "explain", team=code, scheme=scheme, year=year)  # type: ignore[arg-type]
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
