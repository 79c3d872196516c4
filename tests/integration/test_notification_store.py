"""Ledger and occasions in a real MongoDB: once, whatever is heard how often and by how many."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from pymongo.database import Database

from services.notification.domain import lacking
from services.notification.domain.ledger import Delivery, Recipient
from services.notification.loading import load_rules
from services.notification.store import ledger, occasions, prepare, replica
from shared.contracts import When
from shared.contracts.outgoing import (
    CaseChanged,
    CaseState,
    EventRefused,
    Place,
    RecognitionChanged,
    RefusedStep,
    Step,
    VerdictChanged,
)
from shared.settings import load
from shared.storage import connect, database
from tests.unit.directory.world import WARD, World, mediator

Db = Database[dict[str, Any]]
NOW = dt.datetime(2024, 11, 12, 3, 0, tzinfo=dt.UTC)
RULES = load_rules()
SCHEME = "hanoi-v2"


@pytest.fixture
def db(settings_env: dict[str, str]) -> Iterator[Db]:
    settings = load(settings_env)
    with connect(settings) as client:
        found = database(client, settings, "notification")
        prepare(found)
        yield found


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def together(work: Callable[[int], None], count: int) -> None:
    """Run ``work`` in ``count`` threads that begin at the same moment; raise what any of them raised."""
    start, raised = threading.Barrier(count), []

    def one(index: int) -> None:
        start.wait()
        try:
            work(index)
        except Exception as error:  # noqa: BLE001 (raised again below)
            raised.append(error)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def case(number: int, n: int = 2, **state: Any) -> CaseChanged:
    given = {
        "status": "assigned",
        "assigned_on": When("2024-11-11"),
        "mediator": "hgv/52",
        "place": Place(source=WARD, unit="00118"),
        "history": [Step(on=When("2024-11-11"), status="assigned", by="case.assigned")],
        **state,
    }
    return CaseChanged(case=f"{number:032x}", subject=f"case://bode.example/{number}", n=n, state=CaseState(**given))


def verdict(
    generation: int, *codes: str, team: str = "HG-RQ3QV7S4", scheme: str = SCHEME, counts: bool = True
) -> VerdictChanged:
    return VerdictChanged(
        team=team, unit="00118", scheme=scheme, year=2024, generation=generation, verdict="not_met", lacking=list(codes),
        counts=counts,
    )


def refused(number: int, source: str | None = "urn:a") -> EventRefused:
    return EventRefused(
        refusal=f"r{number}", code="data", field="data.unit", reason="Expected `str`", source=source, id=f"e{number}"
    )


def delivery(number: int) -> Delivery:
    return Delivery(rule="assignment", about=str(number), occasion="x", to=Recipient(kind="mediator", ref="m"), words={})


def deliveries(db: Db, rule: str) -> list[dict[str, Any]]:
    return list(db["deliveries"].find({"rule": rule}).sort("created_at"))


# -- cases


def test_an_assignment_is_one_delivery_whatever_order_and_however_often(db: Db) -> None:
    story = [
        case(1, 1, status="received", mediator=None, assigned_on=None, history=[]),
        case(1, 2),
        case(1, 3, status="mediating"),
        case(1, 4, status="settled"),
    ]
    heard = story * 3
    random.Random(4).shuffle(heard)
    for change in [story[1], *heard]:
        occasions.take_cases(db, [change], RULES, NOW)
    assert len(deliveries(db, "assignment")) == 1
    n, held = occasions.assigned(db, story[0].case)
    assert n == 4 and held is not None and held.over


def test_two_instances_hear_the_same_at_once(db: Db) -> None:
    changes = [case(k) for k in range(50)]
    together(lambda i: [occasions.take_cases(db, changes, RULES, NOW) for _ in range(3)] and None, 4)
    assert len(deliveries(db, "assignment")) == 50


def test_an_older_version_that_comes_late_tells_nobody(db: Db) -> None:
    occasions.take_cases(db, [case(1, 5, mediator="hgv/53")], RULES, NOW)
    occasions.take_cases(db, [case(1, 4, mediator="hgv/52")], RULES, NOW)
    assert [d["to"]["ref"] for d in deliveries(db, "assignment")] == ["hgv/53"]


def test_what_takes_an_assignment_back_may_overtake_it(db: Db) -> None:
    occasions.take_cases(db, [case(1, 3, status="received", mediator=None, assigned_on=None, history=[])], RULES, NOW)
    assert occasions.take_cases(db, [case(1, 2)], RULES, NOW) == 0
    assert occasions.assigned(db, case(1).case) == (3, None)


def test_cases_that_nobody_is_told_of_leave_nothing(db: Db) -> None:
    occasions.take_cases(db, [case(1, 1, mediator=None, assigned_on=None, history=[])], RULES, NOW)
    assert db["cases"].count_documents({}) == 0


def test_a_withdrawn_assignment_is_remembered_as_withdrawn(db: Db) -> None:
    occasions.take_cases(db, [case(1, 2)], RULES, NOW)
    occasions.take_cases(db, [case(1, 3, status="received", mediator=None, assigned_on=None, history=[])], RULES, NOW)
    assert occasions.assigned(db, case(1).case) == (3, None)
    assert occasions.assigned(db, case(2).case) == (-1, None)


# -- verdicts


def test_a_set_that_lacks_is_told_once_per_change(db: Db) -> None:
    wait = RULES["team_lacks"].wait_seconds
    occasions.take_verdicts(db, [verdict(1, "a"), verdict(1, "a"), verdict(2, "a", "b"), verdict(1, "a")], NOW)
    assert occasions.gather(db, RULES, later(wait - 1)) == 0
    assert occasions.gather(db, RULES, later(wait)) == 1
    occasions.take_verdicts(db, [verdict(3, "b", "a"), verdict(9, "x", scheme="hanoi-v1", counts=False)], later(wait))
    assert occasions.gather(db, RULES, later(10 * wait)) == 0
    occasions.take_verdicts(db, [verdict(4, "b")], later(10 * wait))
    assert occasions.gather(db, RULES, later(11 * wait)) == 1
    assert [d["check"]["lacking"] for d in deliveries(db, "team_lacks")] == [["a", "b"], ["b"]]


def test_instances_that_hear_and_gather_at_once_tell_each_change_once(db: Db) -> None:
    """Four of them hear the same forty changes of ten teams in their own order and gather all the while."""
    quick = msgspec.structs.replace(RULES, rules=[msgspec.structs.replace(r, wait_seconds=0) for r in RULES.rules])
    changes = [verdict(g, f"code-{g}", team=f"T{t}") for t in range(10) for g in range(1, 5)]

    def instance(index: int) -> None:
        mine = list(changes)
        random.Random(index).shuffle(mine)
        for i in range(0, len(mine), 4):
            occasions.take_verdicts(db, mine[i : i + 4], NOW)
            occasions.gather(db, quick, later(1))

    together(instance, 4)
    occasions.gather(db, quick, later(1))
    told = deliveries(db, "team_lacks")
    sets = [(d["about"], tuple(d["check"]["lacking"])) for d in told]
    assert len(sets) == len(set(sets))
    assert {s for s in sets if s[1] == ("code-4",)} == {(f"T{t}", ("code-4",)) for t in range(10)}


def test_a_newer_verdict_that_comes_while_an_older_one_is_written_wins(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another instance writes between this one's reading and its writing."""
    occasions.take_verdicts(db, [verdict(1, "a")], NOW)
    really, meanwhile = lacking.heard, [verdict(5, "z")]

    def heard(*arguments: Any) -> Any:
        if meanwhile:
            occasions.take_verdicts(db, [meanwhile.pop()], NOW)
        return really(*arguments)

    monkeypatch.setattr(lacking, "heard", heard)
    occasions.take_verdicts(db, [verdict(3, "b")], NOW)
    held = occasions.standing(db, "HG-RQ3QV7S4", SCHEME, 2024)
    assert held is not None and (held.generation, held.lacking) == (5, ["z"])


