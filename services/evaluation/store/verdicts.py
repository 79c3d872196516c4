"""Verdicts: written only over what is older, announced until the broker has confirmed.

A verdict stands for a generation of its team and a day. It is written where the stored one stands for an older generation, or
for the same on an earlier day. ``changed`` is the generation in which the verdict, or what is lacking, last became another; it
is unannounced until that generation's event was confirmed, so a crash repeats an announcement and never loses one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from bson.binary import Binary
from pymongo import DeleteMany, UpdateOne
from pymongo.errors import BulkWriteError

from services.evaluation.domain.judge import Judgement
from services.evaluation.store import Db, Document
from services.evaluation.store.replica import Seat
from shared.contracts.outgoing import VERDICT_CHANGED, VerdictChanged
from shared.failpoints import reach

Event = tuple[str, str, Any]
DUPLICATE = 11000
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A team's judgement under a scheme in a year, with who it is on the window's last day."""

    team: str
    name: str
    seat: Seat
    scheme: str
    year: int
    judgement: Judgement

    @property
    def key(self) -> str:
        return f"{self.scheme}|{self.year}|{self.team}"


def write(
    db: Db, generations: Mapping[str, int], results: Sequence[Scored], today: dt.date, now: dt.datetime
) -> None:
    """Write what these teams' generations come to; verdicts of theirs that are no longer due go."""
    heads = {
        d["_id"]: d for d in db["verdicts"].find({"team": {"$in": sorted(generations)}}, {"digest": 1, "team": 1})
    }
    same: list[tuple[Scored, bytes, str]] = []
    other: list[tuple[Scored, bytes, str]] = []
    for result in results:
        tree, head = result.judgement.tree.encoded(), heads.get(result.key)
        digest = hashlib.sha256(msgspec.json.encode(_summary(result)) + tree).hexdigest()
        unchanged = head is not None and head["digest"] == digest
        (same if unchanged else other).append((result, tree, digest))

    def stand(result: Scored) -> Document:
        return {
            "generation": generations[result.team], "as_of": today.isoformat(), "scored_at": now,
            "revisit_on": _day(result.judgement.revisit_on),
        }

    if same:
        confirmed = db["verdicts"].bulk_write(
            [
                UpdateOne({**_older(result, stand(result)), "digest": digest}, {"$set": stand(result)})
                for result, _, digest in same
            ],
            ordered=False,
        )
        if confirmed.matched_count < len(same):
            # another instance wrote between: whichever stands for less gives way
            other += same
    if other:
        _replace(db, [
            (result, {
                **_summary(result), **stand(result), "tree": Binary(zlib.compress(tree, 1)), "digest": digest,
            })
            for result, tree, digest in other
        ])
    kept = {result.key for result in results}
    gone = sorted({head["team"] for key, head in heads.items() if key not in kept})
    if gone:
        db["verdicts"].bulk_write(
            [DeleteMany({"team": team, "generation": {"$lt": generations[team]}}) for team in gone], ordered=False
        )


def _older(result: Scored, stand: Document) -> Document:
    """The stored verdict, if it may be written over."""
    generation, day = stand["generation"], stand["as_of"]
    return {"_id": result.key, "$or": [
        {"generation": {"$lt": generation}}, {"generation": generation, "as_of": {"$lt": day}},
    ]}


def _replace(db: Db, documents: Iterable[tuple[Scored, Document]]) -> None:
    try:
        db["verdicts"].bulk_write(
            [UpdateOne(_older(result, document), _setting(document), upsert=True) for result, document in documents],
            ordered=False,
        )
    except BulkWriteError as error:
        # what is not older was not matched, so the upsert ran into it: it stands for as much or more, and stays
        if any(problem["code"] != DUPLICATE for problem in error.details["writeErrors"]):
            raise


def _setting(document: Document) -> list[Document]:
    """As an update pipeline, because ``changed`` depends on what is there."""
    unchanged = {"$and": [{"$eq": [f"${name}", {"$literal": document[name]}]} for name in ("verdict", "lacking")]}
    return [
        {"$set": {
            **{name: {"$literal": value} for name, value in document.items()},
            "changed": {"$cond": [unchanged, "$changed", document["generation"]]},
            "announced": {"$ifNull": ["$announced", -1]},
        }},
        {"$set": {"unannounced": {"$gt": ["$changed", "$announced"]}}},
    ]


def _summary(result: Scored) -> Document:
    judgement = result.judgement
    return {
        "team": result.team, "name": result.name, "unit": result.seat.unit, "group": result.seat.group,
        "scheme": result.scheme, "year": result.year, "verdict": str(judgement.verdict),
        "criteria": {child.id: str(child.verdict) for child in judgement.tree.children},
        "lacking": list(judgement.lacking), "settled": judgement.settled, "rated": judgement.rated,
    }


def tree_of(document: Document) -> Document:
    """The explanation as JSON values."""
    found: Document = msgspec.json.decode(zlib.decompress(document["tree"]))
    return found


def due_for_a_look(db: Db, today: dt.date) -> list[str]:
    """Teams with a verdict that the passing of time may have changed."""
    found = db["verdicts"].find({"revisit_on": {"$type": "string", "$lte": today.isoformat()}}, {"team": 1})
    return sorted({d["team"] for d in found})


def announce(db: Db, publish: Callable[[list[Event]], None], teams: Iterable[str] | None = None) -> int:
    """Publish what changed and was not announced; how many. Raise what ``publish`` raises; the rest then stays due.

    ``teams``: only theirs.
    """
    wanted: Document = {"unannounced": True}
    if teams is not None:
        wanted["team"] = {"$in": sorted(teams)}
    count = 0
    while True:
        documents = list(db["verdicts"].find(wanted, {"tree": 0}).limit(AT_ONCE))
        if not documents:
            return count
        publish([_event(document) for document in documents])
        reach("evaluation.published")
        # what changed again meanwhile stays due
        db["verdicts"].bulk_write(
            [
                UpdateOne(
                    {"_id": d["_id"], "changed": d["changed"]},
                    {"$set": {"announced": d["changed"], "unannounced": False}},
                )
                for d in documents
            ],
            ordered=False,
        )
        count += len(documents)


def _event(document: Document) -> Event:
    told = VerdictChanged(
        team=document["team"], unit=document["unit"], scheme=document["scheme"], year=document["year"],
        generation=document["changed"], verdict=document["verdict"], lacking=document["lacking"],
    )
    return VERDICT_CHANGED, f"namtot://evaluation/{document['scheme']}/{document['year']}/{document['team']}", told


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
