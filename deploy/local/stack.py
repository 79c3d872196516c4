"""The whole of namtot on one machine: servers, services, a mail sink, Prometheus. What ``namtot up`` starts."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.errors import writing
from deploy.local.mailsink import MailSink
from deploy.local.prometheus import Prometheus
from deploy.local.server import Say, Server, silent
from deploy.local.servers import Servers, locked, start_together
from deploy.local.service import Service
from shared.runner import SERVICES

KEY_BYTES = 96
"""What MongoDB's client-side encryption asks of a local master key."""


@dataclass(frozen=True)
class Part:
    """One line of ``namtot status``."""

    name: str
    state: str
    """``ready``, ``not ready``, ``stopped`` or ``given`` (a server that a URI names; it is not ours to start or judge)."""
    pid: int | None = None
    url: str | None = None
    reason: str | None = None
    log: str | None = None


class Stack:
    """Everything below one home directory. ``given``: the user's own environment; what it sets is used instead of ours."""

    def __init__(
        self, home: Path, *, services: Sequence[str] = SERVICES, say: Say = silent, step: Say = silent,
        given: Mapping[str, str] | None = None, guarded: bool = False,
    ) -> None:
        self.home = home.absolute()
        self.say = say
        self.step = step
        self.given = os.environ if given is None else given
        self.servers = Servers(self.home, say=say, given=self.given, guarded=guarded)
        self.mail = MailSink(self.home, say=say, guarded=guarded)
        self.prometheus = Prometheus(self.home, say=say, guarded=guarded)
        self.settings: dict[str, str] = {}
        self.services = [
            Service(name, self.home / "services", self.settings, say=say, guarded=guarded) for name in services
        ]
        self.local_file = self.home / "local.json"

    # -- up

    def up(self, *, only_servers: bool = False) -> dict[str, Any]:
        """Start what does not run; the content of ``local.json``. LocalServersError, and then nothing new is left running."""
        with locked(self.home, self.say):
            before = {part.name: part.process.pid for part in self.parts()}
            try:
                return self._up(only_servers)
            except BaseException:
                self.step("Stopping what was started")
                for part in self.parts():
                    if part.process.pid is not None and part.process.pid != before[part.name]:
                        part.stop(grace=10)
                raise

    def _up(self, only_servers: bool) -> dict[str, Any]:
        helpers: list[Server] = []
        if not only_servers:
            helpers += [self.mail] if not self.given.get("NAMTOT_SMTP_URL") else []
            helpers += [self.prometheus] if Prometheus.installed() else []
        self.step(f"Starting {', '.join(server.title for server in (*self.servers.own, *helpers))}")
        self.servers.start(beside=helpers)
        self.settings.update(self.servers.environ(), NAMTOT_KEY_FILE=str(self.key_file()))
        if self.mail.running():
            self.settings["NAMTOT_SMTP_URL"] = self.mail.uri
        self._write()  # the commands of another shell need the servers, not the services
        if not only_servers:
            self.step(f"Starting {', '.join(service.name for service in self.services)}")
            start_together(self.services)
            for service in self.services:
                self.step(f"Waiting until {service.name} is ready")
                service.wait_ready()
        if self.prometheus.running():
            self.prometheus.scrape({service.name: service.port("http") for service in self.services if service.running()})
        return self._write()

    def key_file(self) -> Path:
        """The local master key of the vault, made when it is missing. Whoever loses it loses the vault."""
        if self.given.get("NAMTOT_KEY_FILE"):
            return Path(self.given["NAMTOT_KEY_FILE"])
        path = self.home / "master.key"
        if not path.exists():
            with writing(path):
                half = path.with_suffix(".part")
                half.unlink(missing_ok=True)
                with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(os.urandom(KEY_BYTES))
                half.rename(path)
        return path

    def _write(self) -> dict[str, Any]:
        local: dict[str, Any] = {
            "env": dict(self.settings),
            "services": {service.name: service.uri for service in self.services if service.running()},
        }
        if self.mail.running():
            local["mail"] = str(self.mail.directory)
        if self.prometheus.running():
            local["prometheus"] = self.prometheus.uri
        with writing(self.local_file):
            half = self.local_file.with_suffix(".part")
            half.write_text(json.dumps(local, indent=2))
            half.replace(self.local_file)
        return local

    # -- down and status

    def parts(self) -> list[Server]:
        """In the order in which they are stopped."""
        return [*self.services, self.prometheus, self.mail, self.servers.rabbitmq, self.servers.mongodb]

    def down(self, *, wipe: bool = False) -> list[str]:
        """Stop everything; the names of what ran. ``wipe`` deletes all data too, except the master key."""
        with locked(self.home, self.say):
            self.local_file.unlink(missing_ok=True)
            running = [part.name for part in self.parts() if part.running()]
            for service in self.services:
                service.ask_to_stop()  # all at once, so that they finish their batches side by side
            for part in self.parts():
                if part.running():
                    self.step(f"Stopping {part.title}")
                part.stop(grace=40)
            if wipe:
                for part in self.parts():
                    part.wipe()
        return running

    def status(self) -> list[Part]:
        named = (("rabbitmq", "AMQP_URI"), ("mongodb", "MONGO_URI"))
        found = [Part(name, "given", reason=f"{variable} names it") for name, variable in named if self.given.get(variable)]
        own: list[Server] = [*self.servers.own, self.mail, self.prometheus, *self.services]
        return [*found, *(self._status(part) for part in own)]

    def _status(self, part: Server) -> Part:
        pid = part.process.pid
        if pid is None:
            return Part(part.name, "stopped", reason="it ended by itself" if part.process.stale else None)
        reason: str | None = "it does not answer"
        if isinstance(part, Service):
            reason = part.problem()
        elif part.answers(timeout=5):
            reason = None
        state = "ready" if reason is None else "not ready"
        return Part(part.name, state, pid, part.uri, reason, str(part.process.log))


def as_json(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [asdict(part) for part in parts]
