"""Nhập sổ Excel: a register is uploaded, what is doubtful in it is asked, and each row's outcome shown.

    GET  /import                      the form, and templates to fill
    POST /import                      a file, or the answers to questions about one that was just sent
    GET  /import/templates/{kind}     a workbook to fill
    GET  /import/marked/{token}       the copy with reasons, for whoever brought the file, for half an hour
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from services.gateway import access, metrics
from services.gateway.forms import reading as written
from services.gateway.identity.policy import Where
from services.gateway.pages.act import TOKEN
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.shapes import Both
from services.gateway.pages.view import View
from services.gateway.registers.asked import Asked
from services.gateway.registers.taking import Taken, Unreadable, marked, take, template
from shared.naming import alphabet

PATH = "/import"
ACT = "register.imported"
"""Which role may: see the policy, as of an event of that name."""
KINDS = ("log", "roster", "documents", "attendance", "zero")
ANSWERS = {"day-order": ("dmy", "mdy"), "excel-dates": ("kept", "swapped"), "changed": ("correct", "distinct", "leave")}
KNOWN_PAGE, KNOWN_PAGES = 1000, 100
FILE_BYTES = 10 * 1024 * 1024
READING_SECONDS = 120.0
AT_ONCE, WAITING = 2, 6
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE, SHELVED = "file", "shelved"

_slots = asyncio.Semaphore(AT_ONCE)
_asked_for: set[object] = set()


class Unit(msgspec.Struct, frozen=True):
    code: str
    name: str
    valid_from: str = ""


class Imported(msgspec.Struct, frozen=True):
    items: list[dict[str, Any]] = []
    next: str | None = None


class Sent(NamedTuple):
    """A form as it came; ``body`` and ``name``: of the file, if there was one."""

    fields: dict[str, str]
    body: bytes
    name: str

    def one(self, name: str) -> str:
        return self.fields.get(name, "").strip()


class TooMuch(Exception):
    pass


async def ask(desk: Desk, request: Request, view: View) -> Response:
    given = {"unit": request.query_params.get("unit", "")}
    return await _page(desk, request, view, Sent(given, b"", ""))


async def send(desk: Desk, request: Request, view: View) -> Response:
    try:
        form = await _sent(request)
    except TooMuch:
        return await _page(desk, request, view, Sent({}, b"", ""), note="too_much", status=413)
    if not access.from_our_page(request, form.one(access.CSRF_FIELD)):
        return await _page(desk, request, view, form, note="form", status=403)
    if desk.settings.gateway_token and not access.same(form.one(TOKEN), desk.settings.gateway_token):
        return await _page(desk, request, view, form, note="token", status=403)
    unit = next((one for one in await _units(desk, view) if one.code == form.one("unit")), None)
    if unit is None:
        return await _page(desk, request, view, form, note="unit", status=422)
    who = _who(request, view)
    kept = desk.shelf.get(form.one(SHELVED), who)
    body, name = (form.body, form.name) if form.body or kept is None else (kept.body, kept.name)
    if not body:
        return await _page(desk, request, view, form, note="gone" if form.one(SHELVED) else "file", status=422)
    if len(_asked_for) >= AT_ONCE + WAITING:
        return await _page(desk, request, view, form, note="busy", status=503)
    await _noted(desk, view, unit, body)
    mine = object()
    _asked_for.add(mine)
    try:
        async with _slots:
            asked = _asked(desk, request, view, form, unit)
            asked.known = await _known(desk, asked.source)
            taken = await take(body, asked, desk.forward)
            copy = await marked(body, taken, view.language) if any(one.row for one in taken.bad) else b""
    except Unreadable as error:
        metrics.FORMS.labels("register", "unreadable").inc()
        return await _page(desk, request, view, form, unreadable=error.words, status=422)
    finally:
        _asked_for.discard(mine)
    metrics.FORMS.labels("register", "asked" if taken.questions else "taken").inc()
    shelved = desk.shelf.put(body, name, who) if taken.questions or (taken.left and not form.one("changed")) else ""
    if taken.questions:
        return await _page(desk, request, view, form, taken=taken, shelved=shelved, name=name)
    token = desk.shelf.put(copy, f"{Path(name).stem.removesuffix('.can-sua')}.can-sua.xlsx", who) if copy else ""
    copied = f"{PATH}/marked/{token}" if token else ""
    return await _page(desk, request, view, form, taken=taken, name=name, copy=copied, shelved=shelved)


async def blank(desk: Desk, request: Request, view: View) -> Response:
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise NotThere("not_found")
    return _file(await template(kind), f"mau-{kind}.xlsx")


async def copy(desk: Desk, request: Request, view: View) -> Response:
    found = desk.shelf.get(request.path_params["token"], _who(request, view))
    if found is None:
        return await _page(desk, request, view, Sent({}, b"", ""), note="gone", status=404)
    return _file(found.body, found.name)


def _asked(desk: Desk, request: Request, view: View, form: Sent, unit: Unit) -> Asked:
    day = written.day(form.one("on"))
    today = view.today.isoformat()
    picked = {name: form.one(name) if form.one(name) in known else "" for name, known in ANSWERS.items()}
    return Asked(
        kind=form.one("kind") if form.one("kind") in KINDS else "", source=f"{desk.source(request)}/so/{unit.code}",
        unit=unit.code, unit_name=unit.name, valid_from=unit.valid_from[:10] or "1976-01-01",
        on=day if _is_day(day) else today, today=today,
        order=picked["day-order"], cells=picked["excel-dates"], reference_key=desk.settings.reference_key_file,
        master_key=desk.settings.key_file, changed=picked["changed"], by=_by(view, unit), lang=view.language,
    )


def _by(view: View, unit: Unit) -> str:
    """Who corrects, as the events say it: the office, never a person."""
    held = view.who.acting(ACT, Where(unit=unit.code), view.today) if view.who is not None else None
    return f"{held.role}/{unit.code}" if held is not None else f"console/{unit.code}"


async def _known(desk: Desk, source: str) -> list[dict[str, Any]]:
    """What intake has of this unit's registers, so that a mended row sets right what it said before. Raise ``NoAnswer``."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    for _ in range(KNOWN_PAGES):
        page = await desk.ask(Imported, "intake", "imported", source=source, after=after, limit=KNOWN_PAGE)
        found += page.items
        if (after := page.next) is None:
            break
    return found


