"""Settings of a process, from the environment; what is not set there comes from ``.namtot/local.json``, which ``namtot up``
writes for the servers it started. Every variable that namtot reads is named here."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """A setting is missing or cannot be read; the message names the variable."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One field per environment variable: ``amqp_uri`` is ``AMQP_URI``; fields below the line carry the prefix ``NAMTOT_``."""

    amqp_uri: str
    mongo_uri: str
    # -- with prefix NAMTOT_
    key_file: str = ".namtot/master.key"
    """96 random bytes: the master key of the vault, when it lies in a file (``key_provider`` "local")."""
    key_file_before: str = ""
    """While the master key is rotated: the file that was ``key_file`` before (``namtot keys rotate``)."""
    key_command: str = ""
    """With ``key_provider`` "command": prints the master key, as 96 bytes or as their base64; run at the start, by no shell."""
    key_command_before: str = ""
    """While the master key is rotated: the command that prints the one before, in place of ``key_file_before``."""
    reference_key_file: str = ""
    """The key of the references to mediators, at least 32 random bytes that never change; empty: ``<key_file>.references``, made
    by the first import."""
    retention_rules: str = ""
    """YAML of how long private parts are kept in place of the rules that ship with namtot, which keep everything."""
    key_provider: str = "local"
    """Where the master key comes from: "local" (``key_file``) or "command" (``key_command``), e.g. of a secrets service."""
    database_prefix: str = "namtot"
    """Databases are ``<prefix>_intake``, ``<prefix>_evaluation`` …; tests use a prefix of their own."""
    http_host: str = "127.0.0.1"
    http_port: int = 0
    """Health and metrics of a service, or the gateway's pages; 0 takes a free port."""
    port_file: str = ""
    """Where a service writes the port that it took."""
    batch: int = 500
    """Most messages in one transaction, and the prefetch once a first batch was clean."""
    heartbeat: int = 30
    """Seconds without a sign of life after which broker and service give each other up (twice, as AMQP counts)."""
    max_body: int = 1024 * 1024
    sources_file: str = ""
    """YAML of known sources: their rights and whom to tell of a refusal; empty: every source may send every type."""
    smtp_url: str = ""
    """Apprise URL of the mail channel, e.g. ``mailto://localhost:1025?from=namtot@example.vn``; empty: no mail is sent."""
    log_level: str = "INFO"
    gateway_token: str = ""
    """Bearer token asked of systems that post events; empty: none is asked (development)."""
    gateway_wait_ms: int = 3000
    """How long ``POST /events`` waits for intake's outcome before it answers 202 with the place to ask, in milliseconds."""
    gateway_query_ms: int = 5000
    """How long a page waits for a service to answer, in milliseconds."""
    console: str = ""
    """Source of the events that people enter in the pages, e.g. ``https://tuphap.example/console``; empty: by the address where
    the pages are reached."""
    notification_rules: str = ""
    """YAML of notification rules in place of those that ship with namtot (``services/notification/rules.yaml``)."""
    commendation_rules: str = ""
    """YAML of commendation rules (forms, gates, money, limits, proposals) in place of ``services/evaluation/commendations``."""
    payment_rules: str = ""
    """YAML of terms and rates of payment in place of ``services/evaluation/payments``: what the city or a commune pays."""
    scheme: str = "hanoi-v2"
    """The scheme shown first, and by which communes go that chose none."""
    papers_dir: str = ""
    """Folder of own templates of papers (``namtot papers template``); for what is not in it the shipped ones serve."""
    notice: str = ""
    """A line at the head of every page, e.g. that the data shown is simulated."""
    people_file: str = ""
    """YAML of the people who may sign in (``namtot people``), for a commune without an identity provider."""
    session_key_file: str = ""
    """At least 32 random bytes that sign sessions, the same for all replicas of the gateway; empty: new at each start."""
    session_minutes: int = 480
    """After so long a sign-in ends by itself."""
    public_url: str = ""
    """Where people reach the pages, e.g. ``https://namtot.example``: the only host then answered for, and OIDC's return."""
    oidc_issuer: str = ""
    """OpenID Connect: the issuer's address; empty: nobody signs in by it."""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    """Empty for a public client: PKCE is used either way."""
    oidc_roles_claim: str = "namtot_roles"
    """The claim that lists roles as the people file writes them: ``{"role", "unit" | "team", "from", "to"}``."""
    failpoint: str = ""
    """Tests only: ``name=action``, see ``shared.failpoints``."""


BARE = ("amqp_uri", "mongo_uri")


def variable(field: str) -> str:
    return field.upper() if field in BARE else f"NAMTOT_{field.upper()}"


def local_state(home: Path | None = None) -> dict[str, Any]:
    """What ``namtot up`` wrote, or nothing."""
    path = (home or Path(os.environ.get("NAMTOT_HOME", ".namtot"))) / "local.json"
    try:
        loaded: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SettingsError(f"{path} is damaged ({error}); run `namtot down`, then `namtot up`") from None
    return loaded


def load(environ: Mapping[str, str] | None = None) -> Settings:
    env = os.environ if environ is None else environ
    local = {} if all(env.get(variable(f)) for f in BARE) else local_state(Path(env.get("NAMTOT_HOME", ".namtot")))
    given: dict[str, Any] = {}
    for field in fields(Settings):
        name = variable(field.name)
        value: Any = env.get(name) or local.get("env", {}).get(name)
        if value is None or value == "":
            if field.name in BARE:
                raise SettingsError(f"{name} is not set and no local servers run; start them with `namtot up`")
            continue
        if field.type in (int, "int"):
            try:
                value = int(value)
            except ValueError:
                raise SettingsError(f"{name}={value!r} is not a whole number") from None
        given[field.name] = value
    return Settings(**given)
