"""Statistics of any period, over any unit, by the map of any day: each number with the cases that it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from services.evaluation.domain.reading import read_case
from services.evaluation.domain.statistics.counting import COLUMNS, Entry, Figures, by_unit, tally
from services.evaluation.domain.statistics.readings import readings
from services.evaluation.store import Db, Document
from services.evaluation.store.gathering import as_written
from services.evaluation.store.links import related
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span
from shared.contracts.outgoing import CaseState

DECIMALS = 2
"""Published figures show up to two."""
FIELDS = ("state", "teams", "linked_to")
OVER = ("out_of_scope", "referred", "settled", "not_settled", "ended_by_party")


class BadQuestion(ValueError):
    """A period, day or grouping that cannot be read; says which and why."""


def statistics(
    db: Db, replica: Replica, unit: str | None, first: str, last: str, as_of: str | None = None, by: str = "unit"
) -> dict[str, Any]:
    """``unit``: a ward, district or city; None: everything. ``first``, ``last``: both within the period. ``as_of``: the day whose
    map says which team is whose, the period's last if left out. ``by``: rows for each ``unit`` or each ``team``. A number is
    ``{"value", "cases"}``, its cases' ids sorted; ``rates`` are read by every denominator and rounding. Raise ``BadQuestion``."""
    if by not in ("unit", "team"):
        raise BadQuestion(f"by: {by!r} is not known; ask for rows by unit or by team")
    span = period(first, last)
    on = span.last if as_of is None else day(as_of, "as_of")
    replica.refresh(db)
    parents, names = _parents(db, on), unit_names(db, on)

    def within(code: str) -> bool:
        return unit is None or unit in _upwards(code, parents)

    def seat(team: str, at: dt.date) -> str | None:
        return replica.seat(team, at).unit or None

    inside = {code for code in parents if within(code)}
    entries = entries_of(db, span, None if unit is None else teams_and_units(replica, inside, on))
    units = {code: found for code, found in by_unit(entries, span, on, seat).items() if within(code or "")}
    if by == "team":
        teams = by_unit(entries, span, on, lambda team, _: team)
        mine = {e.team for e in entries if e.team is not None and within(seat(e.team, on) or "")}
        rows = [
            {"team": code, "name": replica.name(code), "unit": seat(code, on), "columns": shown(teams[code])}
            for code in sorted(mine & teams.keys())
        ]
    else:
        rows = [
            {"unit": code, "name": names.get(code or "", ""), "columns": shown(found)}
            for code, found in sorted(units.items(), key=lambda item: item[0] or "~")
        ]
    total = together(units.values())
    return {
        "unit": unit, "name": names.get(unit or "", ""), "from": span.first.isoformat(), "to": span.last.isoformat(),
        "as_of": on.isoformat(), "columns": shown(total), "rows": rows,
        "rates": [
            {"denominator": one.denominator.value, "rounding": one.rounding.value, "numerator": one.numerator,
             "below": one.below, "percent": None if one.percent is None else str(one.percent)}
            for one in readings(tally(total), DECIMALS)
        ],
    }


def period(first: str, last: str) -> Span:
    """Raise ``BadQuestion``."""
    begin, end = day(first, "from"), day(last, "to")
    if end < begin:
        raise BadQuestion(f"to: {end} comes before {begin}; give the period's first day, then its last")
    return Span(begin, end)


def day(text: str, field: str) -> dt.date:
    """Raise ``BadQuestion``."""
    try:
        found = dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadQuestion(f"{field}: {text!r} is not a day; write it as YYYY-MM-DD, for example 2024-12-31") from None
    if not dt.date(1900, 1, 1) <= found <= dt.date(2199, 12, 31):
        raise BadQuestion(f"{field}: {found} lies outside 1900-2199; check the year")
    return found


def together(parts: Iterable[Figures]) -> Figures:
    """Units have no case in common: links were sorted out before."""
    listed = list(parts)
    return {name: tuple(sorted(id for part in listed for id in part[name])) for name in COLUMNS}


