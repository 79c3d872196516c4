"""What one more entry would bring about in a case: asked before it is sent, answered by the fold that reads it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from services.intake.domain.entries import Entry
from services.intake.domain.record import fold
from shared.contracts.outgoing import CaseState, Flag

PARKED = "parked"
"""Code of the flag for what would wait: its report, or what it corrects, is not there."""


def foreseen(entries: Iterable[Entry], candidate: Entry) -> list[Flag]:
    """The flags that the case would have with ``candidate`` and has not without; a fact about nothing that is known yet is
    ``parked``. Empty where the record is no case."""
    entries = tuple(entries)
    before, after = fold(entries).case, fold([*entries, candidate]).case
    if after is None:
        return []
    had = Counter(map(_same, before.flags if before is not None else ()))
    fresh: list[Flag] = []
    for flag in after.flags:
        if had[_same(flag)]:
            had[_same(flag)] -= 1
        else:
            fresh.append(flag)
    if _parked(after) > _parked(before):
        fresh.append(Flag(code=PARKED, article="", on=candidate.on))
    return fresh


def _same(flag: Flag) -> tuple[str, str | None]:
    # how late it is may change with another entry; that it is late is known
    return flag.code, flag.on


def _parked(case: CaseState | None) -> int:
    return 0 if case is None else case.parked
