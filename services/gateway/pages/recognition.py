"""Recognition: a commune's board of a year, and what a team's page says of its way there."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages import act
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.league import picked_year
from services.gateway.pages.recognised import Board, BoardTeam, NextStep
from services.gateway.pages.steps import next_link
from services.gateway.pages.view import View
from shared.naming import alphabet

STATES = (
    "not_assessed", "assessed", "eligible", "requested", "returned", "under_review", "recognised", "not_recognised", "revoked",
)
NEXT = {
    "not_assessed": "recognition.self-assessed", "assessed": "recognition.self-assessed", "eligible": "recognition.requested",
    "returned": "recognition.requested", "requested": "recognition.returned", "recognised": "commendation.proposed",
}
"""What can be entered next about one team. Meetings and decisions name many teams and stand above."""
UNIT_ACTS = ("recognition.reviewed", "recognition.decided", "evaluation.closed", "evaluation.scheme-chosen")
"""What the commune itself enters, in the order of the year."""


class Line(NamedTuple):
    """``next``: the type of what can be entered, with the address of its form."""

    team: BoardTeam
    next: tuple[str, str] | None


async def board(desk: Desk, request: Request, view: View) -> Response:
    unit = request.path_params["code"]
    year = await picked_year(desk, view)
    found = await desk.ask(Board | None, "evaluation", "recognitions", unit=unit, year=year)  # type: ignore[arg-type]
    if found is None or not found.teams:
        raise NotThere("unit_unknown", code=unit)
    shown = request.query_params.get("state", "")
    shown = shown if shown in STATES else ""
    here = view.path("units", unit, "recognition")
    counts = {state: sum(team.state == state for team in found.teams) for state in STATES}
    teams = sorted(
        (team for team in found.teams if not shown or team.state == shown),
        key=lambda team: (alphabet.order(team.name), team.code),
    )
    lines = [Line(team, _next(team, here, unit, year)) for team in teams]
    acts = [(name, act.link(name, here, unit=unit, year=year)) for name in UNIT_ACTS]
    return desk.page(
        "board.html", view, board=found, lines=lines, acts=acts, shown=shown,
        states=[(state, count) for state, count in counts.items() if count],
    )


def _next(team: BoardTeam, here: str, unit: str, year: int) -> tuple[str, str] | None:
    name = NEXT.get(team.state)
    return None if name is None else (name, next_link(NextStep(type=name), here, team=team.code, unit=unit, year=year))
