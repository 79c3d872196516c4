"""The flow of messages: received = applied + duplicate + refused, and what waits where."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.pages.desk import Desk
from services.gateway.pages.shapes import Flow, Lag, NameToConfirm, TypeTally
from services.gateway.pages.view import View


async def flow(desk: Desk, request: Request, view: View) -> Response:
    flow, lag, names = await asyncio.gather(
        desk.ask(Flow, "intake", "flow"), desk.ask_softly(Lag, "evaluation", "lag"),
        desk.ask_softly(list[NameToConfirm], "directory", "names_to_confirm"),
    )
    types = sorted(flow.by_type.items(), key=lambda item: (-_sum(item[1]), item[0]))
    apart = abs(flow.received - flow.applied - flow.duplicate - flow.refused)
    return desk.page("flow.html", view, flow=flow, lag=lag, names=names, types=types, apart=apart)


def _sum(tally: TypeTally) -> int:
    return tally.applied + tally.duplicate + tally.refused
