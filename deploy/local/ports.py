"""Free ports on loopback, and a small file that remembers what a server was given."""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path
from typing import Any

from deploy.local.errors import LocalServersError, writing

LOOPBACK = "127.0.0.1"


def free(port: int) -> bool:
    with socket.socket() as probe:
        # as servers do: a port that only waits for its last packets (TIME_WAIT) is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _range() -> tuple[int, int]:
    """Below the ports that the kernel hands to outgoing connections: one of those could take a port while its server restarts."""
    try:
        low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except OSError:
        low = 32768
    return (15000, min(low, 32768)) if low > 16000 else (40000, 65000)


def choose(count: int) -> list[int]:
    """``count`` different free ports."""
    low, high = _range()
    # not the process's seeded generator: tests reseed it, and would then ask for the same ports
    source = random.SystemRandom()
    chosen: list[int] = []
    for _ in range(2000):
        port = source.randrange(low, high)
        if port not in chosen and free(port):
            chosen.append(port)
            if len(chosen) == count:
                return chosen
    raise LocalServersError(
        f"No free port on {LOOPBACK} between {low} and {high}: stop what holds them (`ss -ltn` lists them), then try again."
    )


class State:
    """A flat JSON object in a file; unreadable counts as empty, for everything in it can be chosen anew."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        try:
            loaded = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def update(self, **values: Any) -> dict[str, Any]:
        merged = {**self.read(), **values}
        with writing(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps(merged))
        return merged
