"""Signing in and out.

    GET  /sign-in?next=/cases     the form, or the way to the identity provider
    POST /sign-in                 name and password
    GET  /sign-in/go              to the provider;  GET /sign-in/back  from it
    GET  /account                 who is signed in, with which roles;  POST /account/sign-out
"""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway import access, metrics
from services.gateway.forms import posted
from services.gateway.forms.posted import Posted, TooMuch
from services.gateway.identity.gate import Busy
from services.gateway.identity.oidc import Untrusted
from services.gateway.identity.sessions import COOKIE
from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.form import safe
from services.gateway.pages.view import View

log = logging.getLogger(__name__)

PATH, ACCOUNT = "/sign-in", "/account"
NEXT = "next"
GOING_COOKIE = "namtot_going"
GOING_SECONDS = 600
LONGEST_NAME = 200


def link(target: str) -> str:
    return f"{PATH}?{urlencode({NEXT: target})}"


async def ask(desk: Desk, request: Request, view: View) -> Response:
    _must_ask(desk)
    return _page(desk, request, view, target=request.query_params.get(NEXT, ""))


async def send(desk: Desk, request: Request, view: View) -> Response:
    _must_ask(desk)
    if not desk.gate.by_password:
        raise NotThere("not_found")
    try:
        form = await posted.read(request)
    except TooMuch:
        form = Posted({})
    target, name = form.one(NEXT), form.one("name")[:LONGEST_NAME].lower()
    if not access.from_our_page(request, form.one(access.CSRF_FIELD)):
        return _refused(desk, request, view, "form", target, 403)
    address = request.client.host if request.client else ""
    if wait := desk.gate.throttle.waits(name, address):
        response = _refused(desk, request, view, "throttled", target, 429, minutes=-(-wait // 60))
        response.headers["Retry-After"] = str(wait)
        return response
    # counted before it is checked: many tries at once are many tries
    desk.gate.throttle.failed(name, address)
    try:
        cookie = await desk.gate.sign_in(name, form.one("password"))
    except Busy:
        return _refused(desk, request, view, "busy", target, 503)
    if cookie is None:
        await desk.note(name, "", "sign_in_refused", "", [])
        return _refused(desk, request, view, "wrong", target, 403)
    desk.gate.throttle.succeeded(name, address)
    metrics.SIGN_INS.labels("password", "let_in").inc()
    response = RedirectResponse(safe(target) or "/today", 303, {"Cache-Control": "no-store"})
    return _with_session(desk, request, response, cookie)


async def go(desk: Desk, request: Request, view: View) -> Response:
    if desk.gate.provider is None:
        raise NotThere("not_found")
    try:
        going = await desk.gate.provider.begin()
    except Untrusted as error:
        log.warning("sign-in: %s", error)
        return _refused(desk, request, view, "provider", request.query_params.get(NEXT, ""), 503)
    kept = desk.gate.sessions.sign("going", {
        "state": going.state, "nonce": going.nonce, "verifier": going.verifier, NEXT: safe(request.query_params.get(NEXT, "")),
    })
    response = RedirectResponse(going.url, 303, {"Cache-Control": "no-store"})
    # lax: the provider's redirect must bring it back
    response.set_cookie(GOING_COOKIE, kept, max_age=GOING_SECONDS, httponly=True, samesite="lax", path=PATH,
                        secure=_secure(desk, request))
    return response


async def back(desk: Desk, request: Request, view: View) -> Response:
    if desk.gate.provider is None:
        raise NotThere("not_found")
    kept = desk.gate.sessions.signed("going", request.cookies.get(GOING_COOKIE, "")) or {}
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    if not kept or not code or not secrets.compare_digest(state.encode(), str(kept["state"]).encode()):
        return _refused(desk, request, view, "provider", "", 403)
    try:
        known = await desk.gate.provider.finish(code, kept["verifier"], kept["nonce"])
        cookie = desk.gate.known(known)
    except (Untrusted, ValueError) as error:
        log.warning("sign-in: %s", error)
        return _refused(desk, request, view, "provider", kept[NEXT], 403)
    metrics.SIGN_INS.labels("provider", "let_in").inc()
    # a redirect from here would still count as coming from the provider's site, and a strict cookie would stay behind
    response = desk.page("signed_in.html", view, target=kept[NEXT] or "/today", shown=known.shown)
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(GOING_COOKIE, path=PATH)
    return _with_session(desk, request, response, cookie)


async def account(desk: Desk, request: Request, view: View) -> Response:
    if view.who is None:
        return RedirectResponse(link(ACCOUNT), 303, {"Cache-Control": "no-store"})
    token = access.form_token(request)
    response = desk.page("account.html", view, who=view.who, field_name=access.CSRF_FIELD, form_token=token)
    return _with_token(desk, request, response, token, ACCOUNT)


async def sign_out(desk: Desk, request: Request, view: View) -> Response:
    try:
        form = await posted.read(request)
    except TooMuch:
        form = Posted({})
    if not access.from_our_page(request, form.one(access.CSRF_FIELD)):
        return await account(desk, request, view)
    if view.who is not None and view.who.session is not None:
        desk.gate.sessions.end(view.who.session)
    response = RedirectResponse("/", 303, {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


def _must_ask(desk: Desk) -> None:
    if not desk.gate.asks:
        raise NotThere("not_found")


def _refused(desk: Desk, request: Request, view: View, note: str, target: str, status: int, **values: object) -> Response:
    metrics.SIGN_INS.labels("provider" if note == "provider" else "password", note).inc()
    return _page(desk, request, view, target=target, note=note, status=status, **values)


def _page(
    desk: Desk, request: Request, view: View, *, target: str, note: str = "", status: int = 200, **values: object
) -> Response:
    token = access.form_token(request)
    response = desk.page(
        "sign_in.html", view, status, target=safe(target), note=note, said=values, by_password=desk.gate.by_password,
        provider=f"{PATH}/go?{urlencode({NEXT: safe(target)})}" if desk.gate.provider else "",
        field_name=access.CSRF_FIELD, form_token=token,
    )
    return _with_token(desk, request, response, token, PATH)


def _with_token(desk: Desk, request: Request, response: Response, token: str, path: str) -> Response:
    response.set_cookie(access.CSRF_COOKIE, token, httponly=True, samesite="strict", path=path, secure=_secure(desk, request))
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_session(desk: Desk, request: Request, response: Response, cookie: str) -> Response:
    # no age: closing the browser ends it too; how long it holds at most stands in it
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/", secure=_secure(desk, request))
    return response


def _secure(desk: Desk, request: Request) -> bool:
    return desk.gate.secure or request.url.scheme == "https"
