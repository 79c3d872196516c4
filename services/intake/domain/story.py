"""Every entry of a record as the page of a case shows it: what was said, who took it back or set it right, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from services.intake.domain.entries import Correction, Dated, Entry, in_order, live
from shared.contracts import short, to_builtins

Document = dict[str, Any]


def story(entries: Iterable[Entry]) -> list[Document]:
    """One document per entry, in order of days: ``entry``, ``type`` (short), ``on``, ``time``, ``source``, ``id``, ``data``
    (public; None for a version that this release does not read). ``corrected_by`` and ``withdrawn_by``: the entry that did so,
    with ``by`` (a reference) and ``reason`` of the one that counts: the withdrawal, else the correction."""
    kept = {entry.key: entry for entry in entries}
    alive = live(kept.values())
    ordered = in_order(Dated(on=e.on, rank=0, time=e.time, key=e.key, what=e) for e in kept.values())
    return [_told(d.what, alive.corrected.get(d.key), alive.withdrawn.get(d.key)) for d in ordered]


def _told(entry: Entry, corrected: Entry | None, withdrawn: Entry | None) -> Document:
    told: Document = {
        "entry": entry.key, "type": short(entry.type), "on": str(entry.on), "time": str(entry.time), "source": entry.source,
        "id": entry.id, "data": _public(entry.data),
    }
    if corrected is not None:
        told["corrected_by"] = corrected.key
    if withdrawn is not None:
        told["withdrawn_by"] = withdrawn.key
    last = withdrawn or corrected
    if last is not None:
        told["reason"] = last.data.reason
        if last.data.by is not None:
            told["by"] = last.data.by
    return told


def _public(data: Any) -> Document | None:
    if data is None:
        return None
    if isinstance(data, Correction):
        told = {"target": data.target, "of": short(data.type), "data": _public(data.data), "reason": data.reason}
        return told if data.by is None else {**told, "by": data.by}
    # `ext` is the sender's own and may hold anything: it stays in the log
    found: Document = to_builtins(msgspec.structs.replace(data, ext={}))
    return found
