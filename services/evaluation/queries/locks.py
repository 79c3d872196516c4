"""How a month's figures stand: which teams submitted, what was locked, what came to differ since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.evaluation.domain.statistics.corrections import Correction, corrections
from services.evaluation.domain.statistics.counting import Figures
from services.evaluation.domain.statistics.locks import (
    SUBMITTED,
    Differing,
    Frozen,
    Lock,
    Told,
    differing,
    flags,
    month_span,
    side_by_side,
    standing,
)
from services.evaluation.queries.statistics import BadQuestion, figures_of, shown, units_inside, units_within
from services.evaluation.store import Db, locks
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span


def statistics_lock(db: Db, replica: Replica, unit: str, period: str) -> dict[str, Any]:
    """``period``: a month, YYYY-MM. ``locked``: the lock that stands, its ``figures`` as they were counted then; ``corrections``:
    what differs from it now. ``locks``: all, those taken back too, each ``changed`` beside the one before it. ``submitted``, and
    ``missing`` teams, are those that work in the unit, or a unit below it, on the month's last day. Raise ``BadQuestion``."""
    span = month(period)
    replica.refresh(db)
    month_ = _gather(db, replica, span, unit)
    return _status(db, replica, month_, unit, figures_of(db, replica, [unit], span)[unit])


def statistics_locks(db: Db, replica: Replica, period: str, unit: str | None = None) -> dict[str, Any]:
    """A line for each unit that has teams, or locked the month: how many of its teams submitted, whether it is locked, how many
    figures were corrected since. ``unit``: only this one and those below it; None: everything. Raise ``BadQuestion``."""
    span = month(period)
    replica.refresh(db)
    month_ = _gather(db, replica, span, unit)
    codes = sorted({*month_.teams, *month_.frozen})
    present = figures_of(db, replica, codes, span)
    lines = []
    for code in codes:
        status = _status(db, replica, month_, code, present[code])
        locked = status["locked"]
        lines.append({
            "unit": code, "name": status["name"], "teams": status["teams"], "submitted": status["teams"] - len(status["missing"]),
            "missing": len(status["missing"]), "locked_on": locked and locked["on"], "number": locked and locked["number"],
            "corrections": len(status["corrections"]), "flags": locked["flags"] if locked else [],
            "withdrawn": sum(one["state"] == "withdrawn" for one in status["locks"]),
        })
    return {
        "unit": unit, "period": period, "from": span.first.isoformat(), "to": span.last.isoformat(), "units": lines,
        "not_locked": [line["unit"] for line in lines if line["locked_on"] is None],
    }


def month(period: str) -> Span:
    """Raise ``BadQuestion``."""
    try:
        found = month_span(period)
    except (TypeError, ValueError):
        raise BadQuestion(f"period: {period!r} is not a month; write it as YYYY-MM, for example 2024-11") from None
    if not 1900 <= found.first.year <= 2199:
        raise BadQuestion(f"period: {period} lies outside 1900-2199; check the year")
    return found


@dataclass(slots=True)
class _Month:
    """``units``: codes that are on record on the month's last day, with their names. ``ever``: on any day. ``teams``: by unit,
    those that work there on that day. ``inside``: by unit, itself and all below it. ``told``: live submissions and locks, with
    the team that each names."""

    span: Span
    units: Mapping[str, str]
    ever: frozenset[str]
    teams: dict[str, set[str]]
    told: list[tuple[Told, str | None]]
    frozen: dict[str, list[tuple[Frozen, str, bool]]] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=dict)

    def working(self, unit: str) -> set[str]:
        return {team for code in self.inside.get(unit, {unit}) for team in self.teams.get(code, ())}


def _gather(db: Db, replica: Replica, span: Span, unit: str | None) -> _Month:
    within = units_within(db, unit, span.last)
    period = f"{span.first:%Y-%m}"
    found = _Month(
        span=span, units=unit_names(db, span.last), ever=frozenset(db["units"].distinct("code")),
        teams=_working(replica, span.last, within), told=locks.told(db, [period]),
    )
    for one in locks.of(db, [period], None if unit is None else within):
        found.frozen.setdefault(str(one[0].lock.unit), []).append(one)
    found.inside = units_inside(db, {*found.teams, *found.frozen, *([] if unit is None else [unit])}, span.last)
    return found


