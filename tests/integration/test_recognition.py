"""Recognition on a real MongoDB and as a process: stored and told like a verdict, asked about beforehand by the same rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.evaluation import queries, recognising, scoring
from services.evaluation.rules import shipped
from services.evaluation.store import Db, generations, recognitions
from shared.contracts import When
from shared.contracts.outgoing import RECOGNITION_CHANGED, Membership, RecognitionChanged, TeamPlace
from tests.integration.test_evaluation_service import Wire, ask, met, wire
from tests.integration.test_evaluation_store import World, everything
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, team, unit
from tests.unit.evaluation.told_recognition import (
    assessed,
    decided,
    full,
    paper,
    requested,
    reviewed,
    revoked,
    who,
    withdrawn,
)

__all__ = ["ask", "wire"]

DEFAULT = "hanoi-v2"


class Commune(World):
    def stored(self, number: int = 1, year: int = 2024) -> dict[str, Any] | None:
        return self.db["recognitions"].find_one({"_id": f"{year}|{code(number)}"})

    def state(self, number: int = 1) -> str | None:
        found = self.stored(number)
        return None if found is None else found["state"]

    def told(self) -> list[RecognitionChanged]:
        heard: list[RecognitionChanged] = []
        recognitions.STANDING.announce(self.db, lambda events: heard.extend(data for _, _, data in events))
        return heard

    def recognition(self, name: str = "Tổ hòa giải 1", year: int = 2024) -> dict[str, Any]:
        return queries.recognition(self.db, shipped(), DEFAULT, self.replica, name, year, self.today)

    def board(self, unit: str = UNIT) -> dict[str, Any]:
        return queries.recognitions(self.db, shipped(), DEFAULT, unit, 2024, self.today)

    def check(self, told: Any, **more: Any) -> dict[str, Any]:
        """Of the event behind what intake would tell."""
        (entry,) = told.entries
        return queries.check(queries.Asked(**{
            "db": self.db, "replica": self.replica, "schemes": shipped(), "default": DEFAULT, "type": entry.type,
            "data": entry.data, "subject": told.subject, "source": SOURCE, "now": self.now, "today": self.today, **more,
        }))


@pytest.fixture
def commune(db: Db) -> Commune:
    return Commune(db)


def codes(listed: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in listed]


def test_from_the_vote_to_the_decision(commune: Commune) -> None:
    commune.teams(team(1))
    commune.take(*everything(1))
    commune.score()
    assert commune.stored() is None, "nothing is written of a team that nobody took a step about"
    before = commune.recognition()
    assert (before["state"], before["verdict"], codes(before["next"])) == ("not_assessed", "met", ["assess"])
    for step, state in zip(full(), ("eligible", "requested", "under_review", "recognised"), strict=True):
        commune.take(step)
        commune.score()
        assert commune.state() == state
        assert [told.state for told in commune.told()] == [state]
    assert commune.told() == []
    found = commune.recognition()
    assert (found["unit_name"], found["number"], found["scheme"], found["members"]) == ("Bồ Đề", "45/QĐ-UBND", DEFAULT, 1)
    assert [step["type"] for step in found["steps"]] == [
        "recognition.self-assessed", "recognition.requested", "recognition.reviewed", "recognition.decided",
    ]
    assert found["steps"][0]["words"]["vi"] == "Tổ tự đánh giá đạt đủ tiêu chí; 1/1 thành viên đồng ý đề nghị (1 người dự)."
    assert not found["flags"] and not found["remarks"] and not found["refused"] and not found["waiting"]
    assert [(due["step"], due["done_on"], due["late"]) for due in found["deadlines"]] == [
        ("self_assessment", "2024-11-10", False), ("request", "2024-11-20", False), ("decision", "2024-12-10", False),
    ]


def test_any_order_of_arrival_and_any_number(commune: Commune) -> None:
    commune.teams(team(1))
    commune.take(*reversed(full()))
    commune.take(*full())
    commune.score()
    assert commune.state() == "recognised"
    generation = commune.generation()
    commune.take(*full())
    assert commune.generation() == generation


def test_steps_wait_for_their_team(commune: Commune) -> None:
    commune.take(*full())
    assert len(queries.unplaced(commune.db)) == 4
    commune.teams(team(1))
    commune.score()
    assert commune.state() == "recognised"


def test_a_refused_decision_is_shown_and_told(commune: Commune) -> None:
    commune.teams(team(1, members=[
        Membership(ref=f"m{n}", source=SOURCE, sex="female", valid_from=When("2010-01-01")) for n in range(6)
    ]))
    commune.take(assessed(agreed=3, members=6), *full()[1:])
    commune.score()
    assert commune.state() == "assessed"
    (told,) = commune.told()
    assert [(r.code, r.id) for r in told.refused] == [("vote", "dn-1"), ("vote", "qd-45/QĐ-UBND")]
    assert told.refused[0].article.startswith("Hướng dẫn 1269/TP-MTTQ")
    found = commune.recognition()
    assert "Chỉ 3/6 thành viên" in found["refused"][1]["vi"]
    row = commune.board()["teams"][0]
    assert (row["refused"], row["state"], row["recognised"]) == (2, "assessed", False)
    assert queries.recognition_counts(commune.db, [2024])[2024]["assessed"] == (1, 2)


def test_members_are_those_of_the_day(commune: Commune) -> None:
    def member(ref: str, first: str, last: str | None = None) -> Membership:
        return Membership(
            ref=ref, source=SOURCE, sex="male", valid_from=When(first), valid_to=None if last is None else When(last)
        )

    commune.teams(team(1, members=[
        member("a", "2010-01-01"), member("b", "2010-01-01", "2024-11-10"), member("c", "2024-11-11"), member("d", "2020-01-01"),
    ]))
    commune.take(assessed(agreed=2, members=2))
    commune.score()
    assert (commune.stored() or {})["flags"] == []
    commune.take(paper(
        "self-assessed", "2024-11-11", "tdg-1b", team=who(1), members=3, present=3, agreed=3, all_met=True,
    ))
    commune.score()
    assert (commune.stored() or {})["flags"] == []
    commune.take(paper(
        "self-assessed", "2024-11-12", "tdg-1c", team=who(1), members=2, present=2, agreed=2, all_met=True,
    ))
    commune.score()
    assert (commune.stored() or {})["flags"] == ["members"]


def test_what_is_withdrawn_is_told(commune: Commune) -> None:
    commune.teams(team(1))
    commune.take(*full())
    commune.score()
    commune.told()
    commune.take(withdrawn(decided()))
    commune.score()
    assert [told.state for told in commune.told()] == ["under_review"]
    commune.take(*(withdrawn(step) for step in full()[:3]))
    commune.score()
    assert [told.state for told in commune.told()] == ["not_assessed"]
    assert commune.recognition()["steps"] == []


def test_a_crash_before_the_confirmation_tells_it_again(commune: Commune) -> None:
    commune.teams(team(1))
    commune.take(*full())
    commune.score()

    def broken(events: list[Any]) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        recognitions.STANDING.announce(commune.db, broken)
    assert [told.state for told in commune.told()] == ["recognised"]


def test_older_data_can_never_win(commune: Commune) -> None:
    commune.teams(team(1))
    commune.take(*full())

    def derive(later: dt.datetime) -> tuple[dict[str, int], Callable[[], object]]:
        claimed = generations.claim(commune.db, 10, later)
        known = scoring.look(commune.db, commune.replica, shipped(), sorted(claimed), commune.today)
        steps = {c: facts.steps for c, facts in known.facts.items()}
        return claimed, lambda: recognising.write(
            commune.db, commune.replica, claimed, steps, known.chosen, [], commune.today, later
        )

    _, slow = derive(commune.now)
    commune.take(revoked())
    _, fast = derive(commune.now + generations.CLAIM)
    fast()
    slow()
    assert commune.state() == "revoked"


def test_the_verdict_changes_and_the_remark_comes(commune: Commune) -> None:
    commune.teams(team(1))
    commune.take(*everything(1), *full())
    commune.score()
    assert commune.recognition()["remarks"] == []
    commune.take(case(77, "not_settled", received="2024-05-01", ended="2024-05-20"))
    commune.score()
    found = commune.recognition()
    assert (found["state"], found["verdict"]) == ("recognised", "not_met")
    assert codes(found["remarks"]) == ["team.short", "meeting.short", "decision.short"]


def test_the_board_has_three_counts_that_differ(commune: Commune) -> None:
    """Meets: measured. Requested: the team asked. Recognised: decided."""
    elsewhere = team(5, places=[TeamPlace(unit="00127", group="TDP 5", valid_from=When("2010-01-01"))])
    commune.teams(team(1), team(2), team(3), team(4), elsewhere)
    commune.take(
        *everything(1), *everything(2), assessed(1), assessed(3), requested(1), requested(3), reviewed(1, 3), decided(1),
    )
    commune.score()
    board = commune.board()
    assert board["counts"] == {"teams": 4, "meets": 2, "requested": 2, "recognised": 1}
    assert [(row["state"], row["verdict"]) for row in board["teams"]] == [
        ("recognised", "met"), ("not_assessed", "met"), ("under_review", "not_enough_evidence"),
        ("not_assessed", "not_enough_evidence"),
    ]
    assert (board["unit_name"], board["closed"], [d["late"] for d in board["deadlines"]]) == ("Bồ Đề", False, [True] * 3)
    assert commune.board("00127")["counts"] == {"teams": 1, "meets": 0, "requested": 0, "recognised": 0}
    assert commune.board("99999")["teams"] == []


def test_a_decision_about_many_is_kept_line_by_line(commune: Commune) -> None:
    commune.teams(team(1), team(2))
    commune.take(
        *(step for n in (1, 2) for step in (assessed(n), requested(n))), reviewed(1, 2),
        decided(1, declined=[{"team": who(2), "reason": "hồ sơ chưa đủ"}]),
    )
    commune.score()
    assert (commune.state(1), commune.state(2)) == ("recognised", "not_recognised")
    assert "hồ sơ chưa đủ" in commune.recognition(who(2))["steps"][-1]["words"]["vi"]
    assert "hồ sơ chưa đủ" not in commune.recognition(who(1))["steps"][-1]["words"]["vi"]


# -- asked beforehand

def test_what_would_be_refused_is_said_beforehand(commune: Commune) -> None:
    commune.teams(team(1), team(2))
    commune.take(assessed(1), requested(1), assessed(2, agreed=0), reviewed(1, 2))
    commune.score()
    answer = commune.check(decided(1, 2))
    assert not answer["allowed"]
    (refusal,) = answer["refusals"]
    assert (refusal["code"], refusal["field"]) == ("vote", "recognised[1]")
    assert refusal["vi"].startswith("Tổ hòa giải 2: Chỉ 0/1 thành viên") and refusal["article"]
    assert "decision.short" in codes(answer["flags"]), "measured otherwise: to be confirmed"
    assert commune.check(decided(1))["allowed"]
    assert commune.state(1) == "under_review", "asking changes nothing"
    assert codes(commune.check(decided(1, signed_by="other"))["refusals"]) == ["authority"]
    assert codes(commune.check(revoked())["refusals"]) == ["recognition"]


def test_asked_beforehand_and_done_come_to_the_same(commune: Commune) -> None:
    """Whatever is refused beforehand has no effect when it is published all the same, and the other way round."""
    commune.teams(team(1))
    steps = [
        requested(), assessed(agreed=0), requested(on="2024-11-21"), decided(), assessed(on="2024-11-12"), requested(),
        reviewed(), decided(signed_by="other"), decided(), decided(number="46/QĐ"), revoked(), revoked(),
    ]
    for index, told in enumerate(steps):
        (entry,) = told.entries
        commune.now = dt.datetime(2025, 3, 1, 3, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=index)
        answer = commune.check(told)
        name = f"buoc-{index}"
        data = {key: value for key, value in entry.data.items() if key not in ("on", "year")}
        time = (commune.now + dt.timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%S+07:00")
        commune.take(paper(entry.type.partition(".")[2], str(entry.on), name, time, **data))
        commune.score()
        effect = next(line["effect"] for line in commune.recognition()["steps"] if line["id"] == name)
        assert (effect == "refused") is not answer["allowed"], (index, entry.type, answer)
        waits = [one for one in answer["flags"] if one["code"].startswith("waits.")]
        assert (effect == "waiting") is bool(waits), (index, entry.type, answer)


def test_what_cannot_be_asked_about(commune: Commune) -> None:
    commune.teams(team(1))
    assert codes(commune.check(assessed(), type="recognition.asked")["refusals"]) == ["unknown_type"]
    broken = commune.check(assessed(), data={"on": "2024-11-10", "team": who(1)})
    assert not broken["allowed"] and codes(broken["refusals"]) == ["data"]
    unknown = commune.check(assessed(7))
    assert unknown["allowed"] and codes(unknown["flags"]) == ["team.unknown"]
    other = activity("hop/1", "meeting.held", "2024-06-01", team=who(1), kind="half_year")
    assert commune.check(other) == {"allowed": True, "refusals": [], "flags": []}


# -- as a process

def test_through_the_service(run_service: ServiceProcesses, wire: Wire, ask: Callable[..., Any]) -> None:
    def states(number: int) -> list[str]:
        return [told["state"] for told in wire.told(RECOGNITION_CHANGED) if told["team"] == code(number)]

    service = run_service("evaluation")
    broken = assessed(3)
    broken.entries[0].data.pop("members")
    wire.tell(unit(), team(1), team(2), broken, *met(), *full(1))
    eventually(lambda: states(1)[-1:] == ["recognised"])
    assert ask("recognition", team="tổ hòa giải 1", year=2024)["number"] == "45/QĐ-UBND"

    wire.tell(assessed(2, agreed=0, members=1), requested(2), reviewed(1, 2))
    eventually(lambda: states(2)[-1:] == ["assessed"])
    asked = ask("check", type="vn.namtot.recognition.decided.v1", subject="urn:x", data={
        "on": "2024-12-11", "year": 2024, "unit": UNIT, "number": "46/QĐ-UBND", "signed_by": "commune_chair",
        "recognised": [code(2)],
    })
    assert not asked["allowed"] and codes(asked["refusals"]) == ["vote"]
    wire.tell(decided(2, number="46/QĐ-UBND"))
    eventually(lambda: any(
        {"vote"} == {refused["code"] for refused in told.get("refused", ())} and len(told["refused"]) == 2
        for told in wire.told(RECOGNITION_CHANGED) if told["team"] == code(2)
    ))
    board = ask("recognitions", unit=UNIT, year=2024)
    assert board["counts"] == {"teams": 2, "meets": 1, "requested": 1, "recognised": 1}

    def counted() -> bool:
        metrics = service.metrics()
        return (
            metrics.value("namtot_evaluation_recognition_teams", year="2024", state="recognised") == 1
            and metrics.value("namtot_evaluation_refused_steps", procedure="recognition", year="2024") == 2
            and metrics.value("namtot_evaluation_announced_total", what="recognitions") >= 2
            and metrics.value("namtot_evaluation_facts_total", outcome="unread") == 1
        )

    eventually(counted)
