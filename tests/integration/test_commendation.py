"""Commendations on a real MongoDB, and through the services: from the proposal to the reward, held up, taken back, owed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from services.evaluation import gauges, queries
from services.evaluation.domain.facts import Step
from services.evaluation.rules import shipped
from services.evaluation.store import Db
from services.evaluation.store.commendations import COMMENDATIONS
from shared.contracts import When, record_id
from shared.contracts.outgoing import COMMENDATION_CHANGED, CaseChanged, Membership, Place, RecordChanged, RecordEntry
from shared.messaging.rpc import RpcClient
from tests.integration.test_evaluation_service import Wire
from tests.integration.test_evaluation_store import TODAY, World
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses, namtot
from tests.support.sending import Sender, event, sender
from tests.unit.evaluation.commendation.builders import appraised, closed, decided, opened, proposed, step, submitted, uri
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, full_year, team, unit

DEFAULT = "hanoi-v2"
A = record_id(uri("a"))


class Office(World):
    """Evaluation without its shell, asked as its shell asks."""

    def record(self, name: str, n: int, *steps: Step, who: int = 1) -> None:
        """All live entries of a record, about one team."""
        entries = [
            RecordEntry(
                entry=one.id, source=SOURCE, id=one.event_id, type=one.type, on=When(one.on.isoformat()), time=one.time,
                data={**one.data, "team": f"Tổ hòa giải {who}"},
            ) for one in steps
        ]
        self.take(RecordChanged(record=record_id(uri(name)), subject=uri(name), n=n, entries=entries))
        self.score()

    def recognise(self, *numbers: int, on: str = "2024-12-10") -> None:
        """By the whole of the procedure, in its order."""
        for number in numbers:
            who = f"Tổ hòa giải {number}"
            self.take(
                activity(f"tu-danh-gia/{number}", "recognition.self-assessed", "2024-11-08", team=who, year=2024, members=5,
                         present=5, agreed=5, all_met=True),
                activity(f"de-nghi/{number}", "recognition.requested", "2024-11-20", team=who, year=2024),
            )
        named = [f"Tổ hòa giải {number}" for number in numbers]
        self.take(
            activity("hop-xet", "recognition.reviewed", "2024-12-05", unit=UNIT, year=2024, chair="commune_leader",
                     front_present=True, results=[{"team": who, "recognise": True} for who in named]),
            activity("quyet-dinh", "recognition.decided", on, unit=UNIT, year=2024, number="9/QĐ-UBND",
                     signed_by="commune_chair", recognised=named),
        )
        self.score()

    def one(self, name: str = "a", today: dt.date = TODAY) -> dict[str, Any]:
        return queries.commendation(self.db, shipped(), DEFAULT, self.replica, record_id(uri(name)), today)

    def owed(self, unit: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = queries.owed(self.db, self.today, unit)["items"]
        return found

    def check(self, type: str, name: str = "a", **data: Any) -> dict[str, Any]:
        return queries.check(queries.Asked(
            db=self.db, replica=self.replica, schemes=shipped(), default=DEFAULT, type=type,
            data={"team": code(1), **data}, subject=uri(name), source="https://namtot.example/console", now=self.now,
            today=self.today,
        ))

    def told(self) -> list[tuple[str, str]]:
        heard: list[Any] = []
        COMMENDATIONS.announce(self.db, lambda events: heard.extend(events))
        assert all(type == COMMENDATION_CHANGED for type, _, _ in heard)
        return [(data.team, data.state) for _, _, data in heard]


@pytest.fixture
def office(db: Db) -> Office:
    office = Office(db)
    office.teams(team(1), team(2), team(3))
    office.take(case(1))
    office.score()
    return office


READY = (proposed(), submitted(), appraised())


def test_a_dossier_is_shown_with_its_steps_gates_and_what_is_next(office: Office) -> None:
    office.recognise(1)
    office.record("a", 3, *READY)
    found = office.one()
    assert (found["state"], found["team"], found["unit_name"], found["subject"], found["n"]) == (
        "appraised", code(1), "Bồ Đề", uri("a"), 3,
    )
    assert [s["type"].partition(".")[2] for s in found["steps"]] == ["proposed", "submitted", "appraised"]
    assert all(gate["passed"] for gate in found["gates"])
    assert {gate["code"] for gate in found["gates"]} >= {
        "same_achievement", "under_verification", "authority", "lower_award_first",
    }
    assert [n["code"] for n in found["next"]] == ["decide", "decline"]
    office.record("a", 4, *READY, decided(number="125/QĐ-UBND", ordinal=1))
    found = office.one()
    assert (found["state"], found["number"], found["amount"], found["amount_computed"]) == (
        "decided", "125/QĐ-UBND", 1_404_000, 1_404_000,
    )
    assert found["amount_how"]["vi"] == "0,6 × 2.340.000 đ = 1.404.000 đ"
    listed = queries.commendations(office.db, TODAY, unit=UNIT, year=2024)["items"]
    assert [(item["id"], item["state_words"]["vi"]) for item in listed] == [(A, "Đã quyết định khen thưởng")]
    assert queries.commendations(office.db, TODAY, state="paid")["items"] == []


def test_an_unknown_dossier_is_said_to_be_unknown(office: Office) -> None:
    with pytest.raises(queries.UnknownCommendation, match="commendation list"):
        office.one("nowhere")


def test_nobody_who_deserves_praise_is_forgotten(office: Office) -> None:
    office.recognise(1, 2)
    items = office.owed()
    assert [(item["team"], item["since"], item["days"]) for item in items] == [
        (who, "2024-12-10", 81) for who in sorted([code(1), code(2)])
    ]
    assert "Chờ khen 81 ngày" in items[0]["vi"]
    assert office.owed("99999") == []
    office.record("a", 4, *READY, decided())
    assert [item["team"] for item in office.owed(UNIT)] == [code(2)]
    (timing,) = queries.timeliness(office.db, 2024, TODAY)
    assert (timing["unit"], timing["n"], timing["median"], timing["owed"], timing["longest_wait"]) == (UNIT, 1, 8, 1, 81)
    assert timing["from_result"]["median"] == 48
    assert queries.timeliness(office.db, 2024, TODAY, whole=True)[0]["n"] == 1
    # what is under way is owed still, and says so
    office.record("b", 1, proposed("b"), who=2)
    (item,) = office.owed()
    assert (item["record"], item["state"]) == (record_id(uri("b")), "proposed")


def test_a_revoked_recognition_is_owed_nothing(office: Office) -> None:
    office.recognise(1)
    office.take(activity(
        "huy", "recognition.revoked", "2025-01-15", team="Tổ hòa giải 1", year=2024, number="2/QĐ", reason="Sai",
    ))
    office.score()
    assert office.owed() == []


def test_proposals_come_with_their_gates(office: Office) -> None:
    office.recognise(1, 2)
    office.record("v", 1, opened(on="2025-01-10"))

    def proposals() -> dict[str, dict[str, Any]]:
        found = queries.proposals(office.db, shipped(), DEFAULT, office.replica, UNIT, 2024, TODAY)
        assert found["unit_name"] == "Bồ Đề"
        return {item["team"]: item for item in found["items"]}

    found = proposals()
    assert {item["choice"] for item in found.values()} == {"proposed"}
    barred = {who: [g["code"] for g in item["gates"] if not g["passed"] and g["effect"] == "bar"] for who, item in found.items()}
    assert barred == {code(1): ["under_verification"], code(2): []}
    office.record("b", 4, *(s for s in (proposed("b"), submitted("b"), appraised("b"))), decided("b"), who=2)
    assert proposals()[code(2)]["choice"] == "answered"


def test_what_would_be_refused_is_said_beforehand(office: Office) -> None:
    office.recognise(1)
    office.record("a", 3, *READY)
    deciding = {"on": "2025-02-28", "number": "7/QĐ", "form": "giay_khen_commune", "signed_by": "commune_chair"}
    good = office.check("commendation.decided", **deciding)
    assert good["allowed"]
    assert [flag["code"] for flag in good["flags"]] == ["in_time"]
    wrong = office.check("vn.namtot.commendation.decided.v1", **{**deciding, "signed_by": "city_chair"})
    assert not wrong["allowed"]
    assert [(r["code"], r["field"]) for r in wrong["refusals"]] == [("authority", "signed_by")]
    office.record("v", 1, opened(on="2025-02-01"))
    assert [r["code"] for r in office.check("commendation.decided", **deciding)["refusals"]] == ["under_verification"]
    second = office.check(
        "commendation.proposed", "b", on="2025-02-28", unit=UNIT, kind="merit", form="giay_khen_commune",
        achievement="recognition:2024", year=2024,
    )
    assert second["allowed"] and [flag["code"] for flag in second["flags"]] == ["later.under_verification"]
    early = office.check("commendation.paid", "b", on="2025-02-28", amount=1)
    assert early["allowed"] and [flag["code"] for flag in early["flags"]] == ["waits.decision_missing"]
    assert office.one()["state"] == "suspended", "asking writes nothing"


def test_a_withdrawn_dossier_is_told_and_leaves_the_list(office: Office) -> None:
    office.record("a", 1, proposed())
    assert office.told() == [(code(1), "proposed")]
    office.record("a", 2)
    assert office.told() == [(code(1), "withdrawn")]
    assert queries.commendations(office.db, TODAY)["items"] == []
    office.record("a", 3, *READY)
    assert office.told() == [(code(1), "appraised")]


def test_a_dossier_that_goes_to_another_team_is_found_there(office: Office) -> None:
    office.record("a", 1, proposed())
    office.told()
    office.record("a", 2, *READY, who=2)
    assert sorted(office.told()) == sorted([(code(1), "withdrawn"), (code(2), "appraised")])
    assert office.one()["team"] == code(2)


def test_the_golden_book_is_unique_within_a_decision(office: Office) -> None:
    for name, who, ordinal in (("a", 1, 2), ("b", 2, 2), ("c", 3, None)):
        more = {} if ordinal is None else {"ordinal": ordinal}
        office.record(
            name, 4, proposed(name, achievement=f"x{who}"), submitted(name), appraised(name),
            decided(name, number="125/QĐ-UBND", **more), who=who,
        )
    book = queries.decision(office.db, UNIT, "125/QĐ-UBND", 2024)["items"]
    by_team = {row["team"]: (row["ordinal"], row["proposed"], row["taken_twice"]) for row in book}
    assert by_team == {code(1): (2, 2, True), code(2): (2, 2, True), code(3): (None, 1, False)}
    assert "ordinal_taken" in [flag["code"] for flag in office.one("a")["flags"]]
    assert office.one("c")["flags"] == []
    office.record("d", 3, proposed("d", mediator="m1"), submitted("d"), appraised("d"))
    asked = office.check(
        "commendation.decided", "d", on="2024-12-20", number="125/QĐ-UBND", form="giay_khen_commune", signed_by="commune_chair",
        ordinal=2,
    )
    assert ("ordinal_taken", "ordinal") in [(flag["code"], flag["field"]) for flag in asked["flags"]]


def test_the_public_notice_names_collectives_and_no_person(office: Office) -> None:
    office.record("a", 4, *READY, decided(number="5/QĐ", ordinal=2))
    person = [proposed("b", mediator="m1"), submitted("b"), appraised("b"), decided("b", number="5/QĐ", ordinal=1)]
    office.record("b", 4, *person)
    found = queries.notice(office.db, UNIT, "5/QĐ")
    assert [(row["ordinal"], row["person"], row["name"]) for row in found["items"]] == [
        (1, True, None), (2, False, "Tổ hòa giải 1"),
    ]
    assert "m1" not in json.dumps(found["items"])
    assert SOURCE not in json.dumps(found)


# -- mediators


def mediated(number: int, ref: str, status: str = "settled") -> CaseChanged:
    told = case(number, status, place=Place(source=SOURCE, team="Tổ hòa giải 1"))
    return msgspec.structs.replace(told, state=msgspec.structs.replace(told.state, mediator=ref))


def attended(*refs: str) -> RecordChanged:
    return activity("lop/1", "training.attended", "2024-03-10", attendance=[
        {"team": "Tổ hòa giải 1", "present": len(refs), "mediators": list(refs)},
    ])


def test_a_mediators_record_and_what_is_owed_to_that_mediator(office: Office) -> None:
    members = [
        Membership(ref="m1", source=SOURCE, sex="female", valid_from=When("2019-01-01")),
        Membership(ref="m2", source=SOURCE, sex="male", valid_from=When("2024-01-01")),
    ]
    office.teams(team(1, 2, members=members))
    office.take(*(mediated(number, "m1") for number in range(11, 15)), mediated(15, "m2"))
    office.take(attended("m1", "m2"))
    office.score()
    found = queries.mediator(office.db, shipped(), DEFAULT, office.replica, "Tổ hòa giải 1", "m1", TODAY)
    year = next(one for one in found["years"] if one["year"] == 2024)
    assert (year["years"], year["cases"], year["settled"], year["trainings"]) == (5, 4, 4, 1)
    assert year["deserves"] is not None and "4/4" in year["deserves"]["vi"]
    (item,) = office.owed()
    assert (item["mediator"], item["achievement"], item["since"]) == ("m1", "mediation:2024", "2024-10-31")
    with pytest.raises(queries.UnknownMediator):
        queries.mediator(office.db, shipped(), DEFAULT, office.replica, code(1), "m9", TODAY)
    office.record(
        "a", 4, proposed(mediator="m1", achievement="mediation:2024"), submitted(), appraised(), decided(amount=702_000)
    )
    assert office.owed() == []
    shown = queries.mediator(office.db, shipped(), DEFAULT, office.replica, code(1), "m1", TODAY)
    assert [one["state"] for one in shown["commendations"]] == ["decided"]


def test_no_answer_sets_mediators_in_an_order_of_performance(office: Office) -> None:
    """The more a mediator did, the later the reference: no list turns them round."""
    refs = [f"m{number}" for number in range(1, 5)]
    office.teams(team(1, 2, members=[
        Membership(ref=ref, source=SOURCE, sex="female", valid_from=When("2019-01-01")) for ref in refs
    ]))
    office.take(*(
        mediated(number * 100 + index, ref) for number, ref in enumerate(refs, 1) for index in range(2 + number)
    ))
    office.take(attended(*refs))
    office.score()
    assert [item["mediator"] for item in office.owed()] == refs
    found = queries.proposals(office.db, shipped(), DEFAULT, office.replica, UNIT, 2024, TODAY)["items"]
    assert [item["mediator"] for item in found] == refs
    assert {item["choice"] for item in found} == {"proposed"}


# -- metrics


def test_gauges_are_bounded() -> None:
    timing = {"owed": 1, "longest_wait": 3, "median": 2, "p90": 2, "worst": 2}
    told = gauges.bounded({f"{number:05}": {**timing, "owed": number} for number in range(gauges.MOST_UNITS + 10)})
    assert len(told) == gauges.MOST_UNITS + 1
    assert told[gauges.OTHERS]["owed"] == sum(range(10))
    assert told[gauges.OTHERS]["median"] is None


# -- through the services


class Commune:
    """The console of a commune, with an intake and an evaluation."""

    def __init__(self, wire: Wire, sender: Sender, ask: Callable[..., Any]) -> None:
        self.wire, self.sender, self.ask = wire, sender, ask
        self.heard: list[dict[str, Any]] = []

    def send(self, *steps: Step) -> None:
        self.sender.send(
            event(one.type, one.event_id, uri(_name(one)), source=SOURCE, time=str(one.time), **one.data) for one in steps
        )

    def state(self) -> str | None:
        items = self.ask("commendations")["items"]
        return next((str(item["state"]) for item in items if item["id"] == A), None)


def _name(one: Step) -> str:
    return one.event_id.partition("-")[0]


@pytest.fixture
def commune(amqp_uri: str, run_service: ServiceProcesses) -> Iterator[Commune]:
    run_service("intake", wait=False)
    run_service("evaluation", wait=False)
    wire = Wire(amqp_uri)
    with sender(amqp_uri) as opened_, RpcClient(amqp_uri, timeout=60) as client:
        wire.tell(unit(), team(1), *full_year(1))
        yield Commune(wire, opened_, lambda method, **arguments: client.call("evaluation", method, **arguments))
    wire.close()


def test_from_the_proposal_to_the_reward_and_back(commune: Commune, settings_env: dict[str, str]) -> None:
    """Held up by a verification, decided when it is concluded, given, paid, revoked, recovered."""
    commune.send(*READY, opened())
    eventually(lambda: commune.state() == "suspended", timeout=90)
    barred = decided(number="1/QĐ")
    commune.send(barred)
    refused = eventually(lambda: commune.ask("commendation", id=A)["refused"])
    assert [one["code"] for one in refused] == ["under_verification"]
    commune.send(closed(on="2024-12-18", written="2024-12-18T21:00:00+07:00"))
    eventually(lambda: commune.state() == "appraised")
    again = decided(on="2024-12-20", number="2/QĐ", amount=1_404_000)
    commune.send(again, step("a", "given", "2024-12-25"), step("a", "paid", "2024-12-26", amount=1_404_000))
    eventually(lambda: commune.state() == "paid")
    shown = namtot("commendation", "show", A, environ=settings_env)
    assert shown.returncode == 0, shown.stderr
    assert "Đã chi thưởng" in shown.stdout and "0,6 × 2.340.000 đ = 1.404.000 đ" in shown.stdout
    listed = namtot("commendation", "list", "--json", environ=settings_env)
    assert [item["state"] for item in json.loads(listed.stdout)["items"]] == ["paid"]
    commune.send(step("a", "revoked", "2025-02-03", number="3/QĐ", ground="false_papers", reason="Hồ sơ không đúng"))
    found = eventually(lambda: (one := commune.ask("commendation", id=A))["state"] == "revoked" and one)
    assert found["recovery"] == {"certificate": True, "amount": 1_404_000}
    commune.send(step("a", "recovered", "2025-02-10", certificate=True, amount=1_404_000))
    eventually(lambda: not commune.ask("commendation", id=A)["next"])
    told = [
        event["data"] for event in _heard(commune.wire) if event["type"] == COMMENDATION_CHANGED and event["data"]["record"] == A
    ]
    assert [one["state"] for one in told][-1] == "revoked"
    assert any(one.get("refused", [{}])[0].get("id") == barred.event_id for one in told if one.get("refused"))
    for command in (("owed",), ("timeliness", "--year", "2024"), ("proposals", "--unit", UNIT, "--year", "2024")):
        answer = namtot("commendation", *command, environ=settings_env)
        assert answer.returncode == 0, answer.stderr


def _heard(wire: Wire) -> list[dict[str, Any]]:
    found = []
    while (message := wire.queue.get(no_ack=True)) is not None:
        found.append(json.loads(message.body))
    return found
