"""Who may come in: the bearer token of systems that post events, and the check that a form was sent from a page of ours."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

CSRF_COOKIE = "namtot_form"
CSRF_FIELD = "form_token"


def bearer_ok(request: Request, token: str) -> bool:
    """True where no token is asked for. The comparison takes as long for a near miss as for a far one."""
    if not token:
        return True
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and same(given.strip(), token)


def same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def form_token(request: Request) -> str:
    """The token of this browser, or a new one. It stands in a cookie that no other site can read or send along, and in the form;
    so no replica of the gateway need remember it."""
    held = request.cookies.get(CSRF_COOKIE, "")
    return held if len(held) == 43 else secrets.token_urlsafe(32)


def from_our_page(request: Request, given: str) -> bool:
    """A form counts only if cookie and field agree and the browser names no other site as where it comes from."""
    held = request.cookies.get(CSRF_COOKIE, "")
    if len(held) != 43 or not same(given, held):
        return False
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
    except ValueError:
        return False
