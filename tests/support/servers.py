"""The servers that tests run on: their own, or those that AMQP_URI and MONGO_URI name."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import kombu
import pymongo

from deploy.local import MongoDB, RabbitMQ, Servers
from deploy.local.background import Identity
from shared.messaging import topology

HOMES = Path(__file__).resolve().parents[2] / ".namtot" / "tests"
POOL = 20


class TestServers:
    """A running RabbitMQ and MongoDB. ``rabbitmq`` and ``mongodb`` are the processes, or None when they are not ours."""

    __test__ = False
    rabbitmq: RabbitMQ | None = None
    mongodb: MongoDB | None = None

    def __init__(self, *, own: bool = False) -> None:
        self._amqp = None if own else os.environ.get("AMQP_URI")
        self._mongo = None if own else os.environ.get("MONGO_URI")
        self._fresh: list[str] = []
        self._used: list[str] = []
        self.home = HOMES / f"{os.getpid()}-{secrets.token_hex(3)}"
        if not self._amqp or not self._mongo:
            _remove_leftovers()
            servers = Servers(self.home, guarded=True)
            servers.mongodb.cache_gb = 0.5
            self._amqp_server = None if self._amqp else servers.rabbitmq
            self._mongo_server = None if self._mongo else servers.mongodb
            self.rabbitmq, self.mongodb = self._amqp_server, self._mongo_server
        self.key_file = self.home / "master.key"

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if not self.key_file.exists():
            self.key_file.write_bytes(os.urandom(96))
        running = [server for server in (self.mongodb, self.rabbitmq) if server is not None]
        for server in running:
            server.resume()
            server.launch()
        for server in running:
            server.wait()

    def stop(self) -> None:
        for server in (self.rabbitmq, self.mongodb):
            if server is not None:
                server.stop(grace=5)
        shutil.rmtree(self.home)

    # -- what a test takes from them

    @property
    def mongo_uri(self) -> str:
        return self._mongo or self.mongodb.uri  # type: ignore[union-attr]

    def fresh_vhost(self) -> str:
        """AMQP URI of an empty virtual host. On a foreign broker: of its one virtual host, emptied of what is namtot's."""
        if self.rabbitmq is None:
            assert self._amqp is not None
            _delete_topology(self._amqp)
            return self._amqp
        if not self._fresh:
            new = [f"t{secrets.token_hex(4)}" for _ in range(POOL)]
            self.rabbitmq.renew_vhosts(remove=self._used, add=new)
            self._fresh, self._used = new, []
        return self.rabbitmq.vhost_uri(self._fresh.pop())

    def done_with(self, uri: str) -> None:
        """Its queues are deleted with the next handful of vhosts."""
        if self.rabbitmq is not None:
            self._used.append(uri.rsplit("/", 1)[1])

    def drop_databases(self, prefix: str) -> None:
        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(self.mongo_uri)
        with client:
            for name in client.list_database_names():
                if name.startswith(f"{prefix}_"):
                    client.drop_database(name)

    def environ(self, amqp_uri: str, prefix: str) -> dict[str, str]:
        """Everything that a service process needs, and nothing of the developer's own settings."""
        return {
            "AMQP_URI": amqp_uri,
            "MONGO_URI": self.mongo_uri,
            "NAMTOT_DATABASE_PREFIX": prefix,
            "NAMTOT_KEY_FILE": str(self.key_file),
            "NAMTOT_HTTP_HOST": "127.0.0.1",
            "NAMTOT_HTTP_PORT": "0",
            "NAMTOT_HOME": str(self.home),
        }


def _remove_leftovers() -> None:
    """Data of test runs that were killed; their servers died with them."""
    for home in HOMES.glob("*-*"):
        pid = home.name.split("-")[0]
        if pid.isdigit() and Identity.of(int(pid)) is None:
            shutil.rmtree(home, ignore_errors=True)


def _delete_topology(uri: str) -> None:
    with kombu.Connection(uri) as connection, connection.channel() as channel:
        for bindings in topology.QUEUES.values():
            for queue in bindings:
                queue(channel).delete()
