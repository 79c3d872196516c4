"""The life of a case by law: scope, choice, recusal, pauses, danger, settlement, court, obstacles, links; and that nothing a
sender can send makes the fold raise."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.case import fold_case
from services.intake.domain.entries import Entry
from services.intake.domain.record import fold
from shared.contracts import from_builtins, record_id, to_builtins
from shared.contracts.outgoing import CaseState
from tests.unit.intake.cases import corrected, entry, withdrawn

REPORTED = entry("case.reported", "2024-03-01")
ASSIGNED = entry("case.assigned", "2024-03-02", mediator="m")
HELD = entry("case.mediation-held", "2024-03-04")


def codes(*entries: Entry) -> set[str]:
    return {flag.code for flag in fold_case(entries).flags}


def due(*entries: Entry) -> dict[str, str]:
    return {one.code: str(one.last_day) for one in fold_case(entries).due}


def test_a_case_given_back_by_the_authority_goes_on_where_it_stood() -> None:
    case = fold_case([
        REPORTED, ASSIGNED, entry("case.scope-review", "2024-03-03"),
        entry("case.out-of-scope", "2024-03-04", reason="x", reason_code="offence", authority="Công an"),
        entry("case.referred", "2024-03-05", to="Công an phường"),
        entry("case.referral-answered", "2024-03-08", answer="returned"), entry("case.in-scope", "2024-03-09"),
    ])
    assert [step.status for step in case.history] == [
        "received", "assigned", "scope_review", "out_of_scope", "referred", "assigned"
    ]
    assert (case.flags, case.ended_on, case.scope and case.scope.answer, case.scope and case.scope.referral) == (
        [], None, "in_scope", "returned"
    )
    referred = fold_case([REPORTED, entry("case.referred", "2024-03-05", to="x", reason_code="offence")])
    assert referred.scope is not None and (referred.scope.answer, referred.scope.reason_code) == ("referred", "offence")


def test_a_paused_case_goes_on_where_it_stood_and_no_days_run_meanwhile() -> None:
    paused = [REPORTED, ASSIGNED, HELD, entry("case.paused", "2024-03-05", reason_code="papers_awaited")]
    assert (fold_case(paused).status, fold_case(paused).paused) == ("paused", True)
    resumed = fold_case([*paused, entry("case.resumed", "2024-03-20")])
    assert (resumed.status, resumed.paused, resumed.flags) == ("mediating", False, [])
    before_start = entry("case.paused", "2024-03-03", reason_code="party_asks")
    assert due(REPORTED, ASSIGNED) == {"start": "2024-03-05"}
    assert due(REPORTED, ASSIGNED, before_start) == {}
    assert "out_of_order" in codes(REPORTED, entry("case.resumed", "2024-03-20"))


def test_a_replacement_begins_three_days_of_its_own_and_is_credited() -> None:
    recused = entry("case.recused", "2024-03-03", mediator="m", reason_code="kinship")
    gone = fold_case([REPORTED, ASSIGNED, recused])
    assert (gone.mediator, gone.due, [r.mediator for r in gone.recusals]) == (None, [], ["m"])
    replaced = [REPORTED, ASSIGNED, recused, entry("case.assigned", "2024-03-10", mediator="n")]
    assert due(*replaced) == {"start": "2024-03-13"}
    assert fold_case(replaced).mediator == "n"
    assert codes(*replaced, entry("case.mediation-held", "2024-03-13")) == set()
    assert codes(*replaced, entry("case.mediation-held", "2024-03-14")) == {"started_late"}


def test_what_a_recusal_forbids_is_flagged() -> None:
    recused = entry("case.recused", "2024-03-03", mediator="m", reason_code="own_interest")
    assert "no_replacement" in codes(REPORTED, ASSIGNED, recused, HELD)
    assert "recused_again" in codes(REPORTED, ASSIGNED, recused, entry("case.chosen", "2024-03-04", mediator="m"))
    assert "recused_other" in codes(REPORTED, ASSIGNED, entry("case.recused", "2024-03-03", mediator="x", reason_code="other"))


def test_a_last_day_at_tet_rolls_over_and_the_courts_working_days_skip_it() -> None:
    # Tết 2024: 08/02 to 14/02
    reported, assigned = entry("case.reported", "2024-02-05"), entry("case.assigned", "2024-02-06", mediator="m")
    assert due(reported, assigned) == {"start": "2024-02-15"}
    assert codes(reported, assigned, entry("case.mediation-held", "2024-02-15")) == set()
    late = fold_case([reported, assigned, entry("case.mediation-held", "2024-02-16")])
    assert [(flag.code, flag.days) for flag in late.flags] == [("started_late", 1)]
    settled = [reported, assigned, entry("case.mediation-held", "2024-02-06"), entry("case.settled", "2024-02-06")]
    inquired = [*settled, entry("case.court-recognition-asked", "2024-02-06"), entry("case.court-inquired", "2024-02-07")]
    assert due(*inquired)["court_answer"] == "2024-02-21"
    assert codes(*inquired, entry("case.court-answered", "2024-02-21")) == set()
    assert codes(*inquired, entry("case.court-answered", "2024-02-22")) == {"court_answered_late"}


def test_no_days_run_where_the_parties_agreed_on_one_before_or_after_the_assignment() -> None:
    held = entry("case.mediation-held", "2024-03-20")
    for on in ("2024-03-01", "2024-03-03"):
        terms = entry("case.terms-chosen", on, start_agreed_on="2024-03-20", visibility="private", venue="meeting_house")
        assert codes(REPORTED, terms, ASSIGNED, held) == set()
        assert due(REPORTED, terms, ASSIGNED) == {"start": "2024-03-20"}
        assert fold_case([REPORTED, terms, ASSIGNED]).visibility == "private"


def test_what_was_agreed_with_a_mediator_before_is_no_agreement_with_the_next() -> None:
    first = entry("case.assigned", "2024-03-02", mediator="m", start_agreed_on="2024-03-04")
    again = entry("case.assigned", "2024-03-06", mediator="n")
    case = fold_case([REPORTED, first, again])
    assert (case.start_agreed_on, [str(one.last_day) for one in case.due]) == (None, ["2024-03-11"])  # 09/03 is a Saturday


@pytest.mark.parametrize(("session", "flagged"), [
    ({}, True), ({"form": "joint"}, True), ({"form": "separate"}, False), ({"form": "joint", "victim_consented": True}, False),
])
def test_no_joint_session_after_domestic_violence_without_the_victims_consent(session: dict[str, Any], flagged: bool) -> None:
    held = entry("case.mediation-held", "2024-03-04", **session)
    danger = entry("case.danger-raised", "2024-03-03", urgent=["domestic_violence"], told=["team_leader"])
    at_once = entry("case.reported", "2024-03-01", urgent=["domestic_violence"])
    assert ("joint_session" in codes(REPORTED, ASSIGNED, danger, held)) is flagged
    assert ("joint_session" in codes(at_once, ASSIGNED, held)) is flagged
    other = entry("case.danger-raised", "2024-03-03", urgent=["disorder_risk"])
    assert "joint_session" not in codes(REPORTED, ASSIGNED, other, held)


def test_danger_is_told_at_once_and_stands_in_the_state() -> None:
    urgent = entry("case.reported", "2024-03-01", urgent=["violence_risk"])
    assert due(urgent) == {"tell_danger": "2024-03-01"}
    told = entry("case.danger-raised", "2024-03-02", urgent=["domestic_violence"], told=["commune_chairman"])
    case = fold_case([urgent, told])
    assert (case.due, case.urgent) == ([], ["domestic_violence", "violence_risk"])
    assert case.safety is not None and (case.safety.raised_on, case.safety.separate_only) == ("2024-03-01", True)


def test_what_the_written_settlement_lacks_is_named() -> None:
    settled = entry("case.settled", "2024-03-05", written=True, items=["signatures", "grounds", "parties", "case", "agreement"])
    case = fold_case([REPORTED, ASSIGNED, HELD, settled])
    assert case.settlement is not None
    assert case.settlement.items == ["grounds", "parties", "case", "agreement", "signatures"]
    assert case.settlement.missing == ["proceedings", "rights_duties", "performance"]
    assert [(flag.code, "Điều 24" in flag.article) for flag in case.flags] == [("settlement_incomplete", True)]


def test_an_agreement_hindered_by_force_majeure_gets_a_new_time_limit() -> None:
    settled = entry("case.settled", "2024-08-31", written=True, perform_by="2024-09-30")
    life = [entry("case.reported", "2024-08-29"), entry("case.chosen", "2024-08-30", mediator="m"), settled]
    assert due(*life) == {"performance": "2024-09-30", "court_recognition": "2025-02-28"}
    followed = entry("case.followed-up", "2024-09-15", result="force_majeure", perform_by="2024-12-31")
    assert due(*life, followed)["performance"] == "2024-12-31"
    broken = fold_case([*life, followed, entry("case.agreement-broken", "2025-01-02")])
    assert (broken.status, broken.performance) == ("settled", "broken")
    assert [one.result for one in broken.follow_ups] == ["force_majeure"]


def test_an_obstacle_is_raised_directed_resolved_with_its_days() -> None:
    raised = entry("case.obstacle-raised", "2024-03-04", obstacle="vm-1", kind="agency_silent", by_role="team_leader")
    directed = entry("case.obstacle-directed", "2024-03-06", obstacle="vm-1", by_role="commune_chairman", until="2024-03-10")
    resolved = entry("case.obstacle-resolved", "2024-03-09", obstacle="vm-1")
    (one,) = fold_case([REPORTED, resolved, raised, directed]).obstacles
    assert (one.raised_on, one.directed_on, one.directed_by, one.until, one.resolved_on, one.days) == (
        "2024-03-04", "2024-03-06", "commune_chairman", "2024-03-10", "2024-03-09", 5
    )
    assert codes(REPORTED, resolved) == {"obstacle_unknown"}


def test_a_case_across_units_is_placed_where_its_lead_team_is() -> None:
    lead = entry("case.lead-agreed", "2024-03-03", lead="Tổ 9", others=["Tổ hòa giải số 5"], source="https://khac.example/so")
    case = fold_case([REPORTED, lead])
    assert case.place is not None and (case.place.source, case.place.team) == ("https://khac.example/so", "Tổ 9")
    assert (case.lead_team, case.other_teams) == ("Tổ 9", ["Tổ hòa giải số 5"])


def test_a_case_reopened_years_later_keeps_its_first_day_and_says_when() -> None:
    case = fold_case([REPORTED, ASSIGNED, HELD, entry("case.not-settled", "2024-03-10"), entry("case.reopened", "2025-02-01")])
    assert (case.received_on, case.reopened_on, case.ended_on) == ("2024-03-01", ["2025-02-01"], None)


def test_a_link_is_taken_back_with_who_and_why() -> None:
    linked = entry("case.linked", "2024-03-02", primary="case://a/1")
    assert fold_case([REPORTED, linked]).linked_to == record_id("case://a/1")
    off = {"reason": "nhầm", "by": "cb/1"}
    assert fold_case([REPORTED, linked, entry("case.unlinked", "2024-03-03", **off)]).linked_to is None
    elsewhere = entry("case.unlinked", "2024-03-03", primary="case://a/2", **off)
    assert fold_case([REPORTED, linked, elsewhere]).linked_to == record_id("case://a/1")


DAYS = ["2024-02-28", "2024-03-01", "2024-03-01T09:00:00+07:00", "2024-03-04", "2024-03-31", "2025-01-02"]
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("case.reported", {"urgent": ["domestic_violence"]}), ("case.reported", {}), ("case.scope-review", {}), ("case.in-scope", {}),
    ("case.out-of-scope", {"reason": "x"}), ("case.referred", {"to": "x"}), ("case.referral-answered", {"answer": "returned"}),
    ("case.lead-agreed", {"lead": "A", "others": ["B"]}), ("case.danger-raised", {"urgent": ["domestic_violence"]}),
    ("case.assigned", {"mediator": "m"}), ("case.chosen", {"mediator": "n"}),
    ("case.terms-chosen", {"start_agreed_on": "2024-03-02"}), ("case.recused", {"mediator": "m", "reason_code": "other"}),
    ("case.paused", {"reason_code": "other"}), ("case.resumed", {}), ("case.mediation-held", {"form": "joint"}),
    ("case.settled", {"written": True, "items": ["grounds"], "perform_by": "2024-04-01"}), ("case.not-settled", {}),
    ("case.ended-by-party", {}), ("case.followed-up", {"result": "force_majeure", "perform_by": "2024-05-01"}),
    ("case.agreement-broken", {}), ("case.court-recognition-asked", {}), ("case.court-inquired", {}), ("case.court-answered", {}),
    ("case.obstacle-raised", {"obstacle": "a", "kind": "other"}), ("case.obstacle-directed", {"obstacle": "a"}),
    ("case.obstacle-resolved", {"obstacle": "a"}), ("case.reopened", {}), ("case.linked", {"primary": "case://a/1"}),
    ("case.unlinked", {"reason": "x"}),
]


@st.composite
def lives(draw: st.DrawFn) -> list[Entry]:
    told = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(DAYS)), max_size=14))
    facts = [entry(kind, on, id=str(i), **data) for i, ((kind, data), on) in enumerate(told)]
    if facts and draw(st.booleans()):
        target, other = draw(st.sampled_from(facts)), draw(st.sampled_from(facts))
        facts += [corrected(target, other, "c", "2025-01-03"), withdrawn(other, "w", "2025-01-04")]
    return facts


@settings(max_examples=250, deadline=None)
@given(lives(), st.randoms(use_true_random=False))
def test_no_sequence_raises_and_any_order_with_duplicates_gives_the_same_case(life: list[Entry], chance: Any) -> None:
    record = fold(life)
    mixed = [*life, *life[:3]]
    chance.shuffle(mixed)
    assert fold(mixed) == record
    if record.case is not None:
        case = record.case
        assert from_builtins(to_builtins(case), CaseState) == case
        assert case.paused == (case.status == "paused")
        assert msgspec.json.encode(to_builtins(case))
