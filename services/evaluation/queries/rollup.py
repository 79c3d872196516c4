"""From teams to communes to the city, and a ward's result sheet. A closed year counts as closed, an open one as it stands."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from services.evaluation.chosen import Chosen
from services.evaluation.domain.closing.rollup import Commune, Reached, reached
from services.evaluation.domain.closing.sheet import Decided, TeamYear, settled_rate, sheet
from services.evaluation.domain.mediators.newcomers import newcomers
from services.evaluation.domain.recognition.procedure import Procedure
from services.evaluation.domain.rules import Scheme
from services.evaluation.queries.closing import closed_scheme, closing, readable_heads, words
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.rules.targets import city_targets
from services.evaluation.store import Db, Document, closings
from services.evaluation.store.replica import Replica, unit_names
from services.evaluation.store.standing import body_of
from services.evaluation.store.verdicts import tree_of
from shared.calendar import Span
from shared.naming import alphabet

People = tuple[int, int, int, int]
THREE = ("teams", "meets", "requested", "recognised")


def rollup(db: Db, schemes: Mapping[str, Scheme], default: str, replica: Replica, year: int, today: dt.date) -> Document:
    """Every commune that has teams: three counts, the share that is recognised, whether it does mediation well; and the city
    beside its targets. ``share`` and ``at_least`` are [part, whole], exact. ``window`` is empty where the installation's scheme
    was not in force."""
    span = schemes[default].span(year)
    if span is None:
        return {"year": year, "window": [], "good_commune": None, "units": [], "city": _city([], None, [])}
    replica.refresh(db)
    targets = city_targets()
    last = min(span.last, today)
    people = _people(replica, Span(min(span.first, last), last), targets.new_months(span.last))
    communes = _communes(db, schemes, default, people, year, last)
    bar = targets.good_commune.find(span.last)
    units = [
        {
            "unit": one.unit, "name": one.name, "scheme": one.scheme, "closed": one.closed,
            **{name: getattr(one, name) for name in THREE}, "share": [one.recognised, one.teams] if one.teams else None,
            "good": None if bar is None else one.good(bar.value), "settled_rate": settled_rate(one.settled, one.rated),
        }
        for one in communes
    ]
    rule = None if bar is None else {"at_least": _pair(bar.value), "citation": bar.citation, "mark": bar.mark}
    return {
        "year": year, "window": [span.first.isoformat(), span.last.isoformat()], "good_commune": rule, "units": units,
        "city": _city(communes, None if bar is None else bar.value, reached(targets, communes, span.last)),
    }


def _city(communes: Iterable[Commune], bar: Fraction | None, targets: Iterable[Reached]) -> Document:
    listed = list(communes)
    return {
        "communes": sum(one.teams > 0 for one in listed),
        "good": 0 if bar is None else sum(one.good(bar) is True for one in listed),
        **{name: sum(getattr(one, name) for one in listed) for name in THREE},
        "settled_rate": settled_rate(sum(one.settled for one in listed), sum(one.rated for one in listed)),
        "targets": [
            {
                "id": one.target.id, "title": words(one.target.title), "at_least": _pair(one.goal.value),
                "by_year": one.target.by_year, "citation": one.goal.citation, "mark": one.goal.mark,
                "share": one.share, "reached": one.reached, "note": one.target.note,
            }
            for one in targets
        ],
    }


def _pair(share: Fraction | None) -> list[int] | None:
    return None if share is None else [share.numerator, share.denominator]


def _communes(
    db: Db, schemes: Mapping[str, Scheme], default: str, people: Mapping[str, People], year: int, last: dt.date
) -> list[Commune]:
    """By name. A commune is the unit on the window's last day."""
    names = unit_names(db, last)
    live = _counted(db["verdicts"].aggregate([
        {"$match": {"year": year}},
        {"$group": {
            "_id": {"unit": "$unit", "scheme": "$scheme", "verdict": "$verdict"}, "teams": {"$sum": 1},
            "settled": {"$sum": "$settled"}, "rated": {"$sum": "$rated"},
        }},
    ]))
    frozen = _counted(db["closed"].aggregate([
        {"$match": {"year": year}},
        {"$sort": {"team": 1, "revision": 1}},
        {"$group": {
            "_id": {"unit": "$unit", "team": "$team"},
            **{name: {"$last": f"${name}"} for name in ("scheme", "verdict", "settled", "rated")},
        }},
        {"$group": {
            "_id": {"unit": "$_id.unit", "scheme": "$scheme", "verdict": "$verdict"}, "teams": {"$sum": 1},
            "settled": {"$sum": "$settled"}, "rated": {"$sum": "$rated"},
        }},
    ]))
    asked = {
        d["_id"]: d for d in db["recognitions"].aggregate([
            {"$match": {"year": year}},
            {"$group": {
                "_id": "$unit", "requested": {"$sum": {"$cond": ["$requested", 1, 0]}},
                "recognised": {"$sum": {"$cond": ["$recognised", 1, 0]}},
            }},
        ])
    }
    found = []
    units = {unit for unit, _ in live.keys() | frozen.keys()}
    chosen = Chosen(db, schemes, default, units)
    for unit in units:
        rules = chosen.of(unit, year)
        is_closed = rules.closed is not None
        scheme = closed_scheme(rules)
        counts = (frozen if is_closed else live).get((unit, scheme), {})
        steps, (members, trained, new, new_trained) = asked.get(unit, {}), people.get(unit, (0, 0, 0, 0))
        found.append(Commune(
            unit=unit, name=names.get(unit, unit), scheme=scheme, closed=is_closed, teams=counts.get("teams", 0),
            meets=counts.get("meets", 0), settled=counts.get("settled", 0), rated=counts.get("rated", 0),
            requested=steps.get("requested", 0), recognised=steps.get("recognised", 0), members=members, trained=trained,
            new=new, new_trained=new_trained,
        ))
    return sorted(found, key=lambda one: (alphabet.order(one.name), one.unit))


