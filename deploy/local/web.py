"""Ask a server on this machine over HTTP; a proxy for the outside world must not come between."""

from __future__ import annotations

import http.client

from deploy.local import ports


def get(port: int, path: str, timeout: float) -> tuple[int, str]:
    """Status and body. (0, reason) when nothing answers."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error) or type(error).__name__
    finally:
        connection.close()
