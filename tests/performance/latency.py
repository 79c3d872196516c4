"""From publishing to the verdict, at half of what the system can take, in an open loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.performance import arrivals
from tests.performance.observer import Observer, Watched
from tests.performance.pipeline import Pipeline
from tests.performance.report import Say
from tests.performance.sizes import Sizes
from tests.performance.world import World

LOAD = 0.5
PATIENCE = 60.0
"""Seconds after the last arrival in which what has not become visible counts as dropped."""


@dataclass(kw_only=True)
class Latency:
    """``capacity``: cases a second from a backlog into verdicts; ``rate``: arrivals a second, half of it. The rest by round,
    waits in milliseconds from when a message was due."""

    capacity: float
    rate: float
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)
    arrivals: int = 0
    dropped: int = 0
    late: int = 0


def measure(world: World, sizes: Sizes, batch: int, say: Say) -> Latency:
    with world.room() as room:
        line = Pipeline(room, batch, sizes.teams)
        line.start()
        say(f"{sizes.teams:,} teams have a verdict")
        capacity = line.capacity(sizes.capacity_events)
    say(f"a backlog of {sizes.capacity_events:,} cases came into verdicts at {capacity:,.0f}/s")
    latency = Latency(capacity=capacity, rate=capacity * LOAD)
    for number in range(-sizes.warm_ups, sizes.latency_rounds):
        count = max(1, int(latency.rate * sizes.latency_seconds))
        with world.room() as room:
            line = Pipeline(room, batch, sizes.teams)
            line.start()
            waits, came = _round(line, latency.rate, [line.case(f"latency{number}", n) for n in range(count)])
        p50, p99, worst = percentile(waits, 50), percentile(waits, 99), waits[-1]
        say(f"{count:,} arrivals at {latency.rate:,.0f}/s: p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {worst:.0f} ms, "
            f"{count - len(waits)} dropped, {came.late} started late")
        if number >= 0:
            latency.p50.append(p50)
            latency.p99.append(p99)
            latency.worst.append(worst)
            latency.arrivals += count
            latency.dropped += count - len(waits)
            latency.late += came.late
    return latency


def _round(line: Pipeline, rate: float, bodies: Sequence[bytes]) -> tuple[list[float], arrivals.Arrivals]:
    room = line.room
    observer = Observer(Watched(
        mongo_uri=room.servers.mongo_uri, database=line.evaluation.name, teams=line.team_numbers(), before=1, count=len(bodies)
    ))
    came = arrivals.publish(room.amqp_uri, bodies, rate)
    seen = observer.result(PATIENCE)
    room.must_run()
    return sorted(1000 * (seen[case] - came.due[case]) for case in seen), came


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest of the ordered figures that at least ``percent`` in a hundred do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
