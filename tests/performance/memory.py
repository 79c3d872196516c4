"""How much memory each service takes while a great backlog waits for it.

The backlog is a million distinct, valid messages in the queue that the service reads; it works on them for a while, and the
kernel's high-water mark of its resident memory (VmHWM) is read. The gateway reads no queue and is left out.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from services.intake.domain.telling import changed_events
from shared import contracts
from shared.contracts import JSON, STRUCTURED, moment
from shared.messaging import ConfirmingPublisher, Outgoing, topology
from shared.storage import utc_now
from tests.performance import workload
from tests.performance.report import Say
from tests.performance.sizes import Sizes
from tests.performance.world import World

MARK = "987654321"
"""Stands for the number of a message; as long as any, and a number in JSON too."""
UNITS = 126
QUEUES = {
    "intake": topology.INTAKE, "directory": topology.DIRECTORY_RECORDS, "evaluation": topology.EVALUATION_FACTS,
    "notification": topology.NOTIFICATION_FACTS,
}


def measure(world: World, sizes: Sizes, batch: int, say: Say) -> dict[str, float]:
    """MiB at most, by service; services that are not built are left out."""
    found: dict[str, float] = {}
    for service, queue in QUEUES.items():
        if importlib.util.find_spec(f"services.{service}.service") is None:
            say(f"{service} is not there yet: not measured")
            continue
        with world.room() as room:
            began = time.perf_counter()
            _publish(room.amqp_uri, queue, _bodies(service, sizes.backlog), JSON if service != "intake" else STRUCTURED)
            say(f"{service}: {sizes.backlog:,} messages wait ({time.perf_counter() - began:.0f} s)")
            process = room.service(service, NAMTOT_BATCH=str(batch))
            waiting = room.depth(queue)
            end = time.perf_counter() + 120
            while room.depth(queue) >= waiting and time.perf_counter() < end:
                room.must_run()
                time.sleep(0.1)
            time.sleep(sizes.backlog_seconds)
            room.must_run()
            taken = waiting - room.depth(queue)
            if taken <= 0:
                raise RuntimeError(f"{service} took nothing from {queue}: {process.last_lines(20)}")
            found[service] = high_water(process.pid or 0)
            say(f"{service}: {found[service]:.0f} MiB at most, after {taken:,} messages")
    return found


def high_water(pid: int) -> float:
    """MiB. proc(5): VmHWM."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"no VmHWM of process {pid}")


def _bodies(service: str, count: int) -> Iterator[bytes]:
    template = _template(service)
    parts = template.split(MARK.encode())
    # a directory knows as many units as there are: a million changes are changes of the same ones
    return (str(100_000_000 + n).encode().join(parts) if service != "directory" else _unit(n) for n in range(count))


def _template(service: str) -> bytes:
    reported = workload.reported(f"m{MARK}", 1)
    if service == "intake":
        return reported
    at = moment(utc_now())
    read = inspect(reported, STRUCTURED, {}, now=at, limit=at, max_body=10**6, allowed=lambda source, type: True)
    assert isinstance(read, Accepted)
    id = f"{int(MARK):032d}"
    return changed_events(id, read.subject, 1, fold([read.entry]), [read.entry.type])[0][1]


def _unit(number: int) -> bytes:
    """A commune's entry, changed once more."""
    code = f"{number % UNITS + 10_000}"
    event = contracts.write(
        type="vn.namtot.directory.unit.registered.v1", source=workload.SOURCE, id=f"u{number}", subject=f"unit://bench.example/{code}",
        time="2024-01-02T09:00:00Z", data={"on": "2024-01-01", "code": code, "name": f"Phường {code}", "level": "commune"},
    )
    at = moment(utc_now())
    read = inspect(event, STRUCTURED, {}, now=at, limit=at, max_body=10**6, allowed=lambda source, type: True)
    assert isinstance(read, Accepted), read
    return changed_events(read.record, read.subject, number // UNITS + 1, fold([read.entry]), [read.entry.type])[0][1]


def _publish(uri: str, queue: str, bodies: Iterator[bytes], content_type: str) -> None:
    publisher = ConfirmingPublisher(uri, mandatory=True, declare=False)
    try:
        while chunk := list(islice(bodies, workload.CHUNK)):
            publisher.publish([Outgoing("", queue, body, content_type) for body in chunk])
    finally:
        publisher.close()
