"""The socket for health and metrics, or for the gateway's pages."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from shared.settings import Settings


class PortTaken(Exception):
    """The message says which and what to set."""


def listen(settings: Settings) -> socket.socket:
    """Bound and listening; its port is written to ``settings.port_file``, whole or not at all."""
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.http_host, settings.http_port))
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"cannot listen on {settings.http_host} port {settings.http_port} ({error.strerror}): "
            "set NAMTOT_HTTP_PORT to a free one, or to 0"
        ) from None
    if settings.port_file:
        path = Path(settings.port_file)
        half = path.with_name(f"{path.name}.{os.getpid()}")
        half.write_text(str(sock.getsockname()[1]))
        half.replace(path)
    return sock
