"""Money: 150,000 đ a team a month; 300,000 đ a case, 400,000 đ if settled (maxima of TT 56/2023/TT-BTC).

All go through the one-stop office (procedure 2.002080), which has its own names for teams. The unit pays within five working
days, but for some.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from shared.simulation.cases import Case
from shared.simulation.desk import Desk, paper
from shared.simulation.roster import Team
from shared.simulation.times import clock, days, weekday

MONTHLY, CASE, SETTLED_CASE = 150_000, 300_000, 400_000


def write_monthly(desk: Desk, team: Team) -> None:
    plan = desk.plan
    chance = plan.rng("support", plan.year, desk.unit.code, team.index)
    late_month = chance.randrange(2, 11)
    for n in range(12):
        year, month = (plan.year - 1, 11 + n) if n < 2 else (plan.year, n - 1)
        asked = weekday(dt.date(year, month, chance.randint(20, 24)))
        late = team.role.paid == "late" and n == late_month
        _pay(
            desk, chance, team, asked, late, MONTHLY,
            {"purpose": "monthly", "month": f"{year}-{month:02d}"}, [], decided=n % 3 == 0,
        )


def write_for_case(desk: Desk, case: Case) -> None:
    """The team asks after the case has ended; a team that forgets leaves its commune without evidence."""
    if case.ended is None or not case.team.role.requests:
        return
    chance = desk.plan.rng("case money", desk.plan.year, desk.unit.code, case.subject)
    asked = weekday(case.ended + days(chance.randint(2, 14)))
    _pay(
        desk, chance, case.team, asked, case.team.role.paid == "late", SETTLED_CASE if case.settled else CASE,
        {"purpose": "case"}, [case.subject], decided=True,
    )


def _pay(
    desk: Desk, chance: random.Random, team: Team, asked: dt.date, late: bool, amount: int, purpose: dict[str, Any],
    cases: list[str], decided: bool,
) -> None:
    """Request, decision, payment. Two weekdays after the request are never more than five working days."""
    subject = desk.subject("dossier", desk.one_stop)
    name = team.one_stop_name
    about = {"cases": cases} if cases else {}
    number = subject.rpartition("/")[2]

    def write(kind: str, on: dt.date, hours: tuple[int, int], data: dict[str, Any]) -> None:
        desk.emit(
            kind, desk.one_stop, subject, {"on": on.isoformat(), "team": name, **data}, clock(chance, on, *hours)
        )

    write("payment.requested", asked, (8, 10), {
        "amount": amount, **purpose, **about, "evidence": [paper("request", asked, f"2.002080/{number}")],
    })
    decision = weekday(asked + days(chance.randint(15, 25) if late else chance.choice((0, 1, 1))))
    if decided:
        write("payment.decided", decision, (11, 13), {"amount": amount, "number": f"{chance.randint(1, 900)}/QĐ-UBND"})
    paid = weekday(decision + days(chance.choice((0, 1, 1))))
    write("payment.paid", paid, (14, 17), {"amount": amount, **about, "evidence": [paper("receipt", paid, f"PC {number}")]})
