"""Taking in what the directory tells.

In one transaction: the new states, the next version, the keys whose facts may now belong elsewhere (``moves``), the bumped teams.
After it the facts under those keys are placed anew; a crash in between leaves the move behind for the next tick of any instance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pymongo import ReplaceOne, ReturnDocument
from pymongo.client_session import ClientSession

from services.evaluation.domain.placing import keys_of_team, places_alike
from services.evaluation.store import Db, Document
from services.evaluation.store.generations import bump
from shared.contracts import from_builtins, to_builtins
from shared.contracts.outgoing import TeamState, UnitState
from shared.storage import transact


def take(db: Db, teams: Iterable[TeamState], units: Iterable[UnitState], now: dt.datetime) -> int:
    """Keep what is newer; how many teams changed. All or nothing; safe to repeat."""
    newest_teams: dict[str, TeamState] = {}
    for team in teams:
        if team.code not in newest_teams or newest_teams[team.code].n < team.n:
            newest_teams[team.code] = team
    newest_units: dict[str, UnitState] = {}
    for unit in units:
        key = f"{unit.code}@{unit.valid_from}"
        if key not in newest_units or newest_units[key].n < unit.n:
            newest_units[key] = unit
    if not newest_teams and not newest_units:
        return 0

    def work(session: ClientSession) -> int:
        _take_units(db, newest_units, session)
        return _take_teams(db, newest_teams, now, session)

    return transact(db.client, work)


def _take_units(db: Db, units: dict[str, UnitState], session: ClientSession) -> None:
    held = {d["_id"]: d["n"] for d in db["units"].find({"_id": {"$in": list(units)}}, {"n": 1}, session=session)}
    writes = [
        ReplaceOne({"_id": key}, {"n": unit.n, "code": unit.code, "state": to_builtins(unit)}, upsert=True)
        for key, unit in units.items() if held.get(key, -1) < unit.n
    ]
    if writes:
        db["units"].bulk_write(writes, ordered=False, session=session)


def _take_teams(db: Db, teams: dict[str, TeamState], now: dt.datetime, session: ClientSession) -> int:
    held = {
        d["_id"]: from_builtins(d["state"], TeamState)
        for d in db["teams"].find({"_id": {"$in": list(teams)}}, {"state": 1}, session=session)
    }
    newer = [team for team in teams.values() if team.code not in held or held[team.code].n < team.n]
    if not newer:
        return 0
    # written in every batch, so that batches of several instances follow one another
    version = db["directory"].find_one_and_update(
        {"_id": "version"}, {"$inc": {"seq": 1}}, upsert=True, return_document=ReturnDocument.AFTER, session=session
    )
    assert version is not None  # it is inserted where there is none
    db["teams"].bulk_write(
        [ReplaceOne({"_id": team.code}, _document(team, version["seq"]), upsert=True) for team in newer],
        ordered=False, session=session,
    )
    keys = set[str]()
    for team in newer:
        before = held.get(team.code)
        if not places_alike(before, team):
            keys |= keys_of_team(team) | (keys_of_team(before) if before is not None else set())
    keys |= _keys_of_forebears(db, {team.code for team in newer}, session) if keys else set()
    if keys:
        db["moves"].insert_one({"keys": sorted(keys), "at": now}, session=session)
    # a team that took another one in is told so, though no fact moved
    heirs = {state.merged_into for team in newer for state in (team, held.get(team.code)) if state is not None}
    bump(db, {team.code for team in newer} | {heir for heir in heirs if heir is not None}, now, session)
    return len(newer)


def _document(team: TeamState, seq: int) -> Document:
    return {"n": team.n, "seq": seq, "heir": team.merged_into, "state": to_builtins(team)}


def _keys_of_forebears(db: Db, codes: set[str], session: ClientSession) -> set[str]:
    """A team that merged stands for its successor, so what names it moves when the successor does."""
    keys = set[str]()
    seen = set(codes)
    heirs = codes
    while heirs:
        forebears = [
            from_builtins(d["state"], TeamState)
            # `$type` lets the partial index serve it
            for d in db["teams"].find({"heir": {"$in": sorted(heirs), "$type": "string"}}, {"state": 1}, session=session)
        ]
        heirs = {team.code for team in forebears} - seen
        seen |= heirs
        for team in forebears:
            keys |= keys_of_team(team)
    return keys
