"""The figures of a period. Each is a list of case ids, so that every number can be traced; its value is the list's length.

A case is counted as it stood at the end of the period's last day: what is reopened later changes no earlier period, and is
carried over into the later one, counted once (Luật 35/2013/QH13 Art. 27). Columns follow form 12 of TT 20/2013; which statuses
are "not yet handled" and which "in progress" no source states [I].
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.evaluation.domain.casework import ENDED, SETTLED, counted, standings, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.rates import Tally
from shared.calendar import Span

DISPUTES = ("personal", "civil", "family", "minor_violation")
UNKNOWN = "unknown"
NOT_HANDLED = frozenset({"received", "scope_review", "chosen", "assigned"})
Figures = Mapping[str, tuple[str, ...]]
COLUMNS = (
    "received", "carried", "new", *DISPUTES, UNKNOWN, "settled", *(f"settled_{kind}" for kind in (*DISPUTES, UNKNOWN)),
    "not_settled", "ended_by_party", "not_handled", "in_progress", "out_of_scope", "reopened",
)
"""``received`` includes ``carried``; ``not_settled`` includes ``ended_by_party``; ``out_of_scope`` is in none of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A case with what a statistic asks of it. ``team``: that it counts for (a cross-unit case's lead team), if known; ``unit``:
    that its source named, for a case without a team."""

    case: Case
    dispute: str | None = None
    team: str | None = None
    unit: str | None = None


def figures(entries: Iterable[Entry], span: Span) -> Figures:
    """Of linked cases only the one that counts is there. Ids are sorted. Which cases belong to the period is what evaluation goes
    by, too (``casework.standings``)."""
    own = {entry.case.id: entry for entry in _each_once(entries)}
    stand = standings((entry.case for entry in own.values()), span)
    found: dict[str, list[str]] = {name: [] for name in COLUMNS}
    found["out_of_scope"] += [case.id for case in stand.left_out]
    for case in stand.counted:
        for name in _columns(own[case.id], span, case.id in stand.carried):
            found[name].append(case.id)
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def by_unit(
    entries: Iterable[Entry], span: Span, as_of: dt.date, unit_of: Callable[[str, dt.date], str | None]
) -> dict[str | None, Figures]:
    """Figures of each unit, as the map was on ``as_of``: a team that moved, or whose ward was merged, counts wholly where it
    works on that day, so that the units add up to the city. ``unit_of``: a team's unit by date. None: the unit is not known."""
    return {unit: figures(own, span) for unit, own in sorted_out(entries, as_of, unit_of).items()}


def sorted_out(
    entries: Iterable[Entry], as_of: dt.date, unit_of: Callable[[str, dt.date], str | None]
) -> dict[str | None, list[Entry]]:
    """The entries of each unit; of linked cases only the one that counts."""
    found: dict[str | None, list[Entry]] = {}
    # links cross units: which case counts is settled before they are sorted out
    for entry in _each_once(entries):
        unit = entry.unit if entry.team is None else unit_of(entry.team, as_of)
        found.setdefault(unit or None, []).append(entry)
    return found


def tally(found: Figures) -> Tally:
    """For the settled rate."""
    return Tally(
        received=len(found["received"]), settled=len(found["settled"]),
        pending=len(found["not_handled"]) + len(found["in_progress"]),
    )


def _each_once(entries: Iterable[Entry]) -> list[Entry]:
    by_id = {entry.case.id: entry for entry in entries}
    leaders = counted({id: entry.case for id, entry in by_id.items()})
    return [entry for id, entry in by_id.items() if leaders[id] == id]


def _columns(entry: Entry, span: Span, carried: bool) -> list[str]:
    """Of a case that counts in the period."""
    status = status_on(entry.case, span.last)
    kind = entry.dispute if entry.dispute in DISPUTES else UNKNOWN
    names = ["received", "carried" if carried else "new", kind]
    if status == SETTLED:
        names += ["settled", f"settled_{kind}"]
    elif status in ENDED:
        names += ["not_settled", *(["ended_by_party"] if status == "ended_by_party" else [])]
    else:
        names.append("not_handled" if status is None or status in NOT_HANDLED else "in_progress")
    if any(on in span and after == "reopened" for on, after in entry.case.steps):
        names.append("reopened")
    return names
