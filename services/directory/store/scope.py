"""Everything that may concern the teams that a batch touches, and nothing else: their facts, the lines of the register of codes,
the moves of groups and units under them, the names that wait in the same units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

from services.directory.domain.codes import Issued
from services.directory.domain.facts import Fact, GroupAltered, TeamAltered, TeamSeen, UnitOver, is_team_key
from services.directory.store.documents import fact_of
from shared.contracts import from_builtins
from shared.contracts.outgoing import TeamState

Document = dict[str, Any]
Session = ClientSession


class TeamScope:
    """Grows from some keys until no fact outside it can be about the same teams.

    ``keys``: of names and codes; ``moved``: units in which groups, or which themselves, changed under their teams.
    """

    def __init__(self, db: Database[Document], session: Session, keys: Iterable[str], moved: Iterable[str]) -> None:
        self.db = db
        self.session = session
        self.keys: set[str] = set()
        self.facts: dict[str, Fact] = {}
        self.lines: dict[str, Issued] = {}
        self.units: set[str] = set()
        self.moves: dict[str, Fact] = {}
        moved = list(moved)
        start = set(keys)
        if moved:
            start |= {f"c:{d['_id']}" for d in db["teams"].find({"units": {"$in": moved}}, {"_id": 1}, session=session)}
        self.grow(start, moved)

    def grow(self, keys: Iterable[str], units: Iterable[str] = ()) -> None:
        """Take in keys, and units in which a waiting name may be decided anew."""
        pending, seen_units = set(keys) - self.keys, set(units) - self.units
        self.units |= seen_units
        while pending or seen_units:
            if pending:
                seen_units |= self._follow(pending)
            waiting = self.db["names"].find(
                {"unit": {"$in": list(seen_units)}, "code": None}, {"keys": 1}, session=self.session
            ) if seen_units else ()
            seen_units = set()
            pending = {key for d in waiting for key in d["keys"]} - self.keys
        self._load_moves()

    def _follow(self, keys: set[str]) -> set[str]:
        """Take in facts and codes by ``keys`` and by every key that these lead to; the units met for the first time."""
        before = set(self.units)
        while keys:
            self.keys |= keys
            wanted = {"keys": {"$in": list(keys)}}
            found: set[str] = set()
            for document in self.db["facts"].find(wanted, session=self.session):
                fact = fact_of(document)
                self.facts[fact.id] = fact
                found.update(key for key in fact.keys if is_team_key(key))
                self.units.update(_units_of(fact))
            for document in self.db["codes"].find(wanted, session=self.session):
                self.lines[document["_id"]] = from_builtins({**document, "code": document["_id"]}, Issued)
                found.update(document["keys"])
            keys = found - self.keys
        return self.units - before

    def _load_moves(self) -> None:
        """Moves of groups and units where the teams work, and where these moves lead to."""
        loaded: set[str] = set()
        while self.units - loaded:
            fresh = self.units - loaded
            loaded |= fresh
            wanted = {"keys": {"$in": [f"m:{unit}" for unit in fresh]}}
            for document in self.db["facts"].find(wanted, session=self.session):
                fact = fact_of(document)
                self.moves[fact.id] = fact
                self.units.update(_units_of(fact))

    def all_facts(self) -> list[Fact]:
        return list({**self.facts, **self.moves}.values())

    def taken(self, codes: list[str]) -> set[str]:
        return {d["_id"] for d in self.db["codes"].find({"_id": {"$in": codes}}, {"_id": 1}, session=self.session)}

    def outside(self) -> list[TeamState]:
        """Other teams that ever worked in these units, without their members."""
        found = self.db["teams"].find(
            {"units": {"$in": list(self.units)}, "_id": {"$nin": list(self.lines)}}, {"state.members": 0}, session=self.session
        )
        return [from_builtins(d["state"], TeamState) for d in found]


def _units_of(fact: Fact) -> Iterable[str]:
    match fact.body:
        case TeamSeen(unit=unit):
            return (unit,)
        case TeamAltered(unit=str(unit)):
            return (unit,)
        case GroupAltered(unit=unit, new_unit=new_unit):
            return (unit, new_unit) if new_unit else (unit,)
        case UnitOver(successors=[only]):
            return (only,)
        case _:
            return ()
