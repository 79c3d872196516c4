"""Recognitions: how far each team's year has come, standing for a generation of the team. A year has a document once some step
is about it, and keeps it though every step is withdrawn: whoever was told of it is told that too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from services.evaluation.domain.recognition import Recognition, State
from services.evaluation.store import Document
from services.evaluation.store.replica import Seat
from services.evaluation.store.standing import Derived, Event, Standing
from shared.contracts.outgoing import RECOGNITION_CHANGED, RecognitionChanged, RefusedStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A team's recognition in a year, with who it is on the last day of the window. ``scheme``: which its unit picked;
    ``verdict``: under it, None if the team is not judged that year."""

    team: str
    name: str
    seat: Seat
    year: int
    scheme: str
    verdict: str | None
    members: int
    recognition: Recognition

    @property
    def key(self) -> str:
        return f"{self.year}|{self.team}"


def derived(found: Found) -> Derived:
    summary, rest = _summary(found), content(found)
    return Derived(key=found.key, team=found.team, summary=summary, body=msgspec.json.encode(rest))


def _summary(found: Found) -> Document:
    recognition = found.recognition
    progress = recognition.progress
    decided = progress.decided
    return {
        "team": found.team, "name": found.name, "unit": found.seat.unit, "group": found.seat.group, "year": found.year,
        "scheme": found.scheme, "verdict": found.verdict, "state": str(recognition.state),
        "recognised": recognition.state is State.RECOGNISED, "requested": progress.request is not None,
        "reviewed": None if progress.reviewed is None else progress.reviewed.positive,
        "number": None if decided is None else decided.number,
        "decided_on": None if decided is None else decided.on.isoformat(),
        "flags": [flag.code for flag in recognition.flags],
        "refused": [
            {"source": one.source, "id": one.id, "code": one.code, "article": one.article} for one in recognition.refused
        ],
        "waiting": len({one.entry for one in recognition.waiting}),
    }


def content(found: Found) -> dict[str, Any]:
    """What is shown of one team."""
    recognition = found.recognition
    progress = recognition.progress
    assessed = progress.assessed
    return {
        "members": found.members, "steps": recognition.lines, "flags": recognition.flags, "remarks": recognition.remarks,
        "refused": recognition.refused, "waiting": recognition.waiting, "next": recognition.next,
        "done": {
            "self_assessment": progress.self_assessment, "request": progress.request, "decision": progress.decision,
        },
        "vote": None if assessed is None else {
            "on": assessed.on, "members": assessed.members, "present": assessed.present, "agreed": assessed.agreed,
            "all_met": assessed.all_met, "criteria": assessed.said,
        },
    }


def _event(document: Document) -> Event:
    told = RecognitionChanged(
        team=document["team"], unit=document["unit"], year=document["year"], generation=document["changed"],
        state=document["state"], number=document["number"], flags=document["flags"],
        refused=[RefusedStep(**one) for one in document["refused"]],
    )
    return RECOGNITION_CHANGED, f"namtot://evaluation/recognition/{document['year']}/{document['team']}", told


STANDING = Standing(collection="recognitions", tells=("state", "number", "refused", "flags"), event=_event)
