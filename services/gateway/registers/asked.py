"""What a worker is asked, and within which bounds. Apart from the worker, so that the gateway loads no reader of workbooks."""

from __future__ import annotations

from typing import Any

import msgspec

MEMORY = 1024 * 1024 * 1024
"""Of addresses."""
SECONDS = 120
MOST_ROWS = 20_000
"""Of one upload; larger ones are for the command, which shows how far it is."""


class Asked(msgspec.Struct, kw_only=True):
    """``path``: of the workbook. ``on``: the day as of which a roster holds. ``reference_key``: file of its own, else the one
    beside ``master_key``. ``stale``: sheets with a column of earlier reasons. ``known``: what intake has of the source's
    registers (rpc ``imported``). ``changed``: what to do with rows that differ from it: correct, distinct, or leave; ``by``: a
    reference to who asks for a correction."""

    path: str = ""
    kind: str = ""
    source: str = ""
    unit: str = ""
    unit_name: str = ""
    valid_from: str = ""
    on: str = ""
    today: str = ""
    order: str = ""
    cells: str = ""
    reference_key: str = ""
    master_key: str = ""
    bad: list[dict[str, Any]] = []
    stale: list[tuple[str, int]] = []
    known: list[dict[str, Any]] = []
    changed: str = ""
    by: str = ""
    lang: str = "vi"
