"""The ledger of deliveries: what a delivery is, under which key, and when the next attempt is due.

    waiting ──lease──▶ sending ──server accepted──▶ sent
       ▲                  │
       └── turned away ───┘── too often, or for good ──▶ failed
    waiting ──▶ dropped     no longer true, over, or nobody to send it to

The key is made of the rule, whom it is about and the occasion, so that the same fact, however often it is heard and by how many
instances, is one delivery.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Literal

import msgspec

from services.notification.domain.rules import RuleId, Sending

State = Literal["waiting", "sending", "sent", "failed", "dropped"]
Kind = Literal["mediator", "team", "source", "unit"]
_MAILBOX = re.compile(r"^[^@\s<>\"(),:;\[\]]+@[^@\s<>\"(),:;\[\]]+$")


class Recipient(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Whom a delivery goes to, by reference; the address is looked up when it is sent and never kept.

    ``mediator``: ``source`` and ``ref`` say who, ``team`` or ``unit`` who else is told where no address of the mediator's is
    known. ``team``: the team, else its unit's office. ``source``: whoever answers for a system; of a decision that has no
    effect, else the office of ``unit``. ``unit``: its office; of an urgent case, that of the team's unit before the one named.
    """

    kind: Kind
    source: str | None = None
    ref: str | None = None
    team: str | None = None
    unit: str | None = None


class Delivery(msgspec.Struct, kw_only=True, frozen=True):
    """``about``: the case, team or source by its public id. ``words``: what the texts are filled with, as far as it is known when
    the occasion arises. ``check``: what must still be so when it is sent."""

    rule: RuleId
    about: str
    occasion: str
    to: Recipient
    words: dict[str, str]
    check: dict[str, Any] = {}

    @property
    def ahead(self) -> bool:
        """Whether it goes out before everything else that waits."""
        return self.rule == "case_urgent"

    @property
    def key(self) -> str:
        return hashlib.sha256("\x00".join((self.rule, self.about, self.occasion)).encode()).hexdigest()[:32]


def message_id(key: str, domain: str) -> str:
    """The same for every attempt, so that a mailbox can tell a repetition (RFC 5322, 3.6.4)."""
    return f"<{key}@namtot.{domain}>"


def pause(sending: Sending, attempts: int) -> int:
    """Seconds until the next attempt after ``attempts`` that were turned away."""
    doubled: int = sending.first_pause_seconds << max(attempts - 1, 0)
    return min(doubled, sending.longest_pause_seconds)


def digest(items: list[str]) -> str:
    return hashlib.sha256("\x00".join(sorted(items)).encode()).hexdigest()[:16]


def mailbox(text: str | None) -> str | None:
    """The mail address in a contact, without ``mailto:``; None if it is something else."""
    bare = (text or "").strip().removeprefix("mailto:").split("?")[0]
    return bare if bare.isascii() and _MAILBOX.match(bare) else None
