"""How long it takes to score a city, and a country, from scratch with explanations; beside a loop that asks team by team.

What is measured is the way from facts in MongoDB to verdicts in MongoDB, for one scheme and year, in one process. ``first``:
facts are read from their records, and kept on sheets. ``city``, ``country``: facts are on sheets, as after new rules, and there
is no verdict.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.evaluation import scoring
from services.evaluation.rules import shipped
from services.evaluation.store import directory, facts, generations, prepare
from services.evaluation.store.replica import Replica
from shared.contracts import When, record_id
from shared.contracts.outgoing import RecordChanged, RecordEntry
from shared.simulation import Plan
from shared.storage import utc_now
from tests.performance.city import City, city
from tests.performance.report import Say
from tests.performance.rescore import TODAY
from tests.performance.sizes import Sizes
from tests.performance.stocked import Db, copy, evaluation, stock
from tests.performance.world import ROOT, Room, World

SCHEME, YEAR = "hanoi-v2", 2024
TOGETHER = 500
"""Teams at a time, where one year of one scheme is scored; and messages in a batch."""


@dataclass(kw_only=True)
class Scored:
    """Seconds by round, ``*_cpu`` those of the scorer's own processor time; ``city_two``: by two instances that share the work,
    from when the first begins until the last is done; ``vs_naive``: teams a second over those of the loop. ``mib``: the most
    that the process held, of the country. ``per_scoring``: facts of a burst for each scoring of a team."""

    teams: int = 0
    country_teams: int = 0
    first: list[float] = field(default_factory=list)
    city: list[float] = field(default_factory=list)
    city_cpu: list[float] = field(default_factory=list)
    city_two: list[float] = field(default_factory=list)
    tick: list[float] = field(default_factory=list)
    country: list[float] = field(default_factory=list)
    country_cpu: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    naive: dict[int, float] = field(default_factory=dict)
    vs_naive: list[float] = field(default_factory=list)
    first_vs_naive: list[float] = field(default_factory=list)
    per_scoring: float = 0


def measure(world: World, sizes: Sizes, profile: Path, say: Say) -> Scored:
    """``profile``: where to write in what the city's seconds went."""
    found = Scored()
    made = city([Plan(year=YEAR, teams=sizes.city_teams, city=sizes.city_teams == 0)])
    found.teams = len(made.teams)
    say(f"simulated a year of {found.teams:,} teams: {len(made.facts):,} cases and activities")
    with world.room() as room:
        db = evaluation(room)
        stock(db, made)
        _naive(room, db, sizes, found, say)
        for number in range(sizes.scoring_rounds):
            _round(room, db, sizes, found)
            say(f"round {number + 1}: first {found.first[-1]:.2f} s, again {found.city[-1]:.2f} s "
                f"({found.city_cpu[-1]:.2f} s of processor time), by two {found.city_two[-1]:.2f} s, "
                f"everything {found.tick[-1]:.2f} s")
        _afresh(db)
        _run(room, "sheets", TOGETHER, PROFILE=str(profile))
        with world.room() as large:
            many = evaluation(large)
            found.country_teams = copy(db, many, sizes.country)
            say(f"{found.country_teams:,} teams stored")
            # what is measured next should not pay for writing this to disk
            large.client.admin.command("fsync")
            done = _run(large, "sheets", TOGETHER)
            _account(many, done, found.country_teams)
            found.country.append(done["seconds"])
            found.country_cpu.append(done["cpu"])
            found.mib.append(done["mib"])
            say(f"{found.country_teams:,} teams: {done['seconds']:.1f} s, {done['mib']:.0f} MiB")
    with world.room() as room:
        found.per_scoring = _burst(evaluation(room), made, sizes)
        say(f"{found.per_scoring:.1f} facts of a burst to each scoring of a team")
    return found


