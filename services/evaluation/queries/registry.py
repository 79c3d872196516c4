"""Models to spread: what a year's good teams did differently, and what was noted of their ways of working."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from services.evaluation.domain.facts import Step, TeamFacts
from services.evaluation.domain.registry import FEWEST, Compared, Comparison, Group
from services.evaluation.domain.rules import Scheme
from services.evaluation.queries.finding import find_scheme
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span

CHUNK = 200
NOTED_AFTER = dt.timedelta(days=61)
"""Recognised teams' ways are noted until the end of the year: decisions come in December."""


def registry(
    db: Db, schemes: Mapping[str, Scheme], replica: Replica, scheme: str, year: int, unit: str | None = None,
    fewest: int = FEWEST, breathe: Callable[[], None] = lambda: None,
) -> Document:
    """Good teams are those recognised in the year; where nobody is recognised yet, those that meet the criteria. Only teams with
    a verdict are compared. ``breathe`` is called between chunks of teams. Raise ``UnknownScheme``.

    ``{"scheme", "year", "unit", "window", "basis": "recognised" | "met", "teams": {"good", "others"}, "practices": [{"code",
    "title", "kind": "mean" | "share", "good": {"teams", "above", "below"}, "others", "enough", "difference": [n, d] | None,
    "words"}], "models": [{"team", "name", "unit", "unit_name", "group", "good", "on", "title", "practice"}]}``
    """
    span = find_scheme(schemes, scheme).span(year)
    about = {"scheme": scheme, "year": year, "unit": unit}
    if span is None:
        return {**about, "window": [], "basis": "met", "teams": {"good": 0, "others": 0}, "practices": [], "models": []}
    wanted: Document = {"scheme": scheme, "year": year, **({} if unit is None else {"unit": unit})}
    rows = {d["team"]: d for d in db["verdicts"].find(wanted, ("team", "name", "unit", "group", "verdict"))}
    recognised = {
        d["team"] for d in db["recognitions"].find({"year": year, "state": "recognised"}, {"team": 1}) if d["team"] in rows
    }
    good = recognised or {code for code, row in rows.items() if row["verdict"] == "met"}
    replica.refresh(db)
    compared = Comparison(span, fewest)
    names = unit_names(db, span.last)
    models: list[Document] = []
    codes = sorted(rows)
    for start in range(0, len(codes), CHUNK):
        breathe()
        facts = sheets.facts_of(db, codes[start:start + CHUNK], keep=False)
        for code, own in facts.items():
            team = replica.team(code, span.last)
            if team is not None:
                compared.add(team, own, code in good)
            row = rows[code]
            models += [
                {
                    "team": code, "name": row["name"], "unit": row["unit"], "unit_name": names.get(row["unit"], row["unit"]),
                    "group": row["group"], "good": code in good, "on": step.on.isoformat(), "title": step.data["title"],
                    "practice": step.data["practice"],
                }
                for step in _noted(own, span)
            ]
    return {
        **about, "window": [span.first.isoformat(), span.last.isoformat()], "basis": "recognised" if recognised else "met",
        "teams": {"good": compared.teams[True], "others": compared.teams[False]},
        "practices": [_practice(found) for found in compared.found()],
        "models": sorted(models, key=lambda model: (not model["good"], model["unit_name"], model["name"], model["on"])),
    }


def _noted(facts: TeamFacts, span: Span) -> list[Step]:
    until = Span(span.first, span.last + NOTED_AFTER)
    return [step for step in facts.steps if step.type == "practice.noted" and step.on in until]


def _practice(found: Compared) -> dict[str, Any]:
    practice, difference = found.practice, found.difference
    return {
        "code": practice.code, "title": {"vi": practice.title.vi, "en": practice.title.en}, "kind": practice.kind,
        "good": _group(found.good), "others": _group(found.others), "enough": difference is not None,
        "difference": None if difference is None else [difference.numerator, difference.denominator],
        "words": {"vi": found.sentence.vi, "en": found.sentence.en},
    }


def _group(group: Group) -> dict[str, int]:
    return {"teams": group.teams, "above": group.above, "below": group.below}
