"""Changes on their way to the broker: a document stays due until its newest version was confirmed.

A crash between commit and confirmation leaves it due, and a tick publishes it; a crash between confirmation and mark publishes it
once more, which subscribers ignore because it is no newer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from services.directory.store import ANNOUNCED
from shared.contracts import from_builtins
from shared.contracts.outgoing import NAMES_CHANGED, TEAM_CHANGED, UNIT_CHANGED, NamesChanged, TeamState, UnitState
from shared.failpoints import reach

Document = dict[str, Any]
Event = tuple[str, str, Any]
AT_ONCE = 500


def announce(db: Database[Document], publish: Callable[[list[Event]], None], before: dt.datetime | None = None) -> int:
    """Publish what is due, oldest version first come; how many. ``before``: only what changed before that moment.

    Raise what ``publish`` raises; the rest then stays due.
    """
    count = 0
    for collection in ANNOUNCED:
        while True:
            wanted: Document = {"due": True}
            if before is not None:
                wanted["changed_at"] = {"$lt": before}
            documents = list(db[collection].find(wanted).limit(AT_ONCE))
            if not documents:
                break
            reach("directory.committed")
            publish([_event(collection, document) for document in documents])
            reach("directory.published")
            db[collection].bulk_write(
                [UpdateOne({"_id": d["_id"], "n": d["n"]}, {"$set": {"due": False}}) for d in documents], ordered=False
            )
            count += len(documents)
    return count


def due(db: Database[Document], now: dt.datetime) -> tuple[int, float]:
    """How many changes wait to be published, and for how many seconds the oldest has."""
    count, oldest = 0, now
    for collection in ANNOUNCED:
        documents = list(db[collection].find({"due": True}, {"changed_at": 1}))
        count += len(documents)
        oldest = min([oldest, *(d["changed_at"] for d in documents)])
    return count, max(0.0, (now - oldest).total_seconds())


def _event(collection: str, document: Document) -> Event:
    match collection:
        case "units":
            unit: UnitState = from_builtins(document["state"], UnitState)
            return UNIT_CHANGED, f"namtot://directory/units/{unit.code}/{unit.valid_from}", unit
        case "teams":
            team: TeamState = from_builtins(document["state"], TeamState)
            return TEAM_CHANGED, f"namtot://directory/teams/{team.code}", team
        case _:
            name = NamesChanged(source=document["source"], name=document["name"], n=document["n"], code=document["code"])
            return NAMES_CHANGED, document["source"], name
