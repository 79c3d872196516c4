"""The gateway's application under a real uvicorn, in a thread of the test."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any

import httpx
import uvicorn

from services.gateway.app import create_app
from shared.settings import Settings
from tests.support.eventually import eventually


class RunningGateway:
    """``with RunningGateway(Settings(…)) as gateway: gateway.get("/flow")``. Connected to the broker on entry, unless
    ``wait=False``."""

    def __init__(self, settings: Settings, wait: bool = True) -> None:
        self._server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, name="gateway")
        self._wait = wait
        self.client = httpx.Client(timeout=30)

    def __enter__(self) -> RunningGateway:
        self._thread.start()
        port = eventually(lambda: self._server.started and self._server.servers[0].sockets[0].getsockname()[1], 30)
        self.url = f"http://127.0.0.1:{port}"
        self.client.base_url = httpx.URL(self.url)
        if self._wait:
            eventually(lambda: self.get("/health/ready").status_code == 200, 30)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the gateway did not stop"

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.client.post(path, **options)
