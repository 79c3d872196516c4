"""What is to be done next, by whom, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Final

import msgspec

from services.evaluation.domain.recognition.papers import Paper
from services.evaluation.domain.recognition.procedure import STAGES, Act, Procedure
from services.evaluation.domain.recognition.state import Progress, State
from services.evaluation.domain.wording import Words, day, number

STEP_TYPES: Final = {
    Act.ASSESS: "recognition.self-assessed", Act.REQUEST: "recognition.requested", Act.RETURN: "recognition.returned",
    Act.REVIEW: "recognition.reviewed", Act.RECOGNISE: "recognition.decided", Act.REVOKE: "recognition.revoked",
}


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """``type``: of the event that would say that it is done."""

    code: str
    vi: str
    en: str
    type: str


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """``before``: the day that the source names; ``late``: done after ``last_day``, or not done and it is over."""

    step: str
    before: dt.date
    last_day: dt.date
    done_on: dt.date | None
    late: bool


def deadlines(procedure: Procedure, year: int, progress: Progress, today: dt.date) -> list[Due]:
    found = []
    for stage in STAGES:
        deadline = procedure.deadline(stage, year)
        if deadline is not None:
            done = progress.done_on(stage)
            found.append(Due(
                step=stage, before=deadline.before, last_day=deadline.last_day, done_on=done,
                late=deadline.late(done if done is not None else today),
            ))
    return found


def advice(procedure: Procedure, year: int, progress: Progress) -> list[Next]:
    def until(stage: str) -> Words:
        deadline = procedure.deadline(stage, year)
        if deadline is None:
            return Words("", "")
        return Words(f" (trước {day(deadline.before)})", f" (before {day(deadline.before, 'en')})")

    def one(code: str, act: Act, vi: str, en: str, stage: str | None = None) -> list[Next]:
        by = until(stage) if stage else Words("", "")
        return [Next(code=code, vi=f"{vi}{by.vi}.", en=f"{en}{by.en}.", type=STEP_TYPES[act])]

    match progress.state:
        case State.NOT_ASSESSED:
            return one(
                "assess", Act.ASSESS, "Tổ họp tự đánh giá và biểu quyết, lập biên bản",
                "The team meets, assesses itself and votes, with minutes", "self_assessment",
            )
        case State.ASSESSED:
            return one(
                "assess_again", Act.ASSESS, "Chưa đủ điều kiện đề nghị; nếu có căn cứ mới, tổ họp tự đánh giá lại",
                "The team may not ask yet; if there is something new, it meets and assesses itself again", "self_assessment",
            )
        case State.ELIGIBLE:
            return one(
                "request", Act.REQUEST, "Tổ trưởng gửi giấy đề nghị kèm biên bản họp và báo cáo năm",
                "The leader sends the request with the minutes and the yearly report", "request",
            )
        case State.REQUESTED:
            return one(
                "review", Act.REVIEW,
                "Lãnh đạo UBND chủ trì họp đánh giá cùng Mặt trận Tổ quốc, lập biên bản; hoặc trả lại để bổ sung",
                "A leader of the People's Committee holds the evaluation meeting with the Front, with minutes; or returns it",
                "decision",
            )
        case State.RETURNED:
            return one(
                "request_again", Act.REQUEST, "Tổ bổ sung hồ sơ và gửi lại giấy đề nghị",
                "The team completes the papers and sends the request again", "request",
            )
        case State.UNDER_REVIEW:
            return one(
                "decide", Act.RECOGNISE, "UBND ban hành quyết định theo biên bản cuộc họp",
                "The People's Committee decides on the meeting's minutes", "decision",
            )
        case State.RECOGNISED:
            return [Next(
                code="commend", vi="Xem xét đề nghị khen thưởng kịp thời.", en="Consider a commendation, in time.",
                type="commendation.proposed",
            )]
    return []


def tell(paper: Paper) -> Words:
    """The step in a line of the timeline."""
    reason = f": {paper.reason}" if paper.reason else ""
    match paper.act:
        case Act.ASSESS:
            met = ("đạt đủ tiêu chí", "meets all criteria") if paper.all_met else ("chưa đạt đủ tiêu chí", "does not meet all")
            vote = f"{number(paper.agreed)}/{number(paper.members)}"
            return Words(
                f"Tổ tự đánh giá {met[0]}; {vote} thành viên đồng ý đề nghị ({number(paper.present)} người dự).",
                f"The team says that it {met[1]}; {vote} members agree to ask ({number(paper.present, 'en')} present).",
            )
        case Act.REQUEST:
            return Words("Tổ trưởng gửi giấy đề nghị công nhận.", "The leader asked for recognition.")
        case Act.RETURN:
            return Words(f"UBND trả lại để bổ sung{reason}.", f"Returned to be completed{reason}.")
        case Act.REVIEW if paper.positive:
            return Words(f"Cuộc họp đánh giá thống nhất đề nghị công nhận{reason}.", f"The meeting agreed to recognise{reason}.")
        case Act.REVIEW:
            return Words(f"Cuộc họp đánh giá không thống nhất công nhận{reason}.", f"The meeting did not agree{reason}.")
        case Act.RECOGNISE:
            return Words(f"Quyết định số {paper.number} công nhận tổ.", f"Decision {paper.number} recognises the team.")
        case Act.DECLINE:
            return Words(f"Quyết định số {paper.number} không công nhận{reason}.", f"Decision {paper.number} declines{reason}.")
        case Act.REVOKE:
            return Words(f"Quyết định số {paper.number} hủy việc công nhận{reason}.", f"Decision {paper.number} revokes{reason}.")
