"""Both servers of one home directory, and the lock that keeps two starters apart."""

from __future__ import annotations

import fcntl
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import LocalServersError, writing
from deploy.local.mongodb import MongoDB
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.server import Say, Server, silent


@contextmanager
def locked(home: Path, say: Say = silent, timeout: float = 300.0) -> Iterator[None]:
    """Only one at a time starts or stops servers in ``home``; the kernel frees the lock of a process that died."""
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("w")
    with lock:
        end = time.monotonic() + timeout
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise LocalServersError(
                        f"Another command has been starting or stopping the servers of {home} for {timeout:.0f} seconds: "
                        "wait for it or end it, then try again."
                    ) from None
            if not told:
                say("Another command is starting or stopping the servers of this checkout; waiting for it …")
                told = True
            time.sleep(0.1)
        yield


class Servers:
    """RabbitMQ and MongoDB below one home directory."""

    def __init__(
        self, home: Path, *, guarded: bool = False, say: Say = silent, given: Mapping[str, str] | None = None
    ) -> None:
        self.home = home.absolute()
        self.say = say
        self.given = given or {}
        self.rabbitmq = RabbitMQ(self.home, guarded=guarded, say=say)
        self.mongodb = MongoDB(self.home, guarded=guarded, say=say)

    @property
    def own(self) -> list[Server]:
        """Those that are ours to start; a URI in ``given`` stands in place of the other."""
        both = {"AMQP_URI": self.rabbitmq, "MONGO_URI": self.mongodb}
        return [server for name, server in both.items() if not self.given.get(name)]

    def environ(self) -> dict[str, str]:
        """``AMQP_URI`` and ``MONGO_URI``."""
        return {
            "AMQP_URI": self.given.get("AMQP_URI") or self.rabbitmq.uri,
            "MONGO_URI": self.given.get("MONGO_URI") or self.mongodb.uri,
        }

    def start(self, beside: Sequence[Server] = ()) -> None:
        """All run and answer when this returns, and those ``beside`` too; whoever calls holds the lock.

        LocalServersError when they cannot, and nothing that this call started stays behind.
        """
        if self.own and platform.system() != "Linux":
            raise LocalServersError(
                f"namtot starts its own servers on Linux only, and this is {platform.system()}: set AMQP_URI and MONGO_URI to "
                "running servers, or use `docker compose up`."
            )
        start_together([*self.own, *beside])

    def stop(self) -> None:
        for server in self.own:
            server.stop()

    def up(self) -> None:
        with locked(self.home, self.say):
            self.start()

    def down(self) -> None:
        """Stop them; no process of theirs is left."""
        with locked(self.home, self.say):
            self.stop()


def start_together(servers: Sequence[Server]) -> None:
    """Launch all, then wait for each; when that fails, stop those that were not running before."""
    before = {server.name: server.process.pid for server in servers}
    try:
        for server in servers:
            server.launch()
        for server in servers:
            server.wait()
    except BaseException:
        for server in servers:
            if server.process.pid != before[server.name]:
                server.stop(grace=5)
        raise
