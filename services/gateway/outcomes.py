"""What a sender is told: intake's outcome as an HTTP status and a body with both languages.

    outcome       status
    applied       200    taken in; ``record`` and its version ``n``
    duplicate     200    had been taken in before; nothing changed
    refused       422    ``code``, ``field``, ``reason``, ``next``: what to do
    pending       202    confirmed by the broker, not yet taken in; ``status_url`` tells later
    not_accepted  503    the broker did not confirm; send it again after ``Retry-After`` seconds
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

from services.gateway.inbound import CannotForward
from services.gateway.words import Words
from shared.contracts import CODES, Refusal

RETRY_SECONDS = 5
ASK_AGAIN_SECONDS = 2


class Told(msgspec.Struct):
    """Intake's reply to one event, and its ledger's answer to ``outcome``."""

    outcome: str
    source: str | None = None
    id: str | None = None
    code: str | None = None
    field: str | None = None
    reason: str | None = None
    record: str | None = None
    n: int | None = None
    parked: bool = False


class Answer(NamedTuple):
    status: int
    outcome: str
    body: dict[str, Any]
    headers: dict[str, str]


def told(words: Words, told: Told, source: str | None, id: str | None) -> Answer:
    """``source`` and ``id``: as the gateway read them, where the reply names none."""
    head = {"source": told.source or source, "id": told.id or id}
    refused = told.outcome == "refused" or (told.outcome == "redelivered" and told.code is not None)
    if refused:
        body = {**head, "outcome": "refused", **why(words, told.code or "", told.field or "", told.reason or "")}
        return Answer(422, "refused", body, {"Cache-Control": "no-store"})
    # a broker's second delivery of what was applied is, to its sender, applied
    outcome = "duplicate" if told.outcome == "duplicate" else "applied"
    said = "parked" if told.parked else outcome
    body = {**head, "outcome": outcome, "record": told.record, "n": told.n, "message": words.both(f"outcome.{said}")}
    return Answer(200, outcome, body, {})


def why(words: Words, code: str, field: str, reason: str) -> dict[str, Any]:
    """A refusal's reason in both languages, and what its sender can do."""
    people = Refusal(code, field, reason).people if code in CODES else code
    return {
        "code": code, "field": field, "reason": {"vi": people, "en": reason},
        "next": words.both(f"refusal.{code}" if code in CODES else "refusal.other"),
    }


def pending(words: Words, source: str | None, id: str | None) -> Answer:
    body: dict[str, Any] = {"source": source, "id": id, "outcome": "pending", "message": words.both("outcome.pending")}
    headers = {"Retry-After": str(ASK_AGAIN_SECONDS)}
    if source and id:
        body["status_url"] = status_url(source, id)
        headers["Location"] = body["status_url"]
    return Answer(202, "pending", body, headers)


def status_url(source: str, id: str) -> str:
    """In the query rather than the path: proxies rewrite the encoded slashes of a source's URI."""
    return f"/events?{urlencode({'source': source, 'id': id})}"


def not_accepted(words: Words, source: str | None, id: str | None) -> Answer:
    body = {"source": source, "id": id, "outcome": "not_accepted", **trouble(words, "broker_away", seconds=RETRY_SECONDS)}
    return Answer(503, "not_accepted", body, {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"})


def turned_away(words: Words, error: CannotForward) -> Answer:
    body = {"outcome": "not_accepted", **trouble(words, error.code, **error.values)}
    return Answer(error.status, error.code, body, {"Cache-Control": "no-store"})


def trouble(words: Words, code: str, **values: Any) -> dict[str, Any]:
    """A trouble at the door itself: nothing was forwarded."""
    return {"code": code, "reason": words.both(f"door.{code}.what", **values), "next": words.both(f"door.{code}.next", **values)}


def listed(answers: list[Answer]) -> Answer:
    """A batch's answers in the order of its events. 503 only where none was accepted, so that all may be sent again."""
    away = [answer for answer in answers if answer.status == 503]
    body = {"events": [{"status": answer.status, **answer.body} for answer in answers]}
    if answers and len(away) == len(answers):
        return Answer(503, "not_accepted", body, away[0].headers)
    return Answer(207, "batch", body, {"Cache-Control": "no-store"})
