"""How far a team's recognition has come, and a unit's board of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from services.evaluation.chosen import Chosen, last_of
from services.evaluation.domain.recognition import Progress, State, recognise
from services.evaluation.domain.recognition.advice import deadlines
from services.evaluation.domain.recognition.procedure import STAGES, Procedure
from services.evaluation.domain.rules import Scheme
from services.evaluation.queries.closing import undone_since
from services.evaluation.queries.finding import find_team
from services.evaluation.recognising import last_day
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.store import Db, Document
from services.evaluation.store.recognitions import Found, content
from services.evaluation.store.replica import Replica, unit_names
from services.evaluation.store.standing import body_of
from shared.naming import alphabet

Counts = dict[int, dict[str, tuple[int, int]]]


def recognition(
    db: Db, schemes: Mapping[str, Scheme], default: str, replica: Replica, team: str, year: int, today: dt.date
) -> Document:
    """One team's year. A team about which nobody took a step is where every team begins. ``team``: its code, or a name that only
    one team bears. Raise ``UnknownTeam``."""
    code = find_team(db, replica, team)
    chosen = Chosen(db, schemes, default, replica.units_of([code]))
    held = db["recognitions"].find_one({"_id": f"{year}|{code}"})
    if held is None:
        head, body = _nothing_yet(db, chosen, replica, code, year, today)
    else:
        head, body = held, body_of(held)
    procedure = procedure_of(chosen.of(head["unit"], year).scheme.procedure)
    done = body.pop("done")
    return {
        **{name: head[name] for name in ("team", "name", "unit", "group", "year", "scheme", "state", "verdict", "number")},
        "unit_name": unit_names(db, last_day(replica, chosen, code, year)).get(head["unit"], head["unit"]),
        **body, "steps": _addressed(db, body["steps"]),
        "deadlines": _due(procedure, year, done, today),
        "procedure": {"id": procedure.id, "citation": procedure.citation},
        "office": _plain(procedure.office("justice", today)),
    }


def _addressed(db: Db, steps: Iterable[Document]) -> list[Document]:
    """With the URI and the version of the record that each is an entry of: whoever takes it back must name them."""
    listed = list(steps)
    records = sorted({step["record"] for step in listed})
    heads = {d["_id"]: d for d in db["activities"].find({"_id": {"$in": records}}, {"subject": 1, "n": 1})}
    return [{**step, **{name: heads.get(step["record"], {}).get(name) for name in ("subject", "n")}} for step in listed]


def _nothing_yet(
    db: Db, chosen: Chosen, replica: Replica, code: str, year: int, today: dt.date
) -> tuple[Document, Document]:
    last = min(last_day(replica, chosen, code, year), today)
    seat, team = replica.seat(code, last), replica.team(code, last)
    scheme = chosen.of(seat.unit, year).scheme
    verdict = db["verdicts"].find_one({"_id": f"{scheme.id}|{year}|{code}"}, {"verdict": 1})
    found = Found(
        team=code, name=replica.name(code), seat=seat, year=year, scheme=scheme.id,
        verdict=None if verdict is None else verdict["verdict"], members=0 if team is None else len(team.members),
        recognition=recognise(procedure_of(scheme.procedure), year, ()),
    )
    head = {
        "team": code, "name": found.name, "unit": seat.unit, "group": seat.group, "year": year, "scheme": scheme.id,
        "state": str(State.NOT_ASSESSED), "verdict": found.verdict, "number": None,
    }
    return head, _plain(content(found))


def recognitions(
    db: Db, schemes: Mapping[str, Scheme], default: str, unit: str, year: int, today: dt.date
) -> Document:
    """A unit's board: every team that is evaluated there that year, in alphabetical order, and three counts that differ."""
    chosen = Chosen(db, schemes, default, [unit])
    rules = chosen.of(unit, year)
    wanted = {"unit": unit, "year": year}
    steps = {d["team"]: d for d in db["recognitions"].find(wanted, {"body": 0})}
    judged = {
        d["team"]: d
        for d in db["verdicts"].find({"scheme": rules.scheme.id, **wanted}, ("team", "name", "group", "verdict"))
    }
    # a team that is not judged that year and yet asked, or was recognised, is shown
    rows = [_row(judged.get(code), steps.get(code)) for code in {*judged, *steps}]
    procedure = procedure_of(rules.scheme.procedure)
    return {
        "unit": unit, "unit_name": unit_names(db, last_of(rules.scheme.span(year), year)).get(unit, unit), "year": year,
        "scheme": rules.scheme.id, "closed": rules.closed is not None,
        "undone": None if rules.closed is None else undone_since(db, rules.closed),
        "deadlines": _due(procedure, year, {}, today), "procedure": {"id": procedure.id, "citation": procedure.citation},
        "counts": {
            "teams": len(rows), "meets": sum(row["verdict"] == "met" for row in rows),
            "requested": sum(row["requested"] for row in rows), "recognised": sum(row["recognised"] for row in rows),
        },
        "teams": sorted(rows, key=lambda row: (alphabet.order(row["name"]), row["code"])),
    }


def _row(judged: Document | None, held: Document | None) -> Document:
    who = judged or held or {}
    return {
        "code": who["team"], "name": who["name"], "group": who["group"],
        "state": str(State.NOT_ASSESSED) if held is None else held["state"],
        "verdict": None if judged is None else judged["verdict"],
        "requested": held is not None and held["requested"], "recognised": held is not None and held["recognised"],
        "reviewed": None if held is None else held["reviewed"], "number": None if held is None else held["number"],
        "flags": 0 if held is None else len(held["flags"]),
        "refused": 0 if held is None else len({(one["source"], one["id"]) for one in held["refused"]}),
        "waiting": 0 if held is None else held["waiting"],
    }


def _due(procedure: Procedure, year: int, done: Mapping[str, str | None], today: dt.date) -> list[Document]:
    days = {stage: dt.date.fromisoformat(day) for stage in STAGES if (day := done.get(stage)) is not None}
    progress = Progress(
        self_assessment=days.get("self_assessment"), request=days.get("request"), decision=days.get("decision")
    )
    found: list[Document] = _plain(deadlines(procedure, year, progress, today))
    return found


def recognition_counts(db: Db, years: Iterable[int]) -> Counts:
    """Year → state → (teams, steps of theirs that have no effect). Every state is there, so that one that empties shows 0."""
    found: Counts = {year: {str(state): (0, 0) for state in State} for year in years}
    for row in db["recognitions"].aggregate([
        {"$match": {"year": {"$in": sorted(found)}}},
        {"$group": {
            "_id": {"year": "$year", "state": "$state"}, "teams": {"$sum": 1}, "refused": {"$sum": {"$size": {
                "$setUnion": {"$map": {"input": "$refused", "in": {"$concat": ["$$this.source", " ", "$$this.id"]}}},
            }}},
        }},
    ]):
        found[row["_id"]["year"]][row["_id"]["state"]] = (row["teams"], row["refused"])
    return found


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
