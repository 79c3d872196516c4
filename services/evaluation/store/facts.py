"""Taking in what intake tells of cases and activities.

A fact is applied only if its version is newer than the one held. The fact and the generations of the teams that it touches,
before and after, are written in one transaction.

Two things may happen beside that transaction, unseen by it: the directory learns a team, or a linked case comes in elsewhere. So
after the commit, and before the messages are acknowledged, both are looked at again. Whichever of two such transactions commits
last sees the other; after a crash in between the messages are delivered, and looked at, once more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pymongo import ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession

from services.evaluation.domain.reading import case_place, opening_days, places, units
from services.evaluation.store import FACTS, Db, Document
from services.evaluation.store.generations import bump
from services.evaluation.store.links import related
from services.evaluation.store.placing import place_again, placed
from services.evaluation.store.replica import Replica, current_version
from shared.contracts import to_builtins
from shared.contracts.outgoing import CaseChanged, RecordChanged
from shared.failpoints import reach
from shared.storage import transact

Change = CaseChanged | RecordChanged


class Taken(NamedTuple):
    """``applied``: facts that were newer; ``stale``: deliveries of versions that were there, or are older than another here."""

    applied: int
    stale: int


@dataclass(slots=True)
class _Written:
    """``oldest``: of the directory's versions by which the batch's facts are placed. ``links``: what changed cases are, or
    used to be, linked to."""

    oldest: int
    applied: int = 0
    teams: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)


def take(db: Db, replica: Replica, changes: Iterable[Change], now: dt.datetime) -> Taken:
    """All or nothing; safe to repeat."""
    newest: dict[str, dict[str, Change]] = {name: {} for name in FACTS}
    received = 0
    for change in changes:
        received += 1
        name, id = ("cases", change.case) if isinstance(change, CaseChanged) else ("activities", change.record)
        held = newest[name].get(id)
        if held is None or held.n < change.n:
            newest[name][id] = change
    if not received:
        return Taken(0, 0)
    replica.refresh(db)
    written = transact(db.client, lambda session: _write(db, replica, newest, now, session))
    reach("evaluation.committed")
    if current_version(db) > written.oldest:
        for name in FACTS:
            place_again(db, replica, name, list(newest[name]), now)
        bump(db, _of_units(replica, written.units) - written.teams, now)
    bump(db, _linked_teams(db, newest["cases"], written.links) - written.teams, now)
    return Taken(written.applied, received - written.applied)


def _write(
    db: Db, replica: Replica, newest: Mapping[str, Mapping[str, Change]], now: dt.datetime, session: ClientSession
) -> _Written:
    written = _Written(oldest=replica.version)
    for name, changes in newest.items():
        if changes:
            _write_kind(db, replica, name, changes, written, session)
    unseen = _unseen(db, written.days, session) if written.days else set()
    if unseen:
        db["days"].bulk_write(
            [UpdateOne({"_id": day}, {"$setOnInsert": {"opened": now}}, upsert=True) for day in sorted(unseen)],
            ordered=False, session=session,
        )
    written.teams |= _linked_teams(db, newest["cases"], written.links, session) | _of_units(replica, written.units)
    bump(db, written.teams, now, session)
    return written


def _write_kind(
    db: Db, replica: Replica, name: str, changes: Mapping[str, Change], written: _Written, session: ClientSession
) -> None:
    held = {
        d["_id"]: d for d in db[name].find(
            {"_id": {"$in": list(changes)}}, {"n": 1, "teams": 1, "units": 1, "linked_to": 1, "at": 1}, session=session
        )
    }
    writes: list[ReplaceOne[Document]] = []
    for id, change in changes.items():
        before = held.get(id)
        if before is not None and before["n"] >= change.n:
            written.oldest = min(written.oldest, before["at"])
            continue
        document = document_of(change, replica)
        writes.append(ReplaceOne({"_id": id}, document, upsert=True))
        written.teams.update(document["teams"], before["teams"] if before is not None else ())
        written.units.update(document.get("units", ()), (before or {}).get("units", ()))
        written.links.update(link for d in (document, before or {}) if (link := d.get("linked_to")))
        written.days |= days_of(change)
    if writes:
        db[name].bulk_write(writes, ordered=False, session=session)
        written.applied += len(writes)


def document_of(change: Change, replica: Replica) -> Document:
    """As it is stored, save for its id."""
    if isinstance(change, CaseChanged):
        place = case_place(change.state)
        return {
            "n": change.n, "subject": change.subject, "state": to_builtins(change.state),
            "linked_to": change.state.linked_to, **placed([] if place is None else [place], replica),
        }
    concerned = units(change.entries)
    return {
        "n": change.n, "subject": change.subject, "entries": to_builtins(change.entries),
        **({"units": sorted(concerned)} if concerned else {}), **placed(places(change.entries), replica),
    }


def days_of(change: Change) -> set[str]:
    """The days by which the fact opens a year."""
    if isinstance(change, CaseChanged):
        return {step.on[:10] for step in change.state.history}
    return {day.isoformat() for day in opening_days(change.entries)}


def _unseen(db: Db, days: set[str], session: ClientSession) -> set[str]:
    return days - {d["_id"] for d in db["days"].find({"_id": {"$in": sorted(days)}}, session=session)}


def _of_units(replica: Replica, units: Iterable[str]) -> set[str]:
    return {team for unit in units for team in replica.teams_of(unit)}


def _linked_teams(
    db: Db, cases: Mapping[str, Change], links: set[str], session: ClientSession | None = None
) -> set[str]:
    """Teams of other cases whose counting depends on one of these; empty where nothing is linked."""
    if not cases:
        return set()
    own: list[Document] = [
        {"_id": id, "linked_to": change.state.linked_to, "teams": []}
        for id, change in cases.items() if isinstance(change, CaseChanged)
    ]
    joined = related(db, links, also=own, fields=("linked_to", "teams"), session=session)
    return {team for document in joined.values() for team in document["teams"]}
