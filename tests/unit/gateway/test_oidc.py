"""Signing in by an identity provider: against an issuer that really listens, with keys of its own."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.site import SETTINGS, Site

CLIENT, SUBJECT = "namtot", "sub-1"
ROLE = {"role": "justice_officer", "unit": "00118", "from": "2025-07-01"}
KEY, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Issuer(ThreadingHTTPServer):
    """``claims`` and ``key``: what the next token says, and by which key. ``asked``: the forms that were posted to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.anew()

    def anew(self) -> None:
        self.named = self.url
        self.claims: dict[str, Any] = {}
        self.key: Any = KEY
        self.nonce = ""
        self.asked: list[dict[str, list[str]]] = []

    def token(self, **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "sub": SUBJECT, "name": "Bà Bình", "iat": now, "exp": now + 300,
                "nonce": self.nonce, "namtot_roles": [ROLE], **claims}
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, self.key, algorithm="RS256", headers={"kid": "k1"})


class Handler(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        url = self.server.url
        if self.path == "/.well-known/openid-configuration":
            self.answer({"issuer": self.server.named, "authorization_endpoint": f"{url}/authorize",
                         "token_endpoint": f"{url}/token", "jwks_uri": f"{url}/jwks"})
        else:
            public = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            self.answer({"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]})

    def do_POST(self) -> None:
        self.server.asked.append(parse_qs(self.rfile.read(int(self.headers["content-length"])).decode()))
        self.answer({"access_token": "x", "token_type": "Bearer", "id_token": self.server.token(**self.server.claims)})

    def answer(self, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def listening() -> Iterator[Issuer]:
    with Issuer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def issuer(listening: Issuer, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    listening.anew()
    return listening


def site(issuer: Issuer) -> Site:
    settings = dataclasses.replace(
        SETTINGS, public_url="http://namtot.example", oidc_issuer=issuer.url, oidc_client_id=CLIENT, oidc_client_secret="s3"
    )
    return Site(settings, evaluation__cases={"total": 0, "items": []}, intake__note=None)


def went(here: Site, issuer: Issuer) -> dict[str, str]:
    """On the way to the provider; what stood in the address."""
    answer = here.get("/sign-in/go?next=/cases")
    assert answer.status_code == 303 and answer.headers["location"].startswith(f"{issuer.url}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    issuer.nonce = asked["nonce"]
    return asked


def came_back(here: Site, state: str, code: str = "c0de") -> httpx.Response:
    return here.get("/sign-in/back", params={"state": state, "code": code})


def session(answer: httpx.Response) -> list[str]:
    return [c for c in answer.headers.get_list("set-cookie") if c.startswith("namtot_session")]


def test_the_code_flow_lets_in_who_the_provider_knows(issuer: Issuer) -> None:
    here = site(issuer)
    assert here.get("/cases").status_code == 303
    asked = went(here, issuer)
    assert (asked["client_id"], asked["response_type"], asked["redirect_uri"], asked["code_challenge_method"]) == (
        CLIENT, "code", "http://namtot.example/sign-in/back", "S256",
    )
    answer = came_back(here, asked["state"])
    (cookie,) = session(answer)
    assert answer.status_code == 200 and "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    assert re.search(r'href="/cases"|url=/cases', answer.text)
    (form,) = issuer.asked
    hashed = encoded(hashlib.sha256(form["code_verifier"][0].encode()).digest())
    assert (form["code"], form["client_secret"], hashed) == (["c0de"], ["s3"], asked["code_challenge"])
    assert here.get("/cases").status_code == 200
    account = here.get("/account").text
    assert "Bà Bình" in account and "Cán bộ phụ trách tư pháp" in account
    assert here.get("/audit").status_code == 403


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


WRONG: list[dict[str, Any]] = [
    {"nonce": "another"}, {"nonce": None}, {"aud": "another-client"}, {"iss": "https://evil.example"}, {"exp": 1_000_000_000},
    {"exp": None}, {"sub": None}, {"nbf": 4_000_000_000}, {"namtot_roles": "chair"}, {"namtot_roles": [{"role": "root"}]},
]


@pytest.mark.parametrize("claims", WRONG, ids=lambda claims: "-".join(f"{k}={v}"[:24] for k, v in claims.items()))
def test_a_token_that_says_something_wrong_lets_nobody_in(issuer: Issuer, claims: dict[str, Any]) -> None:
    here = site(issuer)
    asked = went(here, issuer)
    issuer.claims = claims
    answer = came_back(here, asked["state"])
    assert answer.status_code == 403 and not session(answer)
    assert here.get("/cases").status_code == 303


def test_a_token_by_another_key_lets_nobody_in(issuer: Issuer) -> None:
    here = site(issuer)
    asked = went(here, issuer)
    issuer.key = OTHER
    answer = came_back(here, asked["state"])
    assert answer.status_code == 403 and not session(answer)


def test_coming_back_from_another_sign_in_is_refused_before_the_provider_is_asked(issuer: Issuer) -> None:
    here = site(issuer)
    went(here, issuer)
    for state in ("another", "", "ở đâu"):
        assert came_back(here, state).status_code == 403
    stranger = site(issuer)
    assert came_back(stranger, "anything").status_code == 403
    assert issuer.asked == []


def test_a_provider_that_names_another_issuer_is_not_gone_to(issuer: Issuer) -> None:
    issuer.named = "https://evil.example"
    answer = site(issuer).get("/sign-in/go")
    assert answer.status_code == 503 and "location" not in answer.headers


def bearer(here: Site, token: str) -> int:
    return here.get("/cases", headers={"authorization": f"Bearer {token}"}).status_code


def test_a_bearer_token_of_the_issuer_opens_what_its_roles_open(issuer: Issuer) -> None:
    here = site(issuer)
    assert bearer(here, issuer.token()) == 200
    assert bearer(here, issuer.token(namtot_roles=[])) == 403
    assert bearer(here, issuer.token(namtot_roles=[{**ROLE, "to": "2025-12-31"}])) == 403, "a role that is over"
    assert "set-cookie" not in here.get("/cases", headers={"authorization": f"Bearer {issuer.token()}"}).headers


@pytest.mark.parametrize("claims", [one for one in WRONG if "nonce" not in one])
def test_a_bearer_token_that_says_something_wrong_opens_nothing(issuer: Issuer, claims: dict[str, Any]) -> None:
    assert bearer(site(issuer), issuer.token(**claims)) == 303


def test_a_bearer_token_that_was_not_signed_by_the_issuer_opens_nothing(issuer: Issuer) -> None:
    here, good = site(issuer), issuer.token()
    claims = jwt.decode(good, options={"verify_signature": False})
    head, body, signature = good.split(".")
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mixed = f"{encoded(json.dumps({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'}).encode())}.{body}"
    more = encoded(json.dumps({**claims, "sub": "root"}).encode())
    forged = [
        jwt.encode(claims, OTHER, algorithm="RS256", headers={"kid": "k1"}),
        jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "unknown"}),
        jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"}),
        f"{mixed}.{encoded(hmac.digest(public, mixed.encode(), 'sha256'))}",
        f"{head}.{more}.{signature}", f"{head}.{body}.", "a.b.c", "..", f"{good}x",
    ]
    assert [bearer(here, token) for token in forged] == [303] * len(forged)
    assert bearer(here, good) == 200
