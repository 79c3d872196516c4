"""Cases as everybody responsible sees them: the list, what is due, one case with its timeline; and its private parts for whoever
may read them, each time with a purpose, logged by intake and kept nowhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway import access
from services.gateway.forms import posted
from services.gateway.forms.acts import CORRECTED, WITHDRAWN, find
from services.gateway.forms.posted import Posted, TooMuch
from services.gateway.identity.policy import Sight
from services.gateway.pages import act
from services.gateway.pages.casework import Case, Entry, Lines, Private, Revealed
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.shapes import UnitName
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.naming import alphabet

PAGE = 30
SOON = dt.timedelta(days=7)
STATUSES = (
    "received", "scope_review", "chosen", "assigned", "mediating", "paused", "reopened", "settled", "not_settled",
    "ended_by_party", "out_of_scope", "referred", "parked",
)
SHOWN = {"open": True, "over": False, "all": None}
NEXT: dict[str, tuple[str, ...]] = {
    "received": ("assigned", "chosen", "mediation-held", "scope-review", "out-of-scope", "referred"),
    "scope_review": ("in-scope", "out-of-scope", "referred"),
    "referred": ("referral-answered",),
    "chosen": ("mediation-held", "settled", "not-settled", "ended-by-party", "terms-chosen", "recused", "paused"),
    "assigned": ("mediation-held", "settled", "not-settled", "ended-by-party", "chosen", "terms-chosen", "recused", "paused"),
    "mediating": ("settled", "not-settled", "mediation-held", "ended-by-party", "recused", "paused"),
    "paused": ("resumed", "ended-by-party"),
    "reopened": ("mediation-held", "settled", "not-settled", "ended-by-party", "assigned", "chosen"),
    "settled": ("agreement-fulfilled", "agreement-broken", "followed-up", "court-recognition-asked", "court-recognition-granted",
                "court-recognition-refused"),
    "not_settled": ("reopened",),
    "ended_by_party": ("reopened",),
}
"""What is usually written up next, the likeliest first; the case's own table of life has the last word, and flags."""
ALWAYS = ("danger-raised", "obstacle-raised", "linked")
PURPOSES = ("mediate", "payment", "log_book", "court", "safety", "other")


async def listing(desk: Desk, request: Request, view: View) -> Response:
    asked = request.query_params
    show = asked.get("show", "open") if asked.get("show") in SHOWN else "open"
    chosen = {"unit": asked.get("unit", ""), "team": asked.get("team", ""), "status": asked.get("status", "")}
    number = page_number(asked.get("page", ""))
    found = await _found(
        desk, view, number, open=None if chosen["status"] else SHOWN[show],
        **{name: value or None for name, value in chosen.items()},
    )
    sight = _sight(view)
    units = await desk.ask_softly(list[UnitName], "directory", "units", on=view.today.isoformat()) or []
    return _list_page(
        desk, view, found, number, "cases", {**chosen, "show": show}, statuses=STATUSES,
        units=sorted((u for u in units if sight is None or sight.everything or u.code in sight.units),
                     key=lambda unit: alphabet.order(unit.name)),
    )


async def today(desk: Desk, request: Request, view: View) -> Response:
    """What is urgent, overdue or due within a week, for the places where the reader has a role."""
    number = page_number(request.query_params.get("page", ""))
    until = (view.today + SOON).isoformat()
    found = await _found(desk, view, number, open=True, due_by=until)
    return _list_page(desk, view, found, number, "today", {}, until=until, statuses=(), units=[])


async def one(desk: Desk, request: Request, view: View) -> Response:
    return await _page(desk, request, view)


async def reveal(desk: Desk, request: Request, view: View) -> Response:
    """The private parts, in the answer to this very request and nowhere else."""
    try:
        form = await posted.read(request)
    except TooMuch:
        form = Posted({})
    if not access.from_our_page(request, form.one(access.CSRF_FIELD)):
        return await _page(desk, request, view, note="form", status=403)
    kind, why = form.one("purpose"), form.one("why")[:200]
    if kind not in PURPOSES or (kind == "other" and not why):
        return await _page(desk, request, view, note="purpose", status=422)
    return await _page(desk, request, view, purpose=f"{kind}: {why}" if why else kind)


