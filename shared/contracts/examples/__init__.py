"""One realistic event for every type of the contract, as it travels in structured mode: a file each, to
copy and change.

They tell parts of a year in one ward: a case from its report to the court's recognition, a class, a
payment. Cases whose report is not among them stay parked. The tests send each through the running system;
the AsyncAPI document shows them. Every person, address and number in them is made up. """

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def load() -> dict[str, dict[str, Any]]:
    """Type → event, inbound and outgoing. Shared between callers: copy before changing."""
    events = (json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*/*.json")))
    return {event["type"]: event for event in events}
