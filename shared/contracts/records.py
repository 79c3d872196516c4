"""Events that set an earlier event right. Both name their target and keep its subject; who and why are asked
for."""

from __future__ import annotations

import msgspec

from shared.contracts.fields import Fact, Person, Target, Text


class Corrected(Fact, kw_only=True, frozen=True):
    """``data`` replaces the target's data whole; it is read as the type named in ``of``, private part
    included."""

    target: Target
    of: Text
    data: msgspec.Raw
    reason: Text
    by: Person | None = None


class Withdrawn(Fact, kw_only=True, frozen=True):
    """The target never happened, or was not this record's: the fold leaves it out, the log keeps it."""

    target: Target
    reason: Text
    by: Person | None = None
