"""A team's acts in order of time → its course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from services.directory.domain.course.deciding import decide, decided_of
from services.directory.domain.course.state import (
    Attendance,
    CandidateList,
    Ceased,
    Course,
    ElectionState,
    LeaderState,
    Remark,
    Result,
    Review,
)
from services.directory.domain.course.votes import elect, lead, tally
from services.directory.domain.facts import (
    Attended,
    Candidates,
    Election,
    Fact,
    LeaderVote,
    MediatorOver,
    Recognition,
    Reviewed,
)
from services.directory.domain.law import Law, Rule
from services.directory.domain.members import MemberNote
from shared.contracts.outgoing import Membership
from shared.contracts.when import When


@dataclass
class _Round:
    """A vote with its supplementary ones. ``seats``: of the first vote."""

    seats: int | None
    elected: set[str] = field(default_factory=set)

    @property
    def open(self) -> int | None:
        return None if self.seats is None else max(0, self.seats - len(self.elected))


def course_of(acts: Iterable[Fact], law: Law) -> tuple[Course, list[MemberNote]]:
    """``acts``: in any order. The notes: who became a mediator by a decision that has effect."""
    course, notes = Course(), list[MemberNote]()
    current: _Round | None = None
    for act in sorted(acts, key=lambda f: f.order):
        match act.body:
            case Reviewed() as body:
                course.reviews.append(Review(id=act.id, on=act.day, decision=body.decision))
            case Candidates() as body:
                course.lists.append(CandidateList(
                    id=act.id, on=act.day, candidates=list(dict.fromkeys(body.candidates)), seats=body.seats,
                ))
            case Election() as body:
                if current is None or not body.supplementary:
                    lone = body.supplementary
                    current = _Round(body.seats if body.seats is not None else _seats(course))
                else:
                    lone = False
                course.elections.append(_election(act, body, current, course, law, lone))
            case LeaderVote() as body:
                course.leaders.append(_leader(act, body, law))
            case Recognition() as body:
                decision = decide(course, body, act.day, act.id, law)
                course.decisions.append(decision)
                notes += [MemberNote(act.order, act.source, entry.ref, entry) for entry in decision.recognised]
            case MediatorOver() as body:
                course.ceased.append(Ceased(id=act.id, on=act.day, ref=body.ref, reason=body.reason, decision=body.decision))
            case Attended() as body:
                course.training.append(Attendance(
                    id=act.id, on=act.day, record=act.record, present=body.present, mediators=list(dict.fromkeys(body.mediators)),
                ))
            case _:
                continue
    return course, notes


def told(rows: Iterable[Membership], course: Course) -> list[Membership]:
    """Each row with what was said of the mediator before the row ends: the last decision, the first class."""
    first: dict[str, str] = {}
    for came in course.training:
        for ref in came.mediators:
            first.setdefault(ref, came.on)
    found = []
    for row in rows:
        by, trained = decided_of(course.decisions, row.ref, row.valid_to), first.get(row.ref)
        if by is not None:
            row = msgspec.structs.replace(row, recognised_on=When(by.on), decision=by.number)
        if trained is not None and (row.valid_to is None or trained < row.valid_to):
            row = msgspec.structs.replace(row, trained_on=When(trained))
        found.append(row)
    return found


def _seats(course: Course) -> int | None:
    return course.lists[-1].seats if course.lists else None


def _election(act: Fact, body: Election, round: _Round, course: Course, law: Law, lone: bool) -> ElectionState:
    rule = law.at("elected_share", act.day)
    votes, twice = tally(body.votes)
    standing = {ref: count for ref, count in votes.items() if ref not in round.elected}
    seats = body.seats if body.seats is not None and body.supplementary else round.open
    outcome = elect(standing, body.households, rule.value, seats) | {ref: "elected" for ref in votes if ref in round.elected}
    chosen = {ref for ref in standing if outcome[ref] == "elected"}
    round.elected |= chosen
    return ElectionState(
        id=act.id, on=act.day, households=body.households, present=body.present, seats=seats, supplementary=body.supplementary,
        results=[Result(ref=ref, votes=votes[ref], outcome=outcome[ref]) for ref in sorted(votes, key=lambda r: (-votes[r], r))],
        missing=0 if seats is None else max(0, seats - len(chosen)),
        flags=_remarks(body, votes, twice, course, rule, lone),
    )


def _remarks(body: Election, votes: dict[str, int], twice: list[str], course: Course, rule: Rule, lone: bool) -> list[Remark]:
    found = [_twice(ref, rule) for ref in twice]
    most = body.households if body.present is None else min(body.present, body.households)

    def remark(code: str, vi: str, en: str, ref: str | None = None) -> None:
        found.append(Remark(code=code, article=rule.citation, vi=vi, en=en, ref=ref))

    if body.present is not None and body.present > body.households:
        remark("present", f"Số hộ dự ({body.present}) nhiều hơn tổng số hộ ({body.households}).",
               f"More households present ({body.present}) than there are ({body.households}).")
    for ref in sorted(ref for ref, count in votes.items() if count > most):
        remark("votes", f"{ref}: số phiếu ({votes[ref]}) nhiều hơn số hộ có thể bỏ phiếu ({most}).",
               f"{ref}: more votes ({votes[ref]}) than households that could vote ({most}).", ref)
    if lone:
        remark("no_first_vote", "Bầu bổ sung nhưng chưa ghi nhận cuộc bầu trước đó.",
               "A supplementary vote, and no vote before it is on record.")
    listed = course.lists[-1].candidates if course.lists else None
    for ref in sorted(votes.keys() - set(listed)) if listed is not None else ():
        remark("not_agreed", f"{ref} không có trong danh sách đã hiệp thương.", f"{ref} is not on the agreed list.", ref)
    return found


def _leader(act: Fact, body: LeaderVote, law: Law) -> LeaderState:
    rule = law.at("leaders", act.day)
    votes, twice = tally(body.votes)
    leader, most = lead(votes), max(votes.values(), default=0)
    flags = [_twice(ref, rule) for ref in twice]
    if sum(votes.values()) > body.mediators:
        flags.append(Remark(
            code="votes", article=rule.citation, vi=f"Tổng số phiếu nhiều hơn số hòa giải viên ({body.mediators}).",
            en=f"More votes than mediators ({body.mediators}).",
        ))
    if leader is None:
        flags.append(Remark(
            code="tied", article=rule.citation, vi="Không ai nhiều phiếu hơn những người khác: bầu lại tổ trưởng.",
            en="Nobody has more votes than every other: vote on the leader again.",
        ))
    return LeaderState(
        id=act.id, on=act.day, mediators=body.mediators, leader=leader, flags=flags,
        results=[
            Result(ref=ref, votes=count, outcome="elected" if ref == leader else "tied" if leader is None and count == most
                   else "not_elected")
            for ref, count in sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
    )


def _twice(ref: str, rule: Rule) -> Remark:
    return Remark(
        code="twice", article=rule.citation, vi=f"{ref} có mặt nhiều lần trong kết quả: tính số phiếu thấp nhất.",
        en=f"{ref} stands in the result more than once: the lowest figure counts.", ref=ref,
    )
