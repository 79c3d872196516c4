"""MongoDB: connections with the guarantees that namtot promises, transactions, the store of a service.

Everything is written with majority write concern and read with majority read concern. Times are stored in UTC.
"""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Callable
from typing import Any, TypeVar

from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from shared.settings import Settings

Document = dict[str, Any]
T = TypeVar("T")

MAJORITY = WriteConcern("majority")


class Unavailable(Exception):
    """MongoDB could not do it now; the same may go through later. Carries no document."""

    def __init__(self, error: Exception) -> None:
        # a bulk error's text holds whole documents, so only its kind and code are kept
        super().__init__(f"{type(error).__name__} (code {getattr(error, 'code', None)})")


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def connect(settings: Settings) -> MongoClient[Document]:
    """A client that fails after some seconds rather than hanging, so that the caller can decide what waiting means."""
    return MongoClient(
        settings.mongo_uri, tz_aware=True, appname="namtot", serverSelectionTimeoutMS=5000, connectTimeoutMS=5000,
        socketTimeoutMS=60_000, retryWrites=True,
    )


def database(client: MongoClient[Document], settings: Settings, service: str) -> Database[Document]:
    """The one database of a service; no other service touches it."""
    return client.get_database(
        f"{settings.database_prefix}_{service}", read_concern=ReadConcern("majority"), write_concern=MAJORITY,
        read_preference=ReadPreference.PRIMARY,
    )


def transact(client: MongoClient[Document], work: Callable[[ClientSession], T]) -> T:
    """Run ``work(session)`` in one majority transaction. Transient errors are tried again for two minutes by the driver."""
    with client.start_session() as session:
        return session.with_transaction(
            work, read_concern=ReadConcern("snapshot"), write_concern=MAJORITY, read_preference=ReadPreference.PRIMARY
        )


def probe(db: Database[Document]) -> str | None:
    """Whether the database takes a majority write now; None, or what is wrong. A ping would not notice a full disk."""
    try:
        db["health"].update_one({"_id": f"{socket.gethostname()}-{os.getpid() % 64}"}, {"$set": {"at": utc_now()}}, upsert=True)
    except PyMongoError as error:
        return str(Unavailable(error))
    return None
