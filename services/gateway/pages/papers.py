"""Official papers to download: evaluation says what stands in one, and a process of its own writes it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages.desk import Desk, NotThere
from services.gateway.pages.league import picked_year
from services.gateway.pages.view import View
from services.gateway.rpc import NoAnswer
from shared.papers import KINDS, PaperError
from shared.papers.kinds import Kind
from shared.papers.making import Wanted, file_name
from shared.papers.worker import made

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Papers written at a time: each is a process."""
WAITING = 8
"""So many more may wait for their turn; who comes then is asked to come again."""
SECONDS = 30.0
ASKED = ("unit", "team", "commendation", "payment")
UNKNOWN = frozenset({
    "KeyError", "LookupError", "NotFound", "UnknownTeam", "UnknownPaper", "UnknownCommendation", "UnknownPayment",
})

_slots = asyncio.Semaphore(AT_ONCE)
_asked_for: set[object] = set()


async def listing(desk: Desk, request: Request, view: View) -> Response:
    """The papers that can be written about what the address names."""
    await picked_year(desk, view)
    given = _given(request)
    kinds = [kind for kind in KINDS.values() if _is_about(kind, given)]
    if not kinds:
        raise NotThere("paper_unknown")
    return desk.page(
        "papers.html", view, kinds=[(kind, view.path("papers", kind.id, **_asked(kind, given))) for kind in kinds], given=given,
    )


async def paper(desk: Desk, request: Request, view: View) -> Response:
    kind = KINDS.get(request.path_params["kind"])
    given = _given(request)
    if kind is None or not _is_about(kind, given):
        raise NotThere("paper_unknown")
    asked = _asked(kind, given)
    if not asked.keys() & {"commendation", "payment"}:
        asked["year"] = await picked_year(desk, view)
    try:
        data = await desk.ask(dict[str, Any] | None, "evaluation", "papers_data", kind=kind.id, **asked)  # type: ignore[arg-type]
    except NoAnswer as error:
        if error.error in UNKNOWN:
            raise NotThere("paper_unknown") from error
        raise
    if data is None:
        raise NotThere("paper_nothing")
    name = file_name(Wanted(kind, asked, "_".join(str(value)[:12] for value in asked.values())))
    return await printed(desk, view, kind.id, data, name, kind.media_type)


async def printed(
    desk: Desk, view: View, kind: str, data: dict[str, Any], name: str, media_type: str
) -> Response:
    """The file, written by a process of its own, or a page that says why not."""
    if len(_asked_for) >= AT_ONCE + WAITING:
        busy = desk.error(view, "papers_busy", 503)
        busy.headers["Retry-After"] = "10"
        return busy
    mine = object()
    _asked_for.add(mine)
    try:
        async with _slots:
            body = await made(kind, data, desk.settings.papers_dir, desk.settings.notice, SECONDS)
    except PaperError as error:
        log.error("paper %s: %s: %s", kind, error.what, error.reason)
        return desk.error(view, "paper", 500, reason=error.reason)
    finally:
        _asked_for.discard(mine)
    return Response(body, media_type=media_type, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store",
    })


def _is_about(kind: Kind, given: dict[str, str]) -> bool:
    """A team's page names its unit too, but is not the place for the unit's papers."""
    if "payment" in given or kind.about == "payment":
        return kind.about == "payment" and "payment" in given
    if kind.about == "team" or "team" in given:
        return kind.about == "team" and "team" in given
    return bool(given.get(kind.about)) or (kind.lists and "unit" in given)


def _given(request: Request) -> dict[str, str]:
    return {name: value for name in ASKED if (value := request.query_params.get(name, "").strip())}


def _asked(kind: Kind, given: dict[str, str]) -> dict[str, Any]:
    """What the paper is about, and nothing else; a commendation's paper may also list all of a unit's year. A record may hold
    claims of several teams."""
    if kind.about == "payment":
        return {name: given[name] for name in ("payment", "team") if name in given}
    name = kind.about if given.get(kind.about) else "unit"
    return {name: given[name]}
