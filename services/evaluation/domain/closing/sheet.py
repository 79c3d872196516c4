"""The ward's figures for the yearly emulation rating: cases, settled rate, three counts of teams, how the commune did its own
duties. Every number carries the ids that it was counted from: cases, records, teams.

Read from explanations (``tree`` as JSON), so that a closed year's sheet says what was closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from services.evaluation.domain.rates import Rounding, exact_percent, percent

Json = dict[str, Any]
ROWS = ("received", "carried", "settled", "not_settled", "pending", "left_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision on a team's recognition. ``late``: after the day that the procedure names."""

    entry: str
    on: str
    late: bool
    recognised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamYear:
    """``tree``: the explanation's JSON. ``rated``, ``settled``: as the scheme counts the rate."""

    team: str
    verdict: str
    tree: Mapping[str, Any]
    settled: int
    rated: int
    requested: bool = False
    recognised: bool = False
    decided: Decided | None = None


@dataclass(slots=True)
class Count:
    """``ids``: what was counted, each once."""

    ids: dict[str, None] = field(default_factory=dict)

    def add(self, *ids: str) -> None:
        self.ids.update(dict.fromkeys(ids))

    def as_json(self) -> Json:
        return {"n": len(self.ids), "ids": sorted(self.ids)}


def sheet(teams: Sequence[TeamYear]) -> Json:
    """``cases``, ``settled_rate``, ``teams``, ``duties``, ``decisions``."""
    return {
        "cases": _cases(teams), "settled_rate": settled_rate(
            sum(team.settled for team in teams), sum(team.rated for team in teams),
        ),
        "teams": _teams(teams), "duties": _duties(teams), "decisions": _decisions(teams),
    }


def settled_rate(settled: int, rated: int) -> Json:
    """Exact as numerator and denominator; shown with three decimals cut off, and with one rounded half up. None: 0/0
    is neither 0% nor 100%."""
    if not rated:
        return {"numerator": settled, "denominator": rated, "exact": None, "shown": None}
    rate = Fraction(settled, rated)
    return {
        "numerator": settled, "denominator": rated,
        "exact": {lang: exact_percent(rate, lang) for lang in ("vi", "en")},
        "shown": {lang: percent(rate, 1, Rounding.HALF_UP, lang) for lang in ("vi", "en")},
    }


def _cases(teams: Iterable[TeamYear]) -> Json:
    counts = {name: Count() for name in ROWS}
    for team in teams:
        for node in _nodes(team.tree):
            kind, _, name = node["id"].partition(".")
            if kind == "settled_rate" and name in counts:
                counts[name].add(*(i["id"] for i in node["inputs"]))
    for name in ("settled", "not_settled", "pending"):
        counts["received"].add(*counts[name].ids)
    return {name: count.as_json() for name, count in counts.items()}


def _teams(teams: Iterable[TeamYear]) -> Json:
    counts = {name: Count() for name in ("teams", "meets", "requested", "recognised")}
    for team in teams:
        counts["teams"].add(team.team)
        for name, holds in (
            ("meets", team.verdict == "met"), ("requested", team.requested), ("recognised", team.recognised),
        ):
            if holds:
                counts[name].add(team.team)
    return {name: count.as_json() for name, count in counts.items()}


def _duties(teams: Iterable[TeamYear]) -> Json:
    """What the commune owed its teams: done, not done right, not on record; by kind of duty. Each item names the team, and the
    records looked at."""
    found: dict[str, dict[str, list[Json]]] = {}
    for team in teams:
        for node in _nodes(team.tree):
            if node["duty"] != "commune" or node["verdict"] is None or node["children"]:
                continue
            kind = found.setdefault(node["id"].partition(".")[0], {"met": [], "not_met": [], "not_enough_evidence": []})
            kind[node["verdict"]].append({
                "team": team.team, "id": node["id"], "ids": sorted(i["id"] for i in node["inputs"]),
                **{lang: node["sentence"][lang] for lang in ("vi", "en")},
            })
    return {
        kind: {verdict: {"n": len(items), "items": items} for verdict, items in parts.items()}
        for kind, parts in sorted(found.items())
    }


def _decisions(teams: Iterable[TeamYear]) -> Json:
    counts = {name: Count() for name in ("decided", "late", "undecided")}
    for team in teams:
        if team.decided is not None:
            counts["decided"].add(team.team)
            if team.decided.late:
                counts["late"].add(team.team)
        elif team.requested:
            counts["undecided"].add(team.team)
    entries = sorted({team.decided.entry for team in teams if team.decided is not None})
    return {**{name: count.as_json() for name, count in counts.items()}, "entries": entries}


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _nodes(child)
