"""What people can do next with a dossier, as the short types of events that do it."""

from __future__ import annotations

import msgspec

from services.evaluation.domain.commendation.money import Reward
from services.evaluation.domain.commendation.world import Dossier
from services.evaluation.domain.wording import Words, money


class Next(msgspec.Struct, frozen=True, gc=False):
    code: str
    vi: str
    en: str
    type: str


def nexts(dossier: Dossier, state: str, suspended: bool, left: int | None, to_recover: bool) -> tuple[Next, ...]:
    if state == "revoked":
        return (_next("recover", "recovered", _RECOVER),) if to_recover else ()
    if state in ("decided", "given", "paid"):
        return tuple(_after_decision(dossier, suspended, left))
    if state == "declined":
        return ()
    if suspended:
        return (Next("conclude", _CONCLUDE.vi, _CONCLUDE.en, "verification.closed"),)
    names = _OPEN[state] if dossier.proposal is not None else ("propose",)
    asked = dossier.first("supplement-asked") is not None
    return tuple(_next(*_BEFORE[name]) for name in names if not (name == "ask" and asked))


def _after_decision(dossier: Dossier, suspended: bool, left: int | None) -> list[Next]:
    found = []
    if dossier.first("given") is None:
        if suspended:
            found.append(Next("conclude", _CONCLUDE.vi, _CONCLUDE.en, "verification.closed"))
        else:
            found.append(_next("give", "given", Words("Trao khen thưởng", "Hand it over")))
    if left or (left is None and dossier.first("paid") is None):
        more = Words("", "") if left is None else Words(f": {money(left)}", f": {money(left, 'en')}")
        found.append(_next("pay", "paid", Words(f"Chi tiền thưởng{more.vi}", f"Pay the reward{more.en}")))
    return found


def left_to_pay(dossier: Dossier, reward: Reward | None) -> int | None:
    """Whole đồng, by the decision or else by the rules; None where neither states an amount."""
    if dossier.decision is None:
        return None
    decided = dossier.decision.data.get("amount")
    due = decided if decided is not None else None if reward is None else reward.amount
    return None if due is None else max(0, due - dossier.paid())


def _next(code: str, step: str, words: Words) -> Next:
    return Next(code, words.vi, words.en, f"commendation.{step}")


_CONCLUDE = Words("Kết luận xác minh rồi mới xét tiếp", "Conclude the verification before going on")
_RECOVER = Words("Thu hồi hiện vật, tiền thưởng", "Recover the certificate and the money")
_BEFORE = {
    "propose": ("propose", "proposed", Words("Ghi đề nghị khen thưởng", "Record the proposal")),
    "submit": ("submit", "submitted", Words("Trình hồ sơ (tờ trình, báo cáo thành tích)", "Submit the dossier")),
    "supplement": ("supplement", "supplemented", Words("Bổ sung hồ sơ", "Supplement the dossier")),
    "ask": ("ask_supplement", "supplement-asked", Words("Yêu cầu bổ sung (một lần)", "Ask for supplements (once)")),
    "appraise": ("appraise", "appraised", Words("Họp xét, lập biên bản", "Appraise, with minutes")),
    "decide": ("decide", "decided", Words("Ra quyết định khen thưởng", "Decide")),
    "decline": ("decline", "declined", Words("Trả lời không khen thưởng, nêu lý do", "Decline, with the reason")),
}
_OPEN = {
    "proposed": ("submit", "decline"), "preparing": ("submit", "decline"), "submitted": ("appraise", "ask", "decline"),
    "supplement_asked": ("supplement", "decline"), "appraised": ("decide", "decline"),
}
"""By state. ``ask`` is left out once it was asked."""
