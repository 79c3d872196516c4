"""How long a city's year takes to be folded again by ``namtot rebuild intake``; beside bare reading of the same log, which is the
ceiling.

The log is a simulated year as intake would have written it. Time is that of the whole command, its start included.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from services.intake.store import prepare
from services.intake.store.writing import log_document, record_document
from shared.contracts import STRUCTURED
from shared.simulation import Plan, simulate
from shared.storage import utc_now
from tests.performance.city import LATE
from tests.performance.report import Say
from tests.performance.sizes import Sizes
from tests.performance.world import ROOT, Room, World

YEAR = 2024
CHUNK = 5_000


@dataclass(kw_only=True)
class Rebuilt:
    """Seconds by round. ``share``: of the ceiling, entries a second over those of bare reading; ``cpu``: processor seconds of the
    command and its processes."""

    records: int = 0
    entries: int = 0
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)


def measure(world: World, sizes: Sizes, say: Say) -> Rebuilt:
    found = Rebuilt()
    with world.room() as room:
        found.entries, found.records = _stock(room, Plan(year=YEAR, teams=sizes.city_teams, city=sizes.city_teams == 0))
        say(f"a year in the log: {found.entries:,} entries of {found.records:,} records")
        for _ in range(sizes.rebuild_rounds):
            bare = _read(room, found.entries)
            before = os.times()
            began = time.perf_counter()
            answer = _run(room)
            seconds = time.perf_counter() - began
            after = os.times()
            if (answer["entries"], answer["records"], answer["differences"]) != (found.entries, found.records, 0):
                raise RuntimeError(f"not everything was folded, or something differs: {answer}")
            found.seconds.append(seconds)
            found.cpu.append(after.children_user - before.children_user + after.children_system - before.children_system)
            found.rate.append(found.entries / seconds)
            found.share.append(bare / seconds)
            say(f"a year of {found.entries:,} entries rebuilds in {seconds:.1f} s ({found.rate[-1]:,.0f} entries/s, "
                f"{found.cpu[-1]:.1f} s of processor time); bare reading takes {bare:.1f} s")
    return found


def _stock(room: Room, plan: Plan) -> tuple[int, int]:
    """The log and records of a simulated year; how many of each."""
    prepare(room.db)
    now = utc_now()
    entries: dict[str, dict[str, Accepted]] = {}
    for body in simulate(plan):
        read = inspect(body, STRUCTURED, {}, now=LATE, limit=LATE, max_body=10**7, allowed=lambda source, type: True)
        if isinstance(read, Accepted):
            entries.setdefault(read.record, {})[read.entry.key] = read
    log = [log_document(one, now, None) for own in entries.values() for one in own.values()]
    records = [
        record_document(id, next(iter(own.values())).subject, 1, fold(one.entry for one in own.values()), now)
        for id, own in entries.items()
    ]
    for name, documents in (("log", log), ("records", records)):
        for start in range(0, len(documents), CHUNK):
            room.db[name].insert_many(documents[start:start + CHUNK], ordered=False)
    # what is measured next should not pay for writing this to disk
    room.client.admin.command("fsync")
    return len(log), len(records)


def _read(room: Room, entries: int) -> float:
    began = time.perf_counter()
    if sum(1 for _ in room.db["log"].find({}, batch_size=10_000)) != entries:
        raise RuntimeError("the log changed while it was read")
    return time.perf_counter() - began


def _run(room: Room) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", "from shared.commands import main; main()", "rebuild", "intake", "--json"],
        env={"PATH": "/usr/bin:/bin", **room.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True, text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"rebuild ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
    answer: dict[str, int] = json.loads(done.stdout)
    return answer
