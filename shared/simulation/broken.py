"""Messages that namtot does not take in: a training office exports its lists with a tool that was never tried.

They belong to a run of some size only, so that a small one stays one of good events.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from shared import contracts
from shared.contracts import VIETNAM
from shared.simulation.desk import SIMULATED, Line
from shared.simulation.plan import Plan

SOURCE = "https://excel.training.example"
LEAST_TEAMS = 100


def lines(plan: Plan) -> list[Line]:
    if plan.teams < LEAST_TEAMS:
        return []
    return [_line(plan, number, *wrong) for number, wrong in enumerate(_wrong(plan.year), 1)]


def _wrong(year: int) -> list[tuple[str, dict[str, Any], str]]:
    """Short type, data, subject: each wrong in one way."""
    authority = SOURCE.removeprefix("https://")
    day, team = f"{year}-03-15", "Tổ hòa giải Tổ dân phố số 1"
    title = "Bồi dưỡng nghiệp vụ hòa giải ở cơ sở"
    convened = {"on": day, "title": title, "organiser": "Phòng Tư pháp", "held_on": f"{year}-03-29", "teams": [team]}
    attended = {"on": day, "attendance": [{"team": team, "present": 3}]}
    list_of = f"training://{authority}/{year}"
    return [
        # a column of the sheet that the contract does not know
        ("training.convened", {**convened, "room": "Hội trường tầng 2"}, f"{list_of}/1"),
        # a slip of the key: the year has another century
        ("training.attended", {**attended, "on": f"{year + 100}-03-15"}, f"{list_of}/2"),
        # a type that the tool's makers thought up
        ("training.cancelled", {"on": day, "title": title}, f"{list_of}/3"),
        # the day as the sheet shows it
        ("documents.distributed", {"on": f"15/03/{year}", "title": "Sổ tay hòa giải viên", "teams": [team]}, f"{list_of}/4"),
        # the sheet's name instead of a URI
        ("training.attended", attended, f"sheet:Tap-huan-{year}"),
    ]


def _line(plan: Plan, number: int, kind: str, data: dict[str, Any], subject: str) -> Line:
    time = dt.datetime(plan.year, 3, 18 + number, 9, number, tzinfo=VIETNAM).isoformat()
    body = contracts.write(
        type=f"vn.namtot.{kind}.v1", source=SOURCE, id=f"{plan.run}-excel-{number}", subject=subject, time=time,
        data={**data, "ext": SIMULATED}, simulated=True,
    )
    return Line(time, number, body)
