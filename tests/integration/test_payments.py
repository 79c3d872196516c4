"""Claims for payment on a real MongoDB: from the request to the payment, what bars a decision, what may still be asked for."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from services.evaluation import queries
from services.evaluation.queries import Asked, UnknownPayment
from services.evaluation.rules import shipped
from services.evaluation.store import Db
from services.evaluation.store.links import linked_to
from services.evaluation.store.payments import naming
from shared.contracts import When, record_id
from shared.contracts.outgoing import Place, RecordChanged, RecordEntry, TeamPlace
from shared.papers import KINDS
from shared.papers.render import read, render
from tests.integration.test_evaluation_store import World
from tests.unit.evaluation.told import SOURCE, UNIT, case, code, subject_of, team
from tests.unit.papers.reading import text_of

ONE, TWO = "Tổ hòa giải 1", "Tổ hòa giải 2"


@pytest.fixture
def ward(db: Db) -> World:
    world = World(db)
    world.teams(team(1), team(2), team(3))
    world.take(
        case(1), case(2, "not_settled"), case(3, "mediating"), case(4, place=Place(source=SOURCE, team=TWO)),
        case(5, linked_to=subject_of(1)),
    )
    return world


def claim(name: str, *papers: tuple[str, str, dict[str, Any]], who: str = ONE, n: int = 1) -> RecordChanged:
    subject = f"{SOURCE}/chi/{name}"
    return RecordChanged(record=record_id(subject), subject=subject, n=n, entries=[
        RecordEntry(
            entry=record_id(f"{subject}/{type}/{on}"), source=SOURCE, id=f"{name}-{type}", type=f"payment.{type}", on=When(on),
            time=When(on), data={"on": on, "team": who, **data},
        )
        for type, on, data in papers
    ])


def asked(*numbers: int, on: str = "2024-03-25", amount: int = 400_000) -> tuple[str, str, dict[str, Any]]:
    return "requested", on, {"purpose": "case", "amount": amount, "cases": [subject_of(n) for n in numbers]}


def decided(on: str = "2024-03-28", amount: int = 400_000) -> tuple[str, str, dict[str, Any]]:
    return "decided", on, {"amount": amount, "number": "12/QĐ-UBND"}


def shown(world: World, **more: Any) -> dict[str, dict[str, Any]]:
    found = queries.payments(world.db, world.replica, UNIT, more.get("year"), more.get("state"), world.today)
    return {item["id"]: item for item in found["items"]}


def of(world: World, name: str) -> dict[str, Any]:
    return queries.payment(world.db, world.replica, record_id(f"{SOURCE}/chi/{name}"), None, world.today)


def codes(listed: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in listed]


def test_a_claim_is_listed_and_shown_with_its_papers_and_cases(ward: World) -> None:
    ward.take(claim("a", asked(1), decided(), ("paid", "2024-03-29", {"amount": 400_000})), claim("b", asked(2, amount=300_000)))
    listed = shown(ward)
    assert sorted(one["state"] for one in listed.values()) == ["paid", "requested"]
    assert {one["state"] for one in shown(ward, state="paid").values()} == {"paid"} and shown(ward, year=2023) == {}
    at = of(ward, "a")
    assert (at["number"], at["ceiling"], at["paid"], at["flags"]) == ("12/QĐ-UBND", 400_000, 400_000, [])
    assert [paper["type"] for paper in at["papers"]] == ["payment.requested", "payment.decided", "payment.paid"]
    assert at["case_lines"] == [{
        "case": record_id(subject_of(1)), "subject": subject_of(1), "received_on": "2024-03-04", "ended_on": "2024-03-20",
        "status": "settled",
    }]
    waiting = of(ward, "b")
    assert (waiting["due"], waiting["overdue"], codes(waiting["flags"])) == ("2024-04-01", True, ["overdue"])


def test_what_bars_a_decision_is_seen_across_teams_records_and_links(ward: World) -> None:
    ward.take(
        claim("a", asked(1), decided()),
        # the same quarrel, reported under another number
        claim("lien-ket", asked(5, on="2024-04-01"), decided("2024-04-02")),
        claim("chua-xong", asked(3, amount=300_000), decided(amount=300_000)),
        claim("to-khac", asked(1), decided("2024-04-03"), who=TWO),
        claim("qua-muc", asked(2), decided()),
    )
    assert of(ward, "a")["state"] == "decided"
    for name, expected in (
        ("lien-ket", {"case_paid"}), ("chua-xong", {"case_open"}), ("to-khac", {"case_paid", "other_team"}),
        ("qua-muc", {"above_max"}),
    ):
        at = of(ward, name)
        assert (at["state"], set(codes(at["refused"]))) == ("requested", expected), name
        assert [paper["refused"] for paper in at["papers"]] == [False, True]


def test_a_case_of_a_team_that_was_merged_away_is_paid_to_its_heir(ward: World) -> None:
    ward.teams(team(1, 2, ended_on=When("2024-06-01"), merged_into=code(3)))
    ward.take(claim("a", asked(1, on="2024-06-10"), decided("2024-06-11"), who="Tổ hòa giải 3"))
    assert of(ward, "a")["state"] == "decided"


def test_a_quarrel_that_two_teams_wrote_down_is_neithers_alone_and_is_paid_once(ward: World) -> None:
    joint = case(7)
    joint = msgspec.structs.replace(joint, state=msgspec.structs.replace(joint.state, other_teams=[TWO]))
    ward.take(
        case(6, place=Place(source=SOURCE, team=TWO), linked_to=subject_of(1)), joint,
        claim("hai", asked(6), decided(), who=TWO), claim("chung", asked(7), decided(), who=TWO),
        claim("mot", asked(1, on="2024-04-01"), decided("2024-04-02")),
    )
    assert (of(ward, "hai")["state"], of(ward, "chung")["state"]) == ("decided", "decided")
    assert codes(of(ward, "mot")["refused"]) == ["case_paid"]


def check(world: World, type: str, subject: str, **data: Any) -> dict[str, Any]:
    return queries.check(Asked(
        db=world.db, replica=world.replica, schemes=shipped(), default="hanoi-v2", type=type, data=data, subject=subject,
        source=SOURCE, now=world.now, today=world.today,
    ))


def test_check_answers_beforehand(ward: World) -> None:
    ward.take(claim("a", asked(1), decided()), claim("b", asked(5, on="2024-04-01")))
    answer = check(ward, "payment.decided", f"{SOURCE}/chi/b", team=ONE, amount=400_000, on="2024-04-02")
    assert not answer["allowed"] and codes(answer["refusals"]) == ["case_paid"]
    ward.take(claim("c", asked(2, on="2024-04-01", amount=300_000)))
    answer = check(ward, "payment.decided", f"{SOURCE}/chi/c", team=ONE, amount=300_001, on="2024-04-20")
    assert [(one["code"], one["field"]) for one in answer["refusals"]] == [("above_max", "amount")]
    answer = check(ward, "payment.decided", f"{SOURCE}/chi/c", team=ONE, amount=300_000, on="2024-04-20")
    assert answer["allowed"] and [(one["code"], one["field"]) for one in answer["flags"]] == [("decided_late", "on")]
    # what happened is taken, whatever it was
    assert check(ward, "payment.paid", f"{SOURCE}/chi/b", team=ONE, amount=400_000, on="2024-04-02")["allowed"]


def test_what_may_be_asked_for_is_proposed_and_the_proposal_is_good(ward: World) -> None:
    ward.take(claim("a", asked(1)))
    found = queries.payment_proposals(ward.db, ward.replica, UNIT, 2024, ward.today)
    teams = {one["team"]: one for one in found["teams"]}
    assert [(one["case"], one["amount"], one["basis"]) for one in teams[code(1)]["items"] if one["case"]] == [
        (record_id(subject_of(2)), 300_000, "maximum"),
    ]
    assert len([one for one in teams[code(3)]["items"] if one["month"]]) == 12
    cases, *months = teams[code(1)]["requests"]
    assert (cases["cases"], cases["amount"]) == ([subject_of(2)], 300_000) and len(months) == 12
    for request in (cases, months[0]):
        assert check(ward, "payment.requested", f"{SOURCE}/chi/moi", **request)["allowed"]
    assert found["amount"] == sum(one["amount"] for one in found["teams"])


def test_after_a_reorganisation_whoever_is_there_today_is_proposed_to(ward: World) -> None:
    there = "00119"
    ward.teams(
        team(1, 2, ended_on=When("2024-06-01"), merged_into=code(3)),
        team(2, 2, places=[
            TeamPlace(unit=UNIT, group="TDP số 2", valid_from=When("2010-01-01"), valid_to=When("2025-01-01")),
            TeamPlace(unit=there, group="TDP số 2", valid_from=When("2025-01-01")),
        ]),
    )
    assert ward.today.year >= 2025

    def proposed(unit: str) -> dict[str, dict[str, Any]]:
        found = queries.payment_proposals(ward.db, ward.replica, unit, 2024, ward.today)
        return {one["team"]: one for one in found["teams"]}

    here = proposed(UNIT)
    assert set(here) == {code(3)}
    assert {one["case"] for one in here[code(3)]["items"] if one["case"]} == {record_id(subject_of(1)), record_id(subject_of(2))}
    assert check(ward, "payment.requested", f"{SOURCE}/chi/moi", **here[code(3)]["requests"][0])["allowed"]
    moved = proposed(there)
    assert set(moved) == {code(2)} and [one["case"] for one in moved[code(2)]["items"] if one["case"]]


def test_an_unknown_claim_is_said_to_be_unknown(ward: World) -> None:
    for id in ("", "khong-co", "0" * 32, "z"):
        with pytest.raises(UnknownPayment, match="payment list"):
            queries.payment(ward.db, ward.replica, id, None, ward.today)


def month(on: str, of: str = "2024-01") -> tuple[str, str, dict[str, Any]]:
    return "requested", on, {"purpose": "monthly", "amount": 150_000, "month": of}


def test_a_months_support_is_not_paid_twice_wherever_it_is_looked_at(ward: World) -> None:
    ward.take(
        claim("thang", month("2024-02-01"), decided("2024-02-02", 150_000)),
        claim("thang-nua", month("2024-02-05"), decided("2024-02-06", 150_000)),
    )
    again = record_id(f"{SOURCE}/chi/thang-nua")
    assert shown(ward)[again] == {key: value for key, value in of(ward, "thang-nua").items() if key in shown(ward)[again]}
    assert codes(of(ward, "thang-nua")["refused"]) == ["month_paid"]
    assert paper(ward, "payment-decision", "thang-nua") is None, "no draft invites to pay twice"
    assert paper(ward, "payment-decision", "thang") is not None


def test_a_beginning_that_several_records_have_names_none_of_them_whatever_the_team(ward: World) -> None:
    found: dict[str, str] = {}
    alike = ""
    names = [f"n{n}" for n in range(17)]
    for name in names:
        first = record_id(f"{SOURCE}/chi/{name}")[0]
        if first in found:
            alike = first
        found[first] = name
    ward.take(*(claim(name, month("2024-02-01"), who=(ONE, TWO)[at % 2]) for at, name in enumerate(names)))
    for who in (None, code(1), code(2)):
        with pytest.raises(UnknownPayment, match="several"):
            queries.payment(ward.db, ward.replica, alike, who, ward.today)


def test_a_state_that_there_is_not_is_said_to_be_unknown(ward: World) -> None:
    with pytest.raises(queries.BadQuestion, match=r"state: 'bogus'.*decided"):
        shown(ward, state="bogus")


def test_claims_by_the_cases_that_they_name_are_found_by_their_index(ward: World) -> None:
    ward.take(claim("a", asked(1)))
    plan = ward.db["activities"].find(naming([subject_of(1), subject_of(2)])).explain()["queryPlanner"]["winningPlan"]
    assert "entries.data.cases_1" in str(plan) and "COLLSCAN" not in str(plan)
    plan = ward.db["cases"].find(linked_to([record_id(subject_of(1))])).explain()["queryPlanner"]["winningPlan"]
    assert "linked_to_1" in str(plan) and "COLLSCAN" not in str(plan), "links are followed for every figure and every verdict"


# -- papers, and who has what in hand

def paper(world: World, kind: str, name: str) -> dict[str, Any] | None:
    desk = queries.Desk(db=world.db, schemes=shipped(), default="hanoi-v2", replica=world.replica, today=world.today)
    data = queries.papers_data(desk, kind, payment=record_id(f"{SOURCE}/chi/{name}"))
    found: dict[str, Any] | None = json.loads(json.dumps(data))
    if found is not None:
        read(KINDS[kind], found)
    return found


def test_the_dossier_lists_cases_by_number_and_no_party(ward: World) -> None:
    ward.take(
        claim("a", asked(1, 2, amount=700_000), decided(amount=700_000)),
        claim("b", asked(2), ("refused", "2024-03-29", {"reason": "Vượt mức tối đa"})),
        claim("c", asked(4, amount=100_000), who=TWO),
    )
    wanted = paper(ward, "payment-request", "a")
    assert wanted is not None and (wanted["amount"], wanted["items"], wanted["unit_name"]) == (700_000, 2, "Bồ Đề")
    assert sorted((line["item"], line["outcome"], line["amount"]) for line in wanted["lines"]) == sorted([
        (f"Vụ việc {record_id(subject_of(1))[:8]}", "Hòa giải thành", 400_000),
        (f"Vụ việc {record_id(subject_of(2))[:8]}", "Hòa giải không thành", 300_000),
    ])
    order = paper(ward, "payment-decision", "a")
    assert order is not None and (order["number"], order["dated"], order["pay_by"]) == ("12/QĐ-UBND", "2024-03-28", "2024-03-31")
    assert order["grounds"][-1] == "Thông tư số 56/2023/TT-BTC" and paper(ward, "payment-refusal", "a") is None
    printed = text_of(render(KINDS["payment-decision"], order))
    assert "Bảy trăm nghìn đồng" in printed and record_id(subject_of(1))[:8] in printed
    refusal = paper(ward, "payment-refusal", "b")
    assert refusal is not None and refusal["reason"] == "Vượt mức tối đa" and paper(ward, "payment-decision", "b") is None
    ward.take(claim("qua-muc", asked(4, amount=400_001, on="2024-05-01"), who=TWO), claim("lai", asked(1, on="2024-05-02")))
    above = paper(ward, "payment-decision", "qua-muc")
    assert above is not None and "amount" not in above and paper(ward, "payment-decision", "lai") is None
    # an amount that the known rates do not come to is not spread over the lines
    drafted = paper(ward, "payment-decision", "c")
    assert drafted is not None and drafted["amount"] == 100_000 and "amount" not in drafted["lines"][0]
    assert "number" not in drafted and "pay_by" not in drafted


def test_a_decision_is_printed_with_what_it_is_about_whatever_was_asked_for_later(ward: World) -> None:
    ward.take(claim("them", asked(1), decided(), asked(2, on="2024-06-01", amount=300_000)))
    order = paper(ward, "payment-decision", "them")
    assert order is not None and (order["amount"], order["items"]) == (400_000, 1)
    assert [line["item"] for line in order["lines"]] == [f"Vụ việc {record_id(subject_of(1))[:8]}"]
    assert "after_decision" in codes(of(ward, "them")["flags"])


def test_workload_of_a_team_and_of_a_unit(ward: World) -> None:
    found = queries.workloads(ward.db, ward.replica, UNIT, None, 2024, ward.today)
    assert [one["team"] for one in found["teams"]] == [code(1), code(2), code(3)]
    assert (found["teams"][0]["unassigned"], found["teams"][0]["mediators"][0]["ref"]) == (1, "m1")
    one = queries.workloads(ward.db, ward.replica, None, ONE, 2024, ward.today)
    assert one["teams"] == [found["teams"][0]] and (one["from"], one["to"]) == ("2024-01-01", "2024-12-31")
    with pytest.raises(queries.BadQuestion, match="one of the two"):
        queries.workloads(ward.db, ward.replica, None, None, 2024, ward.today)
    with pytest.raises(queries.BadQuestion, match="has not begun"):
        queries.workloads(ward.db, ward.replica, UNIT, None, 2199, ward.today)
