"""What evaluation answers, all plain JSON values.

    finding     whom a question means
    verdicts    league, counts, explanation, what waits for its team
"""

from __future__ import annotations

from services.evaluation.queries.finding import UnknownScheme, UnknownTeam, find_scheme, find_team
from services.evaluation.queries.verdicts import (
    VERDICTS,
    counts,
    explain,
    lag,
    league,
    teams_by_verdict,
    unplaced,
    unplaced_count,
)

__all__ = [
    "VERDICTS",
    "UnknownScheme",
    "UnknownTeam",
    "counts",
    "explain",
    "find_scheme",
    "find_team",
    "lag",
    "league",
    "teams_by_verdict",
    "unplaced",
    "unplaced_count",
]
