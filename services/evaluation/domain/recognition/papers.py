"""The steps of one team's year as the papers that they are. Names of teams are gone: what a paper says of this team is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from services.evaluation.domain.facts import Step
from services.evaluation.domain.recognition.procedure import Act

RANK: Final[dict[Act, int]] = {act: rank for rank, act in enumerate(Act)}
"""The order of acts of one day."""

_ACTS = {
    "recognition.self-assessed": Act.ASSESS, "recognition.requested": Act.REQUEST, "recognition.returned": Act.RETURN,
    "recognition.reviewed": Act.REVIEW, "recognition.revoked": Act.REVOKE,
}
TYPES: Final = (*_ACTS, "recognition.decided")


class Paper(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``id``, ``on`` and ``time``: the step's; ``as_of``: the day whose rules it is under, which never lies before the year that
    it is about, so that a mistyped date is under no older ones. ``positive``: what it says for the team (the team agreed, the
    meeting would recognise, the decision does). ``reason``: why not, or a remark. ``said``: criterion → met, as the team assessed
    itself. ``attached``: kinds of evidence."""

    step: Step
    id: str
    on: dt.date
    as_of: dt.date
    time: str
    act: Act
    positive: bool = True
    reason: str | None = None
    number: str | None = None
    unit: str | None = None
    signed_by: str | None = None
    chaired: bool = True
    front: bool = True
    members: int = 0
    present: int = 0
    agreed: int = 0
    all_met: bool = True
    said: Mapping[str, bool] = {}
    attached: frozenset[str] = frozenset()

    @property
    def order(self) -> tuple[dt.date, int, str, str]:
        """Legal order: by day; within a day as the procedure goes; then by when it was written up."""
        return (self.on, RANK[self.act], self.time, self.id)


def read_papers(steps: Iterable[Step], year: int) -> list[Paper]:
    """In legal order, each step once. Raise ``KeyError`` for what the contract does not know."""
    found = {
        paper.id: paper for step in steps
        if step.type in TYPES and step.data["year"] == year and (paper := _read(step)) is not None
    }
    return sorted(found.values(), key=lambda paper: paper.order)


def years(steps: Iterable[Step]) -> set[int]:
    """Years of evaluation that some step is about."""
    return {step.data["year"] for step in steps if step.type in TYPES}


def _read(step: Step) -> Paper | None:
    data = step.data
    attached = frozenset(paper["kind"] for paper in data.get("evidence", ()))
    if step.type == "recognition.decided":
        return _decision(step, data, attached)
    act = _ACTS[step.type]
    if act is Act.ASSESS:
        return _paper(
            step, act, attached, members=data["members"], present=data["present"], agreed=data["agreed"],
            all_met=data["all_met"], positive=data["all_met"], said=data.get("criteria", {}),
        )
    if act is Act.REVIEW:
        lines = [line for line in data["results"] if line["team"] in step.names]
        if not lines:
            return None
        return _paper(
            step, act, attached, unit=data["unit"], chaired=data["chair"] == "commune_leader", front=data["front_present"],
            # named twice and not alike: the meeting did not agree to it
            positive=all(line["recognise"] for line in lines),
            reason=next((line["remark"] for line in lines if line.get("remark")), None),
        )
    return _paper(step, act, attached, reason=data.get("reason"), number=data.get("number"))


def _paper(step: Step, act: Act, attached: frozenset[str], **said: Any) -> Paper:
    as_of = max(step.on, dt.date(step.data["year"], 1, 1))
    return Paper(step=step, id=step.id, on=step.on, as_of=as_of, time=step.time, act=act, attached=attached, **said)


def _decision(step: Step, data: Mapping[str, Any], attached: frozenset[str]) -> Paper | None:
    recognised = not step.names.isdisjoint(data.get("recognised", ()))
    reason = next((line["reason"] for line in data.get("declined", ()) if line["team"] in step.names), None)
    if not recognised and reason is None:
        return None
    # named on both lists: what is uncertain recognises nobody
    positive = recognised and reason is None
    return _paper(
        step, Act.RECOGNISE if positive else Act.DECLINE, attached, positive=positive, reason=reason, number=data["number"],
        unit=data["unit"], signed_by=data["signed_by"],
    )
