"""Records folded again from the log, on a real MongoDB: each kind of damage is named, and nothing else."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo.database import Database

from services.intake import refolding
from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from services.intake.store import prepare, reading
from services.intake.store.writing import log_document, record_document
from shared.contracts import STRUCTURED, When, record_id
from shared.settings import load
from shared.storage import connect, database, transact
from tests.support.sending import event

NOW = dt.datetime(2025, 3, 1, 3, 0, tzinfo=dt.UTC)
LATE = When("2199-12-31")
Db = Database[dict[str, Any]]


@pytest.fixture
def db(settings_env: dict[str, str]) -> Iterator[Db]:
    settings = load(settings_env)
    client = connect(settings)
    found = database(client, settings, "intake")
    prepare(found)
    yield found
    client.close()


def accepted(number: int, type: str = "case.reported") -> Accepted:
    body = event(type, f"{type}-{number}", f"case://so.example/r-{number}", on="2024-03-05")
    read = inspect(body, STRUCTURED, {}, now=LATE, limit=LATE, max_body=10**6, allowed=lambda source, type: True)
    assert isinstance(read, Accepted), read
    return read


def stock(db: Db, numbers: range) -> list[str]:
    """Cases with two entries each."""
    for number in numbers:
        both = [accepted(number), accepted(number, "case.settled")]
        db["log"].insert_many([log_document(one, NOW, None) for one in both])
        db["records"].insert_one(
            record_document(both[0].record, both[0].subject, 2, fold([one.entry for one in both]), NOW)
        )
    return [record_id(f"case://so.example/r-{number}") for number in numbers]


def checked(db: Db, entries: int = 3 * refolding.TOGETHER) -> refolding.Checked:
    total = refolding.Checked()
    for within in refolding.ranges(entries):
        found = refolding.check(db, within)
        total.records += found.records
        total.entries += found.entries
        total.different += found.different
    return total


@pytest.mark.parametrize("entries", [0, 1, 2_000, 2_001, 700_000])
def test_the_ranges_hold_every_id_once(entries: int) -> None:
    found = refolding.ranges(entries)
    assert (found[0].after, found[-1].to) == ("", refolding.LAST)
    assert all(one.to == two.after and one.after < one.to for one, two in itertools.pairwise(found))


def test_what_was_altered_is_named_by_record_and_field(db: Db) -> None:
    ids = stock(db, range(30))
    whole = checked(db)
    assert (whole.records, whole.entries, whole.different) == (30, 60, [])
    db["records"].update_one({"_id": ids[0]}, {"$set": {"case.history.0.on": "2020-01-01"}})
    db["records"].update_one({"_id": ids[1]}, {"$unset": {"case.received_on": ""}})
    db["records"].delete_one({"_id": ids[2]})
    db["log"].delete_many({"record": ids[3]})
    db["log"].update_one({"record": ids[4], "type": {"$regex": "settled"}}, {"$set": {"data": "{]"}})
    found = checked(db).different
    assert {(one.collection, one.id, one.field) for one in found if one.collection == "records"} == {
        ("records", ids[0], "case.history.0.on"), ("records", ids[1], "case.received_on"), ("records", ids[2], ""),
        ("records", ids[3], ""),
    }
    assert [(one.field, one.collection) for one in found if one.collection == "log"] == [("data", "log")]
    refolding.mend(db, ids[:4])
    left = checked(db).different
    assert {(one.collection, one.expected) for one in left} == {("records", "no log entry"), ("log", "data of its type")}, (
        "what the log does not hold is not destroyed"
    )


def test_a_record_that_changes_meanwhile_is_not_reported(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading of the records and of the log another entry comes in, with its record's next version."""
    [id] = stock(db, range(1))
    late = accepted(0, "case.agreement-fulfilled")
    real = refolding._entries
    came = threading.Event()

    def slowly(documents: Any) -> Any:
        if not came.is_set():
            came.set()
            held = reading.entries(db, [id])[id]
            record = record_document(id, late.subject, 3, fold([*held, late.entry]), NOW)

            def write(session: Any) -> None:
                db["log"].insert_one(log_document(late, NOW, None), session=session)
                db["records"].replace_one({"_id": id}, record, session=session)

            transact(db.client, write)
        return real(documents)

    monkeypatch.setattr(refolding, "_entries", slowly)
    found = checked(db, 0)
    assert came.is_set()
    assert (found.entries, found.different) == (3, [])
