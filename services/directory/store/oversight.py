"""What the directory answers about how teams stand by law. Days are days in Việt Nam, ``YYYY-MM-DD``; read only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from pymongo.database import Database

from services.directory.domain import standing as by_law
from services.directory.domain import training as classes
from services.directory.domain.course import Course, decide, reading
from services.directory.domain.facts import Recognition, body_of
from services.directory.domain.groups import GroupState
from services.directory.domain.law import law
from services.directory.domain.onday import natural, place_on, works_on
from services.directory.store.documents import fact_of
from services.directory.store.queries import find_team
from shared.contracts import TYPES, from_builtins, short
from shared.contracts.outgoing import TeamState
from shared.naming import read_code

Document = dict[str, Any]
Db = Database[Document]
CHECKED = "directory.mediator.recognised"
"""The type by which somebody decides about mediators."""


def standing(db: Db, day: str, unit: str | None = None) -> Document:
    """See ``domain.standing``."""
    return _standing(db, [(t, c) for t, c in _teams(db, unit) if unit is None or _in(t, unit, day)], day, unit)


def _standing(db: Db, found: list[tuple[TeamState, Course]], day: str, unit: str | None) -> Document:
    lives = db["groups"].find({} if unit is None else {"_id": unit})
    groups = [from_builtins(life, GroupState) for document in lives for life in document["lives"]]
    areas = by_law.Areas(fact_of(d) for d in db["facts"].find({"keys": {"$regex": f"^a:{unit or ''}"}}))
    return by_law.standing(found, groups, areas, law(), day)


def counts(db: Db, day: str) -> tuple[Document, int]:
    """What is lacking in how many teams (``domain.standing.counts``), and how many mediators are in several."""
    found = list(_teams(db, None))
    return by_law.counts(_standing(db, found, day, None)), len(by_law.doubles([team for team, _ in found], day))


def doubles(db: Db, day: str) -> list[Document]:
    """See ``domain.standing``. Of every unit: who is in two teams may be so across units."""
    return by_law.doubles([team for team, _ in _teams(db, None)], day)


def elections(db: Db, day: str, unit: str | None = None, team: str | None = None) -> list[Document]:
    """The teams that have a vote or decision on record: {"team", "name", "unit", "group"} and ``reading.elections``."""
    rows = [{**_head(state, day), **reading.elections(course, day)} for state, course in _chosen(db, day, unit, team)]
    return [row for row in rows if row["elections"] or row["leaders"] or row["decisions"] or row["ceased"] or row["next"]]


def candidates(db: Db, day: str, unit: str | None = None, team: str | None = None) -> list[Document]:
    """The teams for which candidates are on record: {"team", "name", "unit", "group", "candidates": see ``reading``}."""
    rows = [
        {**_head(state, day), "candidates": reading.candidates(course, day)} for state, course in _chosen(db, day, unit, team)
    ]
    return [row for row in rows if row["candidates"]]


def training(db: Db, unit: str, year: int, day: str) -> Document:
    """See ``domain.training``; classes also with the ``subject`` and version ``n`` of their record."""
    invitations = [fact_of(d) for d in db["facts"].find({"keys": f"t:{year}"})]
    found = classes.training(unit, year, day, list(_teams(db, unit)), invitations, law())
    heads = {d["_id"]: d for d in db["records"].find({"_id": {"$in": [row["record"] for row in found["classes"]]}})}
    for row in found["classes"]:
        # whoever enters who came continues that record
        row |= {name: heads[row["record"]][name] for name in ("subject", "n") if row["record"] in heads}
    return found


def check(db: Db, type: str, data: Document, source: str) -> Document:
    """What would have no effect, were this published now, and what would be noted: {"allowed", "refusals": [{"code", "field",
    "article", "vi", "en"}], "flags": likewise}. ``allowed``: it has effect for somebody."""
    event = next((event for name, event in TYPES.items() if short(name) == short(type)), None)
    if event is None:
        return _answer([_said("unknown_type", "type", "", f"Không có loại thông điệp {type!r}.", f"There is no type {type!r}.")])
    try:
        said = from_builtins(data, event.data)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        return _answer([_said("data", "data", "", f"Chưa đọc được: {error}", f"Cannot be read: {error}")])
    if short(event.name) != CHECKED:
        return _answer([])
    body = body_of(source, said)
    if not isinstance(body, Recognition):
        raise TypeError(type)
    state = find_team(db, source, body.team)
    if state is None:
        return _answer([], [_said(
            "unknown_team", "team", "", f"Chưa có tổ nào mang tên {body.team!r}: thông điệp chờ cán bộ xác nhận tên.",
            f"No team is known as {body.team!r}: it waits until an officer confirms the name.",
        )])
    decision = decide(_course(state), body, said.on[:10], "", law())
    places = {entry.ref: i for i, entry in enumerate(body.mediators)}

    def told(remarks: list[Any]) -> list[Document]:
        return [
            _said(r.code, "asked_on" if r.ref is None else f"mediators[{places[r.ref]}]", r.article, r.vi, r.en) for r in remarks
        ]

    if decision.recognised:
        return {**_answer([], [*told(decision.refused), *told(decision.flags)]), "allowed": True}
    return _answer(told(decision.refused), told(decision.flags))


def _answer(refusals: list[Document], flags: list[Document] | None = None) -> Document:
    return {"allowed": not refusals, "refusals": refusals, "flags": flags or []}


def _said(code: str, field: str, article: str, vi: str, en: str) -> Document:
    return {"code": code, "field": field, "article": article, "vi": vi, "en": en}


def _head(team: TeamState, day: str) -> Document:
    place = place_on(team, day)
    return {
        "team": team.code, "name": team.name, "unit": place.unit if place else None, "group": place.group if place else None,
    }


def _chosen(db: Db, day: str, unit: str | None, team: str | None) -> list[tuple[TeamState, Course]]:
    """``team``: a code, or nothing is found. By unit, group and name."""
    if team is not None:
        found = db["teams"].find_one({"_id": read_code(team) or team})
        rows = [] if found is None else [(from_builtins(found["state"], TeamState), _course(found))]
    else:
        rows = [(state, course) for state, course in _teams(db, unit) if works_on(state, day)]
    rows = [(state, course) for state, course in rows if unit is None or _in(state, unit, day)]

    def where(row: tuple[TeamState, Course]) -> tuple[Any, ...]:
        place = place_on(row[0], day)
        return (place.unit if place else "", natural(place.group) if place else (), row[0].name, row[0].code)

    return sorted(rows, key=where)


def _in(team: TeamState, unit: str, day: str) -> bool:
    place = place_on(team, day)
    return place is not None and place.unit == unit


def _teams(db: Db, unit: str | None) -> Iterator[tuple[TeamState, Course]]:
    for document in db["teams"].find({} if unit is None else {"units": unit}):
        yield from_builtins(document["state"], TeamState), _course(document)


def _course(document: Document) -> Course:
    course: Course = from_builtins(document.get("course", {}), Course)
    return course
