"""Occasions for telling somebody: from batches of facts at once, or once what was gathered is ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from services.notification.domain import assignment, lacking, progress, refused, urgency
from services.notification.domain.assignment import Assignment
from services.notification.domain.lacking import Standing
from services.notification.domain.ledger import Delivery
from services.notification.domain.progress import Change, Progress
from services.notification.domain.rules import Rules
from services.notification.store import ledger
from shared.calendar import day_of
from shared.contracts import from_builtins, to_builtins
from shared.contracts.outgoing import CaseChanged, EventRefused, VerdictChanged
from shared.storage import Unavailable, transact

Document = dict[str, Any]
Db = Database[Document]
AT_ONCE = 10_000
"""Most refusals in one digest."""
TRIES = 8
DUPLICATE = 11000
"""MongoDB's code for a key that exists."""


# -- cases


def take_cases(db: Db, changes: Iterable[CaseChanged], rules: Rules, now: dt.datetime) -> int:
    """Add what assigned mediators, and offices of urgent cases, are to be told; how many deliveries that were. The ledger first,
    then the state: a crash in between repeats the first, which changes nothing, and a sender waits until the state has
    followed."""
    newest: dict[str, CaseChanged] = {}
    for change in changes:
        if change.case not in newest or newest[change.case].n < change.n:
            newest[change.case] = change
    held = {d["_id"]: d["n"] for d in db["cases"].find({"_id": {"$in": list(newest)}}, {"n": 1})}
    states = {key: assignment.assignment_of(change) for key, change in newest.items()}
    # most cases never have anything that anybody must be told of: these are not kept. But what takes it back may overtake it on
    # its way through another instance; only a first version has nothing before it
    fresh = [
        c for key, c in newest.items()
        if held.get(key, -1) < c.n and (key in held or states[key] is not None or c.state.urgent or c.n > 1)
    ]
    today = day_of(now)
    wanted: list[Delivery] = []
    for change in fresh:
        state = states[change.case]
        told = None if state is None else assignment.delivery(change, state, rules, today)
        wanted += [one for one in (told, urgency.delivery(change, rules, today)) if one is not None]
    added = ledger.add(db, wanted, now)
    _keep_cases(db, fresh, states)
    return added


def _keep_cases(db: Db, changes: Sequence[CaseChanged], states: dict[str, Assignment | None]) -> None:
    if not changes:
        return
    db["cases"].bulk_write(
        [UpdateOne({"_id": c.case}, {"$setOnInsert": {"n": -1}}, upsert=True) for c in changes], ordered=False
    )
    db["cases"].bulk_write(
        [
            UpdateOne(
                {"_id": c.case, "n": {"$lt": c.n}},
                {"$set": {"n": c.n, "assignment": to_builtins(states[c.case]), "urgent": c.state.urgent}},
            )
            for c in changes
        ],
        ordered=False,
    )


def urgent(db: Db, case: str) -> tuple[int, list[str]]:
    """The version of a case that is known, -1 if none is, and which dangers stand then."""
    document = db["cases"].find_one({"_id": case}) or {}
    return document.get("n", -1), list(document.get("urgent", ()))


def assigned(db: Db, case: str) -> tuple[int, Assignment | None]:
    """The version of a case that is known, -1 if none is, and to whom the case is assigned then."""
    document = db["cases"].find_one({"_id": case}) or {}
    found = document.get("assignment")
    return document.get("n", -1), None if found is None else from_builtins(found, Assignment)


# -- verdicts


class Contended(Exception):
    """Other instances kept changing the same standings; the batch is taken again."""


def take_verdicts(db: Db, changes: Iterable[VerdictChanged], now: dt.datetime) -> None:
    """Keep the newest standing of each team, under the scheme by which its commune goes. Raise ``Contended``."""
    listed = list(changes)
    for _ in range(TRIES):
        if not listed or _tried_verdicts(db, listed, now):
            return
    raise Contended


def _tried_verdicts(db: Db, changes: list[VerdictChanged], now: dt.datetime) -> bool:
    """Write what is newer than what is held; False if somebody else wrote in between (what was written stays)."""
    keys = {lacking.key(change) for change in changes}
    held = {d["_id"]: from_builtins(d, Standing) for d in db["standings"].find({"_id": {"$in": list(keys)}})}
    fresh: dict[str, Standing] = {}
    for change in changes:
        key = lacking.key(change)
        if not change.counts and key not in held and key not in fresh:
            continue  # judged for comparison only
        standing = lacking.heard(fresh.get(key, held.get(key)), change, now)
        if standing is not None:
            fresh[key] = standing
    if not fresh:
        return True
    writes: list[InsertOne[Document] | ReplaceOne[Document]] = [
        ReplaceOne({"_id": key, "generation": held[key].generation, "times": held[key].times}, _document(standing))
        if key in held else InsertOne({"_id": key, **_document(standing)})
        for key, standing in fresh.items()
    ]
    try:
        done = db["standings"].bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if any(each["code"] != DUPLICATE for each in error.details["writeErrors"]):
            raise Unavailable(error) from None
        return False
    return done.matched_count + done.inserted_count == len(fresh)


