"""Bầu, công nhận, tập huấn: how a team's votes ended, how far each candidate has come, which decisions had effect for whom; and a
commune's classes with who still has to be trained. People by reference only."""

from __future__ import annotations

import asyncio

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity.policy import Where
from services.gateway.pages import act
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.places import may, sees, units_of
from services.gateway.pages.recognised import Finding
from services.gateway.pages.shapes import Both, Team
from services.gateway.pages.view import YEARS_OFFERED, View
from shared.naming import read_code

NEXT = {
    "elect": "directory.election.held", "supplementary": "directory.election.held", "recognise": "directory.mediator.recognised",
    "leader": "directory.leader.elected",
}
"""What is entered for each next step."""
NEEDED_SHOWN = 200
CONVENED, ATTENDED = "training.convened", "training.attended"


class Remark(Finding, frozen=True):
    """``ref``: whom it is about."""

    ref: str | None = None


class Result(msgspec.Struct, frozen=True):
    ref: str
    votes: int
    outcome: str


class Vote(msgspec.Struct, frozen=True):
    """Of the households on mediators, or of the mediators on their leader (``mediators``, ``leader``)."""

    on: str
    results: list[Result] = []
    households: int | None = None
    mediators: int | None = None
    leader: str | None = None
    present: int | None = None
    supplementary: bool = False
    missing: int = 0
    flags: list[Remark] = []


class Named(msgspec.Struct, frozen=True):
    ref: str


class Decision(msgspec.Struct, frozen=True):
    """``recognised``: for whom it has effect; ``refused``: why it has none for others."""

    on: str
    number: str = ""
    recognised: list[Named] = []
    refused: list[Remark] = []
    flags: list[Remark] = []


class Ceased(msgspec.Struct, frozen=True):
    on: str
    ref: str
    reason: str = ""
    decision: str | None = None


class Next(Both, frozen=True):
    code: str = ""


class Course(msgspec.Struct, frozen=True):
    elections: list[Vote] = []
    leaders: list[Vote] = []
    decisions: list[Decision] = []
    ceased: list[Ceased] = []
    next: list[Next] = []


class Candidate(msgspec.Struct, frozen=True):
    """``agreed_on`` None: stood for election without being on the list."""

    ref: str
    state: str
    on: str = ""
    agreed_on: str | None = None
    votes: int | None = None
    households: int | None = None
    decision: str | None = None


class Candidates(msgspec.Struct, frozen=True):
    candidates: list[Candidate] = []


class Came(msgspec.Struct, frozen=True):
    team: str
    present: int = 0


class Class(msgspec.Struct, frozen=True):
    """``subject``, ``n``: of the record to which a list of who came is sent."""

    record: str
    held_on: str
    subject: str | None = None
    n: int | None = None
    title: str | None = None
    organiser: str | None = None
    hours: int | None = None
    invited: list[str] = []
    absent: list[str] = []
    attended: list[Came] = []


class Needed(msgspec.Struct, frozen=True):
    """``why``: new or untrained; ``due``: the last day for a new mediator."""

    team: str
    name: str
    ref: str
    since: str
    why: str = "untrained"
    due: str | None = None
    overdue: bool = False


class New(msgspec.Struct, frozen=True):
    """Of those who joined in the year: trained within their months, still to be, or not any more in time."""

    joined: int = 0
    in_time: int = 0
    open: int = 0
    missed: int = 0


class Training(msgspec.Struct, frozen=True):
    unit: str
    year: int
    classes: list[Class] = []
    needed: list[Needed] = []
    new: New = New()


async def course(desk: Desk, request: Request, view: View) -> Response:
    typed = request.path_params["code"]
    code, on = read_code(typed) or typed, view.today.isoformat()
    team = await desk.ask(Team | None, "directory", "team", code=code, on=on)  # type: ignore[arg-type]
    if team is None or not sees(view, where := Where(team.unit or "", code)):
        raise NotThere("team_unknown", code=code)
    votes, listed = await asyncio.gather(
        desk.ask(list[Course], "directory", "elections", team=code),
        desk.ask(list[Candidates], "directory", "candidates", team=code),
    )
    found = votes[0] if votes else Course()
    here = view.path("standing", "teams", code)
    nexts = [
        (one, name, act.link(name, here, team=code) if may(view, name, where) else "")
        for one in found.next if (name := NEXT.get(one.code, ""))
    ]
    return desk.page(
        "course.html", view, team=team, found=found, nexts=nexts, candidates=[row for one in listed for row in one.candidates],
        votes=[("election", one) for one in reversed(found.elections)] + [("leader", one) for one in reversed(found.leaders)],
        classes=view.path("standing", "training", unit=team.unit) if team.unit else "",
    )


async def training(desk: Desk, request: Request, view: View) -> Response:
    """Of whom a role is held for a team only, that team's part is shown."""
    units = await units_of(desk, view)
    unit = request.query_params.get("unit") or (units[0].code if units else "")
    if unit not in {one.code for one in units}:
        raise NotThere("unit_unknown", code=unit)
    year = min(view.year or view.today.year, view.today.year)
    found, teams = await asyncio.gather(
        desk.ask(Training, "directory", "training", unit=unit, year=year),
        desk.ask_softly(list[Team], "directory", "teams", unit=unit, on=view.today.isoformat()),
    )
    here = view.path("standing", "training", unit=unit, year=year)
    entered = may(view, ATTENDED, Where(unit))
    return desk.page(
        "training.html", view, units=units, unit=unit, year=year, most=NEEDED_SHOWN,
        years=range(view.today.year, view.today.year - YEARS_OFFERED, -1),
        names={one.code: one.name for one in teams or []}, new=found.new,
        needed=[one for one in found.needed if sees(view, Where(unit, one.team))],
        classes=[
            (one, [code for code in one.absent if sees(view, Where(unit, code))],
             act.link(ATTENDED, here, subject=one.subject, n=one.n) if entered and one.subject else "")
            for one in found.classes
        ],
        convene=act.link(CONVENED, here, all_of=unit) if may(view, CONVENED, Where(unit)) else "",
    )
