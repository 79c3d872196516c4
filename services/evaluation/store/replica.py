"""What the directory has told: teams and units. The database holds it for every instance; each keeps an index of the
teams in memory, brought up to the newest version before it is used."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from services.evaluation.domain.facts import Forebear, Stay, Team
from services.evaluation.store import Db, Document
from shared.contracts import When, dec_hook
from shared.contracts.outgoing import Place, TeamPlace, TeamState
from shared.naming import TeamIndex
from shared.naming.index import covers

TOGETHER = 500
"""Teams read at a time, so that what is only passed through takes little memory."""


class Seat(NamedTuple):
    """Where a team worked on a day."""

    unit: str
    group: str


class Replica:
    """One per process and database. ``version``: of the directory, as far as this index holds it."""

    def __init__(self) -> None:
        self.index = TeamIndex()
        self.version = -1
        self._forebears: dict[str, dict[str, dt.date]] = {}

    def refresh(self, db: Db) -> int:
        """Read what is newer than this index; the version that it now has at least."""
        version = current_version(db)
        if version > self.version:
            for document in db["teams"].find({"seq": {"$gt": self.version}}).sort("seq", 1).batch_size(TOGETHER):
                self._put(_read(document["state"]))
            self.version = max(self.version, version)
        return self.version

    def _put(self, state: TeamState) -> None:
        held = self.index.get(state.code)
        if not self.index.put(state):
            return
        if held is not None and held.merged_into is not None:
            self._forebears[held.merged_into].pop(state.code, None)
        if state.merged_into is not None and state.ended_on is not None:
            self._forebears.setdefault(state.merged_into, {})[state.code] = state.ended_on.day

    def resolve(self, place: Place, on: When) -> str | None:
        return self.index.resolve(place, on)

    def team(self, code: str, on: dt.date) -> Team | None:
        """``members``: those of that day; ``stays``, ``forebears``: all, so that a year's are among them."""
        state = self.index.get(code)
        if state is None:
            return None
        day = on.isoformat()
        return Team(
            code=code, established=state.established_on.day,
            ended=None if state.ended_on is None else state.ended_on.day,
            members=frozenset(
                m.ref for m in state.members if m.valid_from[:10] <= day and (m.valid_to is None or day < m.valid_to[:10])
            ),
            stays=tuple(Stay(place.valid_from.day, place.unit) for place in _real(state.places)),
            forebears=tuple(sorted(Forebear(ended, code) for code, ended in self._forebears.get(code, {}).items())),
        )

    def seat(self, code: str, on: dt.date) -> Seat:
        """Where the team works on that day; failing that the last place before, or the first after."""
        state = self.index.get(code)
        real = _real(state.places) if state is not None else []
        if not real:
            return Seat("", "")
        day = on.isoformat()
        begun = [p for p in real if p.valid_from[:10] <= day]
        place: TeamPlace = begun[-1] if begun else real[0]
        return Seat(place.unit, place.group)

    def teams_of(self, unit: str) -> set[str]:
        """Codes of all teams that work, or ever worked, in a unit of that code."""
        return {team.code for team in self.index if any(place.unit == unit for place in team.places)}

    def working(self, unit: str, on: dt.date) -> set[str]:
        """Codes of the teams that work in a unit on that day."""
        day = on.isoformat()
        return {
            team.code for team in self.index
            if (team.ended_on is None or day < team.ended_on[:10]) and any(p.unit == unit and covers(p, day) for p in team.places)
        }

    def units_of(self, codes: Iterable[str]) -> set[str]:
        """Codes of all units in which one of these teams works, or ever worked."""
        states = (self.index.get(code) for code in codes)
        return {place.unit for state in states if state is not None for place in state.places}

    def name(self, code: str) -> str:
        state = self.index.get(code)
        return code if state is None else state.name


def _real(places: Iterable[TeamPlace]) -> list[TeamPlace]:
    """By day, without those that were over before they began, unless there are no others."""
    listed = sorted(places, key=lambda place: place.valid_from)
    if len(listed) == 1:
        return listed
    return [p for p in listed if p.valid_to is None or p.valid_from < p.valid_to] or listed


def _read(state: Document) -> TeamState:
    """A country has half a million mediators, whose sources and days are few: each text is held once."""
    for member in state.get("members", ()):
        member["source"], member["sex"] = sys.intern(member["source"]), sys.intern(member["sex"])
    for place in state.get("places", ()):
        place["unit"] = sys.intern(place["unit"])
    state["names"] = [(sys.intern(source), name) for source, name in state.get("names", ())]
    found: TeamState = msgspec.convert(state, TeamState, dec_hook=_hook)
    return found


def _hook(kind: type, value: Any) -> Any:
    return _once(kind, value)


@lru_cache(maxsize=65536)
def _once(kind: type, value: str) -> object:
    return dec_hook(kind, value)


def current_version(db: Db) -> int:
    found = db["directory"].find_one({"_id": "version"})
    return 0 if found is None else int(found["seq"])


def unit_names(db: Db, on: dt.date) -> dict[str, str]:
    """Code → name on that day. A code is reused with another extent, so the day decides which is meant."""
    day = on.isoformat()
    names: dict[str, str] = {}
    for document in db["units"].find({}).sort("state.valid_from", 1):
        state = document["state"]
        if state["valid_from"][:10] <= day and ("valid_to" not in state or day < state["valid_to"][:10]):
            names[state["code"]] = state["name"]
    return names
