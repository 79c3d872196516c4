"""A chair's decision beside the votes that are on record: whom it makes a mediator, and whom the law does not let it.

It has no effect for whom a vote on record did not elect (Luật 35/2013/QH13 Art. 8). A vote that nobody wrote up bars nothing:
that none is on record is noted. The same answer is given beforehand (``check``) and afterwards (the fold).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec

from services.directory.domain.course.state import Course, Decision, ElectionState, Remark, Result
from services.directory.domain.facts import Recognition
from services.directory.domain.law import Law, Rule
from services.directory.domain.saying import Words, day_vi, percent
from shared.calendar import add_working_days
from shared.contracts.directory import MediatorEntry


def decide(course: Course, said: Recognition, day: str, id: str, law: Law) -> Decision:
    """``course``: what is on record up to this decision."""
    share, within = law.at("elected_share", day), law.at("decision_working_days", day)
    recognised: dict[str, MediatorEntry] = {}
    refused, flags = [], []
    for entry in said.mediators:
        vote = stood(course.elections, entry.ref, day)
        if vote is None:
            flags.append(_remark("no_vote", share, entry.ref, Words(
                f"Chưa ghi nhận cuộc bầu nào có {entry.ref}.", f"No vote on {entry.ref} is on record.",
            )))
        elif vote[1].outcome != "elected":
            refused.append(_remark(vote[1].outcome, share, entry.ref, _why(*vote, share.value)))
            continue
        recognised[entry.ref] = entry
        if entry.leader and (remark := _leader(course, entry.ref, day, law)) is not None:
            (refused if remark.code == "other_leader" else flags).append(remark)
            if remark.code == "other_leader":
                recognised[entry.ref] = msgspec.structs.replace(entry, leader=False)
    last = None if said.asked_on is None else add_working_days(dt.date.fromisoformat(said.asked_on), within.whole).isoformat()
    if last is not None and day > last:
        flags.append(_remark("late", within, None, Words(
            f"Quyết định ngày {day_vi(day)}, sau hạn {within.whole} ngày làm việc (hết ngày {day_vi(last)}); vẫn có hiệu lực.",
            f"Decided on {day}, after the last of {within.whole} working days ({last}); it has effect all the same.",
        )))
    return Decision(
        id=id, on=day, number=said.number, recognised=list(recognised.values()), refused=refused, flags=flags, last_day=last,
    )


def stood(elections: Sequence[ElectionState], ref: str, day: str) -> tuple[ElectionState, Result] | None:
    """The vote that counts for ``ref`` up to ``day``: of the last vote in which he stood, with its supplementary ones, the one
    that elected him, else the last."""
    found: tuple[ElectionState, Result] | None = None
    for election in elections:
        if election.on > day:
            break
        result = next((r for r in election.results if r.ref == ref), None)
        if result is None:
            continue
        if found is not None and found[1].outcome == "elected" and election.supplementary:
            continue
        found = election, result
    return found


def _leader(course: Course, ref: str, day: str, law: Law) -> Remark | None:
    rule = law.at("leaders", day)
    votes = [vote for vote in course.leaders if vote.on <= day]
    if not votes:
        return _remark("no_leader_vote", rule, ref, Words(
            "Chưa ghi nhận việc các hòa giải viên bầu tổ trưởng.", "No vote of the mediators on their leader is on record.",
        ))
    if votes[-1].leader == ref:
        return None
    return _remark("other_leader", rule, ref, Words(
        f"Ngày {day_vi(votes[-1].on)} các hòa giải viên không bầu {ref} làm tổ trưởng: chỉ được công nhận là hòa giải viên.",
        f"On {votes[-1].on} the mediators did not elect {ref} as leader: recognised as a mediator only.",
    ))


def _why(election: ElectionState, result: Result, share: Fraction) -> Words:
    ref, counted = result.ref, f"{result.votes}/{election.households}"
    had = Words(f"Ngày {day_vi(election.on)} {ref} được {counted} hộ đồng ý", f"On {election.on} {ref} had {counted} households")
    match result.outcome:
        case "tied":
            return Words(
                f"{had.vi}, bằng phiếu với người khác ở vị trí cuối cùng: phải bầu bổ sung trước khi công nhận.",
                f"{had.en}, as many as another for the last seat: a supplementary vote comes before recognition.",
            )
        case "surplus":
            return Words(
                f"{had.vi} nhưng những người nhiều phiếu hơn đã đủ số lượng cần bầu ({election.seats}).",
                f"{had.en}, but others with more votes fill the {election.seats} seats.",
            )
    return Words(
        f"{had.vi}, không quá {percent(share)} tổng số hộ: không được công nhận; có thể bầu bổ sung.",
        f"{had.en}, not more than {percent(share)} of all: cannot be recognised; a supplementary vote may be held.",
    )


def _remark(code: str, rule: Rule, ref: str | None, words: Words) -> Remark:
    return Remark(code=code, article=rule.citation, vi=words.vi, en=words.en, ref=ref)


def decided_of(decisions: Iterable[Decision], ref: str, until: str | None) -> Decision | None:
    """The last decision before ``until`` that recognised ``ref``."""
    found = [d for d in decisions if (until is None or d.on < until) and any(e.ref == ref for e in d.recognised)]
    return found[-1] if found else None
