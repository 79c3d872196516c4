"""Which release runs: ``namtot_build_info{service=…,version=…,python=…} 1``."""

from __future__ import annotations

import platform
from importlib import metadata

from prometheus_client import REGISTRY, CollectorRegistry, Gauge


def version() -> str:
    """Of the installed distribution; ``unknown`` where the sources were copied without installing them."""
    try:
        return metadata.version("namtot")
    except metadata.PackageNotFoundError:
        return "unknown"


def build_info(service: str, registry: CollectorRegistry = REGISTRY) -> None:
    """Register the gauge; once per process and registry."""
    gauge = Gauge(
        "namtot_build_info", "The running release; always 1", ["service", "version", "python"], registry=registry
    )
    gauge.labels(service=service, version=version(), python=platform.python_version()).set(1)
