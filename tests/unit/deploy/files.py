"""What the files under ``deploy`` and the Compose file say, read once for their tests."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"


@cache
def compose() -> dict[str, Any]:
    """The Compose file as written: merge keys resolved, variables not."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8")))


@cache
def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / "rules.yml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


@cache
def dashboards() -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text("utf-8")) for path in sorted(DASHBOARDS.glob("*.json"))}


def expressions() -> list[str]:
    """Every PromQL expression in rules and dashboards."""
    return [rule["expr"] for rule in rules()] + [
        target["expr"] for board in dashboards().values() for panel in board["panels"]
        for target in panel.get("targets", [])
    ]


def metric_names() -> set[str]:
    """Every metric of ours or of RabbitMQ's that they name."""
    return {name for one in expressions() for name in re.findall(r"\b(?:namtot|rabbitmq)_[a-z0-9_]+", one)}
