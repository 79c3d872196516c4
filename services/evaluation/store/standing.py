"""Documents derived from a team's facts, standing for a generation of that team and a day.

A document is written where the stored one stands for an older generation, or for the same on an earlier day. ``changed`` is the
generation in which something that is told (``tells``) last became another; the document is unannounced until that generation's
event was confirmed, so a crash repeats an announcement and never loses one.

    id · team · summary… · body (JSON, compressed) · digest
    generation · as_of · scored_at · revisit_on        for what it stands
    changed · announced · unannounced                  what others know of it
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from bson.binary import Binary
from isal import isal_zlib
from pymongo import DeleteMany, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from services.evaluation.store import Db, Document
from shared.failpoints import reach

Event = tuple[str, str, Any]
"""Type, subject, data."""
DUPLICATE = 11000
AT_ONCE = 500
_HEAD = ("team", "digest", "generation", "as_of", "changed", "announced")
_NOTHING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What a team's facts come to in one document. ``summary``: fields to be searched and told; ``body``: the rest as JSON in
    UTF-8. ``revisit_on``: the day on which the passing of time alone may change it."""

    key: str
    team: str
    summary: Document
    body: bytes
    revisit_on: dt.date | None = None


Changed = tuple[Derived, str]
"""With the digest of its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A collection of such documents. ``event`` makes what is told of one out of its fields without the body; None: nobody is
    told."""

    collection: str
    tells: tuple[str, ...] = ()
    event: Callable[[Document], Event] | None = None

    def write(
        self, db: Db, generations: Mapping[str, int], results: Sequence[Derived], today: dt.date, now: dt.datetime
    ) -> None:
        """Write what these teams' generations come to; documents of theirs that are no longer derived go."""
        heads = {
            d["_id"]: d
            for d in db[self.collection].find({"team": {"$in": sorted(generations)}}, [*_HEAD, *self.tells])
        }
        same: list[Changed] = []
        other: list[Changed] = []
        for result in results:
            head, digest = heads.get(result.key), _digest(result)
            (same if head is not None and head["digest"] == digest else other).append((result, digest))

        on_this_day = {"as_of": today.isoformat(), "scored_at": now}

        def stand(result: Derived) -> Document:
            return {
                **on_this_day, "generation": generations[result.team],
                "revisit_on": None if result.revisit_on is None else result.revisit_on.isoformat(),
            }

        if same:
            alike: dict[tuple[Any, ...], list[str]] = {}
            for result, _ in same:
                seen, due = heads[result.key], stand(result)
                if (seen["generation"], seen["as_of"]) < (due["generation"], due["as_of"]):
                    group = (seen["generation"], seen["as_of"], due["generation"], due["revisit_on"])
                    alike.setdefault(group, []).append(result.key)
            confirmed = sum(
                db[self.collection].update_many(
                    # whoever writes leaves another generation or day behind
                    {"_id": {"$in": keys}, "generation": seen, "as_of": on},
                    {"$set": {**on_this_day, "generation": generation, "revisit_on": revisit_on}},
                ).matched_count
                for (seen, on, generation, revisit_on), keys in alike.items()
            )
            if confirmed < sum(map(len, alike.values())):
                # another instance wrote between: whichever stands for less gives way
                other += same
        if other:
            self._put(db, heads, [
                (result, {
                    **result.summary, "team": result.team, **stand(result), "body": Binary(isal_zlib.compress(result.body, 1)),
                    "digest": digest,
                })
                for result, digest in other
            ])
        kept = {result.key for result in results}
        gone = sorted({head["team"] for key, head in heads.items() if key not in kept})
        if gone:
            db[self.collection].bulk_write(
                [DeleteMany({"team": team, "generation": {"$lt": generations[team]}}) for team in gone], ordered=False
            )

    def held(self, db: Db, teams: Iterable[str], *fields: str) -> list[Document]:
        """What stands of these teams, with ``fields``. Who has told of a document derives it again though nothing is left that it
        came from, so that it is not dropped in silence."""
        return list(db[self.collection].find({"team": {"$in": sorted(teams)}}, ["team", *fields]))

    def _put(self, db: Db, heads: Mapping[str, Document], documents: Sequence[tuple[Derived, Document]]) -> None:
        """Each as a whole, if what stands is still what was seen of it: that is much cheaper than to have the server decide, as
        it must where it is not."""
        writes: list[InsertOne[Document] | ReplaceOne[Document]] = []
        for result, document in documents:
            head = heads.get(result.key)
            if head is None:
                writes.append(InsertOne({"_id": result.key, **document, **_told(document["generation"], self._first(document))}))
            elif (head["generation"], head["as_of"]) < (document["generation"], document["as_of"]):
                unchanged = all(head.get(name, _NOTHING) == document[name] for name in self.tells)
                told = _told(head["changed"] if unchanged else document["generation"], head["announced"])
                seen = {name: head[name] for name in ("generation", "as_of", "changed", "announced")}
                writes.append(ReplaceOne({"_id": result.key, **seen}, {**document, **told}))
        if not writes:
            return
        try:
            done = db[self.collection].bulk_write(writes, ordered=False)
            written = done.inserted_count + done.matched_count
        except BulkWriteError as error:
            _only_duplicates(error)
            written = 0
        if written < len(writes):
            self._replace(db, documents)

    def _replace(self, db: Db, documents: Iterable[tuple[Derived, Document]]) -> None:
        try:
            db[self.collection].bulk_write(
                [UpdateOne(_older(result, document), self._setting(document), upsert=True) for result, document in documents],
                ordered=False,
            )
        except BulkWriteError as error:
            # what is not older was not matched, so the upsert ran into it: it stands for as much or more, and stays
            _only_duplicates(error)

    def _setting(self, document: Document) -> list[Document]:
        """As an update pipeline, because ``changed`` depends on what is there."""
        unchanged = {"$and": [{"$eq": [f"${name}", {"$literal": document[name]}]} for name in self.tells]}
        return [
            {"$set": {
                **{name: {"$literal": value} for name, value in document.items()},
                "changed": {"$cond": [unchanged, "$changed", document["generation"]]},
                "announced": {"$ifNull": ["$announced", self._first(document)]},
            }},
            {"$set": {"unannounced": {"$gt": ["$changed", "$announced"]}}},
        ]

    def _first(self, document: Document) -> int:
        """What counts as announced of a new document."""
        return -1 if self.event is not None else int(document["generation"])

    def due_for_a_look(self, db: Db, today: dt.date) -> list[str]:
        """Teams with a document that the passing of time may have changed."""
        found = db[self.collection].find({"revisit_on": {"$type": "string", "$lte": today.isoformat()}}, {"team": 1})
        return sorted({d["team"] for d in found})

    def announce(self, db: Db, publish: Callable[[list[Event]], None], teams: Iterable[str] | None = None) -> int:
        """Publish what changed and was not announced; how many. Raise what ``publish`` raises; the rest then stays due.

        ``teams``: only theirs.
        """
        wanted: Document = {"unannounced": True}
        if teams is not None:
            wanted["team"] = {"$in": sorted(teams)}
        if self.event is None:
            return 0
        count = 0
        while True:
            documents = list(db[self.collection].find(wanted, {"body": 0}).limit(AT_ONCE))
            if not documents:
                return count
            publish([self.event(document) for document in documents])
            reach("evaluation.published")
            # what changed again meanwhile stays due
            db[self.collection].bulk_write(
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


def _told(changed: int, announced: int) -> Document:
    return {"changed": changed, "announced": announced, "unannounced": changed > announced}


def _only_duplicates(error: BulkWriteError) -> None:
    if any(problem["code"] != DUPLICATE for problem in error.details["writeErrors"]):
        raise error


def body_of(document: Document) -> Document:
    found: Document = msgspec.json.decode(isal_zlib.decompress(document["body"]))
    return found


FORM = b"body"
"""Goes into every digest: another form of the documents has them all written anew."""


def _digest(result: Derived) -> str:
    return hashlib.sha256(FORM + msgspec.json.encode(result.summary) + result.body).hexdigest()


def _older(result: Derived, stand: Document) -> Document:
    """The stored document, if it may be written over."""
    generation, day = stand["generation"], stand["as_of"]
    return {"_id": result.key, "$or": [
        {"generation": {"$lt": generation}}, {"generation": generation, "as_of": {"$lt": day}},
    ]}
