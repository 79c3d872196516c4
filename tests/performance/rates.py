"""Events a second of every side: settings are tried first, then come rounds, in each of which every side has its turn."""

from __future__ import annotations

from dataclasses import dataclass

from tests.performance import workload
from tests.performance.drain import measure
from tests.performance.report import Say, Spread
from tests.performance.sides import CEILING, FASTSTREAM, NAMEKO, NAMTOT, TWO, Side
from tests.performance.sizes import Sizes
from tests.performance.world import World


@dataclass(frozen=True, kw_only=True)
class Rates:
    """``runs``: events a second by side, in order of rounds. ``swept``: by side, by setting. ``sides``: at their best setting."""

    sides: dict[str, Side]
    swept: dict[str, dict[int, float]]
    runs: dict[str, list[float]]

    def ratio(self, name: str, other: str) -> Spread:
        """Round by round, so that both had the machine in the same mood."""
        return Spread.of([a / b for a, b in zip(self.runs[name], self.runs[other], strict=True)])


def compare(world: World, sizes: Sizes, say: Say) -> Rates:
    bodies = workload.lives("run", max(sizes.batched, sizes.single))
    shorter = workload.lives("run", sizes.single)
    swept: dict[str, dict[int, float]] = {}
    sides: dict[str, Side] = {}
    for side in (NAMTOT, NAMEKO, FASTSTREAM, CEILING):
        tried = swept[side.name] = {}
        for setting in side.settings(sizes):
            count = int(side.events(sizes) * sizes.swept)
            tried[setting] = _once(world, side.at(setting), workload.lives("try", count))
            say(f"{side.title}, {side.kind} {setting}: {tried[setting]:,.0f} events/s")
        sides[side.name] = side.at(max(tried, key=lambda setting: tried[setting]))
    sides[TWO.name] = TWO.at(sides[NAMTOT.name].setting)
    runs: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(-sizes.warm_ups, sizes.rounds):
        title = f"round {number + 1} of {sizes.rounds}" if number >= 0 else "warm-up round, not counted"
        for side in sides.values():
            rate = _once(world, side, bodies if side.batched else shorter)
            say(f"{title}: {side.title}, {side.kind} {side.setting}: {rate:,.0f} events/s")
            if number >= 0:
                runs[side.name].append(rate)
    return Rates(sides=sides, swept=swept, runs=runs)


def _once(world: World, side: Side, bodies: list[bytes]) -> float:
    with world.room() as room:
        return measure(room, side, bodies).rate
