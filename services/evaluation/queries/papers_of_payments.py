"""The papers of one claim for payment (procedure 2.002080). A case stands in them by its number, and no party is known here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from services.evaluation.domain.casework import ENDED, SETTLED, status_on
from services.evaluation.domain.payments.fold import Claim
from services.evaluation.queries.desk import Desk
from services.evaluation.queries.payments import barring, find
from services.evaluation.rules.payments import payment_rules
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.store.payments import Read
from services.evaluation.store.replica import unit_names
from shared.calendar import add_calendar_days, add_months
from shared.papers import data

ABOVE = "above_max"
LOG = "Trích Sổ theo dõi hoạt động hòa giải ở cơ sở, phần về các vụ việc trên"


def request(desk: Desk, id: str, team: str | None) -> data.PaymentRequest:
    """Raise ``UnknownPayment``."""
    claim, read = find(desk.db, desk.replica, id, team, desk.today)
    return data.PaymentRequest(
        **_head(desk, claim, read, claim.amount_requested), dated=claim.requested_on, attachments=[LOG] if claim.cases else [],
    )


def decision(desk: Desk, id: str, team: str | None) -> data.PaymentDecision | None:
    """Before there is a decision that holds, a draft: without an amount where more was asked for than may be paid. None for a
    claim that was refused, or that the law bars a decision on."""
    claim, read = find(desk.db, desk.replica, id, team, desk.today)
    on = claim.decided_on
    bars = barring(read, desk.replica, claim, desk.today) if on is None else set()
    if claim.state == "refused" or bars - {ABOVE}:
        return None
    amount = claim.amount_decided if on is not None else claim.amount_requested if ABOVE not in bars else None
    rules = payment_rules()
    term = None if on is None else rules.pay_within_days.find(on)
    grounds = rules.grounds.find(on or desk.today)
    return data.PaymentDecision(
        **_head(desk, claim, read, amount), number=claim.number, dated=on, requested_on=claim.requested_on,
        pay_by=None if on is None or term is None else add_calendar_days(on, term.value),
        grounds=None if grounds is None else list(grounds.value), enforcer=_office(desk, claim, on or desk.today),
    )


def refusal(desk: Desk, id: str, team: str | None) -> data.PaymentRefusal | None:
    claim, read = find(desk.db, desk.replica, id, team, desk.today)
    if claim.state != "refused":
        return None
    return data.PaymentRefusal(
        **_head(desk, claim, read, claim.amount_requested), dated=claim.refused_on, requested_on=claim.requested_on,
        reason=claim.reason,
    )


OF_CLAIMS: dict[str, Callable[[Desk, str, str | None], data.PaymentPaper | None]] = {
    "payment-request": request, "payment-decision": decision, "payment-refusal": refusal,
}


def _head(desk: Desk, claim: Claim, read: Read, amount: int | None) -> dict[str, Any]:
    on = claim.decided_on or claim.refused_on or claim.requested_on or desk.today
    seat = desk.replica.seat(claim.team, on)
    lines = _lines(claim, read, seat.unit, claim.requested_on or desk.today, on)
    if amount is None or sum(line.amount or 0 for line in lines) != amount:
        # what each of them comes to was not said, and does not add up by the rates that are known
        lines = [data.PaymentLine(item=one.item, first=one.first, last=one.last, outcome=one.outcome) for one in lines]
    return {
        "unit_name": unit_names(desk.db, on).get(seat.unit), "year": on.year, "team_name": desk.replica.name(claim.team),
        "team": claim.team, "group": seat.group or None, "items": len(lines), "amount": amount, "lines": lines,
    }


def _lines(claim: Claim, read: Read, unit: str, asked: dt.date, on: dt.date) -> list[data.PaymentLine]:
    rules = payment_rules()
    found = []
    for id in (one for one in claim.cases if one not in claim.beyond):
        known = read.known.get(id)
        status = None if known is None else status_on(known.case, on)
        ended = None if known is None or status not in ENDED else max(
            day for day, after in known.case.steps if after in ENDED and day <= on
        )
        value, _ = rules.amount(unit, "settled_case" if status == SETTLED else "case", asked)
        found.append(data.PaymentLine(
            item=f"Vụ việc {id[:8]}", first=None if known is None else known.case.received, last=ended,
            outcome=None if ended is None else "Hòa giải thành" if status == SETTLED else "Hòa giải không thành",
            amount=None if value is None or ended is None else value.value,
        ))
    for month in (one for one in claim.months if one not in claim.beyond):
        first = dt.date.fromisoformat(f"{month}-01")
        value, _ = rules.amount(unit, "month", asked)
        found.append(data.PaymentLine(
            item=f"Tháng {month[5:]}/{month[:4]}", first=first, last=add_months(first, 1) - dt.timedelta(days=1),
            outcome="Hỗ trợ hằng tháng", amount=None if value is None else value.value,
        ))
    return found


def _office(desk: Desk, claim: Claim, on: dt.date) -> str | None:
    unit = desk.replica.seat(claim.team, on).unit
    found = procedure_of(desk.chosen([unit]).of(unit, on.year).scheme.procedure).office("justice", on)
    return None if found is None else found.vi