async def _page(
    desk: Desk, request: Request, view: View, *, purpose: str = "", note: str = "", status: int = 200
) -> Response:
    id = request.path_params["id"]
    lines = await desk.ask(Lines, "evaluation", "cases", ids=[id])
    sight = _sight(view)
    if not lines.items or (sight is not None and not sight.sees(lines.items[0].where)):
        raise NotThere("case_unknown")
    about = lines.items[0]
    found = await desk.ask(Case | None, "intake", "case", id=id)  # type: ignore[arg-type]
    if found is None:
        raise NotThere("case_unknown")
    reader = view.who.reads(about.where, view.today) if view.who is not None else None
    private = None
    if purpose and view.who is not None and reader is not None:
        try:
            told = await desk.ask(
                Revealed, "intake", "reveal_cases", cases=[id], who=view.who.name, role=reader.role, purpose=purpose
            )
            private = told.cases.get(id, Private())
        except NoAnswer:
            note, status = "silent", 503
    elif purpose:
        note, status = "closed", 403
    token = access.form_token(request)
    response = desk.page(
        "case.html", view, status, about=about, state=found.state, timeline=_timeline(found, view), private=private,
        purpose=purpose, reveals=reader is not None, links=_links(found, view), purposes=PURPOSES, note=note,
        field_name=access.CSRF_FIELD, form_token=token,
    )
    response.set_cookie(
        access.CSRF_COOKIE, token, httponly=True, samesite="strict", path="/cases",
        secure=desk.gate.secure or request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _links(found: Case, view: View) -> list[tuple[str, str]]:
    if not view.may("enter") or found.state.linked_to:
        return []
    names = [f"case.{step}" for step in (*NEXT.get(found.state.status, ()), *ALWAYS)]
    here = view.path("cases", found.case)
    return [(name, act.link(name, here, subject=found.subject, n=found.n)) for name in names if find(name) is not None]


def _timeline(found: Case, view: View) -> list[dict[str, Any]]:
    here = view.path("cases", found.case)
    if not found.entries:
        entries = [Entry(type=past.by, on=past.on) for past in found.state.history]
    else:
        entries = sorted(found.entries, key=lambda one: (one.on, one.time or ""))
    return [_shown(entry, found, here, may=view.may("enter")) for entry in entries]


def _shown(entry: Entry, found: Case, here: str, *, may: bool) -> dict[str, Any]:
    gone = bool(entry.withdrawn_by or entry.corrected_by)
    target = {"target.source": entry.source, "target.id": entry.id}
    withdraw = act.link(WITHDRAWN, here, subject=found.subject, n=found.n, **target) if may and entry.id and not gone else ""
    correct = ""
    if withdraw:
        # a correction is corrected by another one of the same entry
        told = next((one for one in found.entries if entry.data and one.entry == entry.data.get("target")), None)
        of = told if entry.type == CORRECTED else entry
        correct = act.correct(of.type, found.subject, found.n, of.source, of.id, here) if of is not None else ""
    return {**msgspec.structs.asdict(entry), "gone": gone, "withdraw": withdraw, "correct": correct}


async def _found(desk: Desk, view: View, number: int, **asked: Any) -> Lines:
    sight = _sight(view)
    places = {} if sight is None or sight.everything else {"units": list(sight.units), "teams": list(sight.teams)}
    return await desk.ask(Lines, "evaluation", "cases", skip=(number - 1) * PAGE, limit=PAGE, **asked, **places)


def _list_page(
    desk: Desk, view: View, found: Lines, number: int, path: str, chosen: dict[str, str], **values: Any
) -> Response:
    kept = {name: value for name, value in chosen.items() if value}
    response = desk.page(
        "cases.html", view, today=path == "today", found=found, chosen=chosen, page=number,
        more=number * PAGE < found.total,
        enter=_enter(view, chosen),
        earlier=view.path(path, **kept, page=number - 1), later=view.path(path, **kept, page=number + 1), **values,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _enter(view: View, chosen: dict[str, str]) -> str:
    """The form for a new case, for the team or unit that is the reader's only one."""
    if not view.may("enter"):
        return ""
    sight = _sight(view)
    team = chosen.get("team") or (sight.teams[0] if sight and len(sight.teams) == 1 else "")
    unit = chosen.get("unit") or (sight.units[0] if sight and len(sight.units) == 1 and not team else "")
    return act.link("case.reported", view.path("cases"), team=team, unit=unit)


def _sight(view: View) -> Sight | None:
    """None where nobody signs in: the public state of every case is open."""
    return view.who.sight(view.today) if view.who is not None else None


def page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0 else 1
