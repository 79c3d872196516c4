"""With which teams a fact is placed: resolved when it is written, and again when the directory learns something.

``places`` of a fact lists what its sources name, each with the team's code once that is known; ``teams`` are those codes; ``at``
is the directory's version by which they were found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from services.evaluation.domain.placing import keys_of_all
from services.evaluation.domain.reading import EVERY
from services.evaluation.store import FACTS, Db, Document
from services.evaluation.store.generations import bump
from services.evaluation.store.replica import Replica
from shared.contracts import When
from shared.contracts.outgoing import Place
from shared.storage import transact

AT_ONCE = 200
"""Facts placed in one transaction."""
KEYS_AT_ONCE = 500
LEFT_OVER = dt.timedelta(seconds=15)


def placed(named: Iterable[tuple[Place, When]], replica: Replica) -> Document:
    """The part of a fact's document that says where it belongs."""
    # of a stored fact, a unit's teams stand line by line: asked anew they are one place
    listed = list({(p.source, p.team, p.unit, p.group, on): (p, on) for p, on in named}.values())
    lines = [
        {
            "source": place.source, "team": place.team, "unit": place.unit, "group": place.group, "on": str(on), "code": code,
        }
        for place, on in listed for code in _codes(place, on, replica)
    ]
    return {
        "places": lines, "keys": keys_of_all(place for place, _ in listed),
        "teams": sorted({line["code"] for line in lines if line["code"] is not None}),
        "unplaced": any(line["code"] is None for line in lines), "at": replica.version,
    }


def _codes(place: Place, on: When, replica: Replica) -> list[str | None]:
    """The team that the place means, or all teams of the unit on that day; [None] where there is none yet."""
    if place.team == EVERY and place.unit is not None:
        return [*sorted(replica.working(place.unit, on.day))] or [None]
    return [replica.resolve(place, on)]


def place_again(db: Db, replica: Replica, name: str, ids: Sequence[str], now: dt.datetime) -> int:
    """Resolve these facts by the directory as it is now; how many moved. Teams before and after are bumped."""
    replica.refresh(db)
    moved = 0
    for some in _pieces(sorted(ids), AT_ONCE):
        def work(session: ClientSession, some: Sequence[str] = some) -> int:
            return _place_again(db, replica, name, some, now, session)

        moved += transact(db.client, work)
    return moved


def _place_again(
    db: Db, replica: Replica, name: str, ids: Sequence[str], now: dt.datetime, session: ClientSession
) -> int:
    touched: set[str] = set()
    writes: list[UpdateOne] = []
    moved = 0
    older = {"_id": {"$in": list(ids)}, "at": {"$lt": replica.version}}
    for document in db[name].find(older, {"places": 1, "teams": 1}, session=session):
        fresh = placed(
            (
                (Place(source=p["source"], team=p["team"], unit=p["unit"], group=p["group"]), When(p["on"]))
                for p in document["places"]
            ),
            replica,
        )
        if fresh["places"] != document["places"]:
            moved += 1
            touched.update(document["teams"], fresh["teams"])
        writes.append(UpdateOne({"_id": document["_id"]}, {"$set": fresh}))
    if writes:
        db[name].bulk_write(writes, ordered=False, session=session)
    bump(db, touched, now, session)
    return moved


def run_moves(db: Db, replica: Replica, now: dt.datetime, before: dt.datetime | None = None) -> int:
    """Place anew what the directory's changes left to be placed; how many facts moved. ``before``: only moves from before
    that moment. Safe to repeat and to run twice at the same time."""
    moved = 0
    wanted: Document = {} if before is None else {"at": {"$lt": before}}
    for move in list(db["moves"].find(wanted).sort("at", 1)):
        for keys in _pieces(move["keys"], KEYS_AT_ONCE):
            for name in FACTS:
                ids = [d["_id"] for d in db[name].find({"keys": {"$in": list(keys)}}, {"_id": 1})]
                moved += place_again(db, replica, name, ids, now) if ids else 0
        db["moves"].delete_one({"_id": move["_id"]})
    return moved


def _pieces(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start:start + size] for start in range(0, len(items), size))
