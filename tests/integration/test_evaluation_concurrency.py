"""However facts, directory changes and several scorers run into each other: the verdicts are those of a quiet run."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from services.evaluation import scoring
from services.evaluation.rules import shipped
from services.evaluation.store import Db, directory, facts, generations, placing, prepare, rules
from services.evaluation.store.replica import Replica
from shared.contracts.outgoing import CaseChanged, Place, RecordChanged, TeamState
from shared.settings import load
from shared.storage import connect, database, utc_now
from tests.unit.evaluation.told import SOURCE, UNIT, case, full_year, subject_of, team, training

TODAY = dt.date(2025, 3, 1)
TEAMS = 8
Told = CaseChanged | RecordChanged | TeamState


@pytest.fixture
def opened(settings_env: dict[str, str]) -> Iterator[Callable[[str], Db]]:
    clients = []

    def open_(suffix: str) -> Db:
        settings = load(settings_env)
        client = connect(settings)
        clients.append(client)
        return database(client, settings, f"evaluation_{suffix}")

    yield open_
    for client in clients:
        client.close()


def story(random: random.Random) -> list[Told]:
    """Teams that change names and groups, cases that change outcome, team and links, classes for all: many versions each."""
    told: list[Told] = []
    for number in range(1, TEAMS + 1):
        other = random.randint(1, TEAMS)
        told += [
            team(number), team(number, n=2, group=f"TDP số {other}"),
            team(number, n=3, names=(f"Tổ hòa giải {number}", f"Tên gọi {random.randint(1, TEAMS)}")),
        ]
        told += full_year(number)
    for number in range(1, 25):
        places = [
            Place(source=SOURCE, team=f"Tổ hòa giải {random.randint(1, TEAMS)}"),
            Place(source=SOURCE, team=f"Tên gọi {random.randint(1, TEAMS)}"),
            Place(source="urn:app", unit=UNIT, group=f"Tổ dân phố {random.randint(1, TEAMS)}"),
        ]
        for n in range(1, random.randint(2, 4)):
            told.append(case(
                number, random.choice(["received", "settled", "not_settled", "settled"]), n, place=random.choice(places),
                linked_to=subject_of(random.randint(1, 30)) if random.random() < 0.4 else None,
            ))
    for number in range(3):
        told.append(training(900 + number, tuple(f"Tổ hòa giải {n}" for n in range(1, TEAMS + 1)), present=number))
    return told


def take(db: Db, replica: Replica, told: list[Told]) -> None:
    """One batch, tried again as the batch handler would."""
    for _ in range(20):
        try:
            now = utc_now()
            if directory.take(db, [t for t in told if isinstance(t, TeamState)], [], now):
                placing.run_moves(db, replica, now)
            facts.take(db, replica, [t for t in told if not isinstance(t, TeamState)], now)
            return
        except OperationFailure:
            continue
    raise AssertionError("a batch failed twenty times")


def score(db: Db, replica: Replica) -> int:
    return scoring.score_waiting(db, replica, shipped(), lambda: (utc_now(), TODAY), chunk=3)


def settle(db: Db) -> dict[str, Any]:
    """Score until nobody waits; the verdicts without their bookkeeping."""
    replica = Replica()
    placing.run_moves(db, replica, utc_now())
    rules.follow_periods(db, rules.periods(db, shipped().values(), TODAY), utc_now())
    while score(db, replica):
        pass
    assert generations.lag(db, utc_now())[0] == 0
    return {d["_id"]: (d["verdict"], d["digest"]) for d in db["verdicts"].find({})}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_duplicates_and_company(opened: Callable[[str], Db], seed: int) -> None:
    chance = random.Random(seed)
    told = story(chance)
    quiet = opened("quiet")
    prepare(quiet)
    take(quiet, Replica(), told)
    expected = settle(quiet)
    assert len(expected) >= TEAMS * 2

    busy = opened("busy")
    prepare(busy)
    shuffled = told + chance.sample(told, len(told) // 2)
    chance.shuffle(shuffled)
    batches = [shuffled[start:start + 5] for start in range(0, len(shuffled), 5)]
    failures: list[BaseException] = []
    over = threading.Event()

    def consumer(number: int) -> None:
        try:
            db, replica = opened("busy"), Replica()
            for batch in batches[number::3]:
                take(db, replica, batch)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    def scorer() -> None:
        try:
            db, replica = opened("busy"), Replica()
            while not over.is_set():
                score(db, replica)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    consumers = [threading.Thread(target=consumer, args=(n,)) for n in range(3)]
    scorers = [threading.Thread(target=scorer) for _ in range(2)]
    for thread in consumers + scorers:
        thread.start()
    for thread in consumers:
        thread.join()
    over.set()
    for thread in scorers:
        thread.join()
    assert not failures, failures
    # the claims of scorers that stopped in the middle have run out, as after a crash
    busy["generations"].update_many({}, {"$set": {"claimed_until": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)}})
    found = settle(busy)
    assert {key: verdict for key, (verdict, _) in found.items()} == {key: verdict for key, (verdict, _) in expected.items()}
    assert found == expected