def _counted(rows: Iterable[Document]) -> dict[tuple[str, str], dict[str, int]]:
    """(unit, scheme) → teams, those that meet the criteria, settled, rated."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(("teams", "meets", "settled", "rated"), 0))
    for row in rows:
        counts = found[(row["_id"]["unit"], row["_id"]["scheme"])]
        counts["meets"] += row["teams"] if row["_id"]["verdict"] == "met" else 0
        for name in ("teams", "settled", "rated"):
            counts[name] += row[name]
    return found


def _people(replica: Replica, span: Span, months: int | None) -> dict[str, People]:
    """Unit → mediators on the last day, how many of them the directory says are trained, those who were new (``newcomers``), and
    how many of these were trained in time."""
    day = span.last.isoformat()
    found: dict[str, People] = {}
    for team in replica.index:
        if team.ended_on is not None and team.ended_on[:10] <= day:
            continue
        held = [m for m in team.members if m.valid_from[:10] <= day and (m.valid_to is None or day < m.valid_to[:10])]
        unit = replica.seat(team.code, span.last).unit
        own = (len(held), sum(m.trained for m in held), *((0, 0) if months is None else newcomers(team.members, span, months)))
        members, trained, new, new_trained = map(sum, zip(found.get(unit, (0, 0, 0, 0)), own, strict=True))
        found[unit] = members, trained, new, new_trained
    return found


# -- the ward's sheet

def result_sheet(
    db: Db, schemes: Mapping[str, Scheme], default: str, unit: str, year: int, today: dt.date
) -> Document | None:
    """The ward's figures for the yearly emulation rating, each with the ids that it was counted from. ``head``: hash of the last
    closing or correction, which belongs on paper. None where no team of the unit is evaluated in that year."""
    rules = Chosen(db, schemes, default, [unit]).of(unit, year)
    span = rules.scheme.span(year)
    rows = _frozen_rows(db, unit, year) if rules.closed is not None else list(
        db["verdicts"].find({"scheme": rules.scheme.id, "year": year, "unit": unit})
    )
    if span is None or not rows:
        return None
    last = min(span.last, today)
    asked = {d["team"]: d for d in db["recognitions"].find({"unit": unit, "year": year})}
    procedure = procedure_of(rules.scheme.procedure)
    teams = [_team_year(row, asked.get(row["team"]), procedure, year, rules.closed is not None) for row in rows]
    heads = readable_heads(db, unit, year)
    return {
        "unit": unit, "unit_name": unit_names(db, last).get(unit, unit), "year": year, "scheme": closed_scheme(rules),
        "window": [span.first.isoformat(), span.last.isoformat()],
        "closed": None if rules.closed is None else rules.closed["cause"]["on"],
        "closing": None if rules.closed is None else closing(db, rules.closed), "head": heads[-1][1] if heads else None,
        "corrections": max(len(heads) - 1, 0), "names": {row["team"]: row["name"] for row in rows}, **sheet(teams),
    }


def _frozen_rows(db: Db, unit: str, year: int) -> list[Document]:
    return closings.latest(db, {"unit": unit, "year": year})


def _team_year(row: Document, held: Document | None, procedure: Procedure, year: int, is_closed: bool) -> TeamYear:
    return TeamYear(
        team=row["team"], verdict=row["verdict"], tree=closings.tree_of(row) if is_closed else tree_of(row),
        settled=row["settled"], rated=row["rated"], requested=held is not None and held["requested"],
        recognised=held is not None and held["recognised"],
        decided=None if held is None else _decided(held, procedure, year),
    )


def _decided(held: Document, procedure: Procedure, year: int) -> Decided | None:
    if held["decided_on"] is None:
        return None
    deadline = procedure.deadline("decision", year)
    on = dt.date.fromisoformat(held["decided_on"])
    steps: list[Any] = [
        step for step in body_of(held)["steps"] if step["effect"] == "done" and step["act"] in ("recognise", "decline")
    ]
    return Decided(
        entry=steps[-1]["entry"] if steps else held["_id"], on=held["decided_on"],
        late=deadline is not None and deadline.late(on), recognised=held["recognised"],
    )
