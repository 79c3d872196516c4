"""Praise (khen thưởng): what a ward proposes after the decision that recognises.

Most recognised teams are never proposed: that praise comes late, or not at all, is what the article complains of.
"""

from __future__ import annotations

from shared.simulation import practices
from shared.simulation.award import Award, batch_after
from shared.simulation.desk import Desk
from shared.simulation.recognition import Decided
from shared.simulation.roster import Team
from shared.simulation.times import days


def write(desk: Desk, teams: list[Team], decided: Decided | None) -> None:
    practices.write(desk, decided.recognised if decided else [])
    if decided is None:
        return
    chance = desk.plan.rng("awards", desk.plan.year, desk.unit.code)
    batch = batch_after(chance, decided.on + days(desk.ward.waits))
    best = sorted(decided.recognised, key=lambda team: (-team.settled, team.index))
    sound = [team for team in best if team.vote is not None and team.vote.allows and team.fate.requests != "unwritten"]
    for team, praise in zip(sound, desk.ward.teams, strict=False):
        Award(desk, chance, batch, team, None, praise).write()
    busy = sorted((team for team in teams if team.settled), key=lambda team: (-team.settled, team.index))
    for team, praise in zip(busy, desk.ward.mediators, strict=False):
        Award(desk, chance, batch, team, team.busiest, praise).write()
