"""Services as real processes, to be stopped, paused and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.background import Background
from tests.support.eventually import eventually

ROOT = Path(__file__).resolve().parents[2]


class Metrics:
    """One scrape of ``/metrics``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples called ``name`` (with ``_total`` and the like) that have these labels; 0 when there is none."""
        return sum(sample.value for sample in self.samples if sample.name == name and labels.items() <= sample.labels.items())


class ServiceProcess:
    """``namtot run NAME`` as a process of its own; it dies with the test run, however that ends."""

    def __init__(self, name: str, directory: Path, environ: Mapping[str, str], number: int = 1) -> None:
        self.name = name
        self.process = Background(f"{name}-{number}", directory, guarded=True)
        self.port_file = directory / f"{name}-{number}.port"
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("NAMTOT_", "AMQP_", "MONGO_"))},
            **environ,
            "NAMTOT_PORT_FILE": str(self.port_file),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        self._url: str | None = None

    def start(self, **environ: str) -> ServiceProcess:
        """Start it (again); ``environ`` is added to what it was made with, for this start only."""
        self.port_file.unlink(missing_ok=True)
        self._url = None
        self.process.launch([sys.executable, "-m", "shared.runner", self.name], {**self.environ, **environ})
        return self

    @property
    def pid(self) -> int | None:
        return self.process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; the negative signal number when a signal ended it."""
        return self.process.exit_code

    def log(self) -> str:
        return self.process.log.read_text(errors="replace")

    # -- HTTP

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``, once the service has written which port it took."""
        if self._url is None:
            port = eventually(self._port, timeout=60)
            self._url = f"http://127.0.0.1:{port}"
        return self._url

    def _port(self) -> int | None:
        self._must_run()
        return int(self.port_file.read_text()) if self.port_file.exists() else None

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=30, trust_env=False, **options)

    def wait_ready(self, timeout: float = 90.0) -> ServiceProcess:
        def ready() -> bool:
            self._must_run()
            answer = self.get("/health/ready")
            assert answer.status_code == 200, f"/health/ready says {answer.status_code}: {answer.text}"
            return True

        try:
            eventually(ready, timeout)
        except AssertionError as error:
            raise AssertionError(f"{self.name} is not ready: {error}\n{self.log()[-4000:]}") from error
        return self

    def metrics(self) -> Metrics:
        return Metrics(self.get("/metrics").text)

    def _must_run(self) -> None:
        if self.exit_code is not None:
            raise SystemError(f"{self.name} ended with {self.exit_code}:\n{self.log()[-4000:]}")

    # -- signals

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self.process.kill()

    def stop(self, timeout: float = 60.0) -> int:
        """SIGTERM; the exit code. AssertionError when it does not end by itself."""
        assert self.process.stop(grace=timeout), f"{self.name} ignored SIGTERM for {timeout:g} seconds:\n{self.log()[-4000:]}"
        code = self.exit_code
        assert code is not None
        return code

    def pause(self) -> None:
        self.process.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send(signal.SIGCONT)

    def wait_exit(self, timeout: float = 60.0) -> int:
        """The exit code, when it ends by itself (a failpoint, say)."""
        assert self.process.wait_gone(timeout), f"{self.name} still runs after {timeout:g} seconds:\n{self.log()[-4000:]}"
        code = self.exit_code
        assert code is not None
        return code


class ServiceProcesses:
    """Starts services with the same environment; a context manager that ends them all."""

    def __init__(self, environ: Mapping[str, str], directory: Path) -> None:
        self.environ = environ
        self.directory = directory
        self.started: list[ServiceProcess] = []

    def __call__(self, name: str, *, wait: bool = True, **environ: str) -> ServiceProcess:
        """Run a service with ``environ`` added; ``wait=False`` returns before it is ready."""
        process = ServiceProcess(name, self.directory, {**self.environ, **environ}, len(self.started) + 1)
        self.started.append(process)
        process.start()
        return process.wait_ready() if wait else process

    def __enter__(self) -> ServiceProcesses:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        for process in self.started:
            process.kill()


COMMAND = [sys.executable, "-c", "from shared.commands import main; main()"]


@contextmanager
def namtot_process(*arguments: str, environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command that goes on until it is told to stop; killed at the end of the block if it still runs."""
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, env={**os.environ, **environ}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def namtot(*arguments: str, environ: Mapping[str, str], timeout: float = 120.0) -> subprocess.CompletedProcess[str]:
    """The command-line tool, as a user runs it."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
