"""Commendations: the list, one dossier with its gates, who is owed praise today, how long it takes, what the rules would
propose."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from services.evaluation import praising
from services.evaluation.chosen import Chosen
from services.evaluation.domain.commendation.asking import gates_for, gates_of
from services.evaluation.domain.commendation.deserving import Result
from services.evaluation.domain.commendation.proposing import propose
from services.evaluation.domain.commendation.timing import between, summed
from services.evaluation.domain.commendation.titles import MATTERS, STATES
from services.evaluation.domain.commendation.world import Verification
from services.evaluation.domain.facts import Step
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.wording import Words, day, number
from services.evaluation.queries.ordinals import duplicates
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.replica import Replica, unit_names
from services.evaluation.store.standing import body_of

MOST = 2_000
MOST_OWED = 10_000
"""More than a city has teams."""
WHOLE = 32
"""Digits of a record's id."""


class UnknownCommendation(LookupError):
    """No dossier of that record is known."""


def commendations(
    db: Db, today: dt.date, unit: str | None = None, year: int | None = None, state: str | None = None, team: str | None = None
) -> Document:
    """Dossiers by the day of the proposal, the newest first; at most ``MOST``. Withdrawn ones only if asked for."""
    wanted: Document = {"state": state or {"$ne": "withdrawn"}}
    wanted |= {name: value for name, value in (("unit", unit), ("year", year), ("team", team)) if value is not None}
    rows = list(db["commendations"].find(wanted, {"body": 0}).sort([("proposed_on", -1), ("_id", 1)]).limit(MOST))
    heads = _heads(db, {row["record"] for row in rows})
    names = unit_names(db, today)
    return {"items": [_item(row, heads, names, today) for row in rows]}


def _item(row: Document, heads: Mapping[str, Document], names: Mapping[str, str], today: dt.date) -> Document:
    rules = commendation_rules()
    head = heads.get(row["record"], {})
    kind = None if row["kind"] is None else _both(rules.kind_words(row["kind"]))
    form = None if row["form"] is None else _both(rules.form_words(row["form"]))
    due = None if row["due"] is None else dt.date.fromisoformat(row["due"])
    open_ = row["decided_on"] is None and row["declined_on"] is None and row["state"] != "withdrawn"
    return {
        "id": row["record"], "subject": head.get("subject", ""), "n": head.get("n"), "unit": row["unit"],
        "unit_name": names.get(row["unit"], row["unit"]), "team": row["team"], "team_name": row["name"],
        "mediator": row["mediator"], "household": row.get("household"), "kind": row["kind"], "kind_words": kind,
        "form": row["form"], "form_words": form,
        "state": row["state"], "state_words": _both(STATES[row["state"]]), "achievement": row["achievement"],
        "year": row["year"], "proposed_on": row["proposed_on"], "decided_on": row["decided_on"], "given_on": row["given_on"],
        "paid_on": row["paid_on"], "revoked_on": row["revoked_on"], "number": row["number"], "ordinal": row["ordinal"],
        "amount": row["amount"] if row["amount_decided"] is None else row["amount_decided"],
        "days": None if row["proposed_on"] is None else between(
            dt.date.fromisoformat(row["proposed_on"]),
            dt.date.fromisoformat(row["decided_on"] or row["declined_on"] or today.isoformat()),
        ),
        "due": row["due"], "overdue": open_ and due is not None and due < today,
        "flags": len(row["flags"]), "refused": len({(one["source"], one["id"]) for one in row["refused"]}),
        "waiting": row["waiting"], "outstanding": row["outstanding"],
    }


def commendation(
    db: Db, schemes: Mapping[str, Scheme], default: str, replica: Replica, id: str, today: dt.date
) -> Document:
    """One dossier: its steps, how it stands before each gate, what is pointed out, what is next. ``id``: the record's, or a
    beginning of it that only one dossier has. Raise ``UnknownCommendation``."""
    head = _find(db, id)
    body, code, id = body_of(head), head["team"], head["record"]
    replica.refresh(db)
    chosen = Chosen(db, schemes, default, replica.units_of([code]))
    steps = sheets.facts_of(db, [code], keep=False)[code].steps
    rules = commendation_rules()
    recognised = praising.recognitions(replica, chosen, code, steps, today)
    item = _item(head, _heads(db, {id}), unit_names(db, today), today)
    flags = [*body.get("flags", ()), *duplicates(db, head)]
    return {
        **item, "flags": flags, "refused": body.get("refused", []), "waiting": body.get("waiting", []),
        "steps": body.get("steps", []), "next": body.get("next", []),
        "gates": msgspec.to_builtins(gates_of(rules, steps, recognised, id, today)),
        "verifications": _open_verifications(db, steps, today),
        "submitted_on": head["submitted_on"], "appraised_on": body.get("appraised_on"), "law": body.get("law", ""),
        "amount_computed": head["amount"], "amount_decided": head["amount_decided"],
        "amount_how": body.get("amount_how"), "amount_unverified": body.get("amount_unverified", False),
        "paid": body.get("paid", 0),
        "recovery": body.get("recovery"), "suspended": body.get("suspended", False), "signed_by": body.get("signed_by"),
    }