# -- recognition


def recognition(generation: int, state: str, **more: Any) -> RecognitionChanged:
    return RecognitionChanged(
        team="HG-RQ3QV7S4", unit="00118", year=2024, generation=generation, state=state, **more  # type: ignore[arg-type]
    )


def test_a_decision_is_told_once_in_whatever_order_its_states_are_heard(db: Db) -> None:
    void = RefusedStep(source="urn:office", id="qd-0", code="vote", article="1269")
    told = [
        recognition(3, "requested"), recognition(4, "under_review", refused=[void]), recognition(5, "recognised", number="412"),
        recognition(6, "recognised", number="412"),
    ]
    for order in (told, told[::-1]):
        together(lambda i, order=order: occasions.take_progress(db, [order[i % 4]], RULES, NOW), 8)
    assert [d["rule"] for d in deliveries(db, "recognised")] == ["recognised"]
    # only what came while nothing newer was known, and then once
    assert len(deliveries(db, "decision_void")) <= 1
    assert occasions.progressed(db, "recognition HG-RQ3QV7S4 2024") == "recognised"
    occasions.take_progress(db, [recognition(7, "recognised", number="412", refused=[void])], RULES, NOW)
    occasions.take_progress(db, [recognition(8, "revoked", number="88", refused=[void])], RULES, NOW)
    assert [d["about"] for d in deliveries(db, "decision_void")] == ["urn:office"]
    assert occasions.progressed(db, "recognition HG-RQ3QV7S4 2024") == "revoked"


