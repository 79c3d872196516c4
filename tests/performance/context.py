"""On what it was measured: machine, versions of servers and libraries."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pymongo
from kombu import Connection

from tests.performance.world import CACHE_GB, World

LIBRARIES = ("nameko", "eventlet", "kombu", "amqp", "pymongo", "pymongocrypt", "msgspec", "faststream", "aio-pika")


def describe(world: World) -> dict[str, Any]:
    servers = world.servers
    with pymongo.MongoClient(servers.mongo_uri) as client:  # type: ignore[var-annotated]
        mongo = client.server_info()["version"]
    with Connection(servers.fresh_vhost()) as connection:
        connection.connect()
        broker = connection.connection.server_properties
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": {
            "cpu": _cpu(), "cores": os.cpu_count(), "memory_gib": round(_memory() / 2**30, 1), "system": platform.platform(),
            "load_before": [round(load, 2) for load in os.getloadavg()],
        },
        "versions": {
            "python": platform.python_version(), "rabbitmq": broker.get("version"), "mongodb": mongo,
            **{name: version(name) for name in LIBRARIES},
        },
        "mongod_cache_gb": CACHE_GB if servers.mongodb is not None else None,
        "servers": "own, on this machine" if servers.rabbitmq is not None and servers.mongodb is not None else "given",
    }


def _commit() -> str | None:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
