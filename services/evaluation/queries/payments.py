"""Payments to teams: claims with their terms, what bars a decision, what may be asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from services.evaluation.domain.facts import Case, Step
from services.evaluation.domain.payments.fold import Claim, Said, fold
from services.evaluation.domain.payments.proposing import Proposed, propose, propose_months
from services.evaluation.domain.wording import Words
from services.evaluation.queries.checking import CHECKERS, ENTRY, Answer, Asked, steps_of
from services.evaluation.queries.statistics import BadQuestion
from services.evaluation.rules.payments import payment_rules
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.payments import Read, heirs, of_record, of_teams
from services.evaluation.store.replica import Replica, unit_names
from shared.calendar import Span
from shared.contracts import When
from shared.contracts.outgoing import RecordEntry
from shared.contracts.when import LATEST

STATES = {
    "unasked": Words("Chưa có đề nghị", "No request"), "incomplete": Words("Hồ sơ chưa đủ", "Incomplete"),
    "requested": Words("Chờ quyết định", "Waits for the decision"),
    "decided": Words("Đã quyết định, chờ chi", "Decided, not paid"),
    "refused": Words("Từ chối", "Refused"), "paid": Words("Đã chi", "Paid"),
}
DRAFT = "draft"
WHOLE = 32
"""Digits of a record's id."""
FIELDS = {"above_max": "amount", "other_than_rate": "amount", "decided_late": "on", "no_request": "team", "other_team": "team"}
"""Which field of the data a code is about, if the step has it."""


class UnknownPayment(LookupError):
    """No claim of that record is known, or the beginning fits several."""


def payments(
    db: Db, replica: Replica, unit: str, year: int | None, state: str | None, today: dt.date
) -> Document:
    """Claims of the teams that work in the unit today, the oldest waiting first. ``year``: of the request, failing that of the
    first paper. ``items`` as ``payment`` gives them, without papers; ``totals`` in đồng of what is shown. Raise
    ``BadQuestion``."""
    if state is not None and state not in STATES:
        raise BadQuestion(f"state: {state!r} is not known; there are: {', '.join(STATES)}")
    replica.refresh(db)
    teams = _teams(replica, unit, today)
    read = of_teams(db, replica, teams)
    names = unit_names(db, today)
    items = [
        _item(read, replica, names, claim, today) for claim in _claims(read, replica, today)
        if claim.team in teams and (year is None or _day(read, claim).year == year) and state in (None, claim.state)
    ]
    items.sort(key=lambda one: (one["due"] is None, one["due"] or "", one["on"], one["id"], one["team"]))
    return {
        "unit": unit, "unit_name": names.get(unit, unit), "items": items,
        "totals": {
            name: sum(item[name] or 0 for item in items) for name in ("amount_requested", "amount_decided", "paid")
        },
    }


def payment(db: Db, replica: Replica, id: str, team: str | None, today: dt.date) -> Document:
    """One claim with its papers and cases. ``id``: the record's, or a beginning of it that only one has; ``team``: needed where
    the record holds claims of several. Raise ``UnknownPayment``."""
    claim, read = find(db, replica, id, team, today)
    return {
        **_item(read, replica, unit_names(db, today), claim, today),
        "papers": [_paper(step, claim) for step in _own(read, claim)],
        "case_lines": [_case(read, id) for id in claim.cases],
    }


def find(db: Db, replica: Replica, id: str, team: str | None, today: dt.date) -> tuple[Claim, Read]:
    """Raise ``UnknownPayment``."""
    replica.refresh(db)
    if not id or len(id) > WHOLE or set(id) - set("0123456789abcdef"):
        raise UnknownPayment(f"{id!r} is not the id of a claim: `namtot payment list` shows ids")
    read = of_record(db, replica, id)
    alike = [one for one in _claims(read, replica, today) if one.record.startswith(id)]
    own = [one for one in alike if team in (None, one.team)]
    if len({one.record for one in alike}) > 1:
        # of another team, too: whoever writes a beginning means one record
        own = alike
    if not own:
        raise UnknownPayment(f"no claim {id!r} is known{'' if team is None else f' of {team}'}: `namtot payment list` shows ids")
    if len(own) > 1:
        listed = ", ".join(f"{one.record[:12]} ({one.team})" for one in own[:5])
        raise UnknownPayment(f"{id!r} fits several claims: {listed}; give more of the id, and the team")
    return own[0], read


