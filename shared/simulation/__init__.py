"""A simulated year of a district or of the city, as the systems around namtot would send it.

    for line in simulate(Plan(year=2024, seed=1)): ...     # one CloudEvent in JSON, bytes without line feed

The year goes on after its window: the teams assess themselves and ask, the wards decide, some praise follows by the next spring.

Nothing here is a fact about a real person, team or dispute. Every event says so three times: extension attribute ``simulated``,
sources under ``.example``, ``data.ext.simulated``. The figures that shape the year (14 wards, 222 teams, 1,315 mediators, 93.8%)
are published ones; how they fall on single teams is drawn from the seed. The same plan always gives the same bytes.
"""

from __future__ import annotations

from shared.simulation.plan import Plan
from shared.simulation.year import simulate

__all__ = ["Plan", "simulate"]
