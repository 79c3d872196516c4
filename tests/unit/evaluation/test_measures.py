"""Edges of the measures that the golden examples do not show."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.evaluation.domain.facts import Attestation, Case, Meeting, Payment, Request, Sheet, TeamFacts, Training
from services.evaluation.domain.judge import Judgement, judge, year_rules
from services.evaluation.domain.verdict import Verdict
from services.evaluation.rules import load_scheme
from services.evaluation.rules.loader import SCHEMES
from shared.calendar import Span
from tests.unit.evaluation.builders import (
    CODE,
    DECLARED,
    FULL,
    LATER,
    TEAM,
    WINDOW,
    day,
    having,
    judged,
    node,
    replace,
    settled,
)

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_ENOUGH


def with_rule(tmp_path: Path, scheme: str, old: str, new: str, facts: TeamFacts) -> Judgement:
    """The judgement under a scheme of which one line says something else."""
    text = (SCHEMES / f"{scheme}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / f"{scheme}.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    rules = year_rules(load_scheme(path), 2024)
    assert rules is not None
    found = judge(rules, TEAM, facts, LATER)
    assert found is not None
    return found


@pytest.mark.parametrize("scheme", ["hanoi-v1", "hanoi-v2"])
def test_a_team_that_has_everything(scheme: str) -> None:
    found = judged(scheme=scheme)
    assert found.verdict is MET, [(c.id, c.sentence.vi) for c in found.tree.children]
    assert found.lacking == ()
    assert (found.settled, found.rated) == (3, 3)


# -- settled rate

def test_a_declaration_that_the_log_contradicts_is_remarked() -> None:
    found = judged(having(declarations=(DECLARED,)))
    assert "Tổ khai không phát sinh nhưng sổ có vụ việc" in node(found, "settled_rate").sentence.vi
    assert node(found, "settled_rate").verdict is MET


def test_the_policy_for_teams_without_cases_is_the_schemes(tmp_path: Path) -> None:
    old = "  undeclared:\n    - from: 2016-01-01\n      value: not_enough_evidence"
    for word, verdict in (("met", MET), ("not_met", NOT_MET)):
        found = with_rule(tmp_path, "hanoi-v2", old, old.replace("not_enough_evidence", word), TeamFacts())
        assert node(found, "settled_rate").verdict is verdict


def test_the_older_denominator_counts_pending_cases(tmp_path: Path) -> None:
    pending = Case(id="p", received=day("2024-10-20"), steps=((day("2024-10-20"), "received"),))
    facts = TeamFacts(cases=(settled("a"), pending))
    assert node(judged(facts), "settled_rate").value == "1/1 = 100%"
    found = with_rule(tmp_path, "hanoi-v2", "value: received_less_pending", "value: received", facts)
    assert node(found, "settled_rate").value == "1/2 = 50%"
    assert (found.settled, found.rated) == (1, 2)


def test_rounding_to_display_is_the_schemes(tmp_path: Path) -> None:
    facts = TeamFacts(cases=tuple(settled(f"s{n}") for n in range(11)) + tuple(
        settled(f"n{n}", status="not_settled") for n in range(2)
    ))
    found = with_rule(tmp_path, "hanoi-v2", "value: half_up", "value: truncate", facts)
    assert node(found, "settled_rate").value == "11/13 = 84%"
    assert "Hiển thị" not in node(found, "settled_rate").sentence.vi


def test_carried_over_cases_are_shown() -> None:
    found = judged(TeamFacts(cases=(settled("a", received="2023-10-20", ended="2023-11-20"),)))
    assert node(found, "settled_rate.carried").value == "1"


def test_one_failure_decides_for_up_to_six_cases() -> None:
    for count in range(1, 9):
        found = judged(TeamFacts(cases=tuple(settled(f"c{n}") for n in range(count))))
        said = "một vụ việc quyết định" in node(found, "settled_rate").sentence.vi
        assert said == (count <= 6), count


# -- meetings

def test_an_early_meeting_belongs_to_the_year_it_is_nearest_to() -> None:
    early = Meeting("m", CODE, "half_year", day("2024-04-20"))
    found = judged(TeamFacts(meetings=(early,)))
    assert node(found, "meetings.half_year").verdict is NOT_MET
    assert "trước kỳ" in node(found, "meetings.half_year").sentence.vi
    before = judged(TeamFacts(meetings=(early,)), today=day("2024-05-10"))
    assert node(before, "meetings.half_year").verdict is UNKNOWN


def test_inclusive_before(tmp_path: Path) -> None:
    late = having(meetings=(FULL.meetings[0], Meeting("m", CODE, "self_assessment", day("2024-11-15"))))
    assert node(judged(late), "meetings.year").verdict is NOT_MET
    found = with_rule(tmp_path, "hanoi-v2", "value: strict", "value: inclusive", late)
    assert node(found, "meetings.year").verdict is MET


def test_a_meeting_not_due_yet_is_not_lacking() -> None:
    found = judged(TeamFacts(), today=day("2024-03-01"))
    assert not any(code.startswith("meetings") for code in found.lacking)
    assert found.revisit_on is not None
    due = judged(TeamFacts(), today=day("2024-05-01"))
    assert "meetings.half_year.missing" in due.lacking


# -- training and documents

def test_somebody_elses_attendance_does_not_count() -> None:
    other = Training(id="t", held=day("2024-01-10"), invited=frozenset({"HG-X"}), sheets={"HG-X": Sheet(4)})
    assert node(judged(TeamFacts(trainings=(other,)), "hanoi-v1"), "training.half_year_1").value == "0"


def test_a_class_to_come_is_shown_and_not_judged() -> None:
    soon = Training(id="soon", held=day("2024-09-10"), invited=frozenset({CODE}))
    found = judged(having(trainings=(*FULL.trainings, soon)), today=day("2024-09-01"))
    assert node(found, "documents.class.soon").verdict is None
    after = judged(having(trainings=(*FULL.trainings, soon)), today=day("2024-09-11"))
    assert node(after, "documents.class.soon").verdict is UNKNOWN


def test_coverage_of_members_is_shown() -> None:
    shown = node(judged(), "documents.coverage")
    assert (shown.verdict, shown.value) == (None, "2/3")


def test_documents_are_the_communes_duty() -> None:
    found = judged(having(deliveries=()))
    assert node(found, "documents.half_year_1").duty == "commune"


# -- co-ordination

@pytest.mark.parametrize(("period", "counts"), [
    (Span(day("2024-01-01"), day("2024-12-31")), True),     # ten months of twelve
    (Span(day("2024-03-01"), day("2024-05-31")), True),     # a quarter, within
    (Span(day("2024-09-01"), day("2025-08-31")), False),    # two months of twelve
    (Span(day("2022-11-01"), day("2023-10-31")), False),
])
def test_which_attestations_count(period: Span, counts: bool) -> None:
    given = replace(FULL.attestations[0], period=period)
    found = node(judged(having(attestations=(given,))), "coordination.attested")
    assert (found.verdict is MET) == counts


@pytest.mark.parametrize("changes", [{"by_role": "commune"}, {"matter": "training"}])
def test_whose_word_counts_and_on_what(changes: dict[str, str]) -> None:
    given: Attestation = replace(FULL.attestations[0], **changes)  # type: ignore[arg-type]
    assert node(judged(having(attestations=(given,))), "coordination.attested").verdict is UNKNOWN


def test_the_paper_is_named() -> None:
    assert "12/XN, 01/11/2024" in node(judged(), "coordination.attested").sentence.vi


def test_whether_a_late_answer_fails_is_the_schemes(tmp_path: Path) -> None:
    late = replace(FULL.coordinations[0], answered=day("2024-02-20"))
    facts = having(coordinations=(late, FULL.coordinations[1]))
    assert node(judged(facts), "coordination.answered").verdict is MET
    found = with_rule(tmp_path, "hanoi-v2", "value: noted", "value: not_met", facts)
    assert node(found, "coordination.answered").verdict is NOT_MET


# -- funding

def paid(on: str, amount: int = 400_000, *, asked: str = "2024-03-25", **changes: object) -> TeamFacts:
    request = Request(on=day(asked), purpose="case", amount=400_000, cases=frozenset({"a"}))
    payment = Payment(id="p", team=CODE, requests=(request,), paid=((day(on), amount),))
    return having(cases=(settled("a"),), payments=(replace(payment, **changes),))  # type: ignore[arg-type]


def test_paid_in_parts_counts_when_it_is_whole() -> None:
    facts = paid("2024-03-26", paid=((day("2024-03-26"), 200_000), (day("2024-04-02"), 200_000)))
    assert node(judged(facts), "funding").verdict is NOT_MET
    facts = paid("2024-03-26", paid=((day("2024-03-26"), 200_000), (day("2024-04-01"), 200_000)))
    assert node(judged(facts), "funding").verdict is MET


def test_less_than_requested_needs_a_decision() -> None:
    assert node(judged(paid("2024-03-26", 300_000)), "funding").verdict is UNKNOWN
    decided = paid("2024-03-26", 300_000, decided=((day("2024-03-26"), 300_000),))
    assert node(judged(decided), "funding").verdict is MET


def test_a_refused_request_is_not_judged() -> None:
    facts = paid("2024-03-26", paid=(), refused=(day("2024-03-27"),))
    assert node(judged(facts), "funding.request.p").verdict is None
    assert node(judged(facts), "funding").verdict is MET


def test_a_payment_without_a_request_has_no_term() -> None:
    facts = having(payments=(Payment(id="p", team=CODE, paid=((day("2024-03-26"), 1),)),))
    assert node(judged(facts), "funding.request.p").verdict is UNKNOWN


def test_the_year_is_that_of_the_case_not_of_the_request() -> None:
    """Ended in October, asked for in November: this year's. Ended last year: last year's."""
    late = paid("2024-11-06", asked="2024-11-05")
    late = replace(late, cases=(settled("a", received="2024-10-20", ended="2024-10-28"),))
    assert node(judged(late), "funding.request.p").verdict is MET
    early = paid("2023-11-06", asked="2023-11-05")
    early = replace(early, cases=(settled("a", received="2023-10-02", ended="2023-10-20"),))
    assert "funding.request.p" not in [child.id for child in node(judged(early), "funding").children]


def test_a_request_may_name_the_linked_case() -> None:
    facts = replace(paid("2024-03-26"), cases=(settled("b"),), aliases={"b": frozenset({"a"})})
    assert node(judged(facts), "funding.unasked").verdict is MET


def test_before_a_known_rate_nothing_is_compared() -> None:
    facts = paid("2023-01-11", 900_000, asked="2023-01-10")
    facts = replace(
        facts, cases=(settled("a", received="2022-12-20", ended="2023-01-04"),),
        payments=(replace(facts.payments[0], requests=(replace(facts.payments[0].requests[0], amount=900_000),)),),
    )
    rules = year_rules(load_scheme(SCHEMES / "hanoi-v2.yaml"), 2023)
    assert rules is None or rules.year == 2023
    # the scheme's rates begin on 03/10/2023, so the amount of January has nothing to be compared with
    assert rules is not None
    found = judge(rules, TEAM, facts, LATER)
    assert found is not None
    assert "Chưa có căn cứ để đối chiếu mức tối đa" in node(found, "funding.request.p").sentence.vi


def test_monthly_support_by_the_communes_own_day(tmp_path: Path) -> None:
    old = "      monthly_day:\n        - from: 2016-01-01\n          value: 0"
    requests = tuple(
        Payment(
            id=f"m{n}", team=CODE, paid=((dt.date(y, m, 8) + dt.timedelta(days=31), 150_000),),
            requests=(Request(on=dt.date(y, m, 28), purpose="monthly", amount=150_000, month=f"{y}-{m:02d}"),),
        )
        for n, (y, m) in enumerate([(2023, 11), (2023, 12), *((2024, m) for m in range(1, 11))])
    )
    facts = having(payments=(*FULL.payments, *requests))
    found = with_rule(tmp_path, "hanoi-v2", old, old.replace("value: 0", "value: 10"), facts)
    assert node(found, "funding.monthly").verdict is MET
    assert node(found, "funding").verdict is MET, node(found, "funding").sentence.vi
    fewer = having(payments=(*FULL.payments, *requests[:-1]))
    found = with_rule(tmp_path, "hanoi-v2", old, old.replace("value: 0", "value: 10"), fewer)
    assert "10/2024" in node(found, "funding.monthly").sentence.vi
    assert node(found, "funding").verdict is UNKNOWN


def test_the_team_is_not_made_to_look_guilty() -> None:
    found = node(judged(paid("2024-05-26")), "funding")
    assert (found.verdict, found.duty) == (NOT_MET, "commune")
    assert "không phải lỗi của tổ" in found.sentence.vi


# -- detection

def test_a_start_not_on_record_is_bounded_from_both_sides() -> None:
    def unknown(id: str) -> Case:
        return replace(settled(id), sessions=())

    def late(id: str) -> Case:
        return replace(settled(id), sessions=(day("2024-03-15"),))

    def begun(*cases: Case) -> Verdict | None:
        return node(judged(TeamFacts(cases=cases), "hanoi-v1"), "detection.begun").verdict

    in_time = [settled(f"t{n}") for n in range(9)]
    assert begun(*in_time, unknown("u")) is MET              # 9/10 whatever the tenth was
    assert begun(*in_time[:8], unknown("u"), unknown("v")) is UNKNOWN
    assert begun(*in_time[:8], late("l"), late("k"), unknown("u")) is NOT_MET


def test_after_a_recusal_the_last_assignment_counts() -> None:
    case = Case(
        id="a", received=day("2024-03-04"), sessions=(day("2024-03-12"),), steps=(
            (day("2024-03-04"), "received"), (day("2024-03-04"), "assigned"), (day("2024-03-11"), "assigned"),
            (day("2024-03-12"), "mediating"), (day("2024-03-20"), "settled"),
        ),
    )
    assert node(judged(TeamFacts(cases=(case,)), "hanoi-v1"), "detection.begun").value == "1/1"


def test_the_day_of_writing_up_can_be_what_counts(tmp_path: Path) -> None:
    case = replace(settled("a"), first_known_by="unit", written_up=day("2024-04-30"))
    facts = TeamFacts(cases=(case,))
    assert node(judged(facts, "hanoi-v1"), "detection.reached").verdict is MET
    found = with_rule(tmp_path, "hanoi-v1", "value: taken_up", "value: written_up", facts)
    assert node(found, "detection.reached").verdict is NOT_MET


def test_without_the_rollover_tet_days_count(tmp_path: Path) -> None:
    case = replace(settled("a", received="2024-02-06", ended="2024-02-20"), sessions=(day("2024-02-15"),))
    found = with_rule(
        tmp_path, "hanoi-v1", "        - from: 2002-01-01\n          value: true",
        "        - from: 2002-01-01\n          value: false", TeamFacts(cases=(case,)),
    )
    assert node(found, "detection.begun").verdict is NOT_MET
    assert node(judged(TeamFacts(cases=(case,)), "hanoi-v1"), "detection.begun").verdict is MET


def test_a_partly_open_window_says_so() -> None:
    assert "Kỳ đánh giá chưa kết thúc" in judged(today=day("2024-06-01")).tree.sentence.vi
    assert "Kỳ đánh giá chưa kết thúc" not in judged(today=WINDOW.last + dt.timedelta(days=1)).tree.sentence.vi


def test_many_payments_are_summed_up_in_one_sentence() -> None:
    payments = tuple(
        Payment(
            id=f"m{n}", team=CODE, paid=((day(f"2024-0{n}-05"), 150_000),),
            requests=(Request(on=day(f"2024-0{n}-04"), purpose="monthly", amount=150_000, month=f"2024-0{n}"),),
        )
        for n in range(1, 10)
    )
    found = node(judged(having(payments=(*FULL.payments, *payments[::-1]))), "funding")
    assert found.sentence.vi == (
        "10/10 đề nghị được chi đúng mức, đúng hạn. 3/3 vụ việc kết thúc đã có đề nghị chi."
    )
    days_ = [child.inputs[0].on for child in found.children if child.id.startswith("funding.request.")]
    assert days_ == sorted(days_)
    late = tuple(replace(p, paid=((day("2024-12-05"), 150_000),)) for p in payments)
    found = node(judged(having(payments=(*FULL.payments, *late))), "funding")
    assert "Và 5 nội dung khác như vậy." in found.sentence.vi
    assert "không phải lỗi của tổ" in found.sentence.vi
