"""Acting is publishing an event: a form for each type of the contract that people enter here. What is sent is the event that
another system would send, through the same door; what the law forbids is not sent at all, and its reason is shown.

    GET  /act/recognition.requested?team=HG-…&year=2024   the form; what the address settles is shown and not asked again
    POST /act/recognition.requested                       faults by field, refusals, flags to confirm, or the event is sent
    GET  /sent/{id}                                       what became of it, by intake's ledger

A form carries a key of its own: pressed twice, the same event is sent twice, and counts once.
"""

from __future__ import annotations

import re
import secrets
import uuid
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway import access, metrics
from services.gateway.forms import faults, posted, reading
from services.gateway.forms.acts import CORRECTED, WITHDRAWN, Act, find
from services.gateway.forms.posted import Posted, TooMuch
from services.gateway.inbound import single
from services.gateway.outcomes import Told
from services.gateway.pages.casework import Case
from services.gateway.pages.commended import Commendation
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.form import (
    BACK,
    CONFIRMED,
    DO,
    EDIT,
    FIXABLE,
    FIXED,
    KEY,
    MORE,
    SPEAK,
    SUBJECT,
    VERSION,
    Form,
    Offers,
    safe,
)
from services.gateway.pages.offers import offers_for
from services.gateway.pages.recognised import Check, Finding, Step
from services.gateway.pages.view import View
from services.gateway.pages.whereabouts import may_act
from services.gateway.rpc import NoAnswer
from shared.contracts import CODES, STRUCTURED, Refusal, decode, record_id
from shared.contracts import read as read_event
from shared.contracts import write as write_event

PATH = "/act"
TOKEN = "token"
DECIDED = "commendation.decided"
_NUMBER = re.compile(r"[0-9]{1,9}")
OUTCOMES = ("applied", "duplicate", "pending")


async def ask(desk: Desk, request: Request, view: View) -> Response:
    act = _act(request)
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    given[FIXED] = [name for name in FIXABLE if act.has(name) and {name, f"{name}.id"} & given.keys()]
    given.pop(KEY, None)
    if act.of is not None:
        given = {**await _said_before(desk, act, Posted(given)), **given}
    return await _page(desk, request, view, act, Posted(given))


async def send(desk: Desk, request: Request, view: View) -> Response:
    act = _act(request)
    try:
        form = await posted.read(request)
    except TooMuch:
        return await _turned_down(desk, request, view, act, Posted({}), note="too_much", status=413)
    _remember(view, form)
    if not access.from_our_page(request, form.one(access.CSRF_FIELD)):
        return await _turned_down(desk, request, view, act, form, note="form", status=403)
    view.speak(form.one(DO).removeprefix(SPEAK))
    if form.one(DO).startswith((MORE, EDIT, SPEAK)):
        return await _page(desk, request, view, act, form)
    token = desk.settings.gateway_token
    if token and not access.same(form.one(TOKEN), token):
        return await _turned_down(desk, request, view, act, form, note="token", status=403)

    read = reading.read(act.fields, form)
    data = act.whole(read.data)
    wrong = faults.missing(read.missing)
    source, id = desk.source(request), _event_id(desk.source(request), request, view, form)
    subject = form.one(SUBJECT) or act.subject(urlsplit(source).netloc, data, form.one(KEY))
    version: dict[str, Any] = {"expectedversion": int(form.one(VERSION))} if _NUMBER.fullmatch(form.one(VERSION)) else {}
    body = write_event(type=act.type.name, source=source, id=id, subject=subject, data=data, **version)
    try:
        event = read_event(body, STRUCTURED, {})
        decode(event, desk.limit())
    except Refusal as refusal:
        # what is missing has been told already, field by field; the contract names the first only
        wrong = wrong or [faults.of(refusal, read)]
    if not await may_act(desk, view, act, data.get("data", data), form.one(SUBJECT)):
        return await _turned_down(desk, request, view, act, form, note="forbidden", status=403)
    if act.continues and not form.one(SUBJECT):
        wrong.append(faults.Fault("", "subject"))
    if wrong:
        return await _turned_down(desk, request, view, act, form, outcome="faulty", wrong=wrong, status=422)

    if act.name == DECIDED and form.one("number") and not form.one("ordinal") and "ordinal" not in form.all(CONFIRMED):
        free = await _free_ordinal(desk, form)
        if free is not None:
            proposed = form.with_values({"ordinal": [str(free)]})
            return await _turned_down(desk, request, view, act, proposed, note="ordinal", status=200)

    try:
        # what the ledger has already cannot be forbidden any more: sending it again only tells that it is there
        if not await _is_known(desk, source, id):
            check = await desk.ask(
                Check, _judge(act), "check", type=act.name, data=_public(event.data), subject=subject, source=source,
            )
            if not check.allowed:
                refusals = _placed(check.refusals, read)
                return await _turned_down(desk, request, view, act, form, outcome="barred", refusals=refusals, status=422)
            if check.flags and not _confirmed(form, check.flags):
                return await _turned_down(desk, request, view, act, form, outcome="flagged", flags=check.flags, status=200)
    except NoAnswer as error:
        return await _turned_down(desk, request, view, act, form, note="unchecked", silent=error.service, status=503)
    answer = await desk.forward(single(body, STRUCTURED, ()))
    metrics.FORMS.labels(act.name, answer.outcome).inc()
    if answer.outcome == "refused":
        code = answer.body["code"]
        fresh = form.with_values({KEY: [_new_key()]}) if code == "id_reused" else form
        wrong = [faults.of(Refusal(code, answer.body["field"], answer.body["reason"]["en"]), read)] if code in CODES else []
        return await _page(desk, request, view, act, fresh, wrong=wrong, refused=answer.body, status=422)
    if answer.outcome not in OUTCOMES:
        return await _page(desk, request, view, act, form, note="not_accepted", status=503)
    where = {"type": act.name, "done": answer.outcome, **({BACK: back} if (back := safe(form.one(BACK))) else {})}
    return RedirectResponse(f"/sent/{id}?{urlencode(where)}", 303, {"Cache-Control": "no-store"})


