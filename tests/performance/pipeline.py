"""The whole way of a case: published → intake → evaluation → the team's verdict, on a city of made-up teams.

Every case is one event, a finished and settled one from a paper log, and teams get theirs in turn. A team's verdict says how many
rated cases it rests on: once the stored verdict says ``k``, the outcome of the team's ``k``-th case is visible to whoever asks.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from shared import contracts
from shared.messaging import topology
from shared.settings import load
from shared.storage import database
from tests.performance import workload
from tests.performance.world import Room

TEAMS_PER_UNIT = 40
"""As in a commune of Hà Nội: 5,111 teams in 126."""
SCHEME, YEAR = "hanoi-v2", 2025
PATIENCE = 120.0


class Pipeline:
    """intake, directory and evaluation in a room, with a verdict for every team that rests on one case."""

    def __init__(self, room: Room, batch: int, teams: int) -> None:
        self.room, self.batch, self.teams = room, batch, teams
        self.evaluation = database(room.client, load(room.environ), "evaluation")
        self.verdicts = self.evaluation["verdicts"]

    def start(self) -> None:
        for name in ("intake", "directory", "evaluation"):
            self.room.service(name, NAMTOT_BATCH=str(self.batch))
        self.publish([roster(first, self.teams) for first in range(0, self.teams, TEAMS_PER_UNIT)])
        self.wait(lambda: self.evaluation["teams"].estimated_document_count(), self.teams, "teams known to evaluation")
        self.publish([self.case("first", team) for team in range(self.teams)])
        self.wait(self.visible, self.teams, "cases in verdicts")

    def publish(self, bodies: list[bytes]) -> None:
        workload.publish(self.room.amqp_uri, bodies, "", topology.INTAKE)

    def visible(self) -> int:
        """How many cases the stored verdicts rest on."""
        sums = list(self.verdicts.aggregate([
            {"$match": {"scheme": SCHEME, "year": YEAR}}, {"$group": {"_id": None, "rated": {"$sum": "$rated"}}},
        ]))
        return int(sums[0]["rated"]) if sums else 0

    def wait(self, count: Callable[[], int], goal: int, what: str) -> float:
        """When ``count`` was first seen to have come to ``goal``, by the performance counter."""
        end = time.perf_counter() + PATIENCE
        while (seen := count()) < goal:
            self.room.must_run()
            if time.perf_counter() > end:
                raise RuntimeError(f"{seen} of {goal} {what} after {PATIENCE:.0f} s; logs are in {self.room.directory}")
            time.sleep(0.02)
        return time.perf_counter()

    def capacity(self, events: int) -> float:
        """Cases a second from a backlog into verdicts: all services run, and the backlog is published as fast as it goes in."""
        began, before = time.perf_counter(), self.visible()
        self.publish([self.case("backlog", number) for number in range(events)])
        return events / (self.wait(self.visible, before + events, "cases in verdicts") - began)

    def team_numbers(self) -> dict[str, int]:
        """By team code, the number that is in the team's name."""
        found = self.verdicts.find({"scheme": SCHEME, "year": YEAR}, {"team": 1, "name": 1})
        return {d["team"]: int(d["name"].rsplit(" ", 1)[1]) for d in found}

    def case(self, run: str, number: int) -> bytes:
        """A settled case of team ``number % teams``."""
        day = f"2025-03-{number % 28 + 1:02}"
        return contracts.write(
            type="vn.namtot.case.recorded.v1", source=workload.SOURCE, id=f"{run}-{number}",
            subject=workload.subject(run, number), time=f"{day}T10:00:00Z",
            data={
                "on": day, "received_on": day, "assigned_on": day, "started_on": day,
                "team": f"Tổ hòa giải {number % self.teams}", "dispute": "civil", "ground": "party_request",
                "outcome": "settled", "invited": 1,
                "private": {
                    "parties": [
                        {"name": f"Nguyễn Văn {number}", "address": "Số 12, ngõ 5, phố Ví Dụ"},
                        {"name": f"Trần Thị {number}", "address": "Số 14, ngõ 5, phố Ví Dụ"},
                    ],
                    "content": workload.CONTENT,
                },
            },
        )


def roster(first: int, count: int) -> bytes:
    """A commune with the teams from ``first`` on."""
    code = f"{10_000 + first // TEAMS_PER_UNIT}"
    teams = range(first, min(first + TEAMS_PER_UNIT, count))
    return contracts.write(
        type="vn.namtot.directory.roster.snapshot.v1", source=workload.SOURCE, id=f"roster-{code}",
        subject=f"roster://bench.example/{code}", time="2024-01-02T09:00:00Z",
        data={
            "on": "2024-01-01", "unit": {"code": code, "valid_from": "2024-01-01"}, "unit_name": f"Phường {code}",
            "groups": [f"Tổ dân phố {team}" for team in teams],
            "teams": [
                {
                    "name": f"Tổ hòa giải {team}", "group": f"Tổ dân phố {team}", "established_on": "2024-01-01",
                    "mediators": [
                        {"ref": f"m/{team}/{n}", "sex": "female" if n else "male", "leader": n == 0} for n in range(3)
                    ],
                }
                for team in teams
            ],
        },
    )
