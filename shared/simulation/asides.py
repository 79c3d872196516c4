"""Reports that are no case of their own: a quarrel told twice, what is not for mediators, what nobody can place."""

from __future__ import annotations

import random

from shared.simulation import stories
from shared.simulation.cases import Case, report_by_app
from shared.simulation.deal import Slot
from shared.simulation.desk import APP, Desk
from shared.simulation.roster import Team
from shared.simulation.times import clock, days, season_day


def write_twin(desk: Desk, slot: Slot, case: Case) -> None:
    """A neighbour reports by the app what the team already has; the ward's officer sees it and links the two."""
    chance = desk.plan.rng("twin", desk.plan.year, desk.unit.code, slot.number)
    subject = desk.subject("case", APP)
    told = case.received + days(chance.randint(0, 2))
    report_by_app(desk, chance, subject, case.team, told, case.dispute)
    seen = told + days(chance.randint(2, 6))
    desk.emit(
        "case.linked", desk.register, subject,
        {
            "on": seen.isoformat(), "primary": case.subject, "by": f"officer-{desk.unit.code}",
            "reason": "Trùng với vụ việc tổ hòa giải đang theo dõi",
        },
        clock(chance, seen),
    )


def write_out_of_scope(desk: Desk, slot: Slot, team: Team) -> None:
    """Explained and passed on, with the reason (Luật 35/2013 Art. 3)."""
    chance = desk.plan.rng("out of scope", desk.plan.year, desk.unit.code, slot.number)
    subject = desk.subject("case", APP)
    told = season_day(chance, desk.plan.start, desk.plan.end - days(30))
    report_by_app(desk, chance, subject, team, told, _dispute(chance))
    seen = told + days(chance.randint(1, 3))
    reason = chance.choice(stories.OUT_OF_SCOPE)
    desk.note(chance, "case.out-of-scope", subject, seen, {"reason": reason}, "prompt")
    desk.note(chance, "case.referred", subject, seen, {"to": reason.rpartition("gửi ")[2]}, "prompt")


def write_no_group(desk: Desk, slot: Slot, team: Team) -> None:
    """The app gives the ward alone. It waits in the ward's queue, until, now and then, somebody finds out where it was."""
    chance = desk.plan.rng("no group", desk.plan.year, desk.unit.code, slot.number)
    subject = desk.subject("case", APP)
    told = season_day(chance, desk.plan.start, desk.plan.end - days(30))
    dispute = _dispute(chance)
    target = report_by_app(desk, chance, subject, None, told, dispute)
    if not slot.every(2, 1):
        return
    found = told + days(chance.randint(2, 9))
    desk.emit(
        "record.corrected", desk.register, subject,
        {
            "on": found.isoformat(), "target": {"source": APP, "id": target}, "of": "vn.namtot.case.reported.v1",
            "data": {
                "on": told.isoformat(), "unit": desk.unit.code, "group": team.group, "dispute": dispute,
                "ground": "party_request", "first_known_by": "other", "ext": {"simulated": True},
            },
            "reason": "Đã xác định tổ dân phố nơi xảy ra", "by": f"officer-{desk.unit.code}",
        },
        clock(chance, found),
    )


def _dispute(chance: random.Random) -> str:
    return chance.choices(stories.KINDS, stories.WEIGHTS)[0]