def _working(replica: Replica, on: dt.date, within: set[str]) -> dict[str, set[str]]:
    day = on.isoformat()
    found: dict[str, set[str]] = {}
    for team in replica.index:
        begun = team.established_on[:10] <= day and (team.ended_on is None or day < team.ended_on[:10])
        if begun and (unit := replica.seat(team.code, on).unit) in within:
            found.setdefault(unit, set()).add(team.code)
    return found


def _status(db: Db, replica: Replica, month_: _Month, unit: str, present: Figures) -> dict[str, Any]:
    teams = month_.working(unit)
    live = {one.key: one for one, _ in month_.told if one.type != SUBMITTED}
    frozen = month_.frozen.get(unit, [])
    hashes = {one.lock.key: (hash, touched) for one, hash, touched in frozen}
    written = _written_up(db, [one.figures for one, _, _ in frozen], present) if frozen else {}
    all_locks = side_by_side((one for one, _, _ in frozen), live, written)
    submitted = [
        (one, team) for one, team in month_.told
        if one.type == SUBMITTED and (team in teams if team is not None else one.unit in month_.inside.get(unit, {unit}))
    ]
    missing = teams - {team for _, team in submitted}

    def lock(one: Lock) -> dict[str, Any]:
        hash, touched = hashes[one.frozen.lock.key]
        return _lock(one, hash, flags(
            one, all_locks, known=unit in month_.ever, then=unit in month_.units, missing=bool(missing), touched=touched,
        ))

    stands = standing(all_locks)
    return {
        "unit": unit, "name": month_.units.get(unit, ""), "period": f"{month_.span.first:%Y-%m}",
        "from": month_.span.first.isoformat(), "to": month_.span.last.isoformat(), "teams": len(teams),
        "submitted": [_submitted(replica, one, team, present) for one, team in submitted],
        "missing": [
            {"team": team, "name": replica.name(team), "unit": replica.seat(team, month_.span.last).unit}
            for team in sorted(missing)
        ],
        "locked": None if stands is None else lock(stands), "locks": [lock(one) for one in all_locks],
        "corrections": [] if stands is None else [
            _correction(one) for one in corrections(stands.frozen.figures, present, written)
        ],
    }


def _submitted(replica: Replica, one: Told, team: str | None, present: Figures) -> dict[str, Any]:
    """A unit's own figures are compared with what is counted now; a team's are, by ``odd``."""
    return {
        **({"team": team, "name": replica.name(team)} if team is not None else {"unit": one.unit}),
        "on": one.on, "by": one.source, "entry": one.entry, "stated": one.stated,
        "differing": [_differing(each) for each in differing(one.stated, present)] if team is None else [],
    }


def _lock(one: Lock, hash: str, said: list[Any]) -> dict[str, Any]:
    told = one.told
    return {
        "on": told.on, "by": told.by_role, "number": told.number, "hash": hash, "figures": shown(one.frozen.figures),
        "as_of": one.frozen.as_of, "counted_at": one.frozen.counted_at, "time": told.time, "source": told.source,
        "entry": told.entry, "id": told.event_id, "state": one.state, "flags": list(said),
        "differing": [_differing(each) for each in one.differing], "changed": [_correction(each) for each in one.changed],
    }


def _differing(one: Differing) -> dict[str, Any]:
    return {"figure": one.name, "stated": one.stated, "counted": len(one.counted), "cases": list(one.counted)}


def _correction(one: Correction) -> dict[str, Any]:
    return {
        "figure": one.name, "locked": one.locked, "now": one.present, "cases_in": list(one.added), "cases_out": list(one.removed),
        "written_at": dict(one.written_up),
    }


def _written_up(db: Db, frozen: Iterable[Figures], present: Figures) -> dict[str, str]:
    """When each case was first written up, where that is known."""
    ids = sorted({id for found in (*frozen, present) for cases in found.values() for id in cases})
    stored = db["cases"].find({"_id": {"$in": ids}, "state.logged_on": {"$exists": True}}, {"state.logged_on": 1})
    return {document["_id"]: document["state"]["logged_on"][:10] for document in stored}
