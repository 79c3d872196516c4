"""The life of one quarrel, from the first word to the last, as registers and the citizens' app report it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from shared.simulation import people, stories, turns
from shared.simulation.deal import Slot
from shared.simulation.desk import APP, Desk
from shared.simulation.roster import Mediator, Team
from shared.simulation.spelling import group_as_typed, team_as_typed
from shared.simulation.times import Habit, clock, day_between, days, season_day, written


@dataclass(frozen=True, kw_only=True)
class Case:
    """What others need to know of a quarrel: who pays for it, which other report means the same."""

    subject: str
    team: Team
    received: dt.date
    ended: dt.date | None
    settled: bool
    dispute: str
    mediator: str


class Quarrel:
    """One case in the making. Days are drawn first, then each fact is written up at the team's pace."""

    def __init__(self, desk: Desk, team: Team, slot: Slot) -> None:
        self.desk, self.team, self.slot = desk, team, slot
        self.chance = desk.plan.rng("case", desk.plan.year, desk.unit.code, slot.number)
        self.dispute = self.chance.choices(stories.KINDS, stories.WEIGHTS)[0]
        self.by_app = slot.every(5, 1)
        self.carried = slot.every(107, 60)
        """Received in the year before, ended in this one."""
        self.received = self._received()
        self.subject = desk.subject("case", APP if self.by_app else "")
        self.mediator = self._mediator()
        self.parties = [self._party() for _ in range(self.chance.choice((2, 2, 2, 3)))]

    def _received(self) -> dt.date:
        plan = self.desk.plan
        if self.slot.ending == "open":
            return day_between(self.chance, plan.end - days(19), plan.end - days(4))
        if self.carried:
            return day_between(self.chance, plan.start - days(15), plan.start - days(6))
        longest = 40 if self.slot.every(45, 9) or self._told_late else 26
        return season_day(self.chance, plan.start, plan.end - days(longest))

    def _mediator(self) -> Mediator:
        """The leader takes most cases himself; the others share the rest."""
        drawn = self.chance.choice(self.team.mediators)
        own = self.desk.plan.rng("leader takes it", self.desk.plan.year, self.desk.unit.code, self.slot.number)
        return self.team.leader if own.randrange(3) else drawn

    def _party(self) -> dict[str, Any]:
        sex = self.chance.choice(("female", "male"))
        house = f"Số {self.chance.randint(1, 180)}, ngõ {self.chance.randint(2, 400)}"
        return {
            "name": people.name(self.chance, sex), "born": self.chance.randint(1945, 2002),
            "address": f"{house}, {self.team.group}, {self.desk.unit.full_name.lower()}",
        }

    def live(self) -> Case:
        if self.slot.ending != "open" and self.slot.every(13, 4):
            ended: dt.date | None = self._recorded()
        else:
            self._reported()
            ended = self._mediated()
        return Case(
            subject=self.subject, team=self.team, received=self.received, ended=ended,
            settled=self.slot.ending == "settled", dispute=self.dispute, mediator=self.mediator.ref,
        )

    def write(self, kind: str, on: dt.date, data: dict[str, Any] | None = None, with_time: bool = False) -> str:
        """A fact of the register's, on a day, or at an hour where somebody noted it; written up at the team's pace."""
        at = clock(self.chance, on).isoformat() if with_time else on.isoformat()
        return self.desk.emit(
            f"case.{kind}", self.desk.register, self.subject, {"on": at, **(data or {})}, self._written(on)
        )

    def _written(self, on: dt.date) -> dt.datetime:
        if self._told_late:
            return clock(self.chance, min(on + days(self.chance.randint(20, 28)), self.desk.last), 22, 23)
        return written(self.chance, on, self._habit, self.desk.last)

    @property
    def _habit(self) -> Habit:
        return self.team.role.habit

    def _private(self) -> dict[str, Any]:
        first, second = self.parties[0]["name"], self.parties[1]["name"]
        return {"parties": self.parties, "content": stories.story(self.chance, self.dispute, first, second)}

    def _reported(self) -> None:
        if self.by_app:
            report_by_app(self.desk, self.chance, self.subject, self.team, self.received, self.dispute)
            return
        data: dict[str, Any] = {
            "team": team_as_typed(self.chance, self.team.name), "dispute": self.dispute,
            "ground": self._ground(), "first_known_by": self._first_known(), "private": self._private(),
        }
        if self.chance.randrange(3) == 0:
            data["arose_on"] = (self.received - days(self.chance.randint(1, 60))).isoformat()
        if self.urgent is not None:
            data["urgent"] = [self.urgent]
        self.write("reported", self.received, data, with_time=self.chance.randrange(4) == 0)

    @property
    def urgent(self) -> str | None:
        if not self.slot.every(31, 2) or self.by_app:
            return None
        return "domestic_violence" if self.dispute == "family" else "violence_risk"

    def _ground(self) -> str:
        return self.chance.choices(("party_request", "mediator_found", "assigned_or_requested"), (45, 40, 15))[0]

    def _first_known(self) -> str:
        if self._told_late:
            return "unit"
        return self.chance.choices(("team", "unit", "other"), (86, 10, 4))[0]

    @property
    def _told_late(self) -> bool:
        """The ward knew first, and weeks went by before the team heard of it."""
        return self.team.role.detection == "late"

    def _assigned_on(self) -> dt.date:
        return self.received + days(self.chance.randint(10, 15) if self._told_late else self.chance.choice((0, 0, 1, 1, 2)))

    def _mediated(self) -> dt.date | None:
        """From assignment to the end; the day it ended, None if it goes on."""
        assigned = self._assigned_on()
        # three days run from assignment (Luật 35/2013 Art. 20.2); now and then they are missed
        begun = assigned + days(self.chance.randint(6, 9) if self.slot.every(25, 8) else self.chance.choice((0, 1, 2, 3)))
        if self.slot.every(44, 19):
            # the register has the meeting before the assignment: accepted, and flagged
            begun = max(self.received, assigned - days(1))
        assignment = {"mediator": self.mediator.ref}
        if self.carried:
            begun = self.desk.plan.start + days(self.chance.randint(2, 8))
            assignment["start_agreed_on"] = begun.isoformat()
            self.write("assigned", assigned, assignment)
            turns.over_the_years_edge(self)
        else:
            self.write("chosen" if self.chance.randrange(3) == 0 else "assigned", assigned, assignment)
            turns.before_it_begins(self, assigned)
        session = begun
        self._session(session)
        turns.meanwhile(self, assigned, begun)
        for _ in range(self.chance.choice((0, 0, 1, 2))):
            session += days(self.chance.randint(2, 7))
            if self.slot.ending != "open":
                self._session(session)
        if self.slot.ending == "open":
            return None
        if self.slot.ending == "settled" and self.slot.every(45, 9):
            session = self._reopened(session)
        self._ended(session)
        return session

    def _session(self, on: dt.date) -> None:
        data: dict[str, Any] = {"invited": self.chance.choice((0, 0, 1, 1, 2, 3))}
        if self.chance.randrange(3) == 0:
            data["mode"] = self.chance.choice(("public", "private"))
        if self.urgent == "domestic_violence":
            # nobody sits the parties down together after such a warning
            data["form"] = "separate"
        self.write("mediation-held", on, {k: v for k, v in data.items() if v})

    def _reopened(self, on: dt.date) -> dt.date:
        """Not settled at first; the parties ask to go on and it is the same case (Art. 27)."""
        self.write("not-settled", on, {"reason": "Hai bên chưa thống nhất"})
        again = on + days(self.chance.randint(4, 10))
        self.write("reopened", again, {"reason": "Hai bên đề nghị tiếp tục hòa giải"})
        session = again + days(self.chance.randint(1, 3))
        self._session(session)
        return session

    def _ended(self, on: dt.date) -> None:
        if self.slot.ending == "ended_by_party":
            self.write("ended-by-party", on)
            return
        if self.slot.ending == "not_settled":
            self.write("not-settled", on, {"reason": "Các bên không đạt được thỏa thuận"})
            return
        if self.slot.every(90, 33):
            self._withdrawn(on)
        court = self.slot.every(30, 11)
        due = on + days(self.chance.choice((7, 15, 30, 45)))
        data: dict[str, Any] = {"private": {"agreement": self.chance.choice(stories.AGREEMENTS)}}
        if court or self.chance.randrange(5) < 2:
            data["written"] = True
        if self.chance.randrange(2):
            data["perform_by"] = due.isoformat()
        if self.slot.every(36, 5):
            self._corrected(on, data)
        else:
            self.write("settled", on, data)
        if court:
            asked = on + days(self.chance.randint(5, 20))
            self.write("court-recognition-asked", asked, {"court": "Tòa án nhân dân quận"})
            turns.the_court_asks(self, asked)
            self.write("court-recognition-granted", asked + days(12), {"number": f"{self.chance.randint(1, 90)}/QĐST"})
        elif due <= self.desk.plan.end:
            self._performed(due)

    def _performed(self, due: dt.date) -> None:
        turns.followed_up(self, due)
        if self.slot.every(40, 17):
            self.write("agreement-broken", due + days(3))
        elif self.chance.randrange(10) < 8:
            self.write("agreement-fulfilled", due)

    def _corrected(self, on: dt.date, data: dict[str, Any]) -> None:
        """Somebody typed the wrong day; found out later and set right, with the reason."""
        target = self.write("settled", on - days(1), data)
        noticed = on + days(self.chance.randint(3, 9))
        self.desk.emit(
            "record.corrected", self.desk.register, self.subject,
            {
                "on": noticed.isoformat(), "target": {"source": self.desk.register, "id": target},
                "of": "vn.namtot.case.settled.v1", "data": {"on": on.isoformat(), **data, "ext": {"simulated": True}},
                "reason": "Ghi nhầm ngày hòa giải thành, đối chiếu lại sổ", "by": f"officer-{self.desk.unit.code}",
            },
            self._written(noticed),
        )

    def _withdrawn(self, on: dt.date) -> None:
        """An ending that belonged to another case was put down here, and is taken back."""
        target = self.write("not-settled", on, {"reason": "Các bên không đạt được thỏa thuận"})
        self.desk.emit(
            "record.withdrawn", self.desk.register, self.subject,
            {
                "on": (on + days(1)).isoformat(), "target": {"source": self.desk.register, "id": target},
                "reason": "Ghi nhầm vào vụ việc này", "by": f"officer-{self.desk.unit.code}",
            },
            self._written(on + days(1)),
        )

    def _recorded(self) -> dt.date:
        """The paper log, copied as one event."""
        assigned = self._assigned_on()
        started = assigned + days(self.chance.choice((0, 1, 2, 3)))
        ended = started + days(self.chance.choice((0, 0, 2, 5, 8)))
        data: dict[str, Any] = {
            "team": team_as_typed(self.chance, self.team.name), "dispute": self.dispute, "ground": self._ground(),
            "first_known_by": self._first_known(), "received_on": self.received.isoformat(),
            "assigned_on": assigned.isoformat(), "started_on": started.isoformat(), "mediator": self.mediator.ref,
            "invited": self.chance.choice((1, 1, 2)), "outcome": self.slot.ending,
            "chosen_by_parties": False, "private": self._private(),
        }
        if self.slot.ending == "settled" and self.chance.randrange(2):
            data["performance"] = "fulfilled"
        self.write("recorded", ended, data)
        return ended


def report_by_app(
    desk: Desk, chance: random.Random, subject: str, team: Team | None, on: dt.date, dispute: str
) -> str:
    """A citizen's report: unit and, if a group was typed, the group as it was typed. No parties."""
    at = clock(chance, on, 6, 20)
    data: dict[str, Any] = {
        "on": at.isoformat(), "unit": desk.unit.code, "dispute": dispute, "ground": "party_request",
        "first_known_by": "other",
        "private": {"content": stories.story(chance, dispute, "một hộ dân", "hộ liền kề")},
    }
    if team is not None:
        data["group"] = group_as_typed(chance, team.index, desk.unit.ward)
    return desk.emit("case.reported", APP, subject, data, at + dt.timedelta(minutes=chance.randint(1, 40)))
