"""From what intake announces to facts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.evaluation.domain import facts as known
from services.evaluation.domain.facts import (
    Attestation,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Sheet,
    Training,
)
from services.evaluation.domain.reading import case_place, opening_days, places, read_activity, read_case, read_unit_steps, units
from shared.contracts import When, record_id
from shared.contracts.outgoing import CaseState, Place, RecordEntry, Session, Step

SOURCE = "https://phuong.example"
CODES = {(SOURCE, "Tổ 1"): "HG-1", (SOURCE, "Tổ 2"): "HG-2"}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def entry(type: str, on: str, source: str = SOURCE, **data: Any) -> RecordEntry:
    return RecordEntry(entry="e", source=source, id="i", type=type, on=When(on), time=When(on), data={"on": on, **data})


def test_a_case() -> None:
    state = CaseState(
        status="settled", place=Place(source=SOURCE, team="Tổ 1"), received_on=When("2024-03-05"),
        logged_on=When("2024-03-25T08:00:00+07:00"), assigned_on=When("2024-03-05T23:30:00+07:00"), invited=3,
        sessions=[Session(on=When("2024-03-06"), invited=2), Session(on=When("2024-03-08"))], ended_on=When("2024-03-08"),
        first_known_by="unit", linked_to="b",
        history=[
            Step(on=When("2024-03-05"), status="received", by="case.reported"),
            Step(on=When("2024-03-08T10:00:00+07:00"), status="settled", by="case.settled"),
        ],
    )
    case = read_case("a", state)
    assert case.received == day("2024-03-05")
    assert case.steps == ((day("2024-03-05"), "received"), (day("2024-03-08"), "settled"))
    assert case.assigned == day("2024-03-05")
    assert case.sessions == (day("2024-03-06"), day("2024-03-08"))
    assert case.invited == ((day("2024-03-06"), 2), (day("2024-03-08"), 1))
    assert (case.first_known_by, case.written_up, case.linked_to) == ("unit", day("2024-03-25"), "b")
    assert case_place(state) == (Place(source=SOURCE, team="Tổ 1"), When("2024-03-05"))


def test_a_case_chosen_by_the_parties_has_no_assignment() -> None:
    state = CaseState(status="chosen", assigned_on=When("2024-03-05"), chosen_by_parties=True)
    assert read_case("a", state).assigned is None


def test_a_parked_case_is_not_received_and_belongs_nowhere() -> None:
    state = CaseState(status="parked", received_on=When("2024-03-05"))
    assert read_case("a", state).received is None
    assert case_place(state) is None


def test_a_class_gathers_invitation_and_sheets() -> None:
    entries = [
        entry("training.convened", "2024-02-01", title="Luật", organiser="UBND", teams=["Tổ 1", "Tổ 2", "Tổ 9"],
              held_on="2024-03-10"),
        entry("training.attended", "2024-03-10", attendance=[{"team": "Tổ 1", "present": 2}, {"team": "Tổ 9", "present": 1}]),
        entry("training.attended", "2024-03-11", attendance=[{"team": "Tổ 1", "present": 1, "mediators": ["a", "b", "c"]}]),
    ]
    (training,) = read_activity("r", entries, CODES)
    assert training == Training(
        id="r", held=day("2024-03-10"), title="Luật", invited=frozenset({"HG-1", "HG-2"}),
        sheets={"HG-1": Sheet(3, frozenset({"a", "b", "c"}))},
    )
    assert read_activity("r", entries[::-1], CODES) == [training]


def test_a_sheet_without_invitation_is_a_class_on_its_day() -> None:
    sheet = entry("training.attended", "2024-03-10", attendance=[{"team": "Tổ 1", "present": 0}])
    (training,) = read_activity("r", [sheet], CODES)
    assert training == Training(id="r", held=day("2024-03-10"), sheets={"HG-1": Sheet(0)})


def test_a_payment_gathers_its_life() -> None:
    uri = "https://phuong.example/vu-viec/1"
    (payment,) = read_activity("r", [
        entry("payment.requested", "2024-03-25", team="Tổ 1", purpose="case", amount=400_000, cases=[uri], complete=False),
        entry("payment.requested", "2024-03-27", team="Tổ 1", purpose="case", amount=400_000, cases=[uri]),
        entry("payment.decided", "2024-03-28", team="Tổ 1", amount=400_000),
        entry("payment.paid", "2024-03-29", team="Tổ 1", amount=400_000),
        entry("payment.paid", "2024-03-29", team="Tổ khác", amount=1),
    ], CODES)
    assert isinstance(payment, Payment)
    assert [r.complete for r in payment.requests] == [False, True]
    assert payment.requests[0].cases == {record_id(uri)}
    assert payment.decided == ((day("2024-03-28"), 400_000),)
    assert payment.paid == ((day("2024-03-29"), 400_000),)


def test_the_other_activities() -> None:
    period = {"period_from": "2023-11-01", "period_to": "2024-10-31"}
    facts = [fact for entries in (
        [entry("documents.distributed", "2024-01-10", title="Sổ tay", teams=["Tổ 1", "Tổ 9"])],
        [entry("meeting.held", "2024-06-10", team="Tổ 1", kind="half_year")],
        [entry("coordination.requested", "2024-01-10", team="Tổ 1", agency="Công an"),
         entry("coordination.answered", "2024-01-12", team="Tổ 1", agency="Công an")],
        [entry("attestation.given", "2024-11-01", team="Tổ 1", matter="coordination", by_role="front_committee", positive=True,
               paper={"kind": "letter", "number": "12/XN"}, **period)],
        [entry("period.declared", "2024-11-01", team="Tổ 1", **period)],
    ) for fact in read_activity("r", entries, CODES)]
    assert [type(f) for f in facts] == [Delivery, Meeting, Coordination, Attestation, Declaration]
    delivery, meeting, coordination, attestation, declaration = facts
    assert isinstance(delivery, Delivery) and delivery.teams == {"HG-1"}
    assert isinstance(meeting, Meeting) and meeting.team == "HG-1"
    assert isinstance(coordination, Coordination) and coordination.answered == day("2024-01-12")
    assert isinstance(attestation, Attestation) and attestation.paper == "12/XN"
    assert isinstance(declaration, Declaration) and declaration.period.days == 366


def test_a_team_without_a_code_has_no_facts() -> None:
    assert read_activity("r", [entry("meeting.held", "2024-06-10", team="Tổ 9", kind="half_year")], CODES) == []
    assert read_activity("r", [entry("meeting.held", "2024-06-10", source="urn:other", team="Tổ 1", kind="year")], CODES) == []


def test_several_activities_under_one_subject_are_all_read() -> None:
    facts = read_activity("r", [
        entry("meeting.held", "2024-06-10", team="Tổ 1", kind="half_year"),
        entry("period.declared", "2024-11-01", team="Tổ 1", period_from="2023-11-01", period_to="2024-10-31"),
        entry("meeting.held", "2024-06-11", team="Tổ 2", kind="half_year"),
    ], CODES)
    assert sorted(type(f).__name__ for f in facts) == ["Declaration", "Meeting", "Meeting"]


def test_places_are_all_teams_named_once() -> None:
    entries = [
        entry("training.convened", "2024-02-01", title="x", organiser="x", teams=["Tổ 1", "Tổ 2"], held_on="2024-03-10"),
        entry("training.attended", "2024-03-10", attendance=[{"team": "Tổ 2", "present": 2}]),
    ]
    assert [(p.team, on) for p, on in places(entries)] == [("Tổ 1", "2024-02-01"), ("Tổ 2", "2024-02-01")]
    situation = entry("situation.noted", "2024-02-01", unit="00118", group="TDP 5", topic="noise")
    assert places([situation]) == [(Place(source=SOURCE, unit="00118", group="TDP 5"), When("2024-02-01"))]


def test_what_opens_a_year() -> None:
    period = {"period_from": "2023-11-01", "period_to": "2024-10-31"}
    opening = {
        "training.convened": ({"held_on": "2024-03-10"}, {day("2024-03-10")}),
        "documents.distributed": ({}, {day("2024-11-05")}),
        "period.declared": (period, {day("2023-11-01")}),
        "attestation.given": (period, {day("2023-11-01")}),
        "payment.paid": ({}, set()),
        "coordination.answered": ({}, set()),
    }
    for type, (data, expected) in opening.items():
        assert opening_days([entry(type, "2024-11-05", **data)]) == expected, type
    # the yearly meeting comes after the year it looks back on
    assert opening_days([entry("meeting.held", "2024-11-14", kind="year")]) == {day("2024-10-15")}
    assert opening_days([entry("meeting.held", "2024-06-14", kind="half_year")]) == {day("2024-06-14")}
    assert opening_days([entry("payment.requested", "2024-11-04", month="2024-10")]) == {day("2024-10-01")}
    assert opening_days([entry("payment.requested", "2024-11-04", purpose="case")]) == set()


def test_a_decision_about_many_teams_is_a_step_of_each() -> None:
    decided = entry(
        "recognition.decided", "2024-12-10", unit="00118", year=2024, number="412/QĐ-UBND", signed_by="commune_chair",
        recognised=["Tổ 1"], declined=[{"team": "Tổ 2", "reason": "x"}, {"team": "Tổ 9", "reason": "x"}],
    )
    steps = read_activity("r", [decided], CODES)
    assert [(s.team, s.type) for s in steps if isinstance(s, known.Step)] == [
        ("HG-1", "recognition.decided"), ("HG-2", "recognition.decided"),
    ]
    assert [p.team for p, _ in places([decided])] == ["Tổ 1", "Tổ 2", "Tổ 9"]
    assert all(p.unit is None for p, _ in places([decided]))


def test_a_team_that_assesses_itself_meets() -> None:
    assessed = entry(
        "recognition.self-assessed", "2024-11-10", team="Tổ 1", year=2024, members=6, present=5, agreed=4, all_met=True
    )
    step, meeting = read_activity("r", [assessed], CODES)
    assert isinstance(step, known.Step) and step.data["agreed"] == 4
    assert isinstance(meeting, Meeting) and (meeting.kind, meeting.on) == ("self_assessment", day("2024-11-10"))
    # its day lies after the window of the year that it is about
    assert opening_days([assessed]) == {day("2024-06-30")}


def test_what_a_unit_decides_is_no_place_of_its_own() -> None:
    chosen = entry("evaluation.scheme-chosen", "2024-02-10", unit="00118", year=2024, scheme="hanoi-v2")
    closed = entry("evaluation.closed", "2024-12-15", unit="00121", year=2024)
    assert places([chosen, closed]) == [] and read_activity("r", [chosen, closed], CODES) == []
    assert units([chosen, closed]) == {"00118", "00121"}
    assert [(s.type, s.unit) for s in read_unit_steps("r", [chosen, closed])] == [
        ("evaluation.scheme-chosen", "00118"), ("evaluation.closed", "00121"),
    ]
