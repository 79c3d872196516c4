"""How each team's way to recognition goes: how it votes, whether and when it asks, what is amiss with its papers.

Most go straight; each turn falls on a few, drawn from the seed, and the parts that a ward has to give (``wards.Ward.parts``) on
teams that lack nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from shared.simulation import lacks
from shared.simulation.wards import Ward

if TYPE_CHECKING:
    from shared.simulation.roster import Team


@dataclass(frozen=True, kw_only=True)
class Fate:
    voted: bool = True
    """Whether the minutes of the self-assessment say how the vote went."""
    apart: bool = True
    """Whether a team that held its yearly meeting early meets once more to assess itself."""
    agreed: Literal["most", "half", "few", "three"] = "most"
    counted: Literal["all", "present"] = "all"
    """Whom the minutes count as members: all, or all but one who had not come."""
    claims: Literal["honest", "all_met", "modest"] = "honest"
    requests: Literal["in_time", "late", "never", "returned", "unwritten", "regardless"] = "in_time"
    result: Literal["as_seen", "recognised"] = "as_seen"
    """What the ward's meeting makes of it: what it sees in the papers, or recognition whatever they say."""


@dataclass(frozen=True, kw_only=True)
class Vote:
    """Of all ``members``, absent ones included, ``agreed`` want recognition to be asked for."""

    on: dt.date
    members: int
    agreed: int
    all_met: bool

    @property
    def allows(self) -> bool:
        """More than half of all members (Hướng dẫn 1269/TP-MTTQ), and every criterion met."""
        return self.all_met and 2 * self.agreed > self.members


# per mille of the teams whose way has each turn
TURNS: tuple[tuple[int, dict[str, Any]], ...] = (
    (60, {"voted": False}), (250, {"apart": False}), (15, {"agreed": "half"}), (15, {"agreed": "few"}),
    (400, {"claims": "all_met"}), (25, {"claims": "modest"}), (100, {"requests": "regardless"}),
    (45, {"requests": "late"}), (60, {"requests": "never"}), (60, {"requests": "returned"}),
)


def draw(chance: random.Random) -> Fate:
    fate = Fate()
    for per_mille, turn in TURNS:
        if chance.randrange(1000) < per_mille:
            fate = replace(fate, **turn)
    return fate


def give(chance: random.Random, ward: Ward, teams: Sequence[Team]) -> None:
    """A fate to each team, and each part of the ward to one that is fit for it, where there is one."""
    for team in teams:
        team.fate = draw(chance)
    for part in ward.parts:
        fit = [
            team for team in teams
            if part.size in (0, len(team.mediators)) and team.fate.result == "as_seen" and not team.cast
            and team.role.year_meeting == "held" and not lacks.known(team, ward.scheme) and not lacks.unseen(team)
        ]
        if fit:
            turn: dict[str, Any] = dict(part.fate)
            chance.choice(fit).fate = Fate(**turn)
