"""``namtot run SERVICE``: one service as this process."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from shared.runner import SERVICES


def register(app: typer.Typer) -> None:
    app.command("run")(run)


def run(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(SERVICES)}; or package.module:CLASS of a nameko service.")],
) -> None:
    """Run one service until SIGTERM or Ctrl-C; any number of replicas may run beside each other.

    /health/live, /health/ready and /metrics are served on NAMTOT_HTTP_HOST and NAMTOT_HTTP_PORT (0: a free port, written to
    NAMTOT_PORT_FILE). Logs go to standard error, one JSON object a line.
    """
    if service not in SERVICES and ":" not in service:
        sys.stderr.write(f"There is no service {service!r}. There are: {', '.join(SERVICES)}.\n")
        raise typer.Exit(2)
    # a fresh interpreter: eventlet must patch the standard library before this tool's imports use it, and the service does
    # not carry their memory
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "shared.runner", service])
