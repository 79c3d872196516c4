"""Commendations and what deserves one, standing for a generation of the team.

    commendations   record and team → how far the dossier has come; told to whoever listens
    praise          achievement, team and mediator → what became of a result that deserves praise

A dossier has a document once some step is about it, and keeps it though every step is withdrawn or goes to another team: whoever
was told of it is told that too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import msgspec

from services.evaluation.domain.commendation.deserving import Result
from services.evaluation.domain.commendation.fold import Commendation
from services.evaluation.store import Document
from services.evaluation.store.standing import Derived, Event, Standing
from shared.contracts.outgoing import COMMENDATION_CHANGED, CommendationChanged, RefusedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A commendation, with who the team is. ``unit``: that proposed it, else where the team works."""

    commendation: Commendation
    name: str
    unit: str


def derived(found: Found) -> Derived:
    one = found.commendation
    return Derived(
        key=f"{one.record}|{one.team}", team=one.team, body=msgspec.json.encode(one),
        summary={
            "record": one.record, "name": found.name, "unit": found.unit, "mediator": one.mediator, "household": one.household,
            "kind": one.kind, "form": one.form, "state": one.state, "achievement": one.achievement, "year": one.year,
            "number": one.number, "ordinal": one.ordinal, "amount": one.amount, "amount_decided": one.amount_decided,
            **{name: _day(getattr(one, name)) for name in DAYS},
            "flags": [said.code for said in one.flags],
            "refused": [
                {"source": said.source, "id": said.id, "code": said.code, "article": said.article} for said in one.refused
            ],
            "waiting": len({said.entry for said in one.waiting}),
            "outstanding": one.recovery is not None and one.recovery.outstanding,
        },
    )


DAYS = ("proposed_on", "submitted_on", "decided_on", "declined_on", "given_on", "paid_on", "revoked_on", "due")


def praise(result: Result, name: str) -> Derived:
    """``owed`` and the days are fields of their own, to be searched."""
    return Derived(
        key=result.id, team=result.team, body=msgspec.json.encode(result),
        summary={
            "name": name, "unit": result.unit, "mediator": result.mediator, "year": result.year, "rule": result.rule,
            "owed": result.owed, "since": result.since.isoformat(), "achieved_on": result.achieved_on.isoformat(),
            "recognised_on": _day(result.recognised_on), "decided_on": _day(result.decided_on),
        },
    )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _event(document: Document) -> Event:
    told = CommendationChanged(
        record=document["record"], team=document["team"], generation=document["changed"], state=document["state"],
        unit=document["unit"] or None, mediator=document["mediator"], household=document["household"], form=document["form"],
        number=document["number"], refused=[RefusedStep(**one) for one in document["refused"]], flags=document["flags"],
    )
    return COMMENDATION_CHANGED, f"namtot://evaluation/commendation/{document['record']}", told


COMMENDATIONS = Standing(
    collection="commendations", event=_event,
    tells=("state", "unit", "mediator", "household", "form", "number", "refused", "flags"),
)
PRAISE = Standing(collection="praise")
