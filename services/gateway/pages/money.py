"""Kinh phí: a unit's claims for payment and what became of them, what may still be asked for, and one claim with its papers."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity.policy import Where
from services.gateway.pages import act
from services.gateway.pages.counted import Payment, Payments, Proposals
from services.gateway.pages.counted import Request as Wanted
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.places import may, sees, units_of
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer

STATES = ("incomplete", "requested", "decided", "paid", "refused", "unasked")
NEXT = {
    "incomplete": ("payment.decided", "payment.refused"), "requested": ("payment.decided", "payment.refused"),
    "decided": ("payment.paid",), "unasked": (), "refused": (), "paid": (),
}
PAPERS = {"payment.requested": "payment-request", "payment.decided": "payment-decision", "payment.refused": "payment-refusal"}
"""What is printed of a claim, by its step."""
IN_ADDRESS = 40
"""So many cases fit into the address of a form."""


async def listing(desk: Desk, request: Request, view: View) -> Response:
    open_to = await units_of(desk, view)
    unit = request.query_params.get("unit") or (open_to[0].code if open_to else "")
    if unit and unit not in {one.code for one in open_to}:
        raise NotThere("unit_unknown", code=unit)
    year = view.year or view.today.year
    state = request.query_params.get("state", "")
    found, proposals = Payments(""), Proposals()
    if unit:
        found, proposals = await asyncio.gather(
            desk.ask(Payments, "evaluation", "payments", unit=unit, year=year, state=state if state in STATES else None),
            desk.ask(Proposals, "evaluation", "payment_proposals", unit=unit, year=year),
        )
    here = view.path("payments", unit=unit or None, year=year)
    items = [one for one in found.items if sees(view, one.where)]
    wanted = [one for one in proposals.teams if sees(view, Where(unit, one.team))]
    response = desk.page(
        "payments.html", view, units=open_to, unit=unit, year=year, state=state,
        states=STATES, items=items, unit_name=found.unit_name,
        wanted=[(one, [(asked, _form(view, asked, Where(unit, one.team), here)) for asked in one.requests]) for one in wanted],
        sums={name: sum(getattr(one, name) or 0 for one in items) for name in ("amount_requested", "amount_decided", "paid")},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def one(desk: Desk, request: Request, view: View) -> Response:
    id, team = request.path_params["id"], request.query_params.get("team") or None
    try:
        found = await desk.ask(Payment, "evaluation", "payment", id=id, team=team)
    except NoAnswer as error:
        if error.error == "UnknownPayment":
            raise NotThere("payment_unknown") from error
        raise
    if not sees(view, found.where):
        raise NotThere("payment_unknown")
    here = view.path("payments", found.id, team=found.team)
    nexts = [
        (name, act.link(name, here, subject=found.subject, n=found.n, team=found.team, amount=_amount(found, name)))
        for name in NEXT.get(found.state, ()) if found.subject and may(view, name, found.where)
    ]
    steps = {paper.type for paper in found.papers}
    prints = [
        (kind, view.path("papers", kind, payment=found.id, team=found.team)) for type, kind in PAPERS.items()
        if (type in steps or type == "payment.requested") and view.may("papers")
    ]
    response = desk.page("payment.html", view, found=found, nexts=nexts, prints=prints)
    response.headers["Cache-Control"] = "no-store"
    return response


def _form(view: View, asked: Wanted, where: Where, back: str) -> str:
    """The request written out, to be looked through and sent; "" for whoever may not."""
    if not may(view, "payment.requested", where) or len(asked.cases) > IN_ADDRESS:
        return ""
    given: dict[str, Any] = {
        "team": asked.team, "on": asked.on, "purpose": asked.purpose, "amount": asked.amount, "month": asked.month,
        "cases": "\n".join(asked.cases), "complete": "yes",
    }
    return act.link("payment.requested", back, **given)


def _amount(found: Payment, name: str) -> int | None:
    return {"payment.decided": found.amount_requested, "payment.paid": found.amount_decided}.get(name)
