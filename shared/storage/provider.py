"""The store of a service as a nameko dependency."""

from __future__ import annotations

from typing import Any

from nameko.extensions import DependencyProvider, SharedExtension
from pymongo import MongoClient
from pymongo.database import Database

from shared.settings import Settings
from shared.storage import Document, connect, database, probe


class MongoConnection(SharedExtension):
    """One client for all of a service's dependencies."""

    client: MongoClient[Document]

    def setup(self) -> None:
        self.client = connect(self.container.config["namtot"])

    def stop(self) -> None:
        self.client.close()


class Store(DependencyProvider):
    """``store = Store("intake")`` gives the worker that service's ``Database``. ``prepare``: creates indexes, once, at start."""

    connection = MongoConnection()

    def __init__(self, service: str, prepare: Any = None) -> None:
        self.service = service
        self.prepare = prepare
        self.prepared = prepare is None

    def setup(self) -> None:
        settings: Settings = self.container.config["namtot"]
        self.connection.client = getattr(self.connection, "client", None) or connect(settings)
        self.database: Database[Document] = database(self.connection.client, settings, self.service)

    def probe(self) -> str | None:
        """For batch handlers and readiness: None when a majority write went through and the indexes stand."""
        problem = probe(self.database)
        if problem is None and not self.prepared:
            self.prepare(self.database)
            self.prepared = True
        return problem

    def get_dependency(self, worker_ctx: Any) -> Database[Document]:
        return self.database
