"""The log book (Sổ theo dõi hoạt động hòa giải ở cơ sở) of a team or a unit, as far as it is public: whoever may read the private
parts asks intake for them. Luật 35/2013/QH13 Art. 21.4."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.evaluation.domain.casework import status_on
from services.evaluation.domain.reading import read_case
from services.evaluation.domain.statistics.counting import by_unit
from services.evaluation.domain.statistics.forms import Book, summed
from services.evaluation.queries.finding import UnknownTeam, find_team
from services.evaluation.queries.statistics import BadQuestion, entries_of, period, statistics
from services.evaluation.rules.reports import shipped_book
from services.evaluation.store import Db, Document
from services.evaluation.store.gathering import as_written
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span
from shared.contracts.outgoing import CaseState

LISTED = ("received", "out_of_scope")
"""Together: every case that belongs to the period. What is linked to another stands in the book once."""
TOGETHER = 1_000


def log_book(db: Db, replica: Replica, where: str, first: str, last: str) -> dict[str, Any]:
    """``where``: a team's code or name, or a unit's code. Each case stands as it did at the end of the period, so that the book
    agrees with the figures of the period; ``performance`` is the latest that is known. Raise ``BadQuestion``."""
    span = period(first, last)
    replica.refresh(db)
    on = span.last
    names = unit_names(db, on)
    if db["units"].find_one({"code": where}, {"_id": 1}) is not None:
        of_team, unit = None, where
        found = {name: tuple(column["cases"]) for name, column in statistics(
            db, replica, unit, first, last)["columns"].items()}
    else:
        try:
            of_team = find_team(db, replica, where)
        except UnknownTeam as error:
            raise BadQuestion(f"where: {error}, nor is {where!r} a unit's code") from None
        unit = replica.seat(of_team, on).unit
        entries = entries_of(db, span, {"teams": of_team})
        found = dict(by_unit(entries, span, on, lambda team, _: team).get(of_team, {}))
    layout = shipped_book()
    ids = [id for name in LISTED for id in found.get(name, ())]
    carried, again = set(found.get("carried", ())), set(found.get("reopened", ()))
    return {
        "team": of_team, "team_name": None if of_team is None else replica.name(of_team), "unit": unit,
        "unit_name": names.get(unit, ""), "from": span.first.isoformat(), "to": span.last.isoformat(),
        "layout": laid(layout),
        "cases": [
            {**one, "carried": one["case"] in carried, "reopened": one["case"] in again} for one in _cases(db, replica, ids, span)
        ],
        "tally": [
            {"title": msgspec.to_builtins(line.title), "cases": list(summed(line, found) or ()) if found else []}
            for line in layout.lines
        ],
    }


def laid(book: Book) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins({
        "title": book.title, "cite": book.cite, "part": book.part, "tally": book.tally, "signatures": book.signatures,
        "columns": [{"shows": one.shows, "title": one.title, "width": one.width} for one in book.columns],
    })
    return plain


def _cases(db: Db, replica: Replica, ids: list[str], span: Span) -> list[Document]:
    """By day of receipt."""
    lines = []
    for at in range(0, len(ids), TOGETHER):
        for document in db["cases"].find({"_id": {"$in": ids[at:at + TOGETHER]}}, {"state": 1, "teams": 1, "subject": 1}):
            lines.append(_line(document, replica, span))
    return sorted(lines, key=lambda one: (one["received_on"] or "", one["case"]))


def _line(document: Document, replica: Replica, span: Span) -> Document:
    state = msgspec.convert(document["state"], CaseState, dec_hook=as_written)
    case = read_case(document["_id"], state)
    team = document["teams"][0] if document["teams"] else None
    ended = [on for on, _ in case.steps if on <= span.last]
    return {
        "case": document["_id"], "subject": document["subject"], "received_on": _iso(case.received),
        "team": team, "team_name": replica.name(team) if team else (state.place.team or "" if state.place else ""),
        "mediator": state.mediator, "invited": state.invited, "status": status_on(case, span.last),
        "status_on": _iso(ended[-1] if ended else None), "performance": state.performance, "court": state.court,
    }


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
