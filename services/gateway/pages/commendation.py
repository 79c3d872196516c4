"""Commendation: the dossiers, one with its gates and what comes next, who is still owed praise, what the rules would propose, and
a mediator's own record. Persons stand under their team, in no order of merit."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages import act
from services.gateway.pages.cases import page_number
from services.gateway.pages.commended import AwardList, Commendation, Days, MediatorRecord, Owed, OwedList, Proposals
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.league import picked_year
from services.gateway.pages.recognised import NextStep
from services.gateway.pages.steps import next_link
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.naming import alphabet

STATES = (
    "proposed", "preparing", "submitted", "supplement_asked", "suspended", "appraised", "decided", "given", "paid", "declined",
    "revoked",
)
UNKNOWN = frozenset({"KeyError", "LookupError", "NotFound", "UnknownTeam", "UnknownMediator", "UnknownCommendation"})
PAGE = 60
OWED_PAGE = 100


async def listing(desk: Desk, request: Request, view: View) -> Response:
    asked = request.query_params
    unit, state = asked.get("unit", ""), asked.get("state", "")
    state = state if state in STATES else ""
    year = view.year
    found = await desk.ask(AwardList, "evaluation", "commendations", unit=unit or None, year=year)
    counts = {name: sum(item.state == name for item in found.items) for name in STATES}
    shown = [item for item in found.items if not state or item.state == state]
    number = int(asked["page"]) if asked.get("page", "").isdecimal() and len(asked["page"]) < 7 else 1
    number = max(number, 1)
    return desk.page(
        "commendations.html", view, items=shown[(number - 1) * PAGE:number * PAGE], total=len(shown), page=number,
        more=number * PAGE < len(shown), unit=unit, state=state, states=[(name, n) for name, n in counts.items() if n],
        everything=len(found.items), unit_name=next((item.unit_name for item in found.items if unit and item.unit_name), ""),
    )


async def one(desk: Desk, request: Request, view: View) -> Response:
    id = request.path_params["id"]
    found = await _found(desk, Commendation, "commendation", "commendation_unknown", id=id)
    here = view.path("commendations", id)
    given = {
        "team": found.team, "unit": found.unit, "year": found.year, "mediator": found.mediator, "form": found.form,
        "amount": _due(found), "ordinal": found.ordinal,
    }
    nexts = [
        (step, next_link(step, here, subject=found.subject, n=found.n, **given))
        for step in found.next if step.type != "verification.closed"
    ]
    concluding = [
        (one, act.link("verification.closed", here, team=found.team, subject=one.subject, n=one.n))
        for one in found.verifications if one.subject
    ]
    more = [
        (name, next_link(NextStep(type=name), here, subject=found.subject, n=found.n, team=found.team, mediator=found.mediator))
        for name in _also(found)
    ]
    return desk.page(
        "commendation.html", view, item=found, nexts=nexts, concluding=concluding, more=more,
        withdraw=lambda step: act.withdraw(step, found.subject, found.n, here),
    )


def _due(found: Commendation) -> int | None:
    """What is left to pay, by the decision or else by the rules."""
    amount = found.amount_decided if found.amount_decided is not None else found.amount_computed
    return None if amount is None or amount <= found.paid else amount - found.paid


def _also(found: Commendation) -> tuple[str, ...]:
    """What may happen at any time, beside what comes next."""
    if found.state in ("decided", "given", "paid"):
        return ("verification.opened", "commendation.revoked")
    return () if found.state in ("declined", "revoked") else ("verification.opened",)


async def owed(desk: Desk, request: Request, view: View) -> Response:
    """Who waits for praise, the longest first within a unit; and how long it took where it was decided."""
    unit = request.query_params.get("unit", "")
    year = await picked_year(desk, view)
    found, days = await asyncio.gather(
        desk.ask(OwedList, "evaluation", "owed", unit=unit or None),
        desk.ask_softly(list[Days], "evaluation", "timeliness", year=year),
    )
    items = sorted(found.items, key=lambda item: (alphabet.order(item.unit_name or item.unit), item.unit, -item.days, item.team,
                                                  item.mediator or ""))
    number = page_number(request.query_params.get("page", ""))
    shown = items[(number - 1) * OWED_PAGE:number * OWED_PAGE]
    groups = [(key, list(rows)) for key, rows in groupby(shown, key=lambda item: (item.unit, item.unit_name or item.unit))]
    links = {(item.team, item.mediator, item.achievement): _propose(view, item) for item in shown}
    timely = sorted(days or [], key=lambda row: (alphabet.order(row.name), row.unit))
    return desk.page(
        "owed.html", view, groups=groups, total=len(items), days=timely, unit=unit, links=links, page=number,
        more=number * OWED_PAGE < len(items), earlier=view.path("owed", unit=unit or None, page=number - 1),
        later=view.path("owed", unit=unit or None, page=number + 1),
    )


def _propose(view: View, item: Owed) -> str:
    if item.record:
        return ""
    given: dict[str, Any] = {
        "team": item.team, "unit": item.unit, "mediator": item.mediator, "achievement": item.achievement, "kind": item.kind,
        "form": item.form, "year": item.year,
    }
    return act.link("commendation.proposed", view.path("owed"), **given)


async def proposals(desk: Desk, request: Request, view: View) -> Response:
    unit = request.path_params["code"]
    year = await picked_year(desk, view)
    found = await desk.ask(Proposals, "evaluation", "proposals", unit=unit, year=year)
    here = view.path("units", unit, "proposals")
    links = {
        item.key: act.link("commendation.proposed", here, team=item.team, unit=unit, year=year, mediator=item.mediator,
                           achievement=item.achievement, kind=item.kind, form=item.form)
        for item in found.items if item.choice in ("proposed", "tied") and not item.record
    }
    return desk.page("proposals.html", view, found=found, links=links)


async def mediator(desk: Desk, request: Request, view: View) -> Response:
    """One person's own record, reached from the team only."""
    team, ref = request.path_params["code"], request.path_params["ref"]
    record = await _found(desk, MediatorRecord, "mediator", "mediator_unknown", team=team, ref=ref)
    return desk.page("mediator.html", view, record=record, code=team)


async def _found(desk: Desk, kind: Any, method: str, trouble: str, **asked: Any) -> Any:
    try:
        found = await desk.ask(kind | None, "evaluation", method, **asked)
    except NoAnswer as error:
        if error.error in UNKNOWN:
            raise NotThere(trouble) from error
        raise
    if found is None:
        raise NotThere(trouble)
    return found
