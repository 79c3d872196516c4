"""The process that is measured, ``python -m tests.performance.rescore SIDE SCHEME YEAR SETTING``; one line of JSON tells what it
took.

    sheets   what the scorer does for one scheme and year: claim, read, judge with explanation, write, confirm; SETTING teams at
             a time
    tick     all that the scorer does, for every scheme and year that is due, recognitions and commendations too
    naive    team after team: its facts are asked for, judged by the same code, its verdict is written; SETTING threads

Time runs from when rules, holidays and the directory are in memory, as in a service that runs, until the last verdict is
committed by the majority.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from services.evaluation import scoring
from services.evaluation.beside import Beside
from services.evaluation.domain.near import near
from services.evaluation.rules import shipped
from services.evaluation.store import Db, generations, verdicts
from services.evaluation.store.gathering import read_facts
from services.evaluation.store.replica import Replica
from shared.calendar import is_working_day
from shared.settings import load
from shared.storage import connect, database, utc_now
from tests.performance.memory import high_water

SHOWN = 60
TODAY = date(2025, 3, 1)
"""After the window of the year that is simulated, and after its decisions."""


def sheets(db: Db, replica: Replica, scheme: str, year: int, chunk: int) -> int:
    schemes = {scheme: shipped()[scheme]}
    count = 0

    def store(claimed: Mapping[str, int], results: Sequence[verdicts.Scored], now: datetime) -> None:
        verdicts.write(db, claimed, results, TODAY, now)
        generations.scored(db, claimed, now)

    with scoring.unsearched(), Beside() as beside:
        while claimed := generations.claim(db, chunk, now := utc_now()):
            known = scoring.look(db, replica, schemes, sorted(claimed), TODAY, scheme)
            known = replace(known, periods=[period for period in known.periods if period.year == year])
            beside.run(partial(store, claimed, scoring.judge_all(replica, known), now))
            count += len(claimed)
    return count


def tick(db: Db, replica: Replica, scheme: str, year: int, chunk: int) -> int:
    count = 0
    while done := scoring.score_waiting(db, replica, shipped(), lambda: (utc_now(), TODAY), chunk=chunk):
        count += done
    return count


def naive(db: Db, replica: Replica, scheme: str, year: int, threads: int) -> int:
    period = scoring.bound(shipped()[scheme], year)
    assert period is not None
    rules = period

    def one(code: str) -> None:
        facts = read_facts(db, [code])[code]
        found = scoring.judged(replica, rules, code, near(facts, rules.span), TODAY)
        if found is not None:
            db["verdicts"].replace_one({"_id": found.key}, {
                "team": code, "name": found.name, "unit": found.seat.unit, "verdict": str(found.judgement.verdict),
                "lacking": list(found.judgement.lacking), "body": found.judgement.tree.encoded(),
            }, upsert=True)
        db["generations"].update_one({"_id": code}, {"$set": {"waiting": False}})

    codes = [d["_id"] for d in db["generations"].find({"waiting": True}, {"_id": 1})][:int(os.environ["NAIVE_TEAMS"])]
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(one, codes):
            pass
    return len(codes)


def main(side: str, scheme: str, year: str, setting: str) -> None:
    settings = load()
    client = connect(settings)
    db = database(client, settings, "evaluation")
    replica = Replica()
    loading = time.perf_counter()
    replica.refresh(db)
    scoring.bound(shipped()[scheme], int(year))
    is_working_day(TODAY)
    profile = cProfile.Profile() if "PROFILE" in os.environ else None
    began, cpu = time.perf_counter(), time.process_time()
    with profile or nullcontext():
        teams = {"sheets": sheets, "tick": tick, "naive": naive}[side](db, replica, scheme, int(year), int(setting))
    if profile is not None:
        with open(os.environ["PROFILE"], "w") as out:
            pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(SHOWN)
    ended = time.perf_counter()
    print(json.dumps({  # noqa: T201 - its answer
        "teams": teams, "began": began, "ended": ended, "seconds": ended - began, "cpu": time.process_time() - cpu,
        "loading": began - loading, "mib": high_water(os.getpid()),
    }))
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
