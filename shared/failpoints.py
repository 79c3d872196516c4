"""Places at which a test can make the process die or fail, to prove what survives it. Inert unless ``NAMTOT_FAILPOINT`` is set.

``NAMTOT_FAILPOINT=intake.committed=kill`` kills (SIGKILL) at that place; ``intake.fold@evt-7=kill`` only for that detail;
``…=once:PATH`` kills only if PATH does not exist, and creates it first, so that a restarted process gets through.
``…=raise:PATH`` raises an error that quotes PATH's content, and removes PATH: once.
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
    elif _ACTION.startswith("raise:"):
        quoted = Path(_ACTION.removeprefix("raise:"))
        if quoted.exists():
            text = quoted.read_text(encoding="utf-8")
            quoted.unlink()
            raise KeyError(text)
        return
    os.kill(os.getpid(), signal.SIGKILL)
