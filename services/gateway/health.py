"""For orchestrators and Prometheus. Ready means: connected to the broker, so that events can be accepted."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from services.gateway.link import Link


def router(link: Link) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/health/live")
    async def live() -> Response:
        return JSONResponse({"status": "live"}, headers={"Cache-Control": "no-store"})

    @routes.get("/health/ready")
    async def ready() -> Response:
        trouble = link.trouble
        if trouble is None:
            return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})
        return JSONResponse({"status": "not ready", "problems": {"broker": trouble}}, 503)

    @routes.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    return routes
