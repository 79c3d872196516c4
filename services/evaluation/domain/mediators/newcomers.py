"""New mediators, and whether each was trained in time (KH 183/KH-UBND of Hà Nội). Someone is new whose joining is on record: not
who stood in a team's first roster, of whom nobody said since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from shared.calendar import Span, add_months
from shared.contracts.outgoing import Membership


def newcomers(members: Sequence[Membership], span: Span, months: int) -> tuple[int, int]:
    """Of a team's members on the last day of ``span`` those whose ``months`` after joining ended within it, so that each counts
    in one year; and how many of them had been trained by then. ``members``: every row of the team, whenever it held."""
    last = span.last.isoformat()
    there = {
        (m.source, m.ref): m for m in members if m.valid_from[:10] <= last and (m.valid_to is None or last < m.valid_to[:10])
    }
    new = trained = 0
    for member in there.values():
        rows = [m for m in members if (m.source, m.ref) == (member.source, member.ref)]
        since = _since(rows, member)
        first = min(m.valid_from.day for m in members if m.source == member.source)
        if since == first and all(m.recognised_on is None or m.recognised_on.day != since for m in rows):
            continue
        due = add_months(since, months)
        if due in span:
            new += 1
            trained += any(day <= due for day in _trained(rows))
    return new, trained


def _trained(rows: Sequence[Membership]) -> list[dt.date]:
    """A roster says that somebody is trained from the day on which it says so."""
    attended = [m.trained_on.day for m in rows if m.trained_on is not None]
    return attended + [m.valid_from.day for m in rows if m.trained]


def _since(rows: Sequence[Membership], member: Membership) -> dt.date:
    """A changed entry begins a row, not a membership: the first day of the unbroken run that leads to it."""
    by_end = {m.valid_to: m for m in rows if m.valid_to is not None and m.valid_from < m.valid_to}
    while (before := by_end.get(member.valid_from)) is not None:
        member = before
    return member.valid_from.day
