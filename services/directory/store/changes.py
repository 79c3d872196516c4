"""A batch of record changes: one transaction that stores their facts and derives again only what these concern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from pymongo import DeleteOne, ReplaceOne, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.directory.domain.facts import Fact, is_team_key
from services.directory.store import derived
from services.directory.store.documents import fact_document
from services.directory.store.reorganising import PLANS
from services.directory.store.scope import TeamScope
from shared.contracts.outgoing import RecordChanged
from shared.storage import transact

Document = dict[str, Any]
CODES_PER_BATCH = 1_000_000
"""Numbers of codes issued in one batch; a batch of 500 rosters issues 20,000."""


class Change(NamedTuple):
    record: RecordChanged
    facts: list[Fact]


class Taken(NamedTuple):
    """``applied``: records whose facts were stored; ``stale``: records of which the same version or a newer one was there;
    ``aside``: activities that say nothing to the directory."""

    applied: int
    stale: int
    aside: int = 0


def take(db: Database[Document], changes: Iterable[Change]) -> Taken:
    """Store what is newer and derive. All or nothing; safe to repeat."""
    newest: dict[str, Change] = {}
    received = 0
    for change in changes:
        received += 1
        held = newest.get(change.record.record)
        if held is None or held.record.n < change.record.n:
            newest[change.record.record] = change
    heeded = _heeded(db, newest)
    aside = len(newest) - len(heeded)
    applied = transact(db.client, lambda session: _take(db, session, heeded)) if heeded else 0
    return Taken(applied, received - applied - aside, aside)


def _heeded(db: Database[Document], changes: dict[str, Change]) -> dict[str, Change]:
    """Without activities that say nothing to the directory and never did: most of them, and no batch is worth while for these.
    One without entries may have been taken back before what it said came in."""
    silent = [key for key, change in changes.items() if change.record.entries and not change.facts]
    if not silent:
        return changes
    known = {d["_id"] for d in db["records"].find({"_id": {"$in": silent}}, {"_id": 1})}
    return {key: change for key, change in changes.items() if key in known or key not in silent}


def _take(db: Database[Document], session: ClientSession, changes: dict[str, Change]) -> int:
    # written first: a second batch that runs at the same time conflicts here, and is tried again after this one
    guard = db["guards"].find_one_and_update(
        {"_id": "directory"}, {"$inc": {"batches": 1}}, return_document=ReturnDocument.AFTER, session=session
    )
    if guard is None:
        raise LookupError("the directory's guard is missing: `prepare` was not run on this database")
    stored = {
        d["_id"]: d["n"] for d in db["records"].find({"_id": {"$in": list(changes)}}, {"n": 1}, session=session)
    }
    newer = [c for key, c in changes.items() if stored.get(key, -1) < c.record.n]
    if not newer:
        return 0
    touched = _store_facts(db, session, newer)
    db["records"].bulk_write(
        [ReplaceOne({"_id": r.record}, _record_document(r), upsert=True) for r, _ in newer],
        ordered=False, session=session,
    )
    derived.units(db, session, _named(touched, "u:"))
    derived.groups(db, session, _named(touched, "g:"))
    scope = TeamScope(db, session, {k for k in touched if is_team_key(k)}, _named(touched, "m:"))
    derived.teams(scope, guard["batches"] * CODES_PER_BATCH)
    return len(newer)


def _record_document(record: RecordChanged) -> Document:
    document: Document = {"n": record.n, "subject": record.subject}
    if record.subject.startswith(PLANS):
        # so that a plan can be taken back: exactly these
        document["entries"] = [[entry.source, entry.id, entry.type] for entry in record.entries]
    return document


def _named(keys: set[str], kind: str) -> set[str]:
    return {key.removeprefix(kind) for key in keys if key.startswith(kind)}


def _store_facts(db: Database[Document], session: ClientSession, changes: list[Change]) -> set[str]:
    """Write the facts that are new or other than before, remove those that are gone; the keys of all of them."""
    before = {
        d["_id"]: d
        for d in db["facts"].find({"record": {"$in": [c.record.record for c in changes]}}, session=session)
    }
    touched: set[str] = set()
    writes: list[ReplaceOne[Document] | DeleteOne] = []
    for change in changes:
        for fact in change.facts:
            document = fact_document(fact)
            old = before.pop(fact.id, None)
            if old != document:
                touched.update(fact.keys, old["keys"] if old else ())
                writes.append(ReplaceOne({"_id": fact.id}, document, upsert=True))
    for key, gone in before.items():
        touched.update(gone["keys"])
        writes.append(DeleteOne({"_id": key}))
    if writes:
        db["facts"].bulk_write(writes, ordered=False, session=session)
    return touched

