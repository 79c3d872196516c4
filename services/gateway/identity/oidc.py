"""OpenID Connect: the code flow with PKCE for browsers, and bearer tokens of the same issuer. Tokens are checked by PyJWT against
the keys that the issuer publishes; only asymmetric algorithms count. What blocks runs in a thread.

OpenID Connect Core 1.0, section 3.1; RFC 7636.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import jwt

from shared.people import Held
from shared.people.file import PeopleError, held
from shared.settings import Settings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
SECONDS = 5.0
LEEWAY = 30
MOST_BYTES = 1024 * 1024


class Untrusted(Exception):
    """The provider's word cannot be had, or is not to be believed."""


class Known(NamedTuple):
    """``until``: when the token ends, seconds since 1970."""

    name: str
    shown: str
    roles: list[Held]
    until: int


class Going(NamedTuple):
    """On the way to the provider: its address, and what the browser keeps meanwhile."""

    url: str
    state: str
    nonce: str
    verifier: str


class Provider:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._document: dict[str, Any] | None = None
        self._keys: jwt.PyJWKClient | None = None

    @property
    def back(self) -> str:
        """Where the provider sends people back: by the setting, never by a request's Host header."""
        return f"{self._settings.public_url.rstrip('/')}/sign-in/back"

    async def begin(self) -> Going:
        document = await asyncio.to_thread(self._discovered)
        going = Going("", secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(going.verifier.encode()).digest()).decode().rstrip("=")
        query = urlencode({
            "response_type": "code", "client_id": self._settings.oidc_client_id, "redirect_uri": self.back,
            "scope": "openid profile", "state": going.state, "nonce": going.nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        })
        address = str(document["authorization_endpoint"])
        return going._replace(url=f"{address}{'&' if '?' in address else '?'}{query}")

    async def finish(self, code: str, verifier: str, nonce: str) -> Known:
        """Raise ``Untrusted``."""
        def work() -> Known:
            form = {
                "grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": verifier,
                "client_id": self._settings.oidc_client_id,
            }
            if self._settings.oidc_client_secret:
                form["client_secret"] = self._settings.oidc_client_secret
            answer = _fetched(str(self._discovered()["token_endpoint"]), urlencode(form).encode())
            claims = self._claims(str(answer.get("id_token", "")))
            if not secrets.compare_digest(str(claims.get("nonce", "")), nonce):
                raise Untrusted("the token answers another sign-in")
            return self._known(claims)

        return await asyncio.to_thread(work)

    async def bearer(self, token: str) -> Known:
        """Raise ``Untrusted``."""
        return await asyncio.to_thread(lambda: self._known(self._claims(token)))

    def _claims(self, token: str) -> dict[str, Any]:
        self._discovered()
        assert self._keys is not None
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(
                token, key.key, algorithms=ALGORITHMS, audience=self._settings.oidc_client_id, issuer=self._settings.oidc_issuer,
                leeway=LEEWAY, options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise Untrusted(type(error).__name__) from None
        return claims

    def _known(self, claims: Mapping[str, Any]) -> Known:
        name = str(claims["sub"])[:200]
        shown = str(claims.get("name") or claims.get("preferred_username") or name)[:200]
        given = claims.get(self._settings.oidc_roles_claim) or []
        if not isinstance(given, list):
            raise Untrusted(f"the claim {self._settings.oidc_roles_claim} is no list")
        try:
            return Known(name, shown, [held(one) for one in given], int(claims["exp"]))
        except PeopleError as error:
            raise Untrusted(str(error)) from None

    def _discovered(self) -> dict[str, Any]:
        if self._document is None:
            issuer = self._settings.oidc_issuer.rstrip("/")
            document = _fetched(f"{issuer}/.well-known/openid-configuration")
            if document.get("issuer") != self._settings.oidc_issuer:
                raise Untrusted("the provider's own document names another issuer")
            wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if not all(isinstance(document.get(name), str) and _is_web(document[name]) for name in wanted):
                raise Untrusted("the provider's document lacks an address")
            self._keys = jwt.PyJWKClient(str(document["jwks_uri"]), timeout=int(SECONDS), cache_keys=True, lifespan=300)
            self._document = document
        return self._document


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in ("https", "http")


def _fetched(url: str, body: bytes | None = None) -> dict[str, Any]:
    request = urllib.request.Request(url, body, {"Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            found = json.loads(answer.read(MOST_BYTES))
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise Untrusted(f"the identity provider does not answer: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise Untrusted("the identity provider answers something else")
    return found
