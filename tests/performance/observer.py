"""A process of its own that notes when each case becomes visible in a verdict, so that watching does not delay publishing.

It follows the change stream of evaluation's verdicts: what a page or a query would show from that moment on.
"""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

import pymongo

from tests.performance.pipeline import SCHEME, YEAR

Seen = dict[int, float]
"""By case number: when it was first seen, in seconds of the monotonic clock, which all processes of a machine share."""
FIELDS = {"documentKey": 1, "fullDocument.rated": 1, "updateDescription.updatedFields.rated": 1}


@dataclass(frozen=True, slots=True)
class Watched:
    """``before``: rated cases by team number at the start; ``teams``: team numbers by code."""

    mongo_uri: str
    database: str
    teams: dict[str, int]
    before: int
    count: int


class Observer:
    def __init__(self, watched: Watched) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=watch, args=(watched, theirs), daemon=True)
        self.process.start()
        theirs.close()
        if not self.pipe.poll(60) or self.pipe.recv() != "ready":
            raise RuntimeError("the observer did not start")

    def result(self, timeout: float) -> Seen:
        """What was seen, once all were; at the latest after ``timeout`` seconds."""
        if not self.pipe.poll(timeout):
            self.pipe.send("stop")
        seen: Seen = self.pipe.recv()
        self.process.join()
        return seen


def watch(watched: Watched, pipe: Pipe) -> None:
    """With ``t`` teams, case ``n`` belongs to team ``n % t`` and is its ``n // t + 1``-th after those from before."""
    seen: Seen = {}
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(watched.mongo_uri)
    prefix = f"{SCHEME}|{YEAR}|"
    with client, client[watched.database]["verdicts"].watch([{"$project": FIELDS}], max_await_time_ms=100) as changes:
        pipe.send("ready")
        while len(seen) < watched.count and not pipe.poll():
            change = changes.try_next()
            now = time.monotonic()
            if change is None or not change["documentKey"]["_id"].startswith(prefix):
                continue
            rated = change.get("fullDocument", change.get("updateDescription", {}).get("updatedFields", {})).get("rated")
            if rated is None:
                continue
            team = watched.teams[change["documentKey"]["_id"].removeprefix(prefix)]
            for nth in range(rated - watched.before - 1, -1, -1):
                case = nth * len(watched.teams) + team
                if case in seen:
                    break
                seen[case] = now
    pipe.send(seen)
