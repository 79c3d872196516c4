"""Places at which a test can make the process die, to prove what survives it. Inert unless ``NAMTOT_FAILPOINT`` is set.

``NAMTOT_FAILPOINT=intake.committed=kill`` kills (SIGKILL) at that place; ``intake.fold@evt-7=kill`` only for that detail;
``…=once:PATH`` kills only if PATH does not exist, and creates it first, so that a restarted process gets through.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

_POINT, _, _ACTION = os.environ.get("NAMTOT_FAILPOINT", "").partition("=")
_NAME, _, _DETAIL = _POINT.partition("@")


def reach(name: str, detail: str = "") -> None:
    if name != _NAME or (_DETAIL and detail != _DETAIL):
        return
    if _ACTION.startswith("once:"):
        mark = Path(_ACTION.removeprefix("once:"))
        if mark.exists():
            return
        mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
