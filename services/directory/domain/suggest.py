"""Teams that a name may mean, for an officer to choose from. A suggestion decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from services.directory.domain.pending import PendingName
from shared.contracts.outgoing import TeamState
from shared.naming import fold_name

AT_LEAST = 50
"""Per cent of likeness below which a team is not suggested, unless it works in the very group."""
MOST = 5


def suggestions(pending: PendingName, teams: Iterable[TeamState]) -> list[dict[str, Any]]:
    """[{"code", "name", "score"}], best first; ``score``: likeness of the folded names in per cent, and 100 for a team that works
    where the name was registered."""
    wanted = fold_name(pending.name)
    matcher = SequenceMatcher(b=wanted, autojunk=False)
    found: list[tuple[int, str, str]] = []
    for team in teams:
        score = 100 if team.code in pending.rivals else _likeness(matcher, team)
        if score >= AT_LEAST:
            found.append((score, team.code, team.name))
    found.sort(key=lambda f: (-f[0], f[1]))
    return [{"code": code, "name": name, "score": score} for score, code, name in found[:MOST]]


def _likeness(matcher: SequenceMatcher[str], team: TeamState) -> int:
    best = 0
    for name in {fold_name(team.name), *(fold_name(name) for _, name in team.names)}:
        matcher.set_seq1(name)
        if matcher.quick_ratio() * 100 >= AT_LEAST:
            best = max(best, int(matcher.ratio() * 100))
    return best
