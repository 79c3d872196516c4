"""One of namtot's own services in the background."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local import web
from deploy.local.background import poll
from deploy.local.errors import LocalServersError
from deploy.local.server import Say, Server, silent

SOURCES = ("services", "shared")
ROOT = Path(__file__).resolve().parents[2]


def fingerprint(environ: Mapping[str, str]) -> str:
    """Changes with the settings that a service gets and with the source code."""
    files = sorted(path for part in SOURCES for path in (ROOT / part).rglob("*.*") if "__pycache__" not in path.parts)
    settings = {**{name: value for name, value in os.environ.items() if name.startswith("NAMTOT_")}, **environ}
    code = [(str(path), path.stat().st_mtime_ns) for path in files if path.is_file()]
    return hashlib.sha256(json.dumps([sorted(settings.items()), code]).encode()).hexdigest()


class Service(Server):
    """``answers`` means live; ``ready`` is another matter, for it depends on the servers too."""

    port_names = ("http",)

    def __init__(
        self, name: str, home: Path, settings: Mapping[str, str], *, guarded: bool = False, say: Say = silent
    ) -> None:
        self.name = self.title = name
        super().__init__(home, guarded=guarded, say=say)
        self.settings = settings

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port('http')}"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "shared.runner", self.name]

    def environ(self) -> Mapping[str, str]:
        return {
            "NAMTOT_HTTP_HOST": os.environ.get("NAMTOT_HTTP_HOST", "127.0.0.1"),
            **self.settings,
            "NAMTOT_HTTP_PORT": str(self.port("http")),
            "NAMTOT_PORT_FILE": "",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        }

    def launch(self) -> None:
        mark = fingerprint(self.settings)
        if self.running() and self.state.read().get("fingerprint") != mark:
            self.say(f"{self.title}: the code or the settings have changed; it is started anew.")
            self.process.stop()
        super().launch()
        self.state.update(fingerprint=mark)

    def configure(self) -> None:
        """Everything is in the environment."""

    def answers(self, timeout: float) -> bool:
        return web.get(self.port("http"), "/health/live", timeout)[0] == 200

    def problem(self, timeout: float = 10.0) -> str | None:
        """None when it is ready; else why not."""
        status, body = web.get(self.port("http"), "/health/ready", timeout)
        if status == 200:
            return None
        try:
            told = json.loads(body).get("problems")
        except ValueError:
            return body.strip() or f"HTTP {status}"
        return "; ".join(f"{what}: {why}" for what, why in told.items()) if told else body.strip()

    def wait_ready(self, timeout: float = 90.0) -> None:
        """LocalServersError when it ends, or is not ready in time."""
        if not poll(lambda: not self.running() or self.problem() is None, timeout):
            raise LocalServersError(
                f"{self.title} runs but is not ready after {timeout:.0f} seconds ({self.problem()}); its log: {self.process.log}"
            )
        if not self.running():
            raise LocalServersError(f"{self.title} ended: {self.reason()} (the whole log: {self.process.log})")

    def wipe(self) -> None:
        """It keeps nothing of its own."""

    def port_taken(self) -> bool:
        return "cannot listen on" in self.process.said()