# -- refusals


def test_a_thousand_refusals_are_one_delivery_and_the_next_waits(db: Db) -> None:
    wait, rest = RULES["source_refused"].wait_seconds, RULES["source_refused"].rest_seconds
    occasions.take_refusals(db, [refused(k) for k in range(600)], NOW)
    occasions.take_refusals(db, [refused(k) for k in range(1000)], later(5))
    occasions.take_refusals(db, [refused(k, source=None) for k in range(2000, 2010)], later(5))
    assert occasions.gather(db, RULES, later(wait - 1)) == 0
    assert occasions.gather(db, RULES, later(wait)) == 1
    (digest,) = deliveries(db, "source_refused")
    assert digest["words"]["count"] == "1000"
    occasions.take_refusals(db, [refused(k) for k in range(1001)], later(wait + 1))
    assert occasions.gather(db, RULES, later(wait + rest - 1)) == 0
    assert occasions.gather(db, RULES, later(wait + rest + 1)) == 1
    assert [d["words"]["count"] for d in deliveries(db, "source_refused")] == ["1000", "1"]


def test_two_instances_gather_one_digest(db: Db) -> None:
    occasions.take_refusals(db, [refused(k) for k in range(20)], NOW)
    together(lambda i: occasions.gather(db, RULES, later(100)) and None, 4)
    assert [d["words"]["count"] for d in deliveries(db, "source_refused")] == ["20"]


# -- the ledger


def test_one_delivery_is_leased_to_one_sender(db: Db) -> None:
    ledger.add(db, [delivery(k) for k in range(40)], NOW)
    got: list[str] = []
    lock = threading.Lock()

    def sender(index: int) -> None:
        while (leased := ledger.lease(db, NOW)) is not None:
            with lock:
                got.append(leased.key)

    together(sender, 4)
    assert len(got) == len(set(got)) == 40


def test_a_dead_senders_lease_runs_out_and_its_late_word_counts_no_more(db: Db) -> None:
    ledger.add(db, [delivery(1)], NOW)
    dead = ledger.lease(db, NOW)
    assert dead is not None and ledger.lease(db, NOW) is None
    again = ledger.lease(db, NOW + ledger.LEASE)
    assert again is not None and again.key == dead.key and again.attempts == 2
    assert not ledger.held(db, dead) and ledger.held(db, again)
    assert not ledger.failed(db, dead, "late", NOW)
    assert ledger.sent(db, again, "a@b.example", NOW)
    assert ledger.lease(db, NOW + 10 * ledger.LEASE) is None
    assert ledger.totals(db, NOW)["sent"] == 1


