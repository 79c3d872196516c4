"""How far a recognition has come: a fold of the acts that have effect, in legal order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.evaluation.domain.recognition.gates import agrees
from services.evaluation.domain.recognition.papers import Paper
from services.evaluation.domain.recognition.procedure import Act, Procedure
from services.evaluation.domain.wording import Words


class State(StrEnum):
    NOT_ASSESSED = "not_assessed"
    ASSESSED = "assessed"
    ELIGIBLE = "eligible"
    """The team may ask and has not."""
    REQUESTED = "requested"
    RETURNED = "returned"
    UNDER_REVIEW = "under_review"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    REVOKED = "revoked"


STATE_WORDS: Final[dict[State, Words]] = {
    State.NOT_ASSESSED: Words("Chưa tự đánh giá", "Not assessed yet"),
    State.ASSESSED: Words("Đã tự đánh giá", "Assessed itself"),
    State.ELIGIBLE: Words("Đủ tiêu chí, chưa đề nghị", "Meets the criteria, has not asked"),
    State.REQUESTED: Words("Đã đề nghị", "Asked"),
    State.RETURNED: Words("Trả lại để bổ sung", "Returned to be completed"),
    State.UNDER_REVIEW: Words("Đang xét", "Under review"),
    State.RECOGNISED: Words("Đã công nhận", "Recognised"),
    State.NOT_RECOGNISED: Words("Không công nhận", "Not recognised"),
    State.REVOKED: Words("Đã hủy quyết định công nhận", "Recognition revoked"),
}


@dataclass(slots=True, kw_only=True)
class Progress:
    """``self_assessment``, ``request``, ``decision``: the first day of each stage. ``assessed``: the last self-assessment;
    ``decided``: the decision that stands, or was revoked."""

    state: State = State.NOT_ASSESSED
    self_assessment: dt.date | None = None
    request: dt.date | None = None
    decision: dt.date | None = None
    assessed: Paper | None = None
    reviewed: Paper | None = None
    decided: Paper | None = None
    revoked: Paper | None = None

    def done_on(self, stage: str) -> dt.date | None:
        found: dt.date | None = getattr(self, stage)
        return found


def fold(procedure: Procedure, papers: Iterable[Paper]) -> Progress:
    """``papers``: with effect, in legal order."""
    at = Progress()
    for paper in papers:
        match paper.act:
            case Act.ASSESS:
                at.assessed = paper
                at.self_assessment = at.self_assessment or paper.on
                if at.state in (State.NOT_ASSESSED, State.ASSESSED, State.ELIGIBLE):
                    able = paper.all_met and agrees(procedure, paper)
                    at.state = State.ELIGIBLE if able else State.ASSESSED
            case Act.REQUEST:
                at.request = at.request or paper.on
                if at.state is not State.RECOGNISED:
                    at.state = State.REQUESTED
            case Act.RETURN if at.state in (State.REQUESTED, State.UNDER_REVIEW):
                at.state = State.RETURNED
            case Act.REVIEW:
                at.reviewed = paper
                if at.state is State.REQUESTED:
                    at.state = State.UNDER_REVIEW
            case Act.RECOGNISE | Act.DECLINE:
                at.decision = at.decision or paper.on
                at.decided, at.revoked = paper, None
                at.state = State.RECOGNISED if paper.act is Act.RECOGNISE else State.NOT_RECOGNISED
            case Act.REVOKE:
                at.revoked = paper
                at.state = State.REVOKED
            case _:
                pass
    return at
