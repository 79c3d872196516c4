"""Which processes run from a directory; after a clean end, none."""

from __future__ import annotations

import os
from pathlib import Path

import psutil


def running_from(home: Path) -> list[str]:
    """``PID NAME`` of every process whose command line, working directory or environment names ``home``."""
    return [f"{process.pid} {process.name()}" for process in psutil.process_iter() if _belongs(process, str(home))]


def _belongs(process: psutil.Process, home: str) -> bool:
    try:
        return process.pid != os.getpid() and (
            any(home in word for word in process.cmdline())
            or process.cwd().startswith(home)
            or any(home in value for value in process.environ().values())
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False
