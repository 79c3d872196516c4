"""``POST /events`` and ``GET /events/{source}/{id}``: the door for systems that do not speak AMQP. What comes in is forwarded as
it is; intake alone decides, and its ledger is the truth."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from services.gateway import access, inbound, metrics, openapi, outcomes
from services.gateway.forward import Forwarder
from services.gateway.inbound import CannotForward, Inbound
from services.gateway.outcomes import Answer, Told
from services.gateway.rpc import NoAnswer, Rpc
from services.gateway.words import Words
from shared.settings import Settings

BODY_SECONDS = 60.0
AT_ONCE = 100
"""Events of one batch on their way to the broker at a time."""


class Door:
    def __init__(self, settings: Settings, forward: Forwarder, rpc: Rpc, words: Words) -> None:
        self._settings = settings
        self._forward = forward
        self._rpc = rpc
        self._words = words

    async def post(self, request: Request) -> Response:
        if (denied := self._denied(request)) is not None:
            return denied
        content_type = request.headers.get("content-type")
        try:
            if request.headers.get("content-encoding", "identity").lower() != "identity":
                raise CannotForward("compressed", 415)
            if inbound.media_type(content_type) == inbound.BATCH:
                body = await self._body(request, self._settings.max_body * inbound.BATCH_BODIES)
                answer = await self._batch(await asyncio.to_thread(inbound.batch, body))
            else:
                body = await self._body(request, self._settings.max_body)
                answer = await self._forward(inbound.single(body, content_type, request.headers.items()))
        except CannotForward as error:
            metrics.EVENTS.labels(error.code).inc()
            answer = outcomes.turned_away(self._words, error)
        return _response(answer)

    async def outcome(self, request: Request) -> Response:
        """The outcome by the path's two encoded segments, or by ``?source=&id=``."""
        if (denied := self._denied(request)) is not None:
            return denied
        source, id = _asked_for(request)
        if not source or not id:
            return JSONResponse(outcomes.trouble(self._words, "which_event"), 400)
        try:
            told = await self._rpc.ask(Told, "intake", "outcome", source=source, id=id)
        except NoAnswer as error:
            code = "broker_away" if error.trouble == "broker" else "intake_away"
            return JSONResponse(
                outcomes.trouble(self._words, code, seconds=outcomes.RETRY_SECONDS), 503,
                {"Retry-After": str(outcomes.RETRY_SECONDS), "Cache-Control": "no-store"},
            )
        if told.outcome == "unknown":
            body = {"source": source, "id": id, "outcome": "unknown", "message": self._words.both("outcome.unknown")}
            return JSONResponse(body, 404, {"Retry-After": str(outcomes.ASK_AGAIN_SECONDS), "Cache-Control": "no-store"})
        answer = outcomes.told(self._words, told, source, id)
        # the resource that was asked for is the outcome, and it exists, refused or not
        return JSONResponse(answer.body, 200, {"Cache-Control": "no-store"})

    async def _batch(self, messages: list[Inbound]) -> Answer:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(message: Inbound) -> Answer:
            async with slots:
                return await self._forward(message)

        return outcomes.listed(list(await asyncio.gather(*(one(message) for message in messages))))

    async def _body(self, request: Request, most: int) -> bytes:
        """The body, read no further than ``most`` bytes."""
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > most:
            raise CannotForward("too_large", 413, most=most)
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > most:
                        raise CannotForward("too_large", 413, most=most)
        except TimeoutError:
            raise CannotForward("too_slow", 408, seconds=int(BODY_SECONDS)) from None
        return bytes(body)

    def _denied(self, request: Request) -> Response | None:
        if access.bearer_ok(request, self._settings.gateway_token):
            return None
        return JSONResponse(
            outcomes.trouble(self._words, "token"), 401,
            {"WWW-Authenticate": 'Bearer realm="namtot"', "Cache-Control": "no-store"},
        )


def _response(answer: Answer) -> Response:
    return JSONResponse(answer.body, answer.status, answer.headers)


def _asked_for(request: Request) -> tuple[str, str]:
    """From the raw path: the source's own slashes are encoded there, and decoded before routing."""
    raw = request.scope.get("raw_path", b"").decode("latin-1").split("?")[0]
    segments = raw.partition("/events/")[2].split("/")
    if len(segments) == 2:
        return unquote(segments[0]), unquote(segments[1])
    return request.query_params.get("source", ""), request.query_params.get("id", "")


def router(door: Door) -> APIRouter:
    routes = APIRouter(tags=["events"])
    routes.add_api_route(
        "/events", door.post, methods=["POST"], name="post_events", summary="Send one event or a batch",
        openapi_extra=openapi.POST_EVENTS, responses=openapi.POST_ANSWERS, response_class=JSONResponse,
    )
    routes.add_api_route(
        "/events", door.outcome, methods=["GET"], name="outcome_by_query", summary="What became of an event",
        openapi_extra=openapi.GET_OUTCOME, responses=openapi.GET_ANSWERS, response_class=JSONResponse,
    )
    routes.add_api_route(
        "/events/{source:path}/{id}", door.outcome, methods=["GET"], include_in_schema=False, name="outcome_by_path"
    )
    return routes
