"""Nhật ký truy cập: who read, exported or erased what is private, and for which purpose. The latest first."""

from __future__ import annotations

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages.cases import page_number
from services.gateway.pages.desk import Desk
from services.gateway.pages.view import View

PAGE = 25
NAMED = 3
"""So many of the cases that an entry is about stand on the page; a log book has hundreds."""
_CASE = re.compile(r"[0-9a-f]{32}")
READS_CASE = "read_case"


class Said(msgspec.Struct, frozen=True):
    seq: int
    at: str
    who: str
    role: str
    action: str
    purpose: str
    about: list[str] = []


class Head(msgspec.Struct, frozen=True):
    seq: int
    hash: str
    unsealed: int = 0


class Trail(msgspec.Struct, frozen=True):
    head: Head
    entries: list[Said] = []


async def listing(desk: Desk, request: Request, view: View) -> Response:
    number = page_number(request.query_params.get("page", ""))
    head = (await desk.ask(Trail, "intake", "audit", after=0, limit=1, seal=True)).head
    last = head.seq - (number - 1) * PAGE
    first = max(0, last - PAGE)
    entries: list[Said] = []
    if last > 0:
        entries = (await desk.ask(Trail, "intake", "audit", after=first, limit=last - first)).entries
    response = desk.page(
        "audit.html", view, head=head, page=number, more=first > 0, entries=[_shown(view, one) for one in reversed(entries)],
        earlier=view.path("audit", page=number - 1), later=view.path("audit", page=number + 1),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(view: View, said: Said) -> dict[str, object]:
    """In words. ``about``: the first cases that were read; ``others``: how many things more the entry names."""
    cases = [id for id in said.about if said.action.startswith(READS_CASE) and _CASE.fullmatch(id)]
    action = said.action if view.knows("audit_action", said.action) else "other"
    return {
        "seq": said.seq, "at": said.at, "who": said.who, "role": view.word("role", said.role.partition("@")[0]),
        "action": view.word("audit_action", action), "refused": said.action.endswith("_refused"),
        "purpose": purpose_of(view, said.purpose), "about": [id[:8] for id in cases[:NAMED]],
        "others": len(said.about) - len(cases[:NAMED]),
    }


def purpose_of(view: View, stated: str) -> str:
    """``other: why`` in words; what was typed elsewhere as it stands."""
    kind, sign, why = stated.partition(":")
    return view.word("purpose", kind) + sign + why if view.knows("purpose", kind) else stated
