"""A case in which somebody may come to harm, or which is not the team's to mediate: the commune's office hears of it at once.

Luật Hòa giải ở cơ sở 35/2013/QH13 Art. 10.4, 10.5 and 15.4: the mediator tells the leader, the leader the commune's chairman. The
office's mailbox is the commune's, so that whoever does its justice work that day reads it. The message says which case and which
kind of danger, and nothing of the parties.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.notification.domain.ledger import Delivery, Recipient
from services.notification.domain.rules import Rules, too_old
from services.notification.domain.text import day_text, label
from shared.contracts.outgoing import CaseChanged

KINDS = {
    "violence_risk": "nguy cơ bạo lực", "disorder_risk": "nguy cơ mất trật tự", "domestic_violence": "bạo lực gia đình",
    "offence_signs": "dấu hiệu vi phạm pháp luật",
}
"""As the office reads them; the first ones first."""


def delivery(change: CaseChanged, rules: Rules, today: dt.date) -> Delivery | None:
    """What the office is to be told; another kind of danger in the same case is another occasion."""
    rule, state = rules["case_urgent"], change.state
    if not state.urgent or state.linked_to:
        return None
    on = state.safety.raised_on if state.safety is not None else state.received_on
    if on is not None and too_old(rule, on.day, today):
        return None
    kinds = sorted(state.urgent, key=lambda kind: (list(KINDS).index(kind) if kind in KINDS else len(KINDS), kind))
    place = state.place
    return Delivery(
        rule=rule.id, about=change.case, occasion=" ".join(sorted(state.urgent)),
        to=Recipient(kind="unit", unit=place.unit if place else None),
        words={
            "case": label(change.subject), "subject": change.subject, "citation": rule.citation,
            "kinds": ", ".join(KINDS.get(kind, kind) for kind in kinds),
            "raised_on": day_text(on) if on is not None else "chưa rõ",
        },
        check={
            "n": change.n, "urgent": sorted(state.urgent), "on": on,
            "place": None if place is None else msgspec.to_builtins(place),
        },
    )


def still_true(check: dict[str, Any], urgent: list[str]) -> bool:
    """Whether what was raised still stands: it may have been taken back as a mistake."""
    return set(check["urgent"]) <= set(urgent)
