"""What a register's import said before, as it stands now: so that a mended row sets the former one right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.intake.domain.entries import Correction, Entry, live
from shared.contracts import short
from shared.contracts.records import Withdrawn

Document = dict[str, Any]
PREFIX = "xlsx-"
"""Of the ids of all events that come of registers (``shared.registers``)."""


def imported(entries: Iterable[Entry], source: str) -> list[Document]:
    """``entries``: all of one record. One document for each fact that ``source`` imported: ``id``, ``type`` (short), ``now`` (the
    id of the row's state that holds; "" if it was set right by somebody else), ``marks``, ``turn`` (entries of the record),
    ``withdrawn_by`` (the id of the withdrawal that holds, or "")."""
    entries = tuple(entries)
    alive = live(entries)
    found = []
    for entry in entries:
        if entry.source != source or not entry.id.startswith(PREFIX) or isinstance(entry.data, Correction | Withdrawn | None):
            continue
        own, correction = _row(entry.data), alive.corrected.get(entry.key)
        now = _row(entry.data if correction is None else correction.data.data)
        withdrawal = alive.withdrawn.get(entry.key)
        found.append({
            "id": entry.id, "type": short(entry.type), "turn": len(entries),
            "now": now[0] if now else "" if correction is not None else entry.id,
            "marks": (now or own)[1:], "withdrawn_by": "" if withdrawal is None else withdrawal.id,
        })
    return found


def _row(data: Any) -> list[str]:
    """The id and marks that an import wrote beside its facts. Senders may write anything there."""
    row = getattr(data, "ext", {}).get("row")
    return row if isinstance(row, list) and row and all(isinstance(one, str) for one in row) else []
