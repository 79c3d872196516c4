"""Folding every record again from its log entries, beside the running system, and comparing with what is stored.

Records are taken in ranges of their ids, which are hashes and so spread evenly: each range is two reads by index. Entries that
arrive between the two make a record look wrong, so whatever differs is read again, record and entries at one moment; they are
written in one transaction, so at one moment they must agree.
"""

from __future__ import annotations

import gc
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.intake.domain.accounting import Tally
from services.intake.domain.entries import Entry
from services.intake.domain.record import Record, fold
from services.intake.domain.telling import changed_events
from services.intake.store import reading
from services.intake.store.writing import record_document, tally_increments
from shared.settings import Settings
from shared.storage import connect, database, transact, utc_now
from shared.storage.differing import ABSENT, Difference, differences

Document = dict[str, Any]
Db = Database[Document]
TOGETHER = 2_000
"""Log entries in a range, about; what is held in memory at a time."""
LAST = "\U0010ffff"
SLOT = "slot-0"
"""In the tally: counts are summed over all slots, so any of them does."""


class Range(NamedTuple):
    """Record ids after ``after``, up to and with ``to``."""

    after: str
    to: str

    @property
    def query(self) -> Document:
        return {"$gt": self.after, "$lte": self.to}


@dataclass(slots=True)
class Checked:
    records: int = 0
    entries: int = 0
    different: list[Difference] = field(default_factory=list)


def ranges(entries: int) -> list[Range]:
    """The space of ids, cut so that each range holds about ``TOGETHER`` entries; together they hold every id there can be."""
    count = max(1, math.ceil(entries / TOGETHER))
    bounds = ["", *(f"{2**32 * number // count:08x}" for number in range(1, count)), LAST]
    return [Range(after, to) for after, to in itertools.pairwise(bounds)]


def check(db: Db, within: Range) -> Checked:
    """What is stored in a range beside what its log says."""
    stored = {d["_id"]: d for d in db["records"].find({"_id": within.query}, batch_size=reading.ALL)}
    entries, unreadable = _entries(db["log"].find({"record": within.query}, reading.ENTRY, batch_size=reading.ALL))
    found = Checked(records=len(stored), entries=sum(map(len, entries.values())))
    for id in sorted(stored.keys() | entries.keys() | unreadable.keys()):
        if unreadable.get(id) or _differ(id, stored.get(id), entries.get(id, [])):
            with db.client.start_session(snapshot=True) as session:
                found.different += _look(db, id, session)
    return found


def _look(db: Db, id: str, session: ClientSession) -> list[Difference]:
    """One record and its entries, read at one moment."""
    stored = db["records"].find_one({"_id": id}, session=session)
    entries, unreadable = _entries(db["log"].find({"record": id}, reading.ENTRY, session=session))
    return unreadable.get(id) or _differ(id, stored, entries.get(id, []))


def _entries(documents: Iterable[Document]) -> tuple[dict[str, list[Entry]], dict[str, list[Difference]]]:
    """By record: its entries, and those whose stored text is no longer what the contract says."""
    found: dict[str, list[Entry]] = {}
    unreadable: dict[str, list[Difference]] = {}
    for document in documents:
        try:
            found.setdefault(document["record"], []).append(reading.entry_of(document))
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError) as error:
            unreadable.setdefault(document["record"], []).append(
                Difference("log", document["_id"], "data", str(error)[:300], "data of its type")
            )
    return found, unreadable


def _differ(id: str, stored: Document | None, entries: list[Entry]) -> list[Difference]:
    if not entries:
        return [Difference("records", id, "", "a record", "no log entry")] if stored is not None else []
    folded = fold(entries)
    if stored is None:
        return [Difference("records", id, "", ABSENT, folded.status or "a record")]
    expected = record_document(id, stored["subject"], stored["n"], folded, stored["at"])
    return list(differences("records", id, stored, expected)) if expected != stored else []


def mend(db: Db, ids: Iterable[str]) -> None:
    """Write what the log says of these records, and set the tally of cases right. A record without entries stays for a person
    to look at: it may be all that is left."""
    for id in ids:
        transact(db.client, lambda session, id=id: _mend(db, id, session))  # type: ignore[misc]
    transact(db.client, lambda session: _count_cases(db, session))


def _mend(db: Db, id: str, session: ClientSession) -> None:
    stored = db["records"].find_one({"_id": id}, session=session)
    entries, unreadable = _entries(db["log"].find({"record": id}, reading.ENTRY, session=session))
    if unreadable or not entries.get(id):
        return
    known: Mapping[str, Any] | None = stored or db["log"].find_one({"record": id}, {"subject": 1}, session=session)
    assert known is not None  # it has entries
    # where the record is gone, its version is too: no subscriber can have seen a higher one than it had entries
    n = stored["n"] if stored is not None else len(entries[id])
    document = record_document(id, known["subject"], n, fold(entries[id]), utc_now())
    db["records"].replace_one({"_id": id}, document, upsert=True, session=session)


def _count_cases(db: Db, session: ClientSession) -> None:
    """By what is stored at one moment."""
    stored, tallied = reading.stored_by_status(db, session), reading.cases_by_status(db, session)
    change = Tally(cases={status: stored.get(status, 0) - tallied.get(status, 0) for status in stored | tallied})
    increments = tally_increments(change)
    if increments:
        db["tally"].update_one({"_id": SLOT}, {"$inc": increments}, upsert=True, session=session)


def told(db: Db, which: Document) -> Iterator[bytes]:
    """The events that intake would announce of these records now. ``which``: a query on record ids."""
    stored = list(db["records"].find({"_id": which}, batch_size=reading.ALL))
    entries, _ = _entries(db["log"].find({"record": which}, reading.ENTRY, batch_size=reading.ALL))
    for document in stored:
        record: Record = fold(entries.get(document["_id"], ()))
        for _, body in changed_events(document["_id"], document["subject"], document["n"], record, []):
            yield body


def check_apart(settings: Settings, within: list[Range]) -> Checked:
    """``check`` of some ranges in a process of its own, which has a connection of its own."""
    client = connect(settings)
    # entries and states hold no cycles, and there are many of them: counting references frees them
    gc.disable()
    try:
        db = database(client, settings, "intake")
        total = Checked()
        for one in within:
            found = check(db, one)
            total.records, total.entries = total.records + found.records, total.entries + found.entries
            total.different += found.different
        return total
    finally:
        gc.enable()
        client.close()
