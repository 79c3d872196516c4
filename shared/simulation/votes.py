"""The meeting at which a team assesses itself and votes on whether to ask for recognition."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from shared.simulation import lacks
from shared.simulation.desk import Desk, paper, scan
from shared.simulation.fates import Vote
from shared.simulation.roster import Team
from shared.simulation.spelling import team_as_typed
from shared.simulation.times import day_between


def write_apart(desk: Desk, teams: list[Team]) -> None:
    """Teams that looked back on the year in October or before assess themselves in November at a meeting of its own."""
    year = desk.plan.year
    for team in teams:
        fate = team.fate
        if team.vote is None and fate.voted and fate.apart and team.role.year_meeting == "held":
            chance = desk.plan.rng("assessed apart", year, desk.unit.code, team.index)
            first, last = (15, 18) if chance.randrange(20) == 0 else (2, 14)
            on = day_between(chance, dt.date(year, 11, first), dt.date(year, 11, last))
            members = len(team.mediators)
            write(desk, chance, team, on, {
                "team": team_as_typed(chance, team.name), "members": members,
                "present": chance.randint(members // 2 + 1, members), "evidence": [paper("minutes", on, sha256=scan(chance))],
            })


def write(desk: Desk, chance: random.Random, team: Team, on: dt.date, minutes: dict[str, Any]) -> None:
    """Write the meeting with its vote. ``minutes``: what they say of any meeting: team, members, present, evidence."""
    own = desk.plan.rng("vote", desk.plan.year, desk.unit.code, team.index)
    fate, everybody = team.fate, int(minutes["members"])
    members = everybody if fate.counted == "all" else everybody - 1
    present = min(int(minutes["present"]), members)
    lacking = lacks.known(team, desk.ward.scheme)
    if fate.claims == "all_met":
        lacking = []
    elif fate.claims == "modest":
        lacking = lacking or [own.choice(lacks.CRITERIA[desk.ward.scheme])]
    agreed = {
        "most": own.choice((present, present, present, own.randint(everybody // 2 + 1, present))),
        "half": everybody // 2, "few": own.randint(0, everybody // 3), "three": 3,
    }[fate.agreed]
    team.vote = Vote(on=on, members=members, agreed=agreed, all_met=not lacking)
    desk.note(
        chance, "recognition.self-assessed", desk.process("recognition", team.index + 1), on,
        {
            **minutes, "members": members, "present": present, "year": desk.plan.year, "agreed": agreed, "all_met": not lacking,
            "criteria": {criterion: criterion not in lacking for criterion in lacks.CRITERIA[desk.ward.scheme]},
        },
        team.role.habit,
    )
