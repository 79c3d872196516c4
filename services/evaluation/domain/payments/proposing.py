"""What a team may ask to be paid for: ended cases and past months without a request, each at the unit's rate, or at the maximum
where the rate is not known, and marked so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from services.evaluation.domain.casework import ENDED, SETTLED, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.payments.fold import Claim
from services.evaluation.domain.payments.rules import PaymentRules
from shared.calendar import Span, add_calendar_days, add_months, months_of


class Proposed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A case, or a month ``YYYY-MM``. ``ended_on``: its last day. ``amount``: None where neither rate nor maximum is known for
    the day. ``basis``: ``rate``, ``maximum`` or ``unknown``. ``ask_by``: the last day of the usual term, of months none is
    known; ``late``: it is over ("chưa đề nghị")."""

    team: str
    ended_on: dt.date
    amount: int | None
    basis: str
    citation: str
    case: str | None = None
    settled: bool = False
    month: str | None = None
    ask_by: dt.date | None = None
    late: bool = False


def propose(
    rules: PaymentRules, team: str, unit: str | None, cases: Iterable[Case], claims: Iterable[Claim], today: dt.date
) -> tuple[Proposed, ...]:
    """By the day on which they ended. ``cases``: those that count. A case whose claim was refused is asked for already: whoever
    refused gave reasons."""
    asked = {id for claim in claims for id in claim.cases}
    found = []
    for case in cases:
        status = status_on(case, today)
        if case.id in asked or status not in ENDED:
            continue
        ended = max(on for on, after in case.steps if after in ENDED and on <= today)
        settled = status == SETTLED
        value, basis = rules.amount(unit, "settled_case" if settled else "case", today)
        term = rules.request_within_days.find(ended)
        ask_by = None if term is None else add_calendar_days(ended, term.value)
        found.append(Proposed(
            team=team, case=case.id, settled=settled, ended_on=ended, amount=None if value is None else value.value, basis=basis,
            citation="" if value is None else value.citation, ask_by=ask_by, late=ask_by is not None and ask_by < today,
        ))
    return tuple(sorted(found, key=lambda one: (one.ended_on, one.case)))


def propose_months(
    rules: PaymentRules, team: str, unit: str | None, life: Span, claims: Iterable[Claim], today: dt.date
) -> tuple[Proposed, ...]:
    """Support for each month of ``life`` that is over and that no claim names; none where no amount is known for its last day,
    for no source says that support was due then. ``life``: days on which the team exists."""
    asked = {month for claim in claims for month in claim.months}
    found = []
    for month in months_of(life):
        last = add_months(dt.date.fromisoformat(f"{month}-01"), 1) - dt.timedelta(days=1)
        if month in asked or last >= today or rules.amount(unit, "month", last)[0] is None:
            continue
        value, basis = rules.amount(unit, "month", today)
        if value is not None:
            found.append(Proposed(
                team=team, month=month, ended_on=last, amount=value.value, basis=basis, citation=value.citation,
            ))
    return tuple(found)
