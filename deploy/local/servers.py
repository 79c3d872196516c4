"""Both servers of one home directory, and the lock that keeps two starters apart."""

from __future__ import annotations

import fcntl
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import LocalServersError, writing
from deploy.local.mongodb import MongoDB
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.server import Say, silent


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

    def __init__(self, home: Path, *, guarded: bool = False, say: Say = silent) -> None:
        self.home = home.absolute()
        self.say = say
        self.rabbitmq = RabbitMQ(self.home, guarded=guarded, say=say)
        self.mongodb = MongoDB(self.home, guarded=guarded, say=say)

    def up(self) -> None:
        """Both run and answer when this returns. LocalServersError otherwise, and nothing that it started stays behind."""
        if platform.system() != "Linux":
            raise LocalServersError(
                f"namtot starts its own servers on Linux only, and this is {platform.system()}: set AMQP_URI and MONGO_URI to "
                "running servers, or use `docker compose up`."
            )
        with locked(self.home, self.say):
            both = (self.mongodb, self.rabbitmq)
            before = {server.name: server.process.pid for server in both}
            try:
                for server in both:
                    server.launch()
                for server in both:
                    server.wait()
            except BaseException:
                for server in both:
                    if server.process.pid != before[server.name]:
                        server.stop(grace=5)
                raise

    def down(self) -> None:
        """Stop both; no process of theirs is left."""
        with locked(self.home, self.say):
            self.rabbitmq.stop()
            self.mongodb.stop()
