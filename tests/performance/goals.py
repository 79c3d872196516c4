"""What was promised, and whether it was held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.performance.report import Spread


@dataclass(frozen=True, slots=True)
class Goal:
    """``key`` of the figure; at least (or at most) ``bound``, by the median, or by each run where all must keep to it. ``of``:
    whose profile tells why it is missed."""

    key: str
    title: str
    bound: float
    at_least: bool = True
    each: bool = False
    of: str = "intake"

    @property
    def wanted(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"

    def measured(self, figure: Spread) -> float:
        if self.each:
            return figure.min if self.at_least else figure.max
        return figure.median

    def held(self, figure: Spread) -> bool:
        measured = self.measured(figure)
        return measured >= self.bound if self.at_least else measured <= self.bound


GOALS = (
    Goal("vs_nameko", "times as fast as plain nameko", 15),
    Goal("vs_faststream", "times as fast as FastStream", 15),
    Goal("ceiling_share", "share of the ceiling", 0.75),
    Goal("second_process", "times as fast with a second process", 1.5),
    Goal("volume_loss", "percent slower at 1,000,000 stored cases than at 10,000", 5, at_least=False),
    Goal("rss_mib", "MiB resident, the largest service, behind 1,000,000 messages", 150, at_least=False, each=True),
    Goal("city_s", "seconds to score a city anew, with explanations", 2, at_least=False, of="scorer"),
    Goal("country_s", "seconds to score a country anew, on one core", 30, at_least=False, of="scorer"),
    Goal("scoring_mib", "MiB resident while a country is scored", 512, at_least=False, each=True, of="scorer"),
    Goal("rebuild_per_s", "log entries a second folded again by rebuild", 10_000, of="rebuild"),
    Goal("registers_per_s", "rows of a log in Excel read and checked a second", 5_000, of="registers"),
    Goal("dropped", "arrivals never seen, at half load in an open loop", 0, at_least=False, each=True),
)


def judge(figures: dict[str, Spread]) -> list[dict[str, Any]]:
    """Each goal whose figure was measured."""
    return [
        {
            "goal": goal.key, "title": goal.title, "wanted": goal.wanted, "measured": goal.measured(figures[goal.key]),
            "held": goal.held(figures[goal.key]), "of": goal.of,
        }
        for goal in GOALS
        if goal.key in figures
    ]
