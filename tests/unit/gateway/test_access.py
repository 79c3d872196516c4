"""Tokens and forms."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from services.gateway import access

HELD = "t" * 43


def request(**headers: str) -> Request:
    given = {"host": "namtot.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": raw})


@pytest.mark.parametrize(("token", "header", "allowed"), [
    ("", "", True), ("s3cret", "Bearer s3cret", True), ("s3cret", "bearer  s3cret", True), ("s3cret", "", False),
    ("s3cret", "Bearer s3cre", False),
    ("s3cret", "Basic s3cret", False), ("s3cret", "Bearer", False), ("s3cret", "Bearer m\xe3", False),
])
def test_bearer(token: str, header: str, allowed: bool) -> None:
    assert access.bearer_ok(request(**({"authorization": header} if header else {})), token) is allowed


def test_a_form_counts_only_from_our_page() -> None:
    cookie = f"{access.CSRF_COOKIE}={HELD}"
    assert access.from_our_page(request(cookie=cookie), HELD)
    assert access.from_our_page(request(cookie=cookie, sec_fetch_site="same-origin", origin="https://namtot.example"), HELD)
    assert not access.from_our_page(request(cookie=cookie), "t" * 42 + "u")
    assert not access.from_our_page(request(), HELD)
    assert not access.from_our_page(request(), "")
    assert not access.from_our_page(request(cookie=f"{access.CSRF_COOKIE}="), "")
    assert not access.from_our_page(request(cookie=cookie, sec_fetch_site="cross-site"), HELD)
    assert not access.from_our_page(request(cookie=cookie, sec_fetch_site="same-site"), HELD)
    assert not access.from_our_page(request(cookie=cookie, origin="https://evil.example"), HELD)
    assert not access.from_our_page(request(cookie=cookie, origin="null"), HELD)


def test_form_tokens_are_kept_or_made() -> None:
    assert access.form_token(request(cookie=f"{access.CSRF_COOKIE}={HELD}")) == HELD
    one, other = access.form_token(request()), access.form_token(request())
    assert len(one) == 43 and one != other