def _find(db: Db, id: str) -> Document:
    given = id.lower()
    meant: Any = given if len(given) >= WHOLE or not given.isalnum() else {"$regex": f"^{given}"}
    found = sorted(db["commendations"].find({"record": meant}), key=lambda d: (d["state"] == "withdrawn", d["_id"]))
    if len({d["record"] for d in found}) > 1:
        raise UnknownCommendation(f"several commendations begin with {id!r}; write more of it")
    if not found:
        raise UnknownCommendation(f"no commendation {id!r} is known; `namtot commendation list` shows those that are")
    return found[0]


def _open_verifications(db: Db, steps: Iterable[Step], today: dt.date) -> list[Document]:
    """The team's verifications that nobody has concluded, each a record of its own: to it the conclusion is sent."""
    told: dict[str, Verification] = {}
    for step in steps:
        if step.type in ("verification.opened", "verification.closed"):
            told.setdefault(step.record, Verification()).steps.append(step)
    # one that was taken up again after it had been concluded is open
    opened = {record: since for record, one in told.items() if (since := one.open_on(today)) is not None}
    heads = _heads(db, set(opened))
    return [
        {
            "subject": heads.get(record, {}).get("subject", ""), "n": heads.get(record, {}).get("n"), "on": step.on.isoformat(),
            "matter": step.data["matter"], "mediator": step.data.get("mediator"), **_both(MATTERS[step.data["matter"]]),
        }
        for record, step in sorted(opened.items())
    ]


# -- who is owed praise


def owed(db: Db, today: dt.date, unit: str | None = None) -> Document:
    """Results that nobody has decided about yet, those of a unit together, the longest waiting first within it. At most
    ``MOST_OWED``, those that wait longest; ``total`` counts all."""
    wanted: Document = {"owed": True, **({} if unit is None else {"unit": unit})}
    names = unit_names(db, today)
    rows = db["praise"].find(wanted, ("name", "body")).sort([("since", 1), ("_id", 1)]).limit(MOST_OWED)
    found = [(row, _result(row)) for row in rows]
    # by how long they wait, then by code: never by performance
    found.sort(key=lambda one: (one[1].unit, one[1].since, one[1].team, one[1].mediator or ""))
    total = len(found) if len(found) < MOST_OWED else db["praise"].count_documents(wanted)
    return {"total": total, "items": [_owed(row, result, names, today) for row, result in found]}


def _owed(row: Document, result: Result, names: Mapping[str, str], today: dt.date) -> Document:
    rules = commendation_rules()
    days = between(result.since, today)
    state = Words("", "") if result.state is None else STATES[result.state]
    under_way = Words("", "") if result.state is None else Words(f" Hồ sơ: {state.vi.lower()}.", f" Dossier: {state.en.lower()}.")
    return {
        "unit": result.unit, "unit_name": names.get(result.unit, result.unit), "team": result.team, "team_name": row["name"],
        "mediator": result.mediator, "achievement": result.key, "year": result.year, "rule": result.rule, "kind": result.kind,
        "form": result.form, "form_words": _both(rules.form_words(result.form)), "since": result.since.isoformat(), "days": days,
        "record": result.record, "state": result.state,
        "vi": f"{result.why.vi} Chờ khen {number(days)} ngày, từ {day(result.since)}.{under_way.vi}",
        "en": f"{result.why.en} Praise is owed for {number(days, 'en')} days, since {day(result.since, 'en')}.{under_way.en}",
    }