def _document(standing: Standing) -> Document:
    return {name: getattr(standing, name) for name in standing.__struct_fields__}


def standing(db: Db, team: str, scheme: str, year: int) -> Standing | None:
    document = db["standings"].find_one({"_id": f"{team} {scheme} {year}"})
    return None if document is None else from_builtins(document, Standing)


# -- recognition and commendation


def take_progress(db: Db, changes: Iterable[Change], rules: Rules, now: dt.datetime) -> int:
    """Add what is to be told of recognitions and commendations; how many deliveries. The ledger first, then the state: a crash in
    between repeats the first, which changes nothing."""
    newest: dict[str, Change] = {}
    for change in changes:
        key = progress.key(change)
        if key not in newest or newest[key].generation < change.generation:
            newest[key] = change
    held = {d["_id"]: from_builtins(d, Progress) for d in db["progress"].find({"_id": {"$in": list(newest)}})}
    fresh = {key: c for key, c in newest.items() if key not in held or held[key].generation < c.generation}
    if not fresh:
        return 0
    today = day_of(now)
    told = [d for key, change in fresh.items() for d in progress.deliveries(change, held.get(key), rules, today)]
    added = ledger.add(db, told, now)
    db["progress"].bulk_write(
        [UpdateOne({"_id": key}, {"$setOnInsert": {"generation": -1, "state": ""}}, upsert=True) for key in fresh], ordered=False
    )
    db["progress"].bulk_write(
        [
            UpdateOne(
                {"_id": key, "generation": {"$lt": c.generation}}, {"$set": {"generation": c.generation, "state": c.state}}
            )
            for key, c in fresh.items()
        ],
        ordered=False,
    )
    return added


def progressed(db: Db, key: str) -> str | None:
    """The state that is known of a recognition or commendation."""
    document = db["progress"].find_one({"_id": key})
    return None if document is None else str(document["state"])


# -- refusals


def take_refusals(db: Db, events: Iterable[EventRefused], now: dt.datetime) -> None:
    """Keep each refusal once, until its source is told. One whose source could not be read is nobody's."""
    writes = [
        UpdateOne(
            {"_id": e.refusal},
            {"$setOnInsert": {"source": e.source, "at": now, "told": None, "event": to_builtins(e)}}, upsert=True,
        )
        for e in events
        if e.source is not None
    ]
    if writes:
        db["refusals"].bulk_write(writes, ordered=False)


# -- what has been gathered


def gather(db: Db, rules: Rules, now: dt.datetime) -> int:
    """Turn what has waited long enough into deliveries; how many."""
    return _gather_standings(db, rules, now) + _gather_refusals(db, rules, now)


def _gather_standings(db: Db, rules: Rules, now: dt.datetime) -> int:
    wait = dt.timedelta(seconds=rules["team_lacks"].wait_seconds)
    due = db["standings"].find({"since": {"$ne": None, "$lte": now - wait}}, {"_id": 1})
    return sum(transact(db.client, partial(_tell_standing, db, d["_id"], rules, now)) for d in due)


def _tell_standing(db: Db, key: str, rules: Rules, now: dt.datetime, session: ClientSession) -> int:
    """Standing and delivery change together, so that no set is told twice or lost. Another instance may have been here."""
    document = db["standings"].find_one({"_id": key}, session=session)
    if document is None:
        return 0
    now_held: Standing = from_builtins(document, Standing)
    if not lacking.settled(now_held, rules, now):
        return 0
    done, told = lacking.telling(now_held, rules, day_of(now))
    db["standings"].replace_one({"_id": key}, _document(done), session=session)
    return ledger.add(db, [told], now, session) if told is not None else 0


def _gather_refusals(db: Db, rules: Rules, now: dt.datetime) -> int:
    wait = dt.timedelta(seconds=rules["source_refused"].wait_seconds)
    due = db["refusals"].distinct("source", {"told": None, "at": {"$lte": now - wait}})
    return sum(transact(db.client, partial(_tell_refusals, db, source, rules, now)) for source in due)


def _tell_refusals(db: Db, source: str, rules: Rules, now: dt.datetime, session: ClientSession) -> int:
    rest = dt.timedelta(seconds=rules["source_refused"].rest_seconds)
    recent = {"rule": "source_refused", "about": source, "created_at": {"$gt": now - rest}}
    if db["deliveries"].find_one(recent, {"_id": 1}, session=session) is not None:
        return 0
    found = list(
        db["refusals"].find({"told": None, "source": source}, session=session).sort([("at", 1), ("_id", 1)]).limit(AT_ONCE)
    )
    if not found:
        return 0
    told = refused.delivery(source, [from_builtins(d["event"], EventRefused) for d in found], rules)
    db["refusals"].update_many(
        {"_id": {"$in": [d["_id"] for d in found]}}, {"$set": {"told": told.key, "told_at": now}, "$unset": {"event": ""}},
        session=session,
    )
    return ledger.add(db, [told], now, session)
