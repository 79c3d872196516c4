"""The assigned mediator is told, with the last day to begin.

Luật Hòa giải ở cơ sở 35/2013/QH13 Art. 18: the leader assigns where the parties do not choose. Art. 20.2: mediation begins within
three days of the assignment, unless at once or agreed otherwise. Where the parties chose the mediator, no days run and nobody was
assigned.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.notification.domain.ledger import Delivery, Recipient
from services.notification.domain.rules import Deadline, Rules, too_old
from services.notification.domain.text import day_text, label
from shared.calendar import add_calendar_days
from shared.contracts.outgoing import CaseChanged

ASSIGNED = "case.assigned"
OVER = frozenset({"settled", "not_settled", "ended_by_party", "out_of_scope", "referred"})


class Assignment(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Who a case is assigned to. ``over``: it has ended since. Only an assignment of its own counts: a finished case that a paper
    log reports whole (``case.recorded``) calls nobody to begin."""

    mediator: str
    assigned_on: str
    agreed_on: str | None = None
    over: bool = False


def assignment_of(change: CaseChanged) -> Assignment | None:
    state = change.state
    assigned = any(step.by == ASSIGNED for step in state.history)
    if not assigned or state.mediator is None or state.assigned_on is None or state.chosen_by_parties or state.linked_to:
        return None
    return Assignment(
        mediator=state.mediator, assigned_on=state.assigned_on, agreed_on=state.start_agreed_on, over=state.status in OVER
    )


def last_day(day: dt.date, deadline: Deadline) -> dt.date:
    return add_calendar_days(day, deadline.days, roll=deadline.roll)


def delivery(change: CaseChanged, assignment: Assignment, rules: Rules, today: dt.date) -> Delivery | None:
    """What the mediator is to be told; None for a case that is over, or that is past telling."""
    rule = rules["assignment" if assignment.agreed_on is None else "assignment_agreed"]
    day = dt.date.fromisoformat(assignment.assigned_on[:10])
    if assignment.over or too_old(rule, day, today):
        return None
    if assignment.agreed_on is not None:
        last = assignment.agreed_on[:10]
    elif rule.deadline is not None:
        last = last_day(day, rule.deadline).isoformat()
    else:
        last = ""
    place = change.state.place
    return Delivery(
        rule=rule.id, about=change.case, occasion=f"{assignment.mediator} {assignment.assigned_on[:10]} {last}",
        to=Recipient(
            kind="mediator", ref=assignment.mediator, source=place.source if place else None, unit=place.unit if place else None
        ),
        words={
            "case": label(change.subject), "subject": change.subject, "assigned_on": day_text(assignment.assigned_on),
            "deadline": day_text(last) if last else "", "citation": rule.citation,
        },
        check={"n": change.n, "mediator": assignment.mediator, "assigned_on": assignment.assigned_on, **_place(change)},
    )


def still_true(check: dict[str, Any], now: Assignment | None) -> bool:
    """Whether the case is still assigned as it was when the delivery was made."""
    return now is not None and (now.mediator, now.assigned_on) == (check["mediator"], check["assigned_on"])


def _place(change: CaseChanged) -> dict[str, Any]:
    """Where the case belongs, for finding its office when the message is sent."""
    place = change.state.place
    return {"place": None if place is None else msgspec.to_builtins(place)}
