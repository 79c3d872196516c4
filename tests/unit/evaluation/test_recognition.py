"""Hướng dẫn 1269/TP-MTTQ, step by step: what each leads to, what is barred, what waits, what is only noted."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest

from services.evaluation.domain.facts import Step
from services.evaluation.domain.recognition import Measured, State, Whereabouts
from services.evaluation.domain.recognition.advice import deadlines
from services.evaluation.domain.recognition.procedure import Effect
from services.evaluation.domain.rules import Cited, Dated
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words
from tests.unit.evaluation.builders import replace
from tests.unit.evaluation.steps import (
    FULL,
    NAME,
    PROCEDURE,
    UNIT,
    assessed,
    codes,
    decided,
    outcome,
    requested,
    returned,
    reviewed,
    revoked,
    step,
)


@pytest.mark.parametrize(("steps", "state", "next"), [
    ((), State.NOT_ASSESSED, ["assess"]),
    ((assessed(),), State.ELIGIBLE, ["request"]),
    ((assessed(all_met=False),), State.ASSESSED, ["assess_again"]),
    (FULL[:2], State.REQUESTED, ["review"]),
    ((*FULL[:2], returned()), State.RETURNED, ["request_again"]),
    ((*FULL[:2], returned(), requested("2024-11-25")), State.REQUESTED, ["review"]),
    (FULL[:3], State.UNDER_REVIEW, ["decide"]),
    (FULL, State.RECOGNISED, ["commend"]),
    ((*FULL[:2], reviewed(good=False), decided(good=False)), State.NOT_RECOGNISED, []),
    ((*FULL, revoked()), State.REVOKED, []),
    ((*FULL, revoked(), decided("2025-02-10", number="11/QĐ")), State.RECOGNISED, ["commend"]),
    ((*FULL[:2], reviewed(good=False), decided(good=False), requested("2024-12-12")), State.REQUESTED, ["review"]),
])
def test_each_step_leads_on(steps: tuple[Step, ...], state: State, next: list[str]) -> None:
    found = outcome(*steps)
    assert found.state is state
    assert codes(found.next) == next
    assert found.refused == found.waiting == found.flags == ()
    assert [line.effect for line in found.lines] == ["done"] * len(steps)


@pytest.mark.parametrize(("agreed", "members", "passes"), [
    (3, 6, False), (3, 5, True), (4, 6, True), (1, 2, False), (2, 3, True), (0, 3, False), (500, 1000, False), (501, 1000, True),
])
def test_more_than_half_of_all_members(agreed: int, members: int, passes: bool) -> None:
    """Of all of them, not of those present: 3 of 6 fail though only those 3 came."""
    found = outcome(assessed(agreed=agreed, members=members), *FULL[1:])
    assert found.state is (State.RECOGNISED if passes else State.ASSESSED)
    assert codes(found.refused) == ([] if passes else ["vote", "vote"])


def test_a_vote_that_fails_bars_the_request_and_the_decision_and_says_why() -> None:
    found = outcome(assessed(agreed=3), *FULL[1:])
    assert [line.effect for line in found.lines] == ["done", "refused", "done", "refused"]
    refusal = found.refused[-1]
    assert refusal.id == decided().event_id and refusal.article.startswith("Hướng dẫn 1269/TP-MTTQ")
    assert refusal.vi == (
        "Chỉ 3/6 thành viên của tổ đồng ý (họp ngày 10/11/2024); phải có trên 50% tổng số thành viên, kể cả người vắng mặt."
    )
    assert "more than 50% of all members" in refusal.en and "2024-11-10" in refusal.en


def test_a_team_that_finds_itself_short_may_not_ask() -> None:
    found = outcome(assessed(all_met=False), *FULL[1:])
    assert found.state is State.ASSESSED
    assert codes(found.refused) == ["all_met", "all_met"]


def test_a_second_vote_that_passes_clears_the_way_for_a_new_request() -> None:
    first = (assessed("2024-11-05", agreed=3), requested("2024-11-06"))
    again = (assessed("2024-11-12", agreed=4), requested("2024-11-20"))
    assert outcome(*first).state is State.ASSESSED
    assert outcome(*first, *again[:1]).state is State.ELIGIBLE, "the barred request is not revived"
    found = outcome(*first, *again, *FULL[2:])
    assert found.state is State.RECOGNISED
    assert [(r.code, r.id) for r in found.refused] == [("vote", first[1].event_id)]


def test_a_decision_signed_by_nobody_with_authority() -> None:
    found = outcome(*FULL[:3], decided(signed_by="other"))
    assert (found.state, codes(found.refused)) == (State.UNDER_REVIEW, ["authority"])
    assert outcome(*FULL[:3], decided(signed_by="commune_vice_chair")).state is State.RECOGNISED


def test_a_mistyped_day_is_under_no_older_rules() -> None:
    """A decision of "1994" about 2024 is barred like any other."""
    for on in ("1994-12-10", "2001-12-10"):
        found = outcome(assessed(agreed=3), *FULL[1:3], decided(on, time="2024-12-10T20:00:00+07:00"))
        assert found.state is not State.RECOGNISED and "vote" in codes(found.refused)
        assert outcome(assessed("1994-11-10", agreed=3, time="2024-11-10T20:00:00+07:00")).state is State.ASSESSED


def test_decided_once() -> None:
    for again in (decided("2024-12-12", number="50/QĐ"), decided("2024-12-12", good=False, number="50/QĐ")):
        found = outcome(*FULL, again)
        assert found.state is State.RECOGNISED
        assert [(r.code, r.id) for r in found.refused] == [("undecided", again.event_id)]
        assert "45/QĐ-UBND" in found.refused[0].vi and "10/12/2024" in found.refused[0].vi


def test_an_older_decision_that_comes_to_light_does_not_undo_the_later_one() -> None:
    declined = decided("2024-12-12", good=False, number="50/QĐ")
    older = decided("2024-12-10", time="2024-12-20T08:00:00+07:00")
    found = outcome(*FULL[:3], declined, older)
    assert found.state is State.NOT_RECOGNISED
    assert codes(found.refused) == ["undecided"]


def test_nothing_to_revoke() -> None:
    assert codes(outcome(revoked()).refused) == ["recognition"]
    found = outcome(*FULL[:3], decided(good=False), revoked())
    assert (found.state, codes(found.refused)) == (State.NOT_RECOGNISED, ["recognition"])
    before = outcome(*FULL, revoked("2024-12-01", time="2025-02-01T08:00:00+07:00"))
    assert (before.state, codes(before.refused)) == (State.RECOGNISED, ["recognition"]), "dated before the decision"


def test_a_revocation_written_up_before_its_decision_takes_hold_once_that_comes() -> None:
    late = decided(time="2025-03-01T08:00:00+07:00")
    assert outcome(*FULL[:3], revoked(), late).state is State.REVOKED


# -- registers are written afterwards

def test_a_decision_waits_for_what_is_not_on_record_yet() -> None:
    found = outcome(*FULL[:2], FULL[3])
    assert (found.state, codes(found.waiting), found.refused) == (State.REQUESTED, ["review"], ())
    assert "biên bản" in found.waiting[0].vi
    late = reviewed(time="2025-01-20T08:00:00+07:00")
    assert outcome(*FULL[:2], FULL[3], late).state is State.RECOGNISED
    assert codes(outcome(decided()).waiting) == ["assessment", "request", "review"]


def test_a_decision_that_waited_is_judged_by_the_paper_it_waited_for() -> None:
    late = assessed(agreed=3, time="2025-01-20T08:00:00+07:00")
    found = outcome(late, *FULL[1:])
    assert found.state is State.ASSESSED
    assert codes(found.refused) == ["vote", "vote"]


def test_what_comes_to_light_after_a_decision_is_flagged_and_bars_nothing() -> None:
    """Another vote, held before the decision and written up after it."""
    other = assessed("2024-11-12", agreed=3, time="2025-01-20T08:00:00+07:00")
    found = outcome(*FULL, other)
    assert found.state is State.RECOGNISED and found.refused == ()
    (flag,) = [flag for flag in found.flags if flag.code == "hindsight.vote"]
    assert flag.vi.startswith("Phát hiện sau khi quyết định: Chỉ 3/6")
    known = outcome(*FULL, assessed("2024-11-12", agreed=3))
    assert known.state is not State.RECOGNISED, "known in time, it bars"


def test_a_vote_held_after_the_decision_is_not_what_it_rests_on() -> None:
    later = assessed("2024-12-20", agreed=3)
    found = outcome(*FULL[:3], later, decided(time="2024-12-25T08:00:00+07:00"))
    assert (found.state, found.refused, found.flags) == (State.RECOGNISED, (), ())


def test_a_request_that_is_dated_after_the_decision_leaves_it_standing() -> None:
    found = outcome(FULL[0], *FULL[2:], requested("2024-12-12"))
    assert (found.state, found.waiting, found.refused) == (State.RECOGNISED, (), ())
    assert codes(found.flags) == ["order", "late.request"]
    assert found.flags[0].vi == "Trái trình tự: họp đánh giá ngày 02/12/2024, trước đề nghị công nhận ngày 12/12/2024."


def test_a_returned_request_must_be_sent_again() -> None:
    found = outcome(*FULL[:2], returned(), *FULL[2:])
    assert (found.state, codes(found.waiting)) == (State.RETURNED, ["request"])
    assert outcome(*FULL[:2], returned(), requested("2024-11-25"), *FULL[2:]).state is State.RECOGNISED


@pytest.mark.parametrize(("late", "code"), [
    (assessed("2024-11-15"), "late.self_assessment"), (requested("2024-11-30"), "late.request"),
    (decided("2024-12-15"), "late.decision"),
])
def test_late_is_a_flag_and_never_a_bar(late: Step, code: str) -> None:
    steps = [late if late.type == usual.type else usual for usual in FULL]
    found = outcome(*steps)
    assert found.state is State.RECOGNISED
    assert codes(found.flags) == [code] and found.refused == ()
    intime = replace(late, on=late.on - dt.timedelta(days=1))
    assert outcome(*(intime if usual.type == intime.type else usual for usual in FULL)).flags == ()


def test_14_november_is_in_time_and_15_is_late() -> None:
    assert outcome(assessed("2024-11-14")).flags == ()
    (flag,) = outcome(assessed("2024-11-15")).flags
    assert (flag.code, flag.on) == ("late.self_assessment", dt.date(2024, 11, 15))
    assert "hết ngày 14/11/2024" in flag.vi


def test_sent_again_in_december_is_not_late_if_it_was_first_sent_in_time() -> None:
    assert outcome(*FULL[:2], returned(), requested("2024-12-01"), *FULL[2:]).flags == ()


def test_deadlines_say_what_is_overdue() -> None:
    found = outcome(*FULL[:1])
    due = deadlines(PROCEDURE, 2024, found.progress, dt.date(2024, 12, 1))
    assert [(d.step, d.last_day.isoformat(), d.done_on is not None, d.late) for d in due] == [
        ("self_assessment", "2024-11-14", True, False), ("request", "2024-11-29", False, True),
        ("decision", "2024-12-14", False, False),
    ]


@pytest.mark.parametrize(("steps", "code"), [
    ((*FULL[:2], reviewed(front_present=False), decided()), "front"),
    ((*FULL[:2], reviewed(chair="other"), decided()), "chair"),
    ((*FULL[:2], reviewed(evidence=[]), decided()), "review_papers"),
    ((*FULL[:2], reviewed(good=False), decided()), "meeting"),
    ((assessed(evidence=[]), requested(evidence=[{"kind": "report"}]), *FULL[2:]), "request_papers"),
    ((assessed(), requested("2024-11-08"), *FULL[2:]), "order"),
    ((*FULL[:2], reviewed("2024-12-11"), decided("2024-12-10")), "order"),
])
def test_what_is_only_noted(steps: tuple[Step, ...], code: str) -> None:
    found = outcome(*steps)
    assert found.state is State.RECOGNISED
    assert codes(found.flags) == [code]
    assert "{" not in found.flags[0].vi + found.flags[0].en and found.flags[0].article


def test_members_and_unit_beside_the_directory() -> None:
    days = [usual.on for usual in FULL]
    agree = Whereabouts(members={days[0]: 6}, units=dict.fromkeys(days, UNIT))
    assert outcome(*FULL, where=agree).flags == ()
    differ = Whereabouts(members={days[0]: 7}, units=dict.fromkeys(days, "00127"))
    found = outcome(*FULL, where=differ)
    assert found.state is State.RECOGNISED
    assert codes(found.flags) == ["members", "unit", "unit"]
    assert "ghi 6 thành viên; danh sách của tổ ngày đó có 7" in found.flags[0].vi


# -- the measured verdict beside what people said

def measured(verdict: Verdict, **criteria: Verdict) -> Measured:
    return Measured(scheme="hanoi-v2", verdict=verdict, criteria={
        id: (Words(f"Tiêu chí {id}", f"Criterion {id}"), found) for id, found in criteria.items()
    })


def test_recognised_though_measured_otherwise_is_a_remark_and_no_bar() -> None:
    found = outcome(*FULL, measured=measured(Verdict.NOT_MET))
    assert found.state is State.RECOGNISED
    assert codes(found.remarks) == ["team.short", "meeting.short", "decision.short"]
    assert found.remarks[2].vi == "Quyết định số 45/QĐ-UBND công nhận tổ (ngày 10/12/2024); theo số liệu: chưa đạt."
    assert outcome(*FULL, measured=measured(Verdict.MET)).remarks == ()


def test_declined_though_measured_well_is_a_remark() -> None:
    found = outcome(*FULL[:2], reviewed(good=False), decided(good=False), measured=measured(Verdict.MET))
    assert codes(found.remarks) == ["meeting.beyond", "decision.beyond"]
    assert "hồ sơ chưa đủ" in found.remarks[1].vi


def test_a_remark_for_each_criterion_that_differs() -> None:
    said = {"settled_rate": True, "meetings": False, "funding": True, "unknown": False}
    found = outcome(
        assessed(criteria=said), measured=measured(
            Verdict.MET, settled_rate=Verdict.NOT_ENOUGH, meetings=Verdict.MET, funding=Verdict.MET
        ),
    )
    assert codes(found.remarks) == ["team.contradicts", "team.criterion.meetings", "team.criterion.settled_rate"]
    assert "chưa đủ căn cứ" in found.remarks[2].vi


# -- how papers name teams

def test_named_on_both_lists_recognises_nobody() -> None:
    both = decided(declined=[{"team": NAME, "reason": "nhầm"}])
    assert outcome(*FULL[:3], both).state is State.NOT_RECOGNISED


def test_named_twice_and_not_alike_by_the_meeting_is_not_agreed() -> None:
    twice = reviewed(results=[{"team": NAME, "recognise": True}, {"team": NAME, "recognise": False, "remark": "xem lại"}])
    assert codes(outcome(*FULL[:2], twice, decided()).flags) == ["meeting"]


def test_other_years_and_other_procedures_are_left_aside() -> None:
    other = [step("requested", "2023-11-20", team=NAME, year=2023), replace(step("x", "2024-11-01"), type="commendation.given")]
    assert outcome(*FULL, *other) == outcome(*FULL)


def test_every_order_of_the_same_steps_comes_to_the_same() -> None:
    steps = (*FULL, returned(), requested("2024-11-25"), revoked())
    expected = outcome(*steps)
    assert expected.state is State.REVOKED
    for order in list(permutations(steps))[::37]:
        assert outcome(*order, order[0]) == expected


def test_effects_are_data() -> None:
    def with_effect(effect: Effect) -> object:
        gate = replace(PROCEDURE.gates["vote"], effect=Dated((Cited(effect, "x", "I", dt.date(2002, 1, 1)),)))
        return replace(PROCEDURE, gates={**PROCEDURE.gates, "vote": gate})

    from services.evaluation.domain.recognition import recognise

    steps = (assessed(agreed=3), *FULL[1:])
    noted = recognise(with_effect(Effect.FLAG), 2024, steps)  # type: ignore[arg-type]
    assert noted.state is State.RECOGNISED and codes(noted.flags) == ["vote", "vote"]
