"""What could not be taken in: the list, one message's reason and what to do, and taking it in again. Never a message's body: it
may tell of the parties' private life."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway import access
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.shapes import Refused, RefusedList
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.contracts import CODES

PAGE = 50
FORM_BYTES = 4096
SHOWN = ("open", "all")
DONE = ("applied", "duplicate", "refused", "sent")
UNKNOWN = frozenset({"KeyError", "LookupError", "NotFound", "Unknown"})
"""What intake raises for a key that it does not have."""


async def listing(desk: Desk, request: Request, view: View) -> Response:
    number = _page_number(request.query_params.get("page", "1"))
    shown = request.query_params.get("show", "open")
    shown = shown if shown in SHOWN else "open"
    found = await desk.ask(
        RefusedList, "intake", "refused", limit=PAGE, skip=(number - 1) * PAGE, status=None if shown == "all" else shown
    )
    return _private(desk.page(
        "refused.html", view, found=found, page=number, shown=shown, filters=SHOWN, more=number * PAGE < found.total
    ))


async def one(desk: Desk, request: Request, view: View) -> Response:
    done = request.query_params.get("done", "")
    return await _one(desk, request, view, note=done if done in DONE else "")


async def replay(desk: Desk, request: Request, view: View) -> Response:
    """Take the message in again; the form must come from our page, and where a token guards the door it is asked for here too."""
    key = request.path_params["key"]
    form = await _form(request)
    if not access.from_our_page(request, form.get(access.CSRF_FIELD, "")):
        return await _one(desk, request, view, note="form", status=403)
    token = desk.settings.gateway_token
    if token and not access.same(form.get("token", ""), token):
        return await _one(desk, request, view, note="token", status=403)
    try:
        result = await desk.ask(dict[str, Any] | None, "intake", "refused_replay", id=key)  # type: ignore[arg-type]
    except NoAnswer as error:
        if error.error in UNKNOWN:
            raise NotThere("refusal_unknown") from error
        raise
    outcome = (result or {}).get("outcome")
    done = outcome if outcome in DONE else "sent"
    # a reload must not replay again
    return RedirectResponse(view.path("refused", key, done=done), 303, {"Cache-Control": "no-store"})


async def _one(desk: Desk, request: Request, view: View, note: str, status: int = 200) -> Response:
    key = request.path_params["key"]
    try:
        item = await desk.ask(Refused | None, "intake", "refused_show", id=key)  # type: ignore[arg-type]
    except NoAnswer as error:
        if error.error in UNKNOWN:
            raise NotThere("refusal_unknown") from error
        raise
    if item is None:
        raise NotThere("refusal_unknown")
    form_token = access.form_token(request)
    response = desk.page(
        "refusal.html", view, status, item=item, note=note, field_name=access.CSRF_FIELD, form_token=form_token,
        asks_token=bool(desk.settings.gateway_token), advice=f"refusal.{item.code if item.code in CODES else 'other'}",
    )
    response.set_cookie(
        access.CSRF_COOKIE, form_token, httponly=True, samesite="strict", path="/refused", secure=request.url.scheme == "https"
    )
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0 else 1


async def _form(request: Request) -> dict[str, str]:
    """The form's fields, of a form no larger than ours; anything else counts as empty."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return {}
    try:
        fields = parse_qs(body.decode(), max_num_fields=10)
    except (UnicodeDecodeError, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}
