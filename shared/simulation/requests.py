"""Requests to be recognised: who asks and when, what is given back to be completed."""

from __future__ import annotations

import datetime as dt
import random

from shared.calendar import next_working_day
from shared.simulation.desk import Desk, paper
from shared.simulation.roster import Team
from shared.simulation.times import clock, days

RETURNED = (
    "Thiếu báo cáo kết quả hoạt động năm của tổ", "Biên bản họp chưa có chữ ký của thư ký",
    "Giấy đề nghị chưa ghi số hòa giải viên đồng ý",
)
NO_VOTE = "Biên bản họp chưa ghi kết quả biểu quyết"


def asked(desk: Desk, chance: random.Random, teams: list[Team]) -> list[Team]:
    """Write the requests; the teams about which the ward's meeting has to speak."""
    asking = []
    for team in teams:
        wants = team.fate.requests
        if team.vote is not None:
            may = team.vote.allows or wants == "regardless"
            if may and wants != "never" and (wants == "unwritten" or _ask(desk, chance, team, team.vote.on)):
                asking.append(team)
            continue
        if not team.fate.voted and team.role.year_meeting == "held" and chance.randrange(2):
            on = _request(desk, chance, team, next_working_day(dt.date(desk.plan.year, 11, chance.randint(15, 25))))
            _return(desk, chance, team, on, NO_VOTE)
    return asking


def _ask(desk: Desk, chance: random.Random, team: Team, voted: dt.date) -> bool:
    """Whether the request lies before the ward in the end: what was given back does not always come again."""
    year = desk.plan.year
    if team.fate.requests == "returned":
        on = _request(desk, chance, team, next_working_day(voted + days(chance.randint(1, 2))))
        back = _return(desk, chance, team, on, chance.choice(RETURNED))
        if chance.randrange(4) == 0:
            return False
        _request(desk, chance, team, next_working_day(back + days(chance.randint(1, 2))))
    elif team.fate.requests == "late":
        _request(desk, chance, team, next_working_day(dt.date(year, 11, 30) + days(chance.randint(0, 2))))
    else:
        _request(desk, chance, team, min(next_working_day(voted + days(chance.randint(1, 8))), dt.date(year, 11, 29)))
    return True


def _request(desk: Desk, chance: random.Random, team: Team, on: dt.date) -> dt.date:
    """The leader's request with the yearly report; the one-stop office enters it the same day."""
    number = team.index + 1
    papers = [paper("request", on, f"{number:02d}/ĐN-THG"), paper("report", on, f"{number:02d}/BC-THG")]
    if team.vote is not None:
        papers.append(paper("minutes", team.vote.on))
    data = {"on": on.isoformat(), "team": team.name, "year": desk.plan.year, "by": team.leader.ref, "evidence": papers}
    desk.emit("recognition.requested", desk.register, desk.process("recognition", number), data, clock(chance, on, 8, 11))
    return on


def _return(desk: Desk, chance: random.Random, team: Team, on: dt.date, reason: str) -> dt.date:
    back = next_working_day(on + days(chance.randint(1, 2)))
    desk.file(
        chance, "recognition.returned", desk.process("recognition", team.index + 1), back,
        {"team": team.name, "year": desk.plan.year, "reason": reason},
    )
    return back
