"""One whole run: every part on the same broker and database, the figures put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.performance import context, latency, memory, profiling, rates, rebuild, registers, scoring, volume
from tests.performance.goals import judge
from tests.performance.report import Say, Spread
from tests.performance.sides import NAMTOT
from tests.performance.sizes import Sizes
from tests.performance.world import CACHE_GB, World
from tests.support.servers import TestServers

PARTS = ("rates", "volume", "memory", "latency", "scoring", "rebuild", "registers")


def run(sizes: Sizes, parts: Sequence[str], home: Path, say: Say, servers: TestServers | None = None) -> dict[str, Any]:
    """Measure ``parts``. Without ``servers`` own ones are started (or those of AMQP_URI and MONGO_URI used) and ended."""
    own = servers is None
    servers = servers or TestServers()
    if own:
        say("starting RabbitMQ and MongoDB")
        if servers.mongodb is not None:
            servers.mongodb.cache_gb = CACHE_GB
        servers.start()
    try:
        return _run(World(servers, home / "bench"), sizes, parts, home, say)
    finally:
        if own:
            servers.stop()


def _run(world: World, sizes: Sizes, parts: Sequence[str], home: Path, say: Say) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    figures: dict[str, Spread] = {}
    details: dict[str, Any] = {"sizes": asdict(sizes)} | context.describe(world)
    side = NAMTOT
    if "rates" in parts:
        compared = rates.compare(world, sizes, say)
        side = compared.sides["namtot"]
        for name, runs in compared.runs.items():
            figures["events_per_s" if name == "namtot" else f"{name}_per_s"] = Spread.of(runs)
        figures["vs_nameko"] = compared.ratio("namtot", "nameko")
        figures["vs_faststream"] = compared.ratio("namtot", "faststream")
        figures["ceiling_share"] = compared.ratio("namtot", "ceiling")
        figures["second_process"] = compared.ratio("two", "namtot")
        details["settings"] = {name: {s.kind: s.setting} for name, s in compared.sides.items()}
        details["tried"] = compared.swept
    if "volume" in parts:
        compared_volume = volume.compare(world, side, sizes, say)
        figures["volume_loss"] = Spread.of(compared_volume.losses())
        details["volume"] = asdict(compared_volume)
    if "memory" in parts:
        found = memory.measure(world, sizes, side.setting, say)
        figures["rss_mib"] = Spread.of(list(found.values()))
        details["rss_by_service"] = {name: round(mib, 1) for name, mib in found.items()}
    if "latency" in parts:
        waited = latency.measure(world, sizes, side.setting, say)
        figures["p50_ms"], figures["p99_ms"] = Spread.of(waited.p50), Spread.of(waited.p99)
        figures["dropped"] = Spread.of([waited.dropped])
        details["latency"] = asdict(waited)
    if "scoring" in parts:
        scored = scoring.measure(world, sizes, home / "bench-scoring-profile.txt", say)
        figures |= {
            "city_s": Spread.of(scored.city), "city_cpu_s": Spread.of(scored.city_cpu), "city_first_s": Spread.of(scored.first),
            "city_two_s": Spread.of(scored.city_two), "country_cpu_s": Spread.of(scored.country_cpu),
            "city_tick_s": Spread.of(scored.tick), "country_s": Spread.of(scored.country), "scoring_mib": Spread.of(scored.mib),
            "vs_team_by_team": Spread.of(scored.vs_naive), "first_vs_team_by_team": Spread.of(scored.first_vs_naive),
            "facts_per_scoring": Spread.of([scored.per_scoring]),
        }
        details["scoring"] = asdict(scored)
    if "rebuild" in parts:
        rebuilt = rebuild.measure(world, sizes, say)
        figures |= {
            "rebuild_s": Spread.of(rebuilt.seconds), "rebuild_cpu_s": Spread.of(rebuilt.cpu),
            "rebuild_per_s": Spread.of(rebuilt.rate), "rebuild_share": Spread.of(rebuilt.share),
        }
        details["rebuild"] = asdict(rebuilt)
    if "registers" in parts:
        read = registers.measure(sizes, say)
        figures |= {
            "registers_per_s": Spread.of(read.rate), "registers_share": Spread.of(read.share),
            "registers_vs_openpyxl": Spread.of(read.vs_openpyxl), "registers_mib": Spread.of(read.mib),
        }
        details["registers"] = asdict(read)
    goals = judge(figures)
    answer |= {key: spread.json() for key, spread in figures.items()}
    answer["goals"] = goals
    answer["context"] = details
    missed = [f"{goal['title']}: {goal['measured']:g}, wanted {goal['wanted']}" for goal in goals
              if not goal["held"] and goal["of"] == "intake"]
    if "scoring" in parts:
        answer["scoring_profile"] = str(home / "bench-scoring-profile.txt")
    if missed:
        path = home / "bench-profile.txt"
        say(f"{len(missed)} goal(s) missed; profiling intake")
        profiling.profile(world, side, sizes, path, missed)
        answer["profile"] = str(path)
    return answer

