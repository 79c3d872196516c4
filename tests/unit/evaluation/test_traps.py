"""Each trap of the field that judging can fall into, by its name."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec import structs

from services.evaluation.domain.casework import counted, standings
from services.evaluation.domain.facts import Case, Meeting, Payment, Request, Stay, TeamFacts
from services.evaluation.domain.judge import Judgement, judge, year_rules
from services.evaluation.domain.reading import case_place, read_case
from services.evaluation.domain.verdict import Verdict
from services.evaluation.rules import shipped
from shared.contracts import When
from shared.contracts.outgoing import Place, TeamPlace, TeamState
from shared.naming import TeamIndex
from tests.unit.evaluation import told
from tests.unit.evaluation.builders import CODE, DECLARED, FULL, TEAM, WINDOW, day, having, judged, node, replace, settled


def cases(good: int, bad: int) -> TeamFacts:
    return TeamFacts(cases=(
        *(settled(f"good-{i}") for i in range(good)), *(settled(f"bad-{i}", status="not_settled") for i in range(bad)),
    ))


def in_year(year: int, facts: TeamFacts, today: dt.date = dt.date(2027, 1, 1)) -> Judgement:
    rules = year_rules(shipped()["hanoi-v2"], year)
    assert rules is not None
    found = judge(rules, TEAM, facts, today)
    assert found is not None
    return found


# -- the settled rate


def test_11_of_13_displays_85_and_fails_85() -> None:
    rate = node(judged(cases(11, 2)), "settled_rate")
    assert rate.verdict is Verdict.NOT_MET
    assert rate.value == "11/13 = 85%"
    assert "Hiển thị 85%, thực tế 84,615%: chưa đạt." in rate.sentence.vi
    assert "Displays as 85%, is 84.615%: not met." in rate.sentence.en
    assert node(judged(cases(11, 2), "hanoi-v1"), "settled_rate").verdict is Verdict.MET  # ≥ 80%


def test_17_of_20_is_exactly_85_and_passes() -> None:
    assert node(judged(cases(17, 3)), "settled_rate").verdict is Verdict.MET
    assert node(judged(cases(4, 1), "hanoi-v1"), "settled_rate").verdict is Verdict.MET


def test_no_case_is_never_a_silent_0_or_100_percent() -> None:
    silent, declared = (node(judged(TeamFacts(declarations=d)), "settled_rate") for d in ((), (DECLARED,)))
    assert (silent.verdict, silent.value) == (Verdict.NOT_ENOUGH, "0/0")
    assert (declared.verdict, declared.value) == (Verdict.MET, "0/0")
    assert "đạt (không phát sinh)" in declared.sentence.vi


def test_with_one_to_six_cases_one_failure_decides() -> None:
    for total in range(1, 7):
        assert node(judged(cases(total - 1, 1)), "settled_rate").verdict is Verdict.NOT_MET
        assert "settled_rate.one_case" in {c.code for c in node(judged(cases(total, 0)), "settled_rate").changes}
    assert node(judged(cases(6, 1)), "settled_rate").verdict is Verdict.MET


def test_what_ended_at_a_partys_wish_was_not_settled() -> None:
    assert judged(TeamFacts(cases=(settled("a"), settled("b", status="ended_by_party")))).settled == 1
    assert judged(TeamFacts(cases=(settled("a"), settled("b", status="ended_by_party")))).rated == 2


def test_a_broken_agreement_stays_settled() -> None:
    case = read_case("a", structs.replace(told.case(1).state, performance="broken"))
    assert standings((case,), WINDOW).tally.settled == 1


# -- a case that goes on


REOPENED = Case(id="a", received=day("2024-03-04"), steps=(
    (day("2024-03-04"), "received"), (day("2024-03-20"), "not_settled"), (day("2024-04-02"), "reopened"),
    (day("2024-04-10"), "settled"),
))


def test_a_case_reopened_in_the_year_is_counted_once_by_its_last_end() -> None:
    found = judged(TeamFacts(cases=(REOPENED,)))
    assert (found.settled, found.rated) == (1, 1)


def test_a_case_reopened_next_year_leaves_the_closed_year_and_is_carried_over() -> None:
    later = replace(REOPENED, steps=(*REOPENED.steps[:2], (day("2024-12-02"), "reopened"), (day("2024-12-10"), "settled")))
    closed, following = in_year(2024, TeamFacts(cases=(later,))), in_year(2025, TeamFacts(cases=(later,)))
    assert (closed.settled, closed.rated) == (0, 1)
    assert (following.settled, following.rated) == (1, 1)
    assert node(following, "settled_rate.carried").value == "1"
    assert closed == in_year(2024, TeamFacts(cases=(replace(later, steps=later.steps[:2]),)))


def test_a_case_carried_over_is_lost_to_no_year() -> None:
    over = Case(id="a", received=day("2024-10-25"), steps=((day("2024-10-25"), "received"), (day("2024-11-08"), "settled")))
    assert in_year(2024, TeamFacts(cases=(over,))).tally.pending == 1
    assert in_year(2025, TeamFacts(cases=(over,))).settled == 1


def test_the_same_quarrel_from_two_sources_and_two_units_is_credited_once() -> None:
    """Each of two wards has it in its log; the link leads to the lead team's (Luật 35/2013/QH13 Điều 22)."""
    lead, other = settled("lead"), replace(settled("other"), linked_to="lead")
    assert counted({"lead": lead, "other": other}) == {"lead": "lead", "other": "lead"}


# -- days