def _is_day(text: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


async def _noted(desk: Desk, view: View, unit: Unit, body: bytes) -> None:
    """Before it is read: it may hold names. Raise ``NoAnswer``."""
    who = view.who
    held = who.acting(ACT, Where(unit=unit.code), view.today) if who is not None else None
    await desk.ask(
        Any, "intake", "note", who=who.name if who is not None else "-", role=f"{held.role}@{unit.code}" if held else "",
        action="import_register", purpose="register", about=[f"unit:{unit.code}", f"sha256:{hashlib.sha256(body).hexdigest()}"],
    )


async def _units(desk: Desk, view: View) -> list[Unit]:
    """Those for which the reader may."""
    found = await desk.ask(list[Unit], "directory", "units", on=view.today.isoformat())
    who = view.who
    mine = found if who is None else [one for one in found if who.acting(ACT, Where(unit=one.code), view.today) is not None]
    return sorted(mine, key=lambda one: (alphabet.order(one.name), one.code))


def _who(request: Request, view: View) -> str:
    """Whose a shelved workbook is: the person's, in this browser."""
    return f"{view.who.name if view.who is not None else ''}\0{request.cookies.get(access.CSRF_COOKIE, '')}"


class _InMemory(MultiPartParser):
    """A register holds names: no part of it goes to the disk."""

    spool_max_size = FILE_BYTES * 2


async def _sent(request: Request) -> Sent:
    """Raise ``TooMuch``."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > FILE_BYTES + 64 * 1024:
        raise TooMuch
    taken = 0

    async def stream() -> Any:
        nonlocal taken
        async for chunk in request.stream():
            taken += len(chunk)
            if taken > FILE_BYTES + 64 * 1024:
                raise TooMuch
            yield chunk

    try:
        async with asyncio.timeout(READING_SECONDS):
            form = await _InMemory(request.headers, stream(), max_files=1, max_fields=20, max_part_size=4096).parse()
    except (MultiPartException, TimeoutError, UnicodeDecodeError, ValueError, KeyError):
        raise TooMuch from None
    fields, body, name = {}, b"", ""
    for key, value in form.multi_items():
        if isinstance(value, UploadFile):
            body, name = await value.read(), value.filename or ""
            await value.close()
        else:
            fields[key] = value
    return Sent(fields, body, name)


async def _page(
    desk: Desk, request: Request, view: View, form: Sent, *, note: str = "", status: int = 200, taken: Taken | None = None,
    name: str = "", copy: str = "", shelved: str = "", unreadable: Both | None = None,
) -> Response:
    token = access.form_token(request)
    questions = taken.questions if taken is not None else []
    response = desk.page(
        "import.html", view, status, form=form, units=await _units(desk, view), kinds=KINDS, note=note, name=name, copy=copy,
        taken=taken if taken is not None and not questions else None, questions=questions, shelved=shelved, unreadable=unreadable,
        shown=SHOWN, field_name=access.CSRF_FIELD, form_token=token, asks_token=bool(desk.settings.gateway_token),
        mb=FILE_BYTES >> 20,
    )
    response.set_cookie(
        access.CSRF_COOKIE, token, httponly=True, samesite="strict", path=PATH,
        secure=desk.gate.secure or request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _file(body: bytes, name: str) -> Response:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "so.xlsx"
    return Response(body, media_type=XLSX, headers={
        "Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "no-store",
    })
