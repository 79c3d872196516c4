"""Forms of reports, filled: rows by team or unit, each cell with the ids that it counts; what is not known is None, never 0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from services.evaluation.domain.facts import Declaration, Training
from services.evaluation.domain.statistics import forms
from services.evaluation.domain.statistics.forms import MEMBER_COUNTS, Row
from services.evaluation.domain.statistics.identities import Broken
from services.evaluation.queries.statistics import BadQuestion, day, period, statistics, units_within
from services.evaluation.rules.reports import shipped_forms, shipped_regimes
from services.evaluation.store import Db
from services.evaluation.store.gathering import read_activities
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span
from shared.contracts.outgoing import Membership
from shared.naming import alphabet
from shared.naming.index import covers

TOTAL, NO_TEAM = "total", "no-team"
NAMES = {TOTAL: "Tổng số", NO_TEAM: "Vụ việc chưa rõ tổ"}
Ids = tuple[str, ...]
Known = Mapping[str, Ids | None]


def report_forms() -> dict[str, Any]:
    """Forms that can be made, regimes with what was not obtained, and statistical periods."""
    regimes, periods = shipped_regimes()
    plain: dict[str, Any] = msgspec.to_builtins({
        "forms": list(shipped_forms().values()), "regimes": regimes, "periods": list(periods.values()),
    })
    return plain


def span_of(named: str) -> tuple[Span, Span]:
    """"2024-h1": the whole period, and the part of it that is counted. Raise ``BadQuestion``."""
    year, _, id = named.partition("-")
    found = shipped_regimes()[1].get(id)
    if found is None or not (year.isascii() and year.isdigit() and 1900 <= int(year) <= 2199):
        known = ", ".join(f"2024-{name}" for name in shipped_regimes()[1])
        raise BadQuestion(f"period: {named!r} is not known; write for example {known}")
    return found.span(int(year)), found.counted(int(year))


def report_form(
    db: Db, replica: Replica, form: str, unit: str | None, first: str = "", last: str = "", named: str = "",
    as_of: str | None = None, estimates: Mapping[str, Mapping[str, int]] | None = None, estimated_by: str = "",
) -> dict[str, Any]:
    """``named``: a statistical period ("2024-h1") instead of ``first`` and ``last``. ``as_of``: the day of the map and of the
    roster, the last counted one if left out. ``estimates``: by row and column, entered by ``estimated_by``; nothing is ever
    estimated here. Raise ``BadQuestion``."""
    drawn = shipped_forms().get(form)
    if drawn is None:
        raise BadQuestion(f"form: there is no form {form!r}; there are: {', '.join(shipped_forms())}")
    whole, counted = span_of(named) if named else (period(first, last),) * 2
    on = counted.last if as_of is None else day(as_of, "as_of")
    if estimates and not estimated_by.strip():
        raise BadQuestion("estimated_by: say who entered the estimates")
    if estimates and whole == counted:
        raise BadQuestion("estimates: this period is wholly counted, so there is nothing to estimate")
    if unit is not None and db["units"].find_one({"code": unit}, {"_id": 1}) is None:
        raise BadQuestion(f"unit: no unit {unit!r} is known; `namtot directory units` lists them")
    replica.refresh(db)
    given = dict(estimates or {})
    make = _of_teams if drawn.rows == "team" else _of_units
    rows = [
        forms.row(drawn, id, name, forms.filled(drawn, known), given.pop(id, None))
        for id, name, known in make(db, replica, unit, counted, on)
    ]
    total = forms.total(drawn, TOTAL, NAMES[TOTAL], rows, given.pop(TOTAL, None))
    if given:
        known = ", ".join([TOTAL, *(one.id for one in rows)])
        raise BadQuestion(f"estimates: the form has no row {min(given)!r}; rows: {known[:500]}")
    return {
        "form": drawn.id, "title": msgspec.to_builtins(drawn.title), "regime": drawn.regime, "historic": drawn.historic,
        "mark": drawn.mark, "note": drawn.note, "rows_are": drawn.rows, "unit": unit,
        "unit_name": unit_names(db, on).get(unit or "", ""), "from": whole.first.isoformat(), "to": whole.last.isoformat(),
        "counted_to": counted.last.isoformat(), "as_of": on.isoformat(), "estimated_by": estimated_by,
        "columns": [
            {"id": one.id, "title": msgspec.to_builtins(one.title), "mark": one.mark, "note": one.note} for one in drawn.columns
        ],
        "rows": [_plain(one) for one in rows], "total": _plain(total),
    }


def _of_teams(db: Db, replica: Replica, unit: str | None, span: Span, on: dt.date) -> Iterator[tuple[str, str, Known]]:
    """Figures of cases. A team without any is 0 only if it declared that nothing arose in the whole period."""
    found = statistics(db, replica, unit, span.first.isoformat(), span.last.isoformat(), on.isoformat(), "team")
    own = {row["team"]: _ids(row["columns"]) for row in found["rows"]}
    working = {code for codes in _working(db, replica, unit, on).values() for code in codes}
    declared: dict[str, list[Span]] = {}
    for code, fact in read_activities(db, working - own.keys(), ("period.declared",)):
        if isinstance(fact, Declaration):
            declared.setdefault(code, []).append(fact.period)
    total = _ids(found["columns"])
    nothing: Known = dict.fromkeys(total, ())
    unknown: Known = dict.fromkeys(total)
    for code in sorted(working | own.keys(), key=lambda code: (alphabet.order(replica.name(code)), code)):
        silent = nothing if span.covered(tuple(declared.get(code, ()))) == span.days else unknown
        yield code, replica.name(code), own.get(code, silent)
    placed = {id for figures in own.values() for ids in figures.values() for id in ids}
    left = {name: tuple(id for id in ids if id not in placed) for name, ids in total.items()}
    if any(left.values()):
        yield NO_TEAM, NAMES[NO_TEAM], left


def _ids(columns: Mapping[str, Mapping[str, Any]]) -> dict[str, Ids]:
    return {name: tuple(column["cases"]) for name, column in columns.items()}


def _of_units(db: Db, replica: Replica, unit: str | None, span: Span, on: dt.date) -> Iterator[tuple[str, str, Known]]:
    """Figures of the roster on a day. An attribute that nobody in the unit bears was not told, rather than looked into [I]."""
    names = unit_names(db, on)
    found = _working(db, replica, unit, on) or ({} if unit is None else {unit: set()})
    for code in sorted(found, key=lambda code: (alphabet.order(names.get(code, "")), code)):
        yield code, names.get(code, code), _roster(db, replica, sorted(found[code]), span, on)


def _working(db: Db, replica: Replica, unit: str | None, on: dt.date) -> dict[str, set[str]]:
    """Teams that work on that day in the unit or below it, by their own unit."""
    within, at = units_within(db, unit, on), on.isoformat()
    found: dict[str, set[str]] = {}
    for team in replica.index:
        if team.ended_on is None or at < team.ended_on[:10]:
            for place in team.places:
                if covers(place, at) and (unit is None or place.unit in within):
                    found.setdefault(place.unit, set()).add(team.code)
    return found


def _roster(db: Db, replica: Replica, teams: Sequence[str], span: Span, on: dt.date) -> Known:
    if not teams:
        return dict.fromkeys(MEMBER_COUNTS)
    members = sorted((f"{code} {one.ref}", one) for code in teams for one in _members(replica, code, on))

    def those(wanted: Any) -> Ids:
        return tuple(dict.fromkeys(id for id, one in members if wanted(one)))

    law = those(lambda one: one.law_qualified)
    return {
        "teams": tuple(teams), "mediators": those(lambda one: True), "men": those(lambda one: one.sex == "male"),
        "women": those(lambda one: one.sex == "female"), "law_qualified": law or None,
        "not_law_qualified": those(lambda one: not one.law_qualified) if law else None,
        "ethnic_minority": those(lambda one: one.ethnic_minority) or None,
        "trained": _trained(db, teams, span, {id for id, _ in members}),
    }


def _members(replica: Replica, code: str, on: dt.date) -> list[Membership]:
    state, at = replica.index.get(code), on.isoformat()
    if state is None:
        return []
    return [m for m in state.members if m.valid_from[:10] <= at and (m.valid_to is None or at < m.valid_to[:10])]


def _trained(db: Db, teams: Sequence[str], span: Span, members: set[str]) -> Ids | None:
    """Of today's mediators those who stand on a sheet of the period; None if no class was held, or a sheet only says how many."""
    found: set[str] = set()
    sheets = 0
    for code, fact in read_activities(db, teams, ("training.attended",)):
        if isinstance(fact, Training) and fact.held in span and code in fact.sheets:
            sheet = fact.sheets[code]
            if sheet.present > len(sheet.mediators):
                return None
            sheets += 1
            found |= {f"{code} {ref}" for ref in sheet.mediators}
    return tuple(sorted(found & members)) if sheets else None


def _plain(one: Row) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name,
        "cells": {
            column: {"value": None if ids is None else len(ids), "ids": list(ids or ())} for column, ids in one.cells.items()
        },
        "unknown": dict(one.unknown), "estimates": dict(one.estimates),
        "broken": [_told(b, False) for b in one.broken] + [_told(b, True) for b in one.broken_estimates],
    }


def _told(one: Broken, estimated: bool) -> dict[str, Any]:
    return {
        "left": one.identity.left, "right": list(one.identity.right), "kind": one.identity.kind, "mark": one.identity.mark,
        "left_value": one.left, "right_value": one.right, "estimated": estimated,
    }


def traced(report: Mapping[str, Any], of: str) -> list[str]:
    """``of``: "5", of the total, or "HG-…:5". Raise ``BadQuestion``."""
    row_id, _, column = of.rpartition(":")
    rows = {row["id"]: row for row in (*report["rows"], report["total"])}
    row = rows.get(row_id or TOTAL)
    if row is None or column not in row["cells"]:
        raise BadQuestion(f"trace: {of!r} is not in the form; write COLUMN or ROW:COLUMN, columns "
                          f"{', '.join(one['id'] for one in report['columns'])}")
    return list(row["cells"][column]["ids"])