def barring(read: Read, replica: Replica, claim: Claim, today: dt.date) -> set[str]:
    """Codes of what would bar a decision, made today, to pay what was asked for."""
    draft = Step(
        id=DRAFT, record=claim.record, type="payment.decided", team=claim.team, on=today, time=When(LATEST), source="",
        event_id="", data={"amount": claim.amount_requested or 0},
    )
    beside = Read(steps=[*read.steps, draft], known=read.known)
    return {said.code for one in _claims(beside, replica, today) for said in one.refused if said.entry == DRAFT}


def payment_proposals(db: Db, replica: Replica, unit: str, year: int, today: dt.date) -> Document:
    """What the teams of a unit may still ask for of a year: for each team its ended cases and its months without a request, and
    the request written out, ready to be published (``payment.requested``)."""
    replica.refresh(db)
    span = Span(dt.date(year, 1, 1), dt.date(year, 12, 31))
    # whoever works there today is who asks there, wherever the year's cases were
    teams = _teams(replica, unit, today)
    claims = _claims(of_teams(db, replica, heirs(replica, teams)), replica, today)
    facts = sheets.facts_of(db, teams, keep=False)
    rules = payment_rules()
    listed: dict[str, list[Proposed]] = {}
    for code in teams:
        asks = _who_asks(replica, code, today)
        if asks is None:
            continue
        own = [claim for claim in claims if claim.team == code]
        # whoever asked for an alias of a case asked for the case
        cases = [case for case in facts[code].cases if not _claimed(case, facts[code].aliases, claims)]
        found = [one for one in propose(rules, asks, unit, cases, own, today) if one.ended_on in span]
        life = _life(replica, code, span)
        if life is not None and asks == code:
            found += propose_months(rules, code, unit, life, own, today)
        if found:
            listed.setdefault(asks, []).extend(found)
    found_teams = [_proposal(db, replica, code, listed[code], today) for code in sorted(listed)]
    return {
        "unit": unit, "unit_name": unit_names(db, today).get(unit, unit), "year": year, "teams": found_teams,
        "amount": sum(one["amount"] for one in found_teams),
    }


def _claimed(case: Case, aliases: Any, claims: Iterable[Claim]) -> bool:
    names = {case.id, *aliases.get(case.id, ())}
    return any(names & set(claim.cases) for claim in claims)


def _who_asks(replica: Replica, code: str, today: dt.date) -> str | None:
    """The team, or the one that it was merged into at last; None if there is none any more."""
    living = [one for one in heirs(replica, [code]) if (state := replica.index.get(one)) is not None and (
        state.ended_on is None or state.ended_on.day > today
    )]
    return living[0] if living else None


def _life(replica: Replica, code: str, span: Span) -> Span | None:
    state = replica.index.get(code)
    if state is None:
        return None
    last = span.last if state.ended_on is None else min(span.last, state.ended_on.day - dt.timedelta(days=1))
    first = max(span.first, state.established_on.day)
    return Span(first, last) if first <= last else None


def _proposal(db: Db, replica: Replica, code: str, listed: list[Proposed], today: dt.date) -> Document:
    ids = [one.case for one in listed if one.case is not None]
    subjects = {d["_id"]: d["subject"] for d in db["cases"].find({"_id": {"$in": ids}}, {"subject": 1})}
    requests: list[Document] = []
    head = {"on": today.isoformat(), "team": code}
    cases = [one for one in listed if one.case is not None and one.amount is not None]
    if cases:
        requests.append({
            **head, "purpose": "case", "amount": sum(one.amount or 0 for one in cases),
            "cases": [subjects[one.case] for one in cases if one.case is not None],
        })
    requests += [
        {**head, "purpose": "monthly", "amount": one.amount, "month": one.month} for one in listed if one.month is not None
    ]
    return {
        "team": code, "team_name": replica.name(code), "amount": sum(one.amount or 0 for one in listed),
        "items": [
            {**msgspec.to_builtins(one), "subject": None if one.case is None else subjects.get(one.case)} for one in listed
        ],
        "requests": requests,
    }


