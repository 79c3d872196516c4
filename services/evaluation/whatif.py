"""Years judged under other rules than those in force. Everything is read and nothing written: what is in force stays as it is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.evaluation.domain.judge import YearRules
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.whatif import Flip, flip
from services.evaluation.scoring import bound, judged
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.replica import Replica, unit_names
from services.evaluation.store.verdicts import Scored

CHUNK = 500
"""Teams at a time: memory does not grow with their number, but for those whose verdict would be another."""
MET = str(Verdict.MET)


def compare(
    db: Db, before: Scheme, after: Scheme, years: Sequence[int], today: dt.date, unit: str | None = None,
    done: Callable[[int, int], None] = lambda done, of: None,
) -> Document:
    """Every team under both schemes in these years. ``unit``: only teams that are in it on the window's last day. ``done`` is
    told after each chunk how many teams of how many are done.

    ``{"before", "after", "years": [{"year", "window", "teams", "before", "after", "comparable", "flips", "units": [{"unit",
    "name", "teams", "met", "flips"}]}]}``: ``before`` and ``after`` count teams by verdict, ``met`` is a pair, ``flips``
    counts; a unit's ``flips`` are its teams, each with verdicts and deciding criteria. ``comparable``: both schemes were in
    force; ``window`` is empty where neither was.
    """
    replica = Replica()
    replica.refresh(db)
    tables = [_Table(db, year, bound(before, year), bound(after, year), today) for year in years]
    codes = sorted(team.code for team in replica.index)
    for start in range(0, len(codes), CHUNK):
        chunk = codes[start:start + CHUNK]
        facts = sheets.facts_of(db, chunk, keep=False)
        for code in chunk:
            for table in tables:
                sides = [
                    None if period is None else judged(replica, period, code, facts[code], today) for period in table.periods
                ]
                table.enter(code, sides, unit)
        done(start + len(chunk), len(codes))
    return {"before": before.id, "after": after.id, "years": [table.shown() for table in tables]}


class _Table:
    """One year's comparison."""

    def __init__(self, db: Db, year: int, before: YearRules | None, after: YearRules | None, today: dt.date) -> None:
        self.year = year
        self.periods = (before, after)
        spans = [period.span for period in self.periods if period is not None]
        self.window = [spans[-1].first.isoformat(), spans[-1].last.isoformat()] if spans else []
        self.names = unit_names(db, min(spans[-1].last, today)) if spans else {}
        self.verdicts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.teams = 0
        self.units: dict[str, Document] = {}

    def enter(self, code: str, sides: Sequence[Scored | None], unit: str | None) -> None:
        known = [side for side in sides if side is not None]
        if not known or (unit is not None and known[-1].seat.unit != unit):
            return
        seat = known[-1].seat
        row = self.units.setdefault(seat.unit, {
            "unit": seat.unit, "name": self.names.get(seat.unit, seat.unit), "teams": 0, "met": [0, 0], "flips": [],
        })
        self.teams += 1
        row["teams"] += 1
        for number, side in enumerate(sides):
            if side is not None:
                self.verdicts[number][str(side.judgement.verdict)] += 1
                row["met"][number] += side.judgement.verdict is Verdict.MET
        before, after = (None if side is None else side.judgement for side in sides)
        found = flip(before, after) if None not in self.periods else None
        if found is not None:
            row["flips"].append({"team": code, "name": known[-1].name, "group": seat.group, **_shown(found)})

    def shown(self) -> Document:
        units = sorted(self.units.values(), key=lambda row: (row["name"], row["unit"]))
        for row in units:
            row["flips"].sort(key=lambda team: (team["name"], team["team"]))
        return {
            "year": self.year, "window": self.window, "teams": self.teams,
            "before": _counted(self.verdicts[0]), "after": _counted(self.verdicts[1]),
            "comparable": None not in self.periods, "flips": sum(len(row["flips"]) for row in units), "units": units,
        }


def _counted(verdicts: Mapping[str, int]) -> dict[str, int]:
    return {str(verdict): verdicts.get(str(verdict), 0) for verdict in Verdict}


def _shown(found: Flip) -> dict[str, Any]:
    return {
        "before": found.before, "after": found.after,
        "deciding": [
            {
                "id": part.id, "title": {"vi": part.title.vi, "en": part.title.en}, "before": part.before, "after": part.after,
                "sentence": {"vi": part.sentence.vi, "en": part.sentence.en},
            }
            for part in found.deciding
        ],
    }