def timeliness(db: Db, year: int, today: dt.date, whole: bool = False) -> list[Document]:
    """Days from results of ``year`` to their decisions, by unit: from the recognition and, as ``from_result``, from the end of
    the year that it looks back on; how many are owed still, and for how long the longest. ``whole``: of all units together."""
    found = praise_by_unit(db, today, [year], whole)
    names = unit_names(db, today)
    return [{"unit": unit, "name": names.get(unit, unit), **timing} for unit, timing in sorted(found.items())]


def praise_by_unit(db: Db, today: dt.date, years: Iterable[int], whole: bool = False) -> dict[str, Document]:
    """Unit → how long praise of all these years' results took, and who waits."""
    fields = ("achieved_on", "recognised_on", "decided_on", "owed", "since")
    by_unit: dict[str, list[Document]] = {"": []} if whole else defaultdict(list)
    # a unit's results share their days, so there are few groups however many results there are
    for row in db["praise"].aggregate([
        {"$match": {"year": {"$in": sorted(set(years))}}},
        {"$group": {"_id": {name: f"${name}" for name in ("unit", *fields)}, "count": {"$sum": 1}}},
    ]):
        by_unit["" if whole else row["_id"]["unit"]] += [row["_id"]] * row["count"]
    return {unit: _timing(rows, today) for unit, rows in by_unit.items()}


def _timing(rows: Iterable[Document], today: dt.date) -> Document:
    listed = list(rows)
    waits = [between(_date(row["since"]), today) for row in listed if row["owed"]]
    return {
        **_days(listed, "recognised_on"), "from_result": _days(listed, "achieved_on"), "owed": len(waits),
        "longest_wait": max(waits, default=None),
    }


def _days(rows: Iterable[Document], since: str) -> Document:
    found: Document = msgspec.to_builtins(summed(
        between(_date(row[since]), _date(row["decided_on"])) for row in rows if row[since] and row["decided_on"]
    ))
    return found


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def proposals(
    db: Db, schemes: Mapping[str, Scheme], default: str, replica: Replica, unit: str, year: int, today: dt.date
) -> Document:
    """What the rules would propose for results of the year, and why. Equal results are equal: no order by performance."""
    rules = commendation_rules()
    rows = {row["_id"]: row for row in db["praise"].find({"unit": unit, "year": year}, ("name", "body"))}
    found = propose(rules, [_result(row) for row in rows.values()])
    gates = _gates(db, schemes, default, replica, [one.result for one in found if one.result.record is None], today)
    return {
        "unit": unit, "unit_name": unit_names(db, today).get(unit, unit), "year": year,
        "rules": [{
            "id": rule.id, "title": _both(rule.title), "citation": rule.citation, "mark": rule.mark, "form": rule.form,
        } for rule in rules.proposals],
        "items": [{
            "team": one.result.team, "team_name": rows[one.result.id]["name"], "mediator": one.result.mediator,
            "achievement": one.result.key, "rule": one.result.rule, "kind": one.result.kind, "form": one.result.form,
            "form_words": _both(rules.form_words(one.result.form)), "year": one.result.year, "choice": one.choice,
            "record": one.result.record, "state": one.result.state, "women": [one.result.women, one.result.members],
            "why": _both(one.result.why), **_both(one.reason),
            "gates": gates.get(one.result.id, []),
        } for one in found],
    }


def _gates(
    db: Db, schemes: Mapping[str, Scheme], default: str, replica: Replica, results: Iterable[Result], today: dt.date
) -> dict[str, list[Document]]:
    """How a decision of today would stand before each gate, by result."""
    replica.refresh(db)
    listed = list(results)
    codes = sorted({result.team for result in listed})
    chosen, facts = Chosen(db, schemes, default, replica.units_of(codes)), sheets.facts_of(db, codes, keep=False)
    recognised = {code: praising.recognitions(replica, chosen, code, facts[code].steps, today) for code in codes}
    return {
        result.id: msgspec.to_builtins(gates_for(
            commendation_rules(), facts[result.team].steps, recognised[result.team], result, today
        ))
        for result in listed
    }


def _result(row: Document) -> Result:
    return msgspec.convert(body_of(row), Result)


def _heads(db: Db, records: set[str]) -> dict[str, Document]:
    """The URIs to which further steps are sent, and the versions that they are sent against."""
    return {d["_id"]: d for d in db["activities"].find({"_id": {"$in": sorted(records)}}, {"subject": 1, "n": 1})}


def _both(words: Words) -> dict[str, Any]:
    return {"vi": words.vi, "en": words.en}
