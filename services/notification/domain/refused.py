"""The source of refused events is told, many at once: a thousand refusals are one mail that says how many and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from services.notification.domain.ledger import Delivery, Recipient, digest
from services.notification.domain.rules import Rules
from shared.contracts import CODES, short
from shared.contracts.outgoing import EventRefused

SHOWN = 10
"""Refusals told one by one; the others are counted."""


def delivery(source: str, refusals: Sequence[EventRefused], rules: Rules) -> Delivery:
    """One digest. ``refusals``: all of ``source``, in the order in which they came."""
    rule = rules["source_refused"]
    return Delivery(
        rule=rule.id, about=source, occasion=digest([r.refusal for r in refusals]),
        to=Recipient(kind="source", source=source),
        words={"source": source, "count": str(len(refusals)), "items": items(refusals)},
    )


def items(refusals: Sequence[EventRefused]) -> str:
    """Lines: how many for which reason, then the first ones, with what the sender needs to find and mend them."""
    counted = Counter(r.code for r in refusals)
    lines = [f"- {count} sự kiện: {CODES[code]} ({code})" for code, count in counted.most_common()]
    lines.append("")
    for one in refusals[:SHOWN]:
        where = f", trường {one.field}" if one.field else ""
        type_ = short(one.type) if one.type else "không rõ loại"
        lines.append(f"- {one.id or 'không đọc được mã'} ({type_}){where}: {one.reason}")
    if len(refusals) > SHOWN:
        lines.append(f"- và {len(refusals) - SHOWN} sự kiện khác")
    return "\n".join(lines)