def shown(found: Figures) -> dict[str, Any]:
    return {name: {"value": len(ids), "cases": list(ids)} for name, ids in found.items()}


def units_within(db: Db, unit: str | None, on: dt.date) -> set[str]:
    """Codes of the unit and all below it on that day; None: all that there are."""
    parents = _parents(db, on)
    return {code for code in parents if unit is None or unit in _upwards(code, parents)} | ({unit} if unit else set())


def units_inside(db: Db, units: Iterable[str], on: dt.date) -> dict[str, set[str]]:
    """Of each of these units, its code and those of all below it on that day."""
    found = {code: {code} for code in units}
    parents = _parents(db, on)
    for code in parents:
        for above in _upwards(code, parents):
            if above in found:
                found[above].add(code)
    return found


def figures_of(db: Db, replica: Replica, units: Collection[str], span: Span) -> dict[str, Figures]:
    """Of each of these units and all below it, by the map of the period's last day. Many units are counted at once."""
    first, last = span.first.isoformat(), span.last.isoformat()
    inside = units_inside(db, units, span.last)
    alone = set(units) if len(units) == 1 else {code for code, own in inside.items() if len(own) > 1}
    found = {code: _ids(statistics(db, replica, code, first, last)["columns"]) for code in alone}
    if len(found) < len(inside):
        rows = statistics(db, replica, None, first, last)["rows"]
        own = {row["unit"]: _ids(row["columns"]) for row in rows}
        nothing: Figures = dict.fromkeys(COLUMNS, ())
        found |= {code: own.get(code, nothing) for code in inside if code not in alone}
    return found


def _ids(columns: Mapping[str, Any]) -> Figures:
    return {name: tuple(column["cases"]) for name, column in columns.items()}


def entries_of(db: Db, span: Span, whose: Document | None) -> list[Entry]:
    """What a period's figures are counted from: cases that match ``whose``, and what is linked to them."""
    first, after = span.first.isoformat(), (span.last + dt.timedelta(days=1)).isoformat()
    wanted: Document = {"$and": [
        {"state.received_on": {"$lt": after}},
        # whatever came earlier and was over before the period is in none of its numbers
        {"$or": [
            {"state.received_on": {"$gte": first}}, {"state.history.on": {"$gte": first}},
            {"state.status": {"$nin": list(OVER)}},
        ]},
        *([] if whose is None else [whose]),
    ]}
    own = list(db["cases"].find(wanted, FIELDS))
    return [_entry(id, document) for id, document in related(db, (), also=own, fields=FIELDS).items()]


def _entry(id: str, document: Document) -> Entry:
    state = msgspec.convert(document["state"], CaseState, dec_hook=as_written)
    place, teams = state.place, document["teams"]
    return Entry(
        case=read_case(id, state), dispute=state.dispute, team=teams[0] if teams else None,
        unit=None if place is None else place.unit,
    )


def teams_and_units(replica: Replica, units: Collection[str], on: dt.date) -> Document:
    """Which cases are of these units: their teams', as the map is on that day, and those without a team."""
    codes = sorted(team.code for team in replica.index if replica.seat(team.code, on).unit in units)
    return {"$or": [{"teams": {"$in": codes}}, {"teams": [], "state.place.unit": {"$in": sorted(units)}}]}


def _parents(db: Db, on: dt.date) -> dict[str, str | None]:
    """Code → the unit above, on that day; failing that by the last extent before it, or the first after. A code without a
    parent is there too."""
    found: dict[str, str | None] = {}
    for document in db["units"].find({}, {"state": 1}).sort("state.valid_from", 1):
        state = document["state"]
        if state["code"] not in found or state["valid_from"][:10] <= on.isoformat():
            found[state["code"]] = state.get("parent")
    return found


def _upwards(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """The unit and all above it; one that is above itself ends there."""
    found: list[str] = []
    at: str | None = code
    while at and at not in found:
        found.append(at)
        at = parents.get(at)
    return found
