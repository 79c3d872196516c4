"""Debian's Prometheus, if it is installed: it scrapes the services, so that their metrics have a past."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence

from deploy.local import ports, web
from deploy.local.server import Server

CONFIG = """\
global:
  scrape_interval: 5s
scrape_configs:
  - job_name: namtot
    file_sd_configs:
      - files: [targets.json]
        refresh_interval: 5s
"""


class Prometheus(Server):
    name = "prometheus"
    title = "Prometheus"
    port_names = ("http",)

    @staticmethod
    def installed() -> bool:
        return shutil.which("prometheus") is not None

    @property
    def uri(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port('http')}"

    def command(self) -> Sequence[str]:
        program = shutil.which("prometheus")
        assert program is not None
        return [
            program,
            "--config.file=prometheus.yml",
            f"--storage.tsdb.path={self.home / 'data'}",
            "--storage.tsdb.retention.time=30d",
            f"--web.listen-address={ports.LOOPBACK}:{self.port('http')}",
        ]

    def environ(self) -> Mapping[str, str]:
        return {}

    def configure(self) -> None:
        (self.home / "prometheus.yml").write_text(CONFIG)
        if not (self.home / "targets.json").exists():
            self.scrape({})

    def scrape(self, targets: Mapping[str, int]) -> None:
        """Service → port. Prometheus notices the new file by itself."""
        groups = [
            {"targets": [f"{ports.LOOPBACK}:{port}"], "labels": {"service": name}} for name, port in sorted(targets.items())
        ]
        half = self.home / "targets.json.part"
        half.write_text(json.dumps(groups, indent=2))
        half.replace(self.home / "targets.json")

    def answers(self, timeout: float) -> bool:
        return web.get(self.port("http"), "/-/ready", timeout)[0] == 200

    def wipe(self) -> None:
        shutil.rmtree(self.home / "data", ignore_errors=True)

    def port_taken(self) -> bool:
        return "address already in use" in self.process.said()
