"""Biểu mẫu, sổ: forms of reports and the log book, as Excel or PDF, written by a process of their own.

The log book's names, contents and agreements are read like any other private part: by who may, for the purpose of the book, each
reading in the trail, and into the file of this very answer alone.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway import access
from services.gateway.forms import posted, reading
from services.gateway.forms.posted import Posted, TooMuch
from services.gateway.identity.policy import Where
from services.gateway.pages.casework import Revealed
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.papers import printed
from services.gateway.pages.places import sees, units_of
from services.gateway.pages.shapes import Both, Team, UnitName
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.papers.form import form as drawn_form
from shared.papers.listing import MEDIA_TYPES
from shared.papers.logbook import log_book as drawn_book

PATH = "/prints"
FORMATS = ("xlsx", "pdf")
TOGETHER = 200
"""Cases that intake reveals at a time."""
_PERIOD = re.compile(r"[0-9]{4}-[a-z0-9-]{1,20}")


class Named(msgspec.Struct, frozen=True):
    id: str
    title: Both
    regime: str = ""
    historic: bool = False
    note: str = ""


class Forms(msgspec.Struct, frozen=True):
    forms: list[Named] = []
    periods: list[Named] = []


async def choice(desk: Desk, request: Request, view: View) -> Response:
    return await _page(desk, request, view)


async def form(desk: Desk, request: Request, view: View) -> Response:
    given = request.query_params
    unit, named = given.get("unit", ""), f"{given.get('year', '')}-{given.get('period', '')}"
    if unit and unit not in {one.code for one in await units_of(desk, view)}:
        raise NotThere("unit_unknown", code=unit)
    if not _PERIOD.fullmatch(named):
        raise NotThere("period")
    wanted = _format(given.get("format", ""))
    report = await _asked(desk, "report_form", form=given.get("form", ""), unit=unit or None, period=named)
    data = msgspec.to_builtins(drawn_form(report, desk.settings.notice))
    name = f"bieu-{_plain(report['form'])}_{unit or 'tat-ca'}_{named}.{wanted}"
    return await printed(desk, view, f"listing-{wanted}", data, name, MEDIA_TYPES[wanted])  # type: ignore[index]


async def log_book(desk: Desk, request: Request, view: View) -> Response:
    try:
        given = await posted.read(request)
    except TooMuch:
        given = Posted({})
    if not access.from_our_page(request, given.one(access.CSRF_FIELD)):
        return await _page(desk, request, view, note="form", status=403)
    where, first, last = given.one("where"), reading.day(given.one("from")), reading.day(given.one("to"))
    wanted = _format(given.one("format"))
    public = await _asked(desk, "log_book", where=where, from_=first, to=last)
    place = Where(public.get("unit") or "", public.get("team") or "")
    if not sees(view, place):
        raise NotThere("unit_unknown", code=where)
    private = None
    if given.one("names"):
        held = view.who.reads(place, view.today) if view.who is not None else None
        if view.who is None or held is None:
            return await _page(desk, request, view, note="closed", status=403)
        private = await _revealed(
            desk, [case["case"] for case in public["cases"]], view.who.name, held.role, f"log_book: {where} {first} {last}",
        )
    data = msgspec.to_builtins(drawn_book(public, private, desk.settings.notice))
    name = f"so-theo-doi_{_plain(where)}_{_plain(first)}_{_plain(last)}.{wanted}"
    return await printed(desk, view, f"listing-{wanted}", data, name, MEDIA_TYPES[wanted])  # type: ignore[index]


async def _revealed(desk: Desk, cases: list[str], who: str, role: str, purpose: str) -> dict[str, Any]:
    """All of them: a book must not look emptier than it is. Raise ``NoAnswer``."""
    found: dict[str, Any] = {}
    for at in range(0, len(cases), TOGETHER):
        part = await desk.ask(
            Revealed, "intake", "reveal_cases", cases=cases[at:at + TOGETHER], who=who, role=role, purpose=purpose,
        )
        found |= {case: msgspec.to_builtins(told) for case, told in part.cases.items()}
    return found


async def _asked(desk: Desk, method: str, **given: Any) -> dict[str, Any]:
    try:
        return await desk.ask(dict[str, Any], "evaluation", method, **given)
    except NoAnswer as error:
        if error.error == "BadQuestion":
            raise NotThere("period") from error
        raise


async def _page(desk: Desk, request: Request, view: View, *, note: str = "", status: int = 200) -> Response:
    units, forms = await asyncio.gather(units_of(desk, view), desk.ask_softly(Forms, "evaluation", "report_forms"))
    token = access.form_token(request)
    response = desk.page(
        "prints.html", view, status, units=units, forms=forms or Forms(), places=await _places(desk, view, units), note=note,
        formats=FORMATS, reads=_reads(view), first=f"{view.today.year}-01-01", last=view.today.isoformat(),
        field_name=access.CSRF_FIELD, form_token=token,
    )
    response.set_cookie(
        access.CSRF_COOKIE, token, httponly=True, samesite="strict", path=PATH,
        secure=desk.gate.secure or request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def _places(desk: Desk, view: View, units: list[UnitName]) -> list[tuple[str, str]]:
    """Units and teams whose book the reader may print, with their names."""
    found = [(one.code, one.name) for one in units if sees(view, Where(one.code))]
    on = view.today.isoformat()
    for one in units[:1] if len(units) == 1 else []:
        teams = await desk.ask_softly(list[Team], "directory", "teams", unit=one.code, on=on)
        found += [(team.code, team.name) for team in teams or [] if sees(view, Where(one.code, team.code))]
    return found


def _reads(view: View) -> bool:
    who = view.who
    return who is not None and any(who.reads(Where(one.unit, one.team), view.today) is not None for one in who.now(view.today))


def _format(given: str) -> str:
    return given if given in FORMATS else FORMATS[0]


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", text)[:40]