@pytest.mark.parametrize(("held", "verdict"), [
    ("2024-11-14", Verdict.MET), ("2024-11-15", Verdict.NOT_MET), ("2024-10-01", Verdict.MET), ("2024-09-30", Verdict.NOT_MET),
])
def test_before_15_11_the_14th_is_in_time_and_the_15th_late(held: str, verdict: Verdict) -> None:
    meetings = (FULL.meetings[0], Meeting("m", CODE, "self_assessment", day(held)))
    assert node(judged(having(meetings=meetings)), "meetings.year").verdict is verdict


def test_working_days_across_tet_are_not_calendar_days() -> None:
    """Tết Giáp Thìn: off from 08/02 to 14/02/2024. Five working days after 06/02 end on 20/02, five calendar days on 11/02."""
    def paid(on: str) -> Verdict | None:
        payment = Payment(
            id="p", team=CODE, paid=((day(on), 400_000),),
            requests=(Request(on=day("2024-02-06"), purpose="case", amount=400_000, cases=frozenset({"case-1"})),),
        )
        case = settled("case-1", "2024-01-05", "2024-01-20")
        return node(judged(having(cases=(case,), payments=(payment,))), "funding.request.p").verdict

    assert paid("2024-02-12") is Verdict.MET
    assert paid("2024-02-20") is Verdict.MET
    assert paid("2024-02-21") is Verdict.NOT_MET


def begun(assigned: str, session: str, **more: object) -> Verdict | None:
    steps = ((day("2024-02-01"), "received"), (day(assigned), "assigned"), (day(session), "settled"))
    case = Case(
        id="a", received=day("2024-02-01"), steps=steps, assigned=day(assigned), sessions=(day(session),), **more,  # type: ignore[arg-type]
    )
    return node(judged(TeamFacts(cases=(case,)), "hanoi-v1"), "detection.begun").verdict


def test_mediation_begins_within_3_calendar_days_and_a_last_day_off_rolls_over() -> None:
    assert begun("2024-03-04", "2024-03-07") is Verdict.MET
    assert begun("2024-03-04", "2024-03-08") is Verdict.NOT_MET
    assert begun("2024-02-06", "2024-02-15") is Verdict.MET      # 09/02 lies in Tết
    assert begun("2024-02-06", "2024-02-16") is Verdict.NOT_MET


def test_no_clock_runs_where_the_parties_chose_their_mediator() -> None:
    steps = ((day("2024-03-01"), "received"), (day("2024-03-02"), "chosen"), (day("2024-04-20"), "settled"))
    case = Case(id="a", received=day("2024-03-01"), steps=steps, sessions=(day("2024-04-20"),))
    assert node(judged(TeamFacts(cases=(case,)), "hanoi-v1"), "detection.begun").verdict is Verdict.MET


def test_after_a_recusal_the_3_days_run_from_the_new_assignment() -> None:
    """Luật 35/2013/QH13 Điều 10 khoản 3: a mediator with an interest steps back."""
    steps = (
        (day("2024-03-01"), "received"), (day("2024-03-04"), "assigned"), (day("2024-03-11"), "assigned"),
        (day("2024-03-13"), "settled"),
    )
    case = Case(id="a", received=day("2024-03-01"), steps=steps, assigned=day("2024-03-11"), sessions=(day("2024-03-13"),))
    assert node(judged(TeamFacts(cases=(case,)), "hanoi-v1"), "detection.begun").verdict is Verdict.MET


def test_what_was_written_up_weeks_later_counts_on_its_own_day() -> None:
    late = replace(settled("case-1"), written_up=day("2024-12-20"))
    assert judged(having(cases=(late, *FULL.cases[1:]))).verdict is Verdict.MET


# -- teams and units


def moved_team() -> TeamState:
    return told.team(1, places=[
        TeamPlace(unit="00118", group="TDP số 1", valid_from=When("2010-01-01"), valid_to=When("2024-07-01")),
        TeamPlace(unit="00127", group="TDP số 9", valid_from=When("2024-07-01")),
    ])


def test_a_team_that_moved_unit_mid_year_keeps_the_facts_of_both() -> None:
    """A report that only knows unit and group finds the team where it worked on that day."""
    index = TeamIndex([moved_team()])
    spring, autumn = When("2024-03-04"), When("2024-09-04")
    for unit, group, on, found in (
        ("00118", "TDP số 1", spring, True), ("00127", "TDP số 9", autumn, True),
        ("00127", "TDP số 9", spring, False), ("00118", "TDP số 1", autumn, False),
    ):
        place = Place(source="https://khac.example", unit=unit, group=group)
        assert (index.resolve(place, on) == told.code(1)) == found
    team = replace(TEAM, stays=(Stay(day("2010-01-01"), "00118"), Stay(day("2024-07-01"), "00127")))
    facts = TeamFacts(cases=(settled("spring"), settled("autumn", "2024-09-04", "2024-09-10")))
    found = judged(facts, team=team)
    assert found.rated == 2
    assert "chuyển từ đơn vị 00118 sang 00127" in found.tree.sentence.vi


def test_a_case_is_placed_by_the_day_it_was_received_on() -> None:
    found = case_place(told.case(1, received="2024-03-04", ended="2024-09-04").state)
    assert found is not None
    assert found[1] == When("2024-03-04")


# -- whose duty


def test_the_team_does_not_look_guilty_of_what_the_commune_owes() -> None:
    funding = node(judged(having(payments=())), "funding")
    assert funding.verdict is Verdict.NOT_ENOUGH
    assert funding.duty == "commune"
    assert "không phải lỗi của tổ" in funding.sentence.vi


def test_absence_neither_passes_nor_fails_anyone() -> None:
    for scheme in ("hanoi-v1", "hanoi-v2"):
        found = judged(TeamFacts(), scheme)
        assert {child.verdict for child in found.tree.children} == {Verdict.NOT_ENOUGH}
        assert found.verdict is Verdict.NOT_ENOUGH
