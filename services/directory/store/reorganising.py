"""A plan over the stored directory. Reads only: what a plan says goes through intake."""

from __future__ import annotations

from typing import Any

from pymongo.database import Database

from services.directory.domain.reorganising.expanding import World, expand, full_type, subject_of
from services.directory.domain.reorganising.plan import Plan
from services.directory.domain.reorganising.preview import preview
from services.directory.store.documents import fact_of
from services.directory.store.scope import TeamScope
from shared.contracts import record_id

Document = dict[str, Any]
PLANS = subject_of("")
"""Subjects of plans begin so."""


def reorganise(db: Database[Document], plan: Plan) -> Document:
    """See ``preview``; besides ``subject``, under which the events are published, and ``applied``: the plan's events that are in
    force, [{"source", "id", "type"}]."""
    record = record_id(subject_of(plan.id))
    answer = preview(plan, world := _world(db, plan, record), expand(plan, world))
    for event in answer["events"]:
        event["type"] = full_type(event["type"])
    return answer | {"subject": subject_of(plan.id), "applied": applied(db, plan.id)}


def applied(db: Database[Document], plan: str) -> list[Document]:
    held = db["records"].find_one({"_id": record_id(subject_of(plan))}) or {}
    return [{"source": source, "id": id_, "type": full_type(type_)} for source, id_, type_ in held.get("entries", ())]


def plans(db: Database[Document]) -> list[Document]:
    """[{"plan", "events"}] of the plans that are in force, by id."""
    found = db["records"].find({"subject": {"$regex": f"^{PLANS}"}}).sort("subject", 1)
    rows = [{"plan": d["subject"].removeprefix(PLANS), "events": len(d.get("entries", ()))} for d in found]
    return [row for row in rows if row["events"]]


def _world(db: Database[Document], plan: Plan, record: str) -> World:
    units = sorted(plan.units)
    keys = [f"{kind}:{unit}" for unit in units for kind in "ug"]
    named = {f"c:{step.team}" for change in plan.changes for step in change.teams}
    with db.client.start_session() as session:
        scope = TeamScope(db, session, named, units)
        facts = [fact_of(d) for d in db["facts"].find({"keys": {"$in": keys}}, session=session)]
        outside = scope.outside()
        lines = list(scope.lines.values())
    return World(
        [fact for fact in (*scope.all_facts(), *facts) if fact.record != record], lines,
        taken=lambda codes: {d["_id"] for d in db["codes"].find({"_id": {"$in": codes}}, {"_id": 1})},
        outside=lambda: outside,
    )
