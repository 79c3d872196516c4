"""``python -m deploy.health``: 0 when the service in this container is ready, 1 and the reason when it is not.

The image has no curl; this asks what an orchestrator would ask.
"""

from __future__ import annotations

import http.client
import os
import sys


def problem(port: int, path: str = "/health/ready") -> str | None:
    """Why the service on this port is not ready, or None."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        said = answer.read(2000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {port}: {error}"
    finally:
        connection.close()
    return None if answer.status == 200 else f"{answer.status}: {said}"


if __name__ == "__main__":
    reason = problem(int(os.environ.get("NAMTOT_HTTP_PORT", "8000")))
    sys.exit(reason and f"not ready: {reason}")
