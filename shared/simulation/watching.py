"""Waiting until everything that was sent has been taken in and scored, and counting what came of it.

All numbers are asked of the running services over RPC, none is taken from the simulation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kombu import Connection

from shared.messaging import topology
from shared.messaging.rpc import RpcClient, RpcError

EVERY = 0.3
QUIET = 2.5
"""Seconds between two looks, and for how long nothing may change before it counts as done. The broker does not tell how many
messages a service holds unacknowledged, so an empty queue alone says little; a batch takes well under a second."""
QUEUES = (
    topology.INTAKE, topology.INTAKE_URGENT, topology.DIRECTORY_RECORDS, topology.EVALUATION_FACTS, topology.EVALUATION_DIRECTORY,
)
ACCOUNTS = ("received", "applied", "duplicate", "refused", "redelivered", "parked", "balanced")


class StillWaiting(Exception):
    """Time is up; the message says what was still to be done."""


def delivered(client: RpcClient) -> int:
    """Deliveries that intake has finished with, ever."""
    return finished(client.call("intake", "flow"))


def finished(flow: dict[str, Any]) -> int:
    """A copy that a connection brought twice counts as redelivered, not as received, so it is added here."""
    return int(flow["applied"] + flow["duplicate"] + flow["refused"] + flow["redelivered"])


class Watch:
    """``target``: deliveries that intake must have finished with before anything else counts."""

    def __init__(self, client: RpcClient, uri: str, *, scheme: str, year: int, target: int) -> None:
        self.client = client
        self.uri = uri
        self.scheme, self.year = scheme, year
        self.target = target

    def wait(self, timeout: float, tell: Callable[[str], None]) -> None:
        """Return when all is applied, scored and quiet. ``tell`` hears what is still to be done. Raise ``StillWaiting``."""
        deadline = time.monotonic() + timeout
        seen: object = None
        since = time.monotonic()
        while True:
            try:
                left, now = self.look()
            except (RpcError, OSError) as error:
                left, now = [str(error)], None
            if left or now != seen:
                since, seen = time.monotonic(), now
            elif time.monotonic() - since >= QUIET:
                return
            what = "; ".join(left) or "until all is quiet"
            if time.monotonic() >= deadline:
                raise StillWaiting(what)
            tell(what)
            time.sleep(EVERY)

    def look(self) -> tuple[list[str], object]:
        """What is still to be done, in words, and everything that must stop changing."""
        flow = self.client.call("intake", "flow")
        lag = self.client.call("evaluation", "lag")
        directory = self.client.call("directory", "totals")
        counts = self.client.call("evaluation", "counts", scheme=self.scheme, year=self.year)
        with Connection(self.uri, connect_timeout=5) as connection:
            depths = topology.depths(connection, QUEUES)
        left = []
        missing = self.target - finished(flow)
        if missing > 0:
            left.append(f"{missing:,} events to be taken in")
        left += [f"{n:,} messages in {queue}" for queue, n in depths.items() if n and missing <= 0]
        if flow["outbox"]:
            left.append(f"{flow['outbox']} batches to be announced")
        if lag["waiting"]:
            left.append(f"{lag['waiting']:,} teams to be scored")
        if counts["teams"] != directory["teams"]:
            left.append(f"{counts['teams']:,} of {directory['teams']:,} teams have a verdict")
        return left, (flow["applied"], flow["duplicate"], flow["refused"], directory, counts)


def count(client: RpcClient, *, scheme: str, year: int, seconds: float) -> dict[str, Any]:
    """What the services hold, as the one line that ``namtot demo --json`` prints."""
    directory = client.call("directory", "totals")
    accounts = client.call("intake", "reconcile", timeout=120)
    counts = client.call("evaluation", "counts", scheme=scheme, year=year)
    return {
        **{what: directory[what] for what in ("units", "groups", "teams", "mediators")},
        "events": accounts["applied"],
        "cases": client.call("intake", "totals")["cases"],
        "settled_rate": counts["settled_rate"],
        **{verdict: counts[verdict] for verdict in ("met", "not_met", "not_enough_evidence")},
        "reconcile": {what: accounts[what] for what in ACCOUNTS},
        "seconds": round(seconds, 1),
    }