def _teams(replica: Replica, unit: str, today: dt.date) -> list[str]:
    """Those that work in the unit today, or did so last before they ended."""
    return sorted(code for code in replica.teams_of(unit) if replica.seat(code, today).unit == unit)


# -- shown

def _claims(read: Read, replica: Replica, today: dt.date) -> tuple[Claim, ...]:
    return fold(payment_rules(), read.steps, read.known, today, lambda team, on: replica.seat(team, on).unit)


def _own(read: Read, claim: Claim) -> list[Step]:
    own = (step for step in read.steps if (step.record, step.team) == (claim.record, claim.team))
    return sorted(own, key=lambda step: (step.on, step.time, step.id))


def _day(read: Read, claim: Claim) -> dt.date:
    return claim.requested_on or min(step.on for step in _own(read, claim))


def _item(read: Read, replica: Replica, names: dict[str, str], claim: Claim, today: dt.date) -> Document:
    unit = replica.seat(claim.team, today).unit
    on = _day(read, claim)
    plain: Document = msgspec.to_builtins(claim)
    for key in ("record", "flags", "refused"):
        plain.pop(key)
    return {
        "id": claim.record, "subject": read.subjects[claim.record], "n": read.versions[claim.record], **plain,
        "on": on.isoformat(), "team_name": replica.name(claim.team), "unit": unit, "unit_name": names.get(unit, unit),
        "state_words": {"vi": STATES[claim.state].vi, "en": STATES[claim.state].en},
        "overdue": claim.due is not None and claim.due < today,
        "flags": [_shown(said) for said in claim.flags], "refused": [_shown(said) for said in claim.refused],
    }


def _shown(said: Said) -> Document:
    return {"code": said.code, "article": said.article, "vi": said.vi, "en": said.en, "entry": said.entry or None}


def _paper(step: Step, claim: Claim) -> Document:
    """``refused``: it has no effect."""
    data = step.data
    return {
        "type": step.type, "on": step.on.isoformat(), "written_up": step.time[:10], "entry": step.id,
        **{name: data.get(name) for name in ("amount", "number", "reason", "purpose", "month")},
        "refused": any(said.entry == step.id for said in claim.refused),
    }


def _case(read: Read, id: str) -> Document:
    """Of the parties nothing: who they are is in the log book, behind a purpose."""
    known = read.known.get(id)
    if known is None:
        return {"case": id, "subject": read.subjects.get(id), "received_on": None, "ended_on": None, "status": None}
    received, steps = known.case.received, known.case.steps
    return {
        "case": id, "subject": read.subjects.get(id), "received_on": None if received is None else received.isoformat(),
        "ended_on": steps[-1][0].isoformat() if steps else None, "status": steps[-1][1] if steps else None,
    }


# -- asked beforehand

def _check_payment(asked: Asked, entry: RecordEntry) -> Answer:
    asked.replica.refresh(asked.db)
    steps, flags = steps_of(asked, entry)
    refusals: list[Document] = []
    for step in steps:
        read = of_teams(asked.db, asked.replica, [step.team], entry.data.get("cases", ()))
        # its own record's claim, whatever team the record was about
        record = of_record(asked.db, asked.replica, step.record) if step.record != ENTRY else Read()
        merged = {(one.id, one.team): one for one in (*read.steps, *record.steps, step)}
        beside = Read(steps=list(merged.values()), known={**record.known, **read.known})
        for claim in _claims(beside, asked.replica, asked.today):
            if (claim.record, claim.team) != (step.record, step.team):
                continue
            refusals += [_answered(said, entry) for said in claim.refused if said.entry == ENTRY]
            flags += [_answered(said, entry) for said in claim.flags if said.entry == ENTRY]
    return refusals, flags


def _answered(said: Said, entry: RecordEntry) -> Document:
    field = FIELDS.get(said.code, "cases" if said.code.startswith("case_") else "")
    return {
        "code": said.code, "field": field if field in entry.data else "", "article": said.article, "vi": said.vi, "en": said.en,
    }


CHECKERS["payment"] = _check_payment
