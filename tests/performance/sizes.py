"""How much is measured: in full (about half an hour on two cores), or just enough to see that the harness works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Counts of events, cases and rounds; seconds where the name says so."""

    rounds: int
    warm_ups: int
    batched: int
    """Events per measurement of what works in batches: namtot, the ceiling."""
    single: int
    """Events per measurement of what works message by message: they are some twenty times slower."""
    swept: float
    """Share of those counts with which settings are tried."""
    batches: tuple[int, ...]
    workers: tuple[int, ...]
    """Concurrency of the peers: nameko's max_workers, FastStream's prefetch."""
    few: int
    many: int
    """Stored cases between which the rate is compared."""
    volume_rounds: int
    volume_events: int
    backlog: int
    backlog_seconds: float
    """How long a service works on the backlog while its memory is watched."""
    teams: int
    latency_rounds: int
    latency_seconds: float
    capacity_events: int
    """Cases of the backlog by which the capacity from publishing to verdict is found."""
    scoring_rounds: int
    city_teams: int
    """Teams of the city that is scored; 0: as many as Hà Nội has."""
    country: int
    """Copies of the city that make up a country."""
    naive_teams: int
    """Teams with which the loop that asks team by team is measured."""
    naive_threads: tuple[int, ...]
    burst_teams: int
    burst_events: int
    rebuild_rounds: int
    register_rows: int


FULL = Sizes(
    rounds=5, warm_ups=1, batched=40_000, single=3_000, swept=0.5, batches=(500, 1000, 2000), workers=(10, 30, 100),
    few=10_000, many=1_000_000, volume_rounds=5, volume_events=20_000, backlog=1_000_000, backlog_seconds=20.0,
    teams=1_000, latency_rounds=3, latency_seconds=30.0, capacity_events=20_000,
    scoring_rounds=3, city_teams=0, country=18, naive_teams=1_000, naive_threads=(1, 4, 16), burst_teams=100, burst_events=10_000,
    rebuild_rounds=3, register_rows=20_000,
)
QUICK = Sizes(
    rounds=1, warm_ups=0, batched=1_000, single=100, swept=1.0, batches=(200,), workers=(10,),
    few=100, many=1_000, volume_rounds=1, volume_events=400, backlog=2_000, backlog_seconds=1.0,
    teams=50, latency_rounds=1, latency_seconds=2.0, capacity_events=400,
    scoring_rounds=1, city_teams=20, country=2, naive_teams=10, naive_threads=(2,), burst_teams=5, burst_events=100,
    rebuild_rounds=1, register_rows=200,
)
