"""The golden book: an award's number in it ("số sổ vàng") is its ordinal in the decision, unique there. A decision names many
teams, so this looks across them."""

from __future__ import annotations

from services.evaluation.domain.wording import number
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.store import Db, Document


def decision(db: Db, unit: str, number_: str, year: int | None = None) -> Document:
    """Every award of one decision of a unit, with the ordinal that it has or could have: what is taken stays, the others follow
    in order of team and reference. ``year``: in which it was decided, for numbers begin anew every year."""
    rows = [row for row in _of(db, unit, number_) if year is None or row["decided_on"][:4] == str(year)]
    rows.sort(key=lambda row: (row["team"], row["mediator"] or "", row["record"]))
    taken = [row["ordinal"] for row in rows if row["ordinal"] is not None]
    free = iter(n for n in range(1, len(rows) + len(taken) + 1) if n not in taken)
    return {"unit": unit, "number": number_, "items": [
        {
            "id": row["record"], "team": row["team"], "team_name": row["name"], "mediator": row["mediator"],
            "form": row["form"], "decided_on": row["decided_on"], "ordinal": row["ordinal"],
            "proposed": row["ordinal"] if row["ordinal"] is not None else next(free),
            "taken_twice": row["ordinal"] is not None and taken.count(row["ordinal"]) > 1,
        } for row in rows
    ]}


def notice(db: Db, unit: str, number_: str, year: int | None = None) -> Document:
    """What is made public of a decision: collectives by name; of mediators only the team, for the clerk to fill in the name.
    Nothing of any case, no reference to a person."""
    rules, found = commendation_rules(), decision(db, unit, number_, year)
    return {
        "unit": unit, "number": number_, "decided_on": min((row["decided_on"] for row in found["items"]), default=None),
        "items": [{
            "ordinal": row["proposed"], "team": row["team"], "team_name": row["team_name"],
            "person": row["mediator"] is not None, "name": None if row["mediator"] is not None else row["team_name"],
            "form_words": {"vi": (words := rules.form_words(row["form"])).vi, "en": words.en},
        } for row in sorted(found["items"], key=lambda row: row["proposed"])],
    }


def duplicates(db: Db, head: Document, ordinal: int | None = None) -> list[Document]:
    """A flag if another award of the same decision has this one's ordinal. ``ordinal``: instead of its own."""
    wanted = head["ordinal"] if ordinal is None else ordinal
    if wanted is None or not head["number"] or not head["decided_on"]:
        return []
    others = [
        row for row in _of(db, head["unit"], head["number"])
        if row["ordinal"] == wanted and row["record"] != head["record"] and row["decided_on"][:4] == head["decided_on"][:4]
    ]
    if not others:
        return []
    who = ", ".join(sorted(row["team"] for row in others)[:3])
    return [{
        "code": "ordinal_taken", "article": "Số sổ vàng là số thứ tự trong quyết định; mặc định của namtot",
        "vi": f"Số sổ vàng {number(wanted)} của quyết định {head['number']} đã ghi cho: {who}.",
        "en": f"Ordinal {number(wanted, 'en')} of decision {head['number']} is taken by: {who}.",
    }]


def _of(db: Db, unit: str, number_: str) -> list[Document]:
    return list(db["commendations"].find(
        {"unit": unit, "number": number_, "decided_on": {"$ne": None}, "state": {"$nin": ["revoked", "withdrawn"]}}, {"body": 0}
    ))
