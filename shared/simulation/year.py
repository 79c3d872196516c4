"""The whole year: unit after unit, sorted by the time at which each fact was written up.

Units are taken ``TOGETHER`` at a time, so that a district comes in true order and the city needs no more memory
than sixteen communes do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from shared.contracts import VIETNAM
from shared.simulation import activities, asides, awards, broken, fates, payments, recognition, roster, votes
from shared.simulation.cases import Case, Quarrel
from shared.simulation.deal import Slot, deal, dealt, slots, thirteen
from shared.simulation.desk import Desk, Line
from shared.simulation.plan import Plan
from shared.simulation.roles import Role, casting
from shared.simulation.roster import Team
from shared.simulation.units import layout
from shared.simulation.wards import ward_of

TOGETHER = 16
RESENT = 997
"""Every so many events one is sent twice, byte for byte: its sender heard no answer the first time."""
RESENT_AFTER = 20


def simulate(plan: Plan, until: dt.datetime | None = None) -> Iterator[bytes]:
    """The events of a plan in order, each as CloudEvents JSON without a line feed.

    ``until``: leave out what would be written up after that moment, so that a year still running can be simulated.
    """
    limit = None if until is None else until.astimezone(VIETNAM).isoformat(timespec="seconds")
    units = layout(plan, dealt(plan))
    cast = casting(plan, units)
    hands = slots(plan)
    number = 0
    for first in range(0, len(units), TOGETHER):
        lines: list[Line] = []
        for index, unit in enumerate(units[first : first + TOGETHER], first):
            lines += _unit(Desk(plan, unit, ward_of(index)), cast, list(islice(hands, unit.slots)))
        if first == 0:
            lines += broken.lines(plan)
        lines.sort()
        for at, line in enumerate(lines):
            if limit is not None and line.time > limit:
                break
            number += 1
            yield line.body
            if number % RESENT == RESENT_AFTER and at >= RESENT_AFTER:
                yield lines[at - RESENT_AFTER].body


def _unit(desk: Desk, cast: dict[int, Role], hand: list[Slot]) -> list[Line]:
    teams = roster.teams_of(desk.plan, desk.unit, cast)
    roster.write_roster(desk, teams)
    for case in _quarrels(desk, teams, hand):
        payments.write_for_case(desk, case)
    fates.give(desk.plan.rng("fates", desk.plan.year, desk.unit.code), desk.ward, teams)
    for team in teams:
        activities.write_team(desk, team)
        payments.write_monthly(desk, team)
    activities.write_commune(desk, teams)
    roster.write_changes(desk, teams)
    # what comes after the window is written last, so that the year before it stays the same
    votes.write_apart(desk, teams)
    awards.write(desk, teams, recognition.write(desk, teams))
    return desk.lines


def _quarrels(desk: Desk, teams: list[Team], hand: list[Slot]) -> list[Case]:
    cases: list[Case] = []
    dealt_out = [*deal(desk.plan, desk.unit.code, teams, hand)]
    dealt_out += [(team, slot) for team in teams if team.role.cases == "thirteen" for slot in thirteen()]
    for team, slot in dealt_out:
        if slot.kind == "quarrel":
            case = Quarrel(desk, team, slot).live()
            team.cases.append(case.subject)
            team.ended += case.ended is not None
            team.settled_by += [case.mediator] if case.settled else []
            cases.append(case)
    for team, slot in dealt_out:
        if slot.kind == "twin" and cases:
            asides.write_twin(desk, slot, cases[slot.number % len(cases)])
        elif slot.kind == "out_of_scope":
            asides.write_out_of_scope(desk, slot, team)
        elif slot.kind != "quarrel":
            asides.write_no_group(desk, slot, team)
    return cases
