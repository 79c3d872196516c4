"""Two instances at the same records: the slower one must notice at once, and judge again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.intake.store import prepare
from services.intake.store.writing import Conflict, Writes
from shared.settings import load
from shared.storage import connect, database, transact

Document = dict[str, Any]


@pytest.fixture
def client(settings_env: dict[str, str]) -> Iterator[MongoClient[Document]]:
    with connect(load(settings_env)) as client:
        yield client


@pytest.fixture
def db(client: MongoClient[Document], settings_env: dict[str, str]) -> Database[Document]:
    db = database(client, load(settings_env), "intake")
    prepare(db)
    return db


def written(client: MongoClient[Document], db: Database[Document], *records: Document) -> None:
    writes = Writes(tally={"received": len(records)})
    for record in records:
        writes.record(record)
    transact(client, lambda session: writes.apply(db, session, "slot"))


@pytest.mark.timeout(30)
@pytest.mark.parametrize("stale", [{"_id": "held", "n": 1}, {"_id": "held", "n": 2}], ids=["made meanwhile", "changed meanwhile"])
def test_a_stale_record_among_others_is_a_conflict_at_once(
    client: MongoClient[Document], db: Database[Document], stale: Document
) -> None:
    """Inserts and replacements mixed, one overtaken: the same writes are not tried again (the driver would, for minutes)."""
    written(client, db, {"_id": "old", "n": 1}, {"_id": "held", "n": 1})
    written(client, db, {"_id": "held", "n": 2})

    with pytest.raises(Conflict):
        written(client, db, {"_id": "new", "n": 1}, stale, {"_id": "old", "n": 2})

    assert {d["_id"]: d["n"] for d in db["records"].find()} == {"old": 1, "held": 2}
    assert db["tally"].find_one({"_id": "slot"}) == {"_id": "slot", "received": 3}
