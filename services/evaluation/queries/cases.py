"""The list of cases that people work through: by unit, team and status; urgent ones first, then by the nearest deadline.

A case belongs to the unit in which its team works today: whoever is responsible now must see it, whatever the unit was called
when it was taken in. Nothing here tells of a person but the reference of the mediator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from services.evaluation.store import Db, Document
from services.evaluation.store.replica import Replica, unit_names

MOST = 200
OVER = ("out_of_scope", "referred", "settled", "not_settled", "ended_by_party")
"""Statuses in which nobody mediates any more; a reopened case is open again."""
NO_DAY = "9999"


def cases(
    db: Db, replica: Replica, today: dt.date, *, unit: str | None, team: str | None, status: str | None, open_: bool | None,
    year: int | None, due_by: str | None, ids: Sequence[str] | None, units: Sequence[str] | None, teams: Sequence[str] | None,
    skip: int, limit: int,
) -> dict[str, Any]:
    """``year``: of receipt. ``due_by``: only cases that are urgent or have a deadline up to that day, and are open. ``units`` and
    ``teams``: only what belongs to one of them (several roles of one person); both None: everything."""
    replica.refresh(db)
    every: list[Document] = []
    if ids is not None:
        every.append({"_id": {"$in": list(ids)}})
    if unit:
        every.append(_of_units(replica, [unit], today))
    if team:
        every.append({"teams": team})
    if units is not None or teams is not None:
        every.append({"$or": [_of_units(replica, units or (), today), {"teams": {"$in": list(teams or ())}}]})
    if status:
        every.append({"state.status": status})
    if open_ is not None:
        every.append({"state.status": {"$nin" if open_ else "$in": list(OVER)}})
    if year:
        every.append({"state.received_on": {"$gte": f"{year:04d}", "$lt": f"{year + 1:04d}"}})
    if due_by is not None:
        every.append({"$or": [
            {"state.due.last_day": {"$lte": due_by}},
            {"state.urgent.0": {"$exists": True}, "state.status": {"$nin": list(OVER)}},
        ]})
    wanted: Document = {"$and": every} if every else {}
    found = db["cases"].aggregate([
        {"$match": wanted},
        {"$set": {
            "open": {"$not": {"$in": ["$state.status", list(OVER)]}},
            "due": {"$ifNull": [{"$min": "$state.due.last_day"}, NO_DAY]},
        }},
        {"$set": {"urgent": {"$and": ["$open", {"$gt": [{"$size": {"$ifNull": ["$state.urgent", []]}}, 0]}]}}},
        {"$sort": {"urgent": -1, "open": -1, "due": 1, "state.received_on": -1, "_id": 1}},
        {"$skip": max(0, skip)}, {"$limit": min(max(1, limit), MOST)},
        {"$project": {"subject": 1, "n": 1, "state": 1, "teams": 1, "places": 1, "urgent": 1, "open": 1}},
    ])
    names = unit_names(db, today)
    return {"total": db["cases"].count_documents(wanted), "items": [_item(d, replica, names, today) for d in found]}


def _of_units(replica: Replica, units: Sequence[str], today: dt.date) -> Document:
    """Teams that work in one of the units today, and what names such a unit but no team that is known: the ward's own queue."""
    codes = sorted({code for unit in units for code in replica.teams_of(unit) if replica.seat(code, today).unit == unit})
    return {"$or": [{"teams": {"$in": codes}}, {"unplaced": True, "places.unit": {"$in": list(units)}}]}


def _item(document: Document, replica: Replica, names: dict[str, str], today: dt.date) -> dict[str, Any]:
    state = document["state"]
    place = state.get("place") or {}
    team = document["teams"][0] if document["teams"] else None
    unit = replica.seat(team, today).unit if team else place.get("unit")
    keep = ("dispute", "received_on", "ended_on", "mediator", "visibility", "paused", "linked_to")
    return {
        "case": document["_id"], "subject": document["subject"], "n": document["n"], "status": state["status"],
        "team": team, "team_name": replica.name(team) if team else (place.get("team") or ""), "group": place.get("group"),
        "unit": unit, "unit_name": names.get(unit or "", ""),
        **{name: state.get(name) for name in keep},
        "open": document["open"], "urgent": list(state.get("urgent", ())) if document["urgent"] else [],
        "flags": [flag["code"] for flag in state.get("flags", ())],
        "due": [{"code": one["code"], "last_day": str(one["last_day"])[:10]} for one in state.get("due", ())],
        "obstacles_open": sum(1 for one in state.get("obstacles", ()) if not one.get("resolved_on")),
    }
