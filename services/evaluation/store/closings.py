"""What communes closed. Documents here are only ever added: a closing with all its verdicts in one transaction, later a
correction with its revision. Who edits one by hand is found out by the hashes (``domain.closing.sealing``).

    closings   unit, year and number → head: by which entry, under which scheme, the hash of every verdict
    closed     unit, year, team and revision → the sealed verdict, its explanation, the facts that it rests on
    due        unit and year → noted by the scorer: there is something to close or to correct
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from bson.binary import Binary
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.evaluation.domain.closing.canonical import content_hash
from services.evaluation.domain.closing.sealing import Flaw, Head, Sealed, flaw_of
from services.evaluation.store import Db, Document
from services.evaluation.store.generations import bump
from shared.failpoints import reach
from shared.storage import transact

OUTSIDE = ("_id", "hash", "tree", "facts")
"""Fields of a stored document that its own hash does not cover, or that are the hash."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """``tree``: the explanation's JSON; ``facts``: canonical text of what it rests on."""

    sealed: Sealed
    tree: bytes
    facts: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A verdict as it is found. ``sealed`` None: it cannot be read any more. ``flaw``: what was touched."""

    key: str
    hash: str
    sealed: Sealed | None
    tree: bytes
    facts: bytes
    flaw: Flaw | None


class Moved(Exception):
    """Something about the teams changed while they were being frozen."""


def freeze(db: Db, head: Head, frozen: Sequence[Frozen], generations: Mapping[str, int], now: dt.datetime) -> bool:
    """All or nothing. False if somebody else was quicker, or a team went on from the generation that was judged; then there is
    something newer to freeze."""
    documents = [
        {
            "_id": one.sealed.key, **msgspec.to_builtins(one.sealed), "hash": content_hash(one.sealed),
            "tree": Binary(zlib.compress(one.tree)), "facts": Binary(zlib.compress(one.facts)),
        }
        for one in frozen
    ]

    def work(session: ClientSession) -> None:
        if generations_of(db, generations, session) != dict(generations):
            raise Moved
        if documents:
            db["closed"].insert_many(documents, session=session)
        reach("evaluation.freezing")
        db["closings"].insert_one(
            {"_id": head.key, **msgspec.to_builtins(head), "hash": content_hash(head)}, session=session
        )
        # what depends on whether the year is closed: which choice of criteria counts, what a page says
        bump(db, generations, now, session)

    try:
        transact(db.client, work)
    except (DuplicateKeyError, Moved):
        return False
    return True


def generations_of(db: Db, teams: Iterable[str], session: ClientSession | None = None) -> dict[str, int]:
    """The generation of each team that is scored up to it."""
    found = db["generations"].find(
        {"_id": {"$in": sorted(teams)}, "waiting": False}, {"generation": 1}, session=session
    )
    return {d["_id"]: d["generation"] for d in found}


# -- what is closed

def heads_of(db: Db, unit: str, year: int) -> list[tuple[Head, str]]:
    """A year's heads, each with its stored hash, from the closing on. Raise ``msgspec.ValidationError`` for one that somebody
    made unreadable."""
    found = db["closings"].find({"unit": unit, "year": year}).sort("number", 1)
    return [(msgspec.convert(_inside(d), Head), d["hash"]) for d in found]


def first_heads(db: Db, units: Iterable[str]) -> dict[tuple[str, int], Document]:
    """By unit and year: what closed it (``cause``), under which ``scheme``, without what was frozen. One that somebody made
    unreadable is left out, so that nobody's scoring stops at it; ``heads_of`` says so."""
    found = db["closings"].find({"unit": {"$in": sorted(set(units))}, "number": 0}, {"frozen": 0})
    return {(d["unit"], d["year"]): d for d in found if _reads(d)}


def closed_years(db: Db, unit: str | None = None, year: int | None = None) -> list[tuple[str, int]]:
    wanted: Document = {"number": 0, **({} if unit is None else {"unit": unit}), **({} if year is None else {"year": year})}
    return [(d["unit"], d["year"]) for d in db["closings"].find(wanted, {"unit": 1, "year": 1}).sort([("unit", 1), ("year", 1)])]


def verdicts_of(db: Db, unit: str, year: int) -> Iterator[Stored]:
    """Every revision that is stored, by team and revision."""
    for document in db["closed"].find({"unit": unit, "year": year}).sort([("team", 1), ("revision", 1)]):
        yield stored(document)


def stored(document: Document) -> Stored:
    hash = document.get("hash", "")
    try:
        tree, facts = zlib.decompress(document["tree"]), zlib.decompress(document["facts"])
        sealed = msgspec.convert(_inside(document), Sealed)
    except (KeyError, TypeError, zlib.error, msgspec.ValidationError):
        return Stored(key=document["_id"], hash=hash, sealed=None, tree=b"", facts=b"", flaw="content")
    flaw = flaw_of(sealed, hash, tree, facts)
    if flaw is None and sealed.key != document["_id"]:
        flaw = "content"
    return Stored(key=document["_id"], hash=hash, sealed=sealed, tree=tree, facts=facts, flaw=flaw)


def latest(db: Db, wanted: Mapping[str, Any], fields: Sequence[str] | None = None) -> list[Document]:
    """Of each team and year that ``wanted`` finds, the last revision."""
    newest: dict[tuple[str, int], Document] = {}
    projection = None if fields is None else [*fields, "team", "year", "revision"]
    for document in db["closed"].find(wanted, projection):
        key = document["team"], document["year"]
        if key not in newest or newest[key]["revision"] < document["revision"]:
            newest[key] = document
    return [newest[key] for key in sorted(newest)]


def tree_of(document: Document) -> Document:
    found: Document = msgspec.json.decode(zlib.decompress(document["tree"]))
    return found


def _reads(document: Document) -> bool:
    try:
        return msgspec.convert({**_inside(document), "frozen": {}}, Head).scheme is not None
    except msgspec.ValidationError:
        return False


def _inside(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in OUTSIDE}


# -- what is due

def note(db: Db, due: Mapping[tuple[str, int], Iterable[str]], now: dt.datetime) -> None:
    """Units and years in which something is to be closed, or corrected for these teams. Safe to repeat."""
    writes = [
        UpdateOne(
            {"_id": f"{unit}|{year}"},
            {
                "$set": {"unit": unit, "year": year, "at": now}, "$setOnInsert": {"first": now},
                "$addToSet": {"teams": {"$each": sorted(teams)}},
            },
            upsert=True,
        )
        for (unit, year), teams in due.items()
    ]
    if writes:
        db["due"].bulk_write(writes, ordered=False)


def due(db: Db, today: dt.date) -> list[Document]:
    return list(db["due"].find({"$or": [{"not_before": None}, {"not_before": {"$lte": today.isoformat()}}]}))


def done(db: Db, document: Document) -> None:
    """Forget it, unless it was noted again meanwhile."""
    db["due"].delete_one({"_id": document["_id"], "at": document["at"], "teams": document["teams"]})


def wait_until(db: Db, document: Document, day: dt.date) -> None:
    db["due"].update_one({"_id": document["_id"]}, {"$set": {"not_before": day.isoformat()}})
