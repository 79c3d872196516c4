"""What RabbitMQ and mongod have in common: one process, its ports, its readiness, its replacement."""

from __future__ import annotations

import abc
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.local import ports
from deploy.local.background import Background, poll
from deploy.local.errors import LocalServersError, writing

Say = Callable[[str], None]
NEEDED_BYTES = 512 * 1024**2
START_SECONDS = 120.0


def silent(_: str) -> None:
    """Nobody listens."""


class Server(abc.ABC):
    """``launch`` then ``wait`` start it; the two are apart so that several servers start at the same time."""

    name: str
    title: str
    port_names: tuple[str, ...]

    def __init__(self, home: Path, *, guarded: bool = False, say: Say = silent) -> None:
        self.home = home.absolute() / self.name
        self.say = say
        self.process = Background(self.name, self.home, guarded=guarded)
        self.state = ports.State(self.home / "state.json")
        self._launched = False

    # -- what each server knows of itself

    @abc.abstractmethod
    def command(self) -> Sequence[str]:
        """The program and its arguments. LocalServersError when it cannot be had."""

    @abc.abstractmethod
    def environ(self) -> Mapping[str, str]: ...

    @abc.abstractmethod
    def configure(self) -> None:
        """Write configuration files; the ports are chosen."""

    @abc.abstractmethod
    def answers(self, timeout: float) -> bool:
        """Does it serve clients now?"""

    @abc.abstractmethod
    def wipe(self) -> None:
        """Remove the data."""

    @abc.abstractmethod
    def port_taken(self) -> bool:
        """Did the last start end because a port was in use?"""

    def before_launch(self) -> None:  # noqa: B027 (most servers need none)
        """Start helpers."""

    def after_stop(self) -> None:  # noqa: B027
        """Stop helpers."""

    @property
    @abc.abstractmethod
    def uri(self) -> str: ...

    # -- the same for each

    def port(self, name: str) -> int:
        known = self.state.read().get(name)
        if not isinstance(known, int):
            raise LocalServersError(f"{self.title} has not been started here yet: run `namtot up`.")
        return known

    def running(self) -> bool:
        return self.process.pid is not None

    def launch(self) -> None:
        """Start the process unless it runs and answers; returns before it is ready (see ``wait``)."""
        self._launched = False
        pid = self.process.pid
        if pid is not None:
            if self.answers(timeout=2) or self.answers(timeout=6):
                return
            self.say(f"{self.title} (process {pid}) runs but does not answer; it is replaced.")
            self.process.stop(grace=10)
        elif self.process.stale:
            self.say(f"{self.title} is gone though its pid file is there (a crash or a reboot?); it is started again.")
        self.after_stop()
        with writing(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            space = shutil.disk_usage(self.home).free
        if space < NEEDED_BYTES:
            raise LocalServersError(
                f"Only {space // 1024**2} MiB are free on the disk of {self.home}, and {self.title} needs "
                f"{NEEDED_BYTES // 1024**2}: free some space, then try again."
            )
        if self.state.read() and not self.state.read().get("started_once"):
            self.wipe()  # a first start that never ended leaves half-made files, and no data to lose
        self._launch()

    def _launch(self) -> None:
        known = [self.state.read().get(name) for name in self.port_names]
        if not all(isinstance(port, int) and ports.free(port) for port in known):
            if any(known):
                self.say(f"A port that {self.title} had is now in use by another program; it gets new ones.")
            self.state.update(**dict(zip(self.port_names, ports.choose(len(self.port_names)), strict=True)))
        command = self.command()
        with writing(self.home):
            self.configure()
        self.before_launch()
        self.process.launch(command, {**os.environ, **self.environ()})
        self._launched = True

    def wait(self, timeout: float = START_SECONDS) -> None:
        """Return when the launched process serves clients. LocalServersError when it ends or takes too long."""
        if not self._launched:
            return
        end = time.monotonic() + timeout
        tries = 3
        while True:
            if poll(lambda: not self.running() or self.answers(timeout=1), end - time.monotonic()):
                if self.running():
                    break
                self.after_stop()
                tries -= 1
                if tries and self.port_taken():
                    self.say(f"Another program took a port of {self.title} meanwhile; trying others.")
                    self.state.update(**dict.fromkeys(self.port_names))
                    self._launch()
                    continue
                self.process.stop()  # a pid file would later tell of a crash
                raise LocalServersError(f"{self.title} ended while starting: {self.reason()} (the whole log: {self.process.log})")
            self.stop(grace=5)
            raise LocalServersError(
                f"{self.title} was not ready after {timeout:.0f} seconds and has been stopped; its log: {self.process.log}"
            )
        self.state.update(started_once=True)

    def reason(self) -> str:
        """One line on why the process ended."""
        said = self.process.said().lower()
        if "enospc" in said or "no space left" in said:
            return "its disk is full"
        return self.process.last_lines()

    def start(self) -> None:
        self.launch()
        self.wait()

    def ask_to_stop(self) -> None:
        """Returns at once; ``stop`` waits."""
        self.process.send(signal.SIGTERM)

    def stop(self, grace: float = 30.0) -> None:
        """Ask it to end and wait; kill it as the last resort."""
        if not self.process.stop(grace=grace):
            self.say(f"{self.title} did not end within {grace:.0f} seconds and was killed.")
        self.after_stop()

    def kill(self) -> None:
        """SIGKILL at once, as a power cut would; data and ports stay, so that ``start`` brings it back."""
        self.process.kill()

    def pause(self) -> None:
        self.process.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send(signal.SIGCONT)
