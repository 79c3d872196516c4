"""The gateway as a process: uvicorn on one socket, the same logs and the same ending as the other services."""

from __future__ import annotations

import importlib
import signal
import sys

import structlog
import uvicorn

from shared import settings as configuration
from shared.metrics import build_info
from shared.runner import GATEWAY, logs
from shared.runner.port import PortTaken, listen

log = structlog.get_logger(__name__)


def serve(name: str = GATEWAY) -> int:
    """Run until told to stop. 0: stopped as asked; 1: failed; 2: cannot be started as configured."""
    try:
        settings = configuration.load()
        logs.configure(name, settings.log_level)
        app = importlib.import_module(f"services.{name}.app").create_app(settings)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=25, server_header=False)
        )

        def end(*_: object) -> None:
            server.should_exit = True

        # once it runs, uvicorn listens for itself, and raises what ended it once more when done: by then it has been obeyed.
        # A signal that comes before is remembered, for the port may be known already.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        sock = listen(settings)
    except (configuration.SettingsError, PortTaken) as error:
        sys.stderr.write(f"namtot run {name}: {error}\n")
        return 2
    build_info(name)
    with sock:
        log.info("listening", port=sock.getsockname()[1])
        server.run(sockets=[sock])
    log.info("stopped")
    return 0 if server.started else 1