def test_what_is_heard_again_after_it_was_sent_stays_sent(db: Db) -> None:
    ledger.add(db, [delivery(1)], NOW)
    leased = ledger.lease(db, NOW)
    assert leased is not None and ledger.sent(db, leased, "a@b.example", NOW)
    assert ledger.add(db, [delivery(1), delivery(1)], later(1)) == 0
    assert ledger.lease(db, later(1)) is None


def test_only_what_was_turned_away_counts_as_an_attempt(db: Db) -> None:
    ledger.add(db, [delivery(1)], NOW)
    for k in range(5):
        leased = ledger.lease(db, later(k))
        assert leased is not None and leased.attempts == 1
        ledger.again(db, leased, "server away", later(k + 1), counted=False)
    leased = ledger.lease(db, later(9))
    assert leased is not None
    ledger.again(db, leased, "450", later(20), counted=True)
    assert ledger.lease(db, later(19)) is None
    assert ledger.lease(db, later(20)).attempts == 2  # type: ignore[union-attr]


def test_the_list_shows_no_address(db: Db) -> None:
    ledger.add(db, [delivery(k) for k in range(3)], NOW)
    for _ in range(2):
        leased = ledger.lease(db, NOW)
        assert leased is not None
        ledger.sent(db, leased, "Hgv52@bode.example", NOW)
    shown = ledger.listed(db, limit=2, skip=0)
    assert shown["total"] == 3 and len(shown["items"]) == 2
    everything = str(ledger.listed(db, 50, 0)) + str(list(db["deliveries"].find()))
    assert "bode" not in everything.lower().replace("case://bode.example", "")
    (one,) = {i["address"] for i in ledger.listed(db, 50, 0)["items"]} - {None}
    assert one == ledger.hashed(db, " hgv52@BODE.example ") and len(one) == 32
    totals = ledger.totals(db, later(7))
    assert (totals["sent"], totals["pending"], totals["oldest_pending_seconds"]) == (2, 1, 7.0)
    assert totals["by_rule"] == {"assignment": {"sent": 2, "waiting": 1}}


# -- the replica


def test_the_replica_keeps_the_newest_and_finds_teams_as_the_directory_would(db: Db) -> None:
    world = World()
    world.snapshot(
        "2024-01-10",
        teams=[
            {"name": "Tổ hòa giải TDP số 5", "group": "TDP 5", "mediators": [mediator("m1")]},
            {"name": "Tổ 6", "group": "TDP 6"},
        ],
    )
    (five, six) = [msgspec.structs.replace(t, n=3) for t in sorted(world.teams(), key=lambda t: t.name, reverse=True)]
    replica.take(db, world.units("00118"), [msgspec.structs.replace(five, n=2, contact="old@b.example"), five, six])
    replica.take(db, [], [msgspec.structs.replace(five, n=1, contact="older@b.example")])
    day = When("2024-06-01")
    for place in (
        Place(source=WARD, team="tổ hoà giải tổ dân phố 05"),
        Place(source="urn:x", unit="00118", group="tổ 5"),
        Place(source="urn:x", team=five.code.lower()),
    ):
        found = replica.team_at(db, place, day)
        assert found is not None and (found.code, found.contact) == (five.code, None)
    assert replica.team_at(db, Place(source="urn:x", unit="00118"), day) is None
    assert replica.source_of(db, "m1", "urn:app") == WARD
    assert replica.source_of(db, "m9", "urn:app") == "urn:app"
    assert replica.unit(db, "00118", "2024-06-01").name == "Phường 00118"  # type: ignore[union-attr]
    assert replica.unit(db, "00118", "2004-06-01") is None
