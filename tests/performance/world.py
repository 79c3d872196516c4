"""Where a measurement takes place: one broker and one database for all sides, an empty room in them for each run."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymongo
from kombu import Connection

from deploy.local.background import Background
from shared import settings
from shared.messaging import topology
from shared.storage import database
from tests.support.servers import TestServers

ROOT = Path(__file__).resolve().parents[2]
CACHE_GB = 2.0
"""mongod's, where it is ours: what it would take by default on a machine of 5 GB."""
Document = dict[str, Any]


class Room:
    """An empty virtual host and a database of its own, and the processes that run in them; all end with it."""

    def __init__(self, servers: TestServers, directory: Path) -> None:
        self.servers, self.directory = servers, directory
        self.amqp_uri = servers.fresh_vhost()
        self.prefix = f"b{secrets.token_hex(4)}"
        self.environ = servers.environ(self.amqp_uri, self.prefix)
        self.client: pymongo.MongoClient[Document] = pymongo.MongoClient(servers.mongo_uri, tz_aware=True)
        self.db = database(self.client, settings.load(self.environ), "intake")
        self.connection = Connection(self.amqp_uri)
        self.connection.connect()
        topology.declare(self.connection)
        self.started: list[Background] = []

    def launch(self, name: str, command: list[str], **environ: str) -> Background:
        process = Background(f"{name}-{len(self.started) + 1}", self.directory, guarded=True)
        process.log.unlink(missing_ok=True)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NAMTOT_", "AMQP_", "MONGO_"))}
        process.launch(
            [sys.executable, *command],
            {**inherited, **self.environ, **environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )
        self.started.append(process)
        return process

    def service(self, name: str, **environ: str) -> Background:
        """``namtot run NAME``."""
        return self.launch(name, ["-m", "shared.runner", name], **environ)

    def must_run(self) -> None:
        """Raise with the log's end if a process died: a measurement without it would never end."""
        for process in self.started:
            if process.pid is None:
                raise RuntimeError(f"{process.name} ended with {process.exit_code}: {process.last_lines(20)}")

    def depth(self, queue: str) -> int:
        """Messages ready in a queue."""
        return topology.depths(self.connection, (queue,))[queue]

    def end_all(self, gently: bool = False) -> None:
        for process in self.started:
            if gently:
                process.stop()
            else:
                process.kill()
        self.started.clear()

    def close(self) -> None:
        self.end_all()
        self.connection.release()
        self.client.close()
        self.servers.drop_databases(self.prefix)
        self.servers.done_with(self.amqp_uri)


class World:
    def __init__(self, servers: TestServers, directory: Path) -> None:
        self.servers, self.directory = servers, directory
        directory.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def room(self) -> Iterator[Room]:
        room = Room(self.servers, self.directory)
        try:
            yield room
        finally:
            room.close()