async def sent(desk: Desk, request: Request, view: View) -> Response:
    """What became of an event that a form sent. The address holds no data of it."""
    id = request.path_params["id"]
    told = await desk.ask_softly(Told, "intake", "outcome", source=desk.source(request), id=id)
    done = request.query_params.get("done", "")
    outcome = told.outcome if told is not None else "silent"
    if outcome == "applied" and told is not None:
        outcome = "parked" if told.parked else "duplicate" if done == "duplicate" else "applied"
    elif outcome == "unknown":
        outcome = "pending"
    name = request.query_params.get("type", "")
    response = desk.page(
        "sent.html", view, type=name if find(name) else "", outcome=outcome, told=told, id=id,
        back=safe(request.query_params.get(BACK, "")) or view.path(),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def link(name: str, back: str, /, **prefill: Any) -> str:
    """The address of a form. ``subject`` and ``n`` name what it continues; a list ticks several boxes."""
    meta = {"subject": SUBJECT, "n": VERSION}
    given = {meta.get(key, key): value for key, value in prefill.items() if value not in (None, "")}
    return f"{PATH}/{name}?{urlencode({**given, BACK: back}, doseq=True)}"


def correct(of: str, subject: str, n: int, source: str, id: str, back: str) -> str:
    """The form that says anew what an entry of that type said, "" where there is none."""
    if find(CORRECTED, of) is None:
        return ""
    return link(CORRECTED, back, of=of, subject=subject, n=n, **{"target.source": source, "target.id": id})


def withdraw(step: Step, subject: str, n: int | None, back: str) -> str:
    """The form that takes an entry back, "" where it is not known what the entry belongs to."""
    if not (subject and step.source and step.id):
        return ""
    return link(WITHDRAWN, back, subject=subject, n=n, **{"target.source": step.source, "target.id": step.id})


def _act(request: Request) -> Act:
    act = find(request.path_params["type"], request.query_params.get("of", ""))
    if act is None:
        raise NotThere("act_unknown")
    return act


def _judge(act: Act) -> str:
    """Who can say beforehand what an event would bring about: the fold of a case, the law of teams, the procedures of a year."""
    if act.name.startswith("directory."):
        return "directory"
    return "intake" if act.name.startswith(("case.", "record.")) else "evaluation"


class _Award(msgspec.Struct):
    ordinal: int | None = None


class _Book(msgspec.Struct):
    items: list[_Award] = []


async def _free_ordinal(desk: Desk, form: Posted) -> int | None:
    """The next "số sổ vàng" of the decision; None where nobody can say."""
    about = await desk.ask_softly(
        Commendation | None, "evaluation", "commendation", id=record_id(form.one(SUBJECT))  # type: ignore[arg-type]
    )
    year = reading.day(form.one("on"))[:4]
    if about is None or not about.unit or not _NUMBER.fullmatch(year):
        return None
    book = await desk.ask_softly(
        _Book, "evaluation", "golden_book", unit=about.unit, number=form.one("number"), year=int(year)
    )
    if book is None:
        return None
    taken = {one.ordinal for one in book.items}
    return next(n for n in range(1, len(taken) + 2) if n not in taken)


async def _said_before(desk: Desk, act: Act, given: Posted) -> dict[str, list[str]]:
    """What the entry that is to be corrected says now, without its private part: that is not shown, and must be said again."""
    found = await desk.ask_softly(Case | None, "intake", "case", id=record_id(given.one(SUBJECT)))  # type: ignore[arg-type]
    named = (given.one("target.source"), given.one("target.id"))
    told = next((one for one in found.entries if (one.source, one.id) == named), None) if found is not None else None
    if found is None or told is None:
        return {}
    latest = next((one.data for one in found.entries if one.entry and one.entry == told.corrected_by), None)
    said = latest.get("data") if latest else told.data
    return reading.written(act.fields, {"data": said or {}})


async def _page(
    desk: Desk, request: Request, view: View, act: Act, given: Posted, *, note: str = "", silent: str = "", status: int = 200,
    wrong: list[faults.Fault] | None = None, refusals: list[Finding] | None = None, flags: list[Finding] | None = None,
    refused: dict[str, Any] | None = None,
) -> Response:
    known = await offers_for(desk, view, act, given) if status != 413 else Offers({}, {})
    form_token = access.form_token(request)
    response = desk.page(
        "act.html", view, status, form=Form(act, given, known, wrong or ()), act=act, note=note, silent=silent,
        refusals=refusals or [], flags=flags or [], refused=refused, key=given.one(KEY) or _new_key(),
        back=safe(given.one(BACK)) or view.path(), field_name=access.CSRF_FIELD, form_token=form_token,
        asks_token=bool(desk.settings.gateway_token), today=desk.limit()[:10],
        names={
            "key": KEY, "back": BACK, "subject": SUBJECT, "n": VERSION, "fixed": FIXED, "confirmed": CONFIRMED, "do": DO,
            "speak": SPEAK,
        },
    )
    response.set_cookie(
        access.CSRF_COOKIE, form_token, httponly=True, samesite="strict", path=PATH, secure=request.url.scheme == "https"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _placed(found: list[Finding], read: reading.Read) -> list[Finding]:
    """With the form's controls as their fields."""
    return [msgspec.structs.replace(one, field=reading.control(read.places, one.field)) for one in found]


async def _turned_down(
    desk: Desk, request: Request, view: View, act: Act, form: Posted, *, status: int, outcome: str = "", note: str = "",
    **why: Any,
) -> Response:
    """The form once more, with why nothing was sent."""
    metrics.FORMS.labels(act.name, outcome or note).inc()
    return await _page(desk, request, view, act, form, note=note, status=status, **why)


def _public(data: msgspec.Raw) -> dict[str, Any]:
    """What another service than intake may see of it."""
    found: dict[str, Any] = msgspec.json.decode(data)
    for part in (found, found.get("data")):
        if isinstance(part, dict):
            part.pop("private", None)
    return found


async def _is_known(desk: Desk, source: str, id: str) -> bool:
    told = await desk.ask_softly(Told, "intake", "outcome", source=source, id=id)
    return told is not None and told.outcome == "applied"


def _confirmed(form: Posted, flags: list[Finding]) -> bool:
    """Every flag was seen, not only some of an earlier state."""
    return {flag.code for flag in flags} <= set(form.all(CONFIRMED))


def _event_id(source: str, request: Request, view: View, form: Posted) -> str:
    """The same for the same form in the same browser, of the same person."""
    browser = request.cookies.get(access.CSRF_COOKIE, "")
    who = [view.who.name] if view.who is not None else []
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\0".join((source, browser, form.one(KEY), *who))))


def _new_key() -> str:
    return secrets.token_hex(16)


def _remember(view: View, form: Posted) -> None:
    """Links on the answer keep the year that the form is about."""
    year = form.one("year")
    if len(year) == 4 and year.isascii() and year.isdigit() and view.offers_year(int(year)):
        view.year = int(year)
