"""The life of a case: what each order of facts makes of it, and what is flagged."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.case import fold_case
from services.intake.domain.case_life import case_law
from services.intake.domain.entries import Entry, live
from services.intake.domain.record import fold
from shared.contracts import TYPES, record_id
from tests.unit.intake.cases import corrected, entry, withdrawn

LIFE = [
    entry("case.reported", "2024-03-01", urgent=["violence_risk"]),
    entry("case.assigned", "2024-03-02", mediator="hgv-7"),
    entry("case.mediation-held", "2024-03-04", invited=2),
    entry("case.not-settled", "2024-03-10"),
    entry("case.reopened", "2024-04-01"),
    entry("case.mediation-held", "2024-04-03", invited=1),
    entry("case.settled", "2024-04-05", written=True, perform_by="2024-06-01"),
    entry("case.agreement-fulfilled", "2024-05-20"),
]


def codes(entries: list[Entry]) -> set[str]:
    return {flag.code for flag in fold_case(entries).flags}


def test_a_life_in_order_is_told_without_a_flag() -> None:
    state = fold_case(LIFE)
    assert (state.status, state.received_on, state.ended_on) == ("settled", "2024-03-01", "2024-04-05")
    assert (state.mediator, state.started_on, state.invited, state.performance) == ("hgv-7", "2024-03-04", 3, "fulfilled")
    assert [step.status for step in state.history] == [
        "received", "assigned", "mediating", "not_settled", "reopened", "mediating", "settled"
    ]
    assert state.flags == []
    assert state.urgent == ["violence_risk"]


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE), max_size=5))
def test_any_order_and_any_duplicate_gives_the_same_case(order: list[Entry], again: list[Entry]) -> None:
    assert fold([*order, *again]) == fold(LIFE)


def test_every_permutation_of_a_day_without_times_gives_the_same_case() -> None:
    day = [
        entry("case.reported", "2024-03-01"), entry("case.assigned", "2024-03-01", mediator="m"),
        entry("case.mediation-held", "2024-03-01"), entry("case.settled", "2024-03-01"),
    ]
    states = [fold_case(order) for order in itertools.permutations(day)]
    assert all(state == states[0] for state in states)
    assert (states[0].status, states[0].flags) == ("settled", [])


def test_times_of_day_order_a_day_when_all_are_known() -> None:
    day = [
        entry("case.reported", "2024-03-01T08:00:00+07:00"),
        entry("case.chosen", "2024-03-01T08:10:00+07:00", mediator="m"),
        entry("case.not-settled", "2024-03-01T09:00:00+07:00"),
        entry("case.reopened", "2024-03-01T14:00:00+07:00"),
        entry("case.settled", "2024-03-01T16:00:00+07:00"),
    ]
    state = fold_case(day)
    assert (state.status, state.flags) == ("settled", [])


def test_without_its_report_a_case_is_parked_and_nothing_is_lost() -> None:
    state = fold_case(LIFE[1:])
    assert (state.status, state.parked, state.entries) == ("parked", len(LIFE) - 1, len(LIFE) - 1)


def test_a_fact_against_the_order_is_accepted_and_flagged_with_the_article() -> None:
    state = fold_case([LIFE[0], entry("case.settled", "2024-03-02")])
    assert state.status == "settled"
    flag = next(flag for flag in state.flags if flag.code == "out_of_order")
    assert "Điều 23" in flag.article


def test_what_ended_stays_ended_until_it_is_reopened() -> None:
    state = fold_case([*LIFE[:4], entry("case.settled", "2024-03-12")])
    assert state.status == "not_settled"
    assert "out_of_order" in {flag.code for flag in state.flags}


@pytest.mark.parametrize(("start", "late"), [("2024-03-05", False), ("2024-03-06", True)])
def test_mediation_starts_within_three_calendar_days_of_assignment(start: str, late: bool) -> None:
    assigned = [LIFE[0], entry("case.assigned", "2024-03-02", mediator="m"), entry("case.mediation-held", start)]
    assert ("started_late" in codes(assigned)) is late


def test_the_three_days_do_not_run_where_the_parties_chose_or_agreed_otherwise() -> None:
    held = entry("case.mediation-held", "2024-03-20")
    assert "started_late" not in codes([LIFE[0], entry("case.chosen", "2024-03-02", mediator="m"), held])
    agreed = entry("case.assigned", "2024-03-02", mediator="m", start_agreed_on="2024-03-20")
    assert "started_late" not in codes([LIFE[0], agreed, held])


@pytest.mark.parametrize(("asked", "late"), [("2025-02-28", False), ("2025-03-01", True)])
def test_six_months_from_the_31st_of_august_end_with_february(asked: str, late: bool) -> None:
    life = [
        entry("case.reported", "2024-08-20"), entry("case.chosen", "2024-08-21", mediator="m"),
        entry("case.settled", "2024-08-31"), entry("case.court-recognition-asked", asked),
    ]
    assert ("court_asked_late" in codes(life)) is late
    assert fold_case(life).court == "asked"


def test_a_register_written_up_weeks_later_is_accepted_and_flagged() -> None:
    state = fold_case([entry("case.reported", "2024-03-01", time="2024-04-15")])
    assert [(flag.code, flag.days) for flag in state.flags] == [("written_up_late", 45)]
    assert state.logged_on == "2024-04-15"


def test_a_broken_agreement_leaves_the_case_settled() -> None:
    state = fold_case([*LIFE[:3], entry("case.settled", "2024-03-10"), entry("case.agreement-broken", "2024-05-01")])
    assert (state.status, state.performance) == ("settled", "broken")


def test_a_linked_case_names_the_one_that_counts() -> None:
    state = fold_case([*LIFE, entry("case.linked", "2024-03-02", primary="case://other.example/9")])
    assert state.linked_to == record_id("case://other.example/9")


def test_a_recorded_case_equals_the_life_that_it_tells() -> None:
    told = entry(
        "case.recorded", "2024-03-10", team="Tổ hòa giải số 5", dispute="civil", ground="party_request",
        received_on="2024-03-01", assigned_on="2024-03-02", started_on="2024-03-04", mediator="hgv-7", outcome="settled",
        invited=2, performance="fulfilled",
    )
    step_by_step = fold_case([
        entry("case.reported", "2024-03-01"), entry("case.assigned", "2024-03-02", mediator="hgv-7"),
        entry("case.mediation-held", "2024-03-04", invited=2), entry("case.settled", "2024-03-10"),
        entry("case.agreement-fulfilled", "2024-03-10"),
    ])
    state = fold_case([told])
    for name in ("status", "received_on", "assigned_on", "started_on", "ended_on", "mediator", "invited", "performance", "flags"):
        assert getattr(state, name) == getattr(step_by_step, name), name
    assert state.history == step_by_step.history


def test_a_correction_replaces_and_a_withdrawal_removes() -> None:
    wrong = entry("case.settled", "2024-03-12")
    right = corrected(wrong, entry("case.not-settled", "2024-03-11"), "c1", "2024-03-20")
    assert fold([*LIFE[:3], wrong, right]).case == fold([right, wrong, *LIFE[:3]]).case
    case = fold([*LIFE[:3], wrong, right]).case
    assert case is not None and (case.status, case.ended_on) == ("not_settled", "2024-03-11")
    gone = fold([*LIFE[:3], wrong, withdrawn(wrong, "w1", "2024-03-20")]).case
    assert gone is not None and gone.status == "mediating"


def test_of_two_corrections_the_one_written_later_stands() -> None:
    wrong = entry("case.settled", "2024-03-12")
    first = corrected(wrong, entry("case.settled", "2024-03-13"), "c1", "2024-03-20")
    second = corrected(wrong, entry("case.settled", "2024-03-14"), "c2", "2024-03-21")
    for order in itertools.permutations([wrong, first, second]):
        assert live(order).entries[0].on == "2024-03-14"


def test_a_withdrawal_can_itself_be_withdrawn() -> None:
    fact = LIFE[0]
    first = withdrawn(fact, "w1", "2024-03-20")
    second = withdrawn(first, "w2", "2024-03-21")
    for order in itertools.permutations([fact, first, second]):
        assert live(order).entries == (fact,)


def test_two_withdrawals_that_name_each_other_do_not_hang() -> None:
    fact = LIFE[0]
    first = withdrawn(fact, "w1", "2024-03-20")
    second = withdrawn(first, "w2", "2024-03-21")
    circle = withdrawn(second, "w1", "2024-03-20")
    assert live([fact, circle, second]).parked == 0


def test_a_correction_whose_target_has_not_come_is_parked() -> None:
    missing = entry("case.settled", "2024-03-12")
    right = corrected(missing, entry("case.not-settled", "2024-03-11"), "c1", "2024-03-20")
    record = fold([*LIFE[:3], right])
    assert record.parked == 1
    assert record.case is not None and record.case.status == "mediating"


def test_facts_of_other_families_on_a_case_are_told_to_their_own_subscribers() -> None:
    asked = entry("coordination.requested", "2024-03-03", team="Tổ 5", agency="Hội Phụ nữ", ext={"x": 1})
    record = fold([*LIFE, asked])
    assert record.case == fold(LIFE).case
    assert record.activity is not None and [e.type for e in record.activity] == ["coordination.requested"]
    assert "ext" not in record.activity[0].data


def test_the_state_table_knows_every_case_event_and_quotes_a_source_for_each() -> None:
    (life,) = case_law().tables
    events = {name.removeprefix("vn.namtot.").removesuffix(".v1") for name, t in TYPES.items() if t.family == "case"}
    assert events - {"case.recorded"} == set(life.steps)
    assert all("Điều" in step.cite or "Thông tri" in step.cite for step in life.steps.values())