def _naive(room: Room, db: Db, sizes: Sizes, found: Scored, say: Say) -> None:
    count = min(sizes.naive_teams, found.teams)
    for threads in sizes.naive_threads:
        _afresh(db)
        done = _run(room, "naive", threads, NAIVE_TEAMS=str(count))
        if db["verdicts"].count_documents({}) != done["teams"]:
            raise RuntimeError("the loop did not write a verdict for every team")
        found.naive[threads] = done["teams"] / done["seconds"]
        say(f"team by team, {threads} thread(s): {found.naive[threads]:,.0f} teams/s")


def _round(room: Room, db: Db, sizes: Sizes, found: Scored) -> None:
    best = max(found.naive.values())
    _afresh(db)
    db["sheets"].delete_many({})
    first = _run(room, "sheets", TOGETHER)
    _account(db, first, found.teams)
    _afresh(db)
    again = _run(room, "sheets", TOGETHER)
    _account(db, again, found.teams)
    _afresh(db)
    two = _run_two(room, "sheets", TOGETHER)
    _account(db, two, found.teams)
    _afresh(db)
    tick = _run(room, "tick", scoring.CHUNK)
    found.first.append(first["seconds"])
    found.city.append(again["seconds"])
    found.city_cpu.append(again["cpu"])
    found.city_two.append(two["seconds"])
    found.tick.append(tick["seconds"])
    found.vs_naive.append(found.teams / again["seconds"] / best)
    found.first_vs_naive.append(found.teams / first["seconds"] / best)


def _afresh(db: Db) -> None:
    """No verdict, and everybody waits."""
    for name in ("verdicts", "recognitions", "commendations", "praise"):
        db[name].delete_many({})
    generations.bump_all(db, utc_now())


def _account(db: Db, done: dict[str, Any], teams: int) -> None:
    """Every team that there was in that year has a verdict, or the figure would be worthless."""
    written = db["verdicts"].count_documents({"scheme": SCHEME, "year": YEAR})
    if done["teams"] != teams or written != teams or db["generations"].count_documents({"waiting": True}):
        raise RuntimeError(f"{written} verdicts of {done['teams']} teams scored, {teams} expected")


def _run(room: Room, side: str, setting: int, **environ: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.performance.rescore", side, SCHEME, str(YEAR), str(setting)],
        env={"PATH": "/usr/bin:/bin", **room.environ, **environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{side} ended with {done.returncode}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _run_two(room: Room, side: str, setting: int) -> dict[str, Any]:
    """The same by two instances at once: each claims what the other has not."""
    with ThreadPoolExecutor(2) as pool:
        one, other = [done.result() for done in [pool.submit(_run, room, side, setting) for _ in range(2)]]
    return {
        "teams": one["teams"] + other["teams"],
        "seconds": max(one["ended"], other["ended"]) - min(one["began"], other["began"]),
    }


def _burst(db: Db, made: City, sizes: Sizes) -> float:
    """Facts come in batches, and the scorer has its turn after each: how many came to each scoring of a team."""
    some = City(teams=made.teams[:sizes.burst_teams], units=made.units, facts=[])
    prepare(db)
    _stock_teams(db, some)
    replica = Replica()
    changes = [_outreach(some.teams[n % len(some.teams)].names[0], n) for n in range(sizes.burst_events)]
    scorings = 0
    for start in range(0, len(changes), TOGETHER):
        facts.take(db, replica, changes[start:start + TOGETHER], utc_now())
        while count := scoring.score_waiting(db, replica, shipped(), lambda: (utc_now(), TODAY)):
            scorings += count
    return len(changes) / scorings


def _stock_teams(db: Db, some: City) -> None:
    directory.take(db, some.teams, some.units, utc_now())
    db["moves"].delete_many({})
    db["generations"].update_many({}, {"$set": {"waiting": False}})


def _outreach(name: tuple[str, str], number: int) -> RecordChanged:
    source, team = name
    subject = f"outreach://bench.example/{number}"
    on = When("2024-05-05")
    return RecordChanged(record=record_id(subject), subject=subject, n=1, entries=[RecordEntry(
        entry=f"{number:032x}", source=source, id=str(number), type="outreach.held", on=on, time=on,
        data={"on": on, "team": team, "title": "Tuyên truyền"},
    )])
