"""A process that outlives the command that started it, found again by its pid file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.errors import LocalServersError, writing

GUARD = Path(__file__).with_name("guard.py")
LARGEST_LOG = 16 * 1024**2
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


_children: dict[int, subprocess.Popen[bytes]] = {}
"""Of this process, by pid: whoever asks about one reaps it, and none is forgotten while it runs."""


@dataclass(frozen=True)
class Identity:
    """A pid alone may have been given to another process since; with the boot and the start time it names one for ever."""

    pid: int
    started: int
    """Clock ticks since boot: field 22 of /proc/PID/stat, proc(5)."""
    boot: str

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """The process that has this pid now; None when there is none, or only its unreaped remains."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            threads = len(os.listdir(f"/proc/{pid}/task"))
        except (FileNotFoundError, ProcessLookupError):
            return None
        state, *rest = stat[stat.rindex(")") + 2 :].split()
        # while other threads end, the first is already a zombie, but ports and files are still held
        if state in "ZX" and threads <= 1:
            return None
        return cls(pid, int(rest[18]), BOOT_ID.read_text().strip())


class Background:
    """``<home>/<name>.pid`` names the process, ``<home>/<name>.log`` is what it prints.

    ``guarded``: the process ends with this one, however this one ends (tests); otherwise it lives on until ``stop``.
    """

    def __init__(self, name: str, home: Path, *, guarded: bool = False) -> None:
        self.name = name
        self.home = home
        self.guarded = guarded
        self.pid_file = home / f"{name}.pid"
        self.log = home / f"{name}.log"
        self._child: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def launch(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Start the program; returns at once. Its working directory is ``home``."""
        if self.guarded:
            if threading.current_thread() is not threading.main_thread():
                raise RuntimeError("a guarded process must be started from the main thread: it dies with its thread")
            command = [sys.executable, "-I", str(GUARD), str(os.getpid()), *command]
        with writing(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".log.1"))
            # Ctrl-C between the start and the pid file would leave a process that nobody knows
            with self.log.open("ab") as log, uninterrupted():
                self._log_start = log.tell()
                self._child = subprocess.Popen(
                    command, env=dict(environ), cwd=self.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )
                _children[self._child.pid] = self._child
                identity = Identity.of(self._child.pid)
                if identity is not None:
                    self.pid_file.write_text(json.dumps(asdict(identity)))

    def recorded(self) -> Identity | None:
        """What the pid file says, be it true or not."""
        try:
            return Identity(**json.loads(self.pid_file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    @property
    def pid(self) -> int | None:
        """The running process; None when it does not run (or the pid now belongs to something else)."""
        recorded = self.recorded()
        if recorded is None:
            return None
        child = _children.get(recorded.pid)
        if child is not None and child.poll() is not None:
            del _children[recorded.pid]
        if Identity.of(recorded.pid) != recorded:
            return None
        return recorded.pid

    @property
    def exit_code(self) -> int | None:
        """Of a process that this object launched: None while it runs, the negative signal number when a signal ended it."""
        return self._child.poll() if self._child is not None else None

    @property
    def stale(self) -> bool:
        """A pid file is there and the process is not."""
        return self.pid_file.exists() and self.pid is None

    def send(self, number: int) -> None:
        pid = self.pid
        if pid is not None:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return
            except PermissionError:
                raise LocalServersError(f"{self.name} (process {pid}) belongs to another user: stop it as that user.") from None

    def stop(self, *, grace: float = 30.0, first: int = signal.SIGTERM) -> bool:
        """End the process: ask, wait up to ``grace`` seconds, then kill. True when it went by itself (or did not run)."""
        self.send(first)
        self.send(signal.SIGCONT)  # a stopped process could not hear
        went = self.wait_gone(grace)
        if not went:
            self.kill()
        self.pid_file.unlink(missing_ok=True)
        return went

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.send(signal.SIGKILL)
        if not self.wait_gone(30):
            raise LocalServersError(f"{self.name} (process {self.pid}) cannot be killed; is its disk or network drive stuck?")

    def wait_gone(self, timeout: float) -> bool:
        return poll(lambda: self.pid is None, timeout)

    def said(self) -> str:
        """What it has printed since this object launched it; everything, when another did."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_start)
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def last_lines(self, count: int = 3) -> str:
        """The end of that, on one line, for an error message."""
        lines = [line.strip() for line in self.said().splitlines() if line.strip()]
        return " | ".join(lines[-count:]) or "it said nothing"


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back until the end of the block. (A signal mask would be inherited by the child.)"""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _: held.append(number)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if held:
            signal.raise_signal(held[0])


def poll(check: Callable[[], bool], timeout: float, every: float = 0.05) -> bool:
    """Ask until true; False when ``timeout`` seconds have passed."""
    end = time.monotonic() + timeout
    while not check():
        if time.monotonic() >= end:
            return False
        time.sleep(every)
    return True
