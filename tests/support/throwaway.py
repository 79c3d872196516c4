"""A nameko service of the tests' own, run as ``tests.support.throwaway:Throwaway``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from nameko.timer import timer


class Store(DependencyProvider):
    """Has a problem while the file ``problem`` in NAMTOT_HOME exists: what it says."""

    def setup(self) -> None:
        self.file = Path(self.container.config["namtot"].key_file).with_name("problem")

    def probe(self) -> str | None:
        return self.file.read_text() if self.file.exists() else None

    def get_dependency(self, worker_ctx: Any) -> Path:
        return self.file.parent


class Throwaway:
    name = "throwaway"

    store = Store()

    @rpc
    def echo(self, text: str) -> str:
        return text

    @rpc
    def slow(self, mark: str) -> str:
        """Writes ``mark`` when it begins, waits for ``mark.go``, then writes ``mark.done``."""
        (self.store / mark).touch()
        while not (self.store / f"{mark}.go").exists():
            eventlet.sleep(0.02)
        (self.store / f"{mark}.done").touch()
        return mark

    @timer(interval=0.1)
    def tick(self) -> None:
        with (self.store / "ticks").open("a") as ticks:
            ticks.write(".")
