"""Evaluation in MongoDB.

    cases         case id → version, public state     ┐ facts, applied only if newer, with the places that
    activities    record id → version, entries        ┘ their sources name and the teams that these are
    teams, units  replica of the directory; ``directory`` numbers its versions
    moves         keys whose facts are still to be placed anew; empty at rest
    days          days by which a year is known to have facts
    generations   team → how often something about it changed, and how much of that is scored
    sheets        team → its facts as they were read, to be judged by new rules without reading its records again
    verdicts      team, scheme and year → verdict and explanation     ┐ derived from the team's facts, with the
    recognitions  team and year → how far its recognition has come    │ generation that they stand for
    commendations, praise  see ``commendations``                      ┘
    closings      what communes closed, and corrected since     ┐ only ever added to; see ``closings``
    closed        team, year and revision → sealed verdict      ┘
    locks         what monthly locks of figures found; only ever added to
    due           units and years in which something is to be closed or corrected; empty at rest
    meta          the periods that are scored; the rules by which, held by a lease

A fact and the generations that it touches are written in one transaction. The scorer reads the generation first, then the facts,
and writes only over what is older, so older data can never win.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import OperationFailure

Document = dict[str, Any]
Db = Database[Document]

FACTS = ("cases", "activities")
DERIVED = ("verdicts", "recognitions", "commendations")
"""Documents that stand for a generation of their team (``standing``)."""
NAMESPACE_EXISTS = 48
"""https://www.mongodb.com/docs/manual/reference/error-codes/"""
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def prepare(db: Db) -> None:
    """Create the indexes; safe to repeat, and from several instances."""
    db["cases"].create_index([("linked_to", ASCENDING)], partialFilterExpression={"linked_to": {"$type": "string"}})
    db["cases"].create_index([("state.received_on", ASCENDING)])
    for name in FACTS:
        db[name].create_index([("teams", ASCENDING)])
        db[name].create_index([("keys", ASCENDING)])
        # only what concerns whole units, so it is small
        db[name].create_index([("units", ASCENDING)], partialFilterExpression={"units": {"$exists": True}})
        # holds nothing once every name is confirmed
        db[name].create_index([("unplaced", ASCENDING)], partialFilterExpression={"unplaced": True})
    # claims for payment, by the cases that they name
    db["activities"].create_index(
        [("entries.data.cases", ASCENDING)], partialFilterExpression={"entries.data.cases": {"$exists": True}}
    )
    # monthly submissions and locks, by their month
    db["activities"].create_index(
        [("entries.data.month", ASCENDING)], partialFilterExpression={"entries.data.month": {"$exists": True}}
    )
    db["locks"].create_index([("month", ASCENDING), ("unit", ASCENDING)])
    # decisions on recognition, by the entry that closed a year
    db["activities"].create_index(
        [("entries.entry", ASCENDING)], partialFilterExpression={"entries.type": "recognition.decided"}
    )
    db["teams"].create_index([("seq", ASCENDING)])
    db["teams"].create_index([("heir", ASCENDING)], partialFilterExpression={"heir": {"$type": "string"}})
    db["units"].create_index([("code", ASCENDING)])
    # by who waits longest: those that are claimed stand in front, and are few
    db["generations"].create_index(
        [("since", ASCENDING), ("claimed_until", ASCENDING)], partialFilterExpression={"waiting": True}
    )
    db["verdicts"].create_index([("scheme", ASCENDING), ("year", ASCENDING), ("unit", ASCENDING)])
    db["verdicts"].create_index([("year", ASCENDING), ("scheme", ASCENDING), ("verdict", ASCENDING)])
    for name in DERIVED:
        db[name].create_index([("team", ASCENDING)])
        db[name].create_index([("revisit_on", ASCENDING)], partialFilterExpression={"revisit_on": {"$type": "string"}})
        db[name].create_index([("unannounced", ASCENDING)], partialFilterExpression={"unannounced": True})
    db["recognitions"].create_index([("year", ASCENDING), ("unit", ASCENDING)])
    for fields in ("record", "unit year", "state", "number unit"):
        db["commendations"].create_index([(name, ASCENDING) for name in fields.split()])
    for fields in ("team", "year unit", "owed unit since"):
        db["praise"].create_index([(name, ASCENDING) for name in fields.split()])
    for name in ("closings", "closed"):
        db[name].create_index([("unit", ASCENDING), ("year", ASCENDING)])
    db["closed"].create_index([("team", ASCENDING), ("year", ASCENDING)])
    db["directory"].update_one({"_id": "version"}, {"$setOnInsert": {"seq": 0}}, upsert=True)
    for name in ("moves", "days", "meta", "closings", "closed", "due"):
        try:
            db.create_collection(name, check_exists=False)
        except OperationFailure as error:
            # another instance, or another greenthread of this one, was quicker
            if error.code != NAMESPACE_EXISTS:
                raise
