"""Verdicts as they stand, read from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from services.evaluation.domain.reading import EVERY
from services.evaluation.domain.rules import Scheme
from services.evaluation.queries.closing import closed_beside
from services.evaluation.queries.finding import find_scheme, find_team
from services.evaluation.store import FACTS, Db, Document, generations
from services.evaluation.store.replica import Replica, unit_names
from services.evaluation.store.verdicts import tree_of

VERDICTS = ("met", "not_met", "not_enough_evidence")
MOST_UNPLACED = 500


def league(db: Db, schemes: Mapping[str, Scheme], scheme: str, year: int, unit: str | None = None) -> Document:
    """Units and teams of a year with their verdicts; units are those on the window's last day. ``window`` is empty where the
    scheme was not in force. Raise ``UnknownScheme``."""
    span = find_scheme(schemes, scheme).span(year)
    if span is None:
        return {"scheme": scheme, "year": year, "window": [], "units": [], "teams": []}
    wanted: Document = {"scheme": scheme, "year": year, **({} if unit is None else {"unit": unit})}
    fields = ("team", "name", "unit", "group", "verdict", "settled", "rated", "criteria", "lacking")
    rows = list(db["verdicts"].find(wanted, fields).sort([("unit", 1), ("name", 1), ("team", 1)]))
    return {
        "scheme": scheme, "year": year, "window": [span.first.isoformat(), span.last.isoformat()],
        "units": _units(rows, unit_names(db, span.last)),
        "teams": [{"code": row["team"], **{name: row[name] for name in fields[1:]}} for row in rows],
    }


def _units(rows: Iterable[Document], names: Mapping[str, str]) -> list[Document]:
    units: dict[str, Document] = {}
    for row in rows:
        code = row["unit"]
        unit = units.setdefault(code, {
            "unit": code, "name": names.get(code, code), "teams": 0, **dict.fromkeys(VERDICTS, 0), "settled": 0, "rated": 0,
        })
        unit["teams"] += 1
        unit[row["verdict"]] += 1
        unit["settled"] += row["settled"]
        unit["rated"] += row["rated"]
    return list(units.values())


def counts(db: Db, schemes: Mapping[str, Scheme], scheme: str, year: int) -> Document:
    """Teams by verdict and the settled rate of all, as whole numbers. Raise ``UnknownScheme``."""
    find_scheme(schemes, scheme)
    found = {
        d["_id"]: d for d in db["verdicts"].aggregate([
            {"$match": {"scheme": scheme, "year": year}},
            {"$group": {
                "_id": "$verdict", "teams": {"$sum": 1}, "settled": {"$sum": "$settled"}, "rated": {"$sum": "$rated"},
            }},
        ])
    }
    return {
        **{verdict: found.get(verdict, {"teams": 0})["teams"] for verdict in VERDICTS},
        "settled_rate": {
            "numerator": sum(d["settled"] for d in found.values()), "denominator": sum(d["rated"] for d in found.values()),
        },
        "teams": sum(d["teams"] for d in found.values()),
    }


def explain(db: Db, schemes: Mapping[str, Scheme], replica: Replica, team: str, scheme: str, year: int) -> Document | None:
    """A team's explanation, with ``about`` on its root: who, which year, how new. None if the team was not there in that year's
    window, or is not scored yet. ``team``: its code, or a name that only one team bears. Raise ``UnknownScheme``,
    ``UnknownTeam``."""
    span = find_scheme(schemes, scheme).span(year)
    code = find_team(db, replica, team)
    found = db["verdicts"].find_one({"_id": f"{scheme}|{year}|{code}"})
    if found is None:
        return None
    assert span is not None  # it was scored
    return {**tree_of(found), "about": {
        "team": code, "name": found["name"], "unit": found["unit"], "group": found["group"],
        "unit_name": unit_names(db, span.last).get(found["unit"], found["unit"]), "scheme": scheme, "year": year,
        "window": [span.first.isoformat(), span.last.isoformat()], "generation": found["generation"],
        "as_of": found["as_of"], "scored_at": found["scored_at"].isoformat(), "base": found.get("base"),
        "closed": closed_beside(db, found),
    }}


def unplaced(db: Db, unit: str | None = None) -> list[Document]:
    """What waits for a name to be confirmed, or for a unit to say which team it is; at most ``MOST_UNPLACED``, by day."""
    rows: list[Document] = []
    for name in FACTS:
        wanted: Document = {"unplaced": True, **({} if unit is None else {"places.unit": unit})}
        for document in db[name].find(wanted, {"places": 1, "subject": 1}).limit(MOST_UNPLACED):
            rows += [
                {"kind": "case" if name == "cases" else "activity", "id": document["_id"], "subject": document["subject"],
                 **{key: place[key] for key in ("source", "team", "unit", "group", "on")},
                 **({"team": None} if place["team"] == EVERY else {})}
                for place in document["places"] if place["code"] is None
            ]
    return sorted(rows, key=lambda row: (row["on"], row["id"], row["team"] or ""))[:MOST_UNPLACED]


def unplaced_count(db: Db) -> int:
    return sum(db[name].count_documents({"unplaced": True}) for name in FACTS)


def teams_by_verdict(db: Db, years: Iterable[int]) -> dict[tuple[str, int, str], int]:
    """(scheme, year, verdict) → teams."""
    found = db["verdicts"].aggregate([
        {"$match": {"year": {"$in": sorted(set(years))}}},
        {"$group": {"_id": {"scheme": "$scheme", "year": "$year", "verdict": "$verdict"}, "teams": {"$sum": 1}}},
    ])
    return {(d["_id"]["scheme"], d["_id"]["year"], d["_id"]["verdict"]): d["teams"] for d in found}


def lag(db: Db, now: dt.datetime) -> dict[str, Any]:
    waiting, oldest = generations.lag(db, now)
    return {"waiting": waiting, "oldest_seconds": round(oldest, 3)}
