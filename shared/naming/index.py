"""Which team a source means: by code, by the source's name for it, or by the group where it works on that
day.

Built from ``TeamState``s and kept up one by one, so that a replica of 5,111 teams follows each change without
a rebuild.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from shared.contracts.outgoing import Place, TeamPlace, TeamState
from shared.contracts.when import When
from shared.naming.codes import read_code
from shared.naming.fold import fold_name, spelling

Key = tuple[str, str]


class TeamIndex:
    """Teams by code, by (source, folded name) and by (unit, folded group)."""

    def __init__(self, teams: Iterable[TeamState] = ()) -> None:
        self._teams: dict[str, TeamState] = {}
        self._by_name: defaultdict[Key, set[str]] = defaultdict(set)
        self._by_group: defaultdict[Key, set[str]] = defaultdict(set)
        for team in teams:
            self.put(team)

    def __len__(self) -> int:
        return len(self._teams)

    def __iter__(self) -> Iterator[TeamState]:
        return iter(self._teams.values())

    def get(self, code: str) -> TeamState | None:
        return self._teams.get(code)

    def put(self, team: TeamState) -> bool:
        """Take in a team's state if it is newer than the one held; say whether it was."""
        held = self._teams.get(team.code)
        if held is not None:
            if held.n >= team.n:
                return False
            self._post(held, set.discard)
        self._teams[team.code] = team
        self._post(team, set.add)
        return True

    def resolve(self, place: Place, on: When) -> str | None:
        """The code of the one team that ``place`` means on the day of ``on``; None if it is none or may be
        several.

        An exact code comes first, then the source's name for a team, then the unit and group. A team that
        merged stands for its successor from the day it ended. A name that several teams bear is decided by
        unit and group, by its marks and by who worked on that day, or not at all; then the group alone does
        not decide either.
        """
        if place.team is not None:
            code = read_code(place.team)
            if code is not None and code in self._teams:
                return self._successor(code, on)
            named = self._named(place)
            if named:
                found = self._one_named(named, place, on)
                return None if found is None else self._successor(found, on)
        if place.unit is not None and place.group is not None:
            return self._one_working(place.unit, place.group, on)
        return None

    def _named(self, place: Place) -> list[TeamState]:
        """Teams that the source calls so; where it also gives the unit, only those that ever worked there."""
        codes = self._by_name.get((place.source, fold_name(place.team or "")), ())
        teams = (self._teams[code] for code in codes)
        return [t for t in teams if place.unit is None or any(p.unit == place.unit for p in t.places)]

    @staticmethod
    def _one_named(named: list[TeamState], place: Place, on: When) -> str | None:
        if len(named) > 1 and place.group is not None:
            group = fold_name(place.group)
            named = [t for t in named if any(fold_name(p.group) == group for p in t.places)]
        if len(named) > 1:
            wanted = spelling(place.team or "")
            named = [
                t for t in named if any(s == place.source and spelling(name) == wanted for s, name in t.names)
            ] or named
        if len(named) > 1:
            named = [t for t in named if any(covers(p, on[:10]) for p in t.places)]
        return named[0].code if len(named) == 1 else None

    def _one_working(self, unit: str, group: str, on: When) -> str | None:
        day = on[:10]
        found = {
            code: p.group
            for code in self._by_group.get((unit, fold_name(group)), ())
            for p in self._teams[code].places
            if p.unit == unit and fold_name(p.group) == fold_name(group) and covers(p, day)
        }
        if len(found) > 1:
            wanted = spelling(group)
            found = {code: name for code, name in found.items() if spelling(name) == wanted}
        return next(iter(found)) if len(found) == 1 else None

    def _successor(self, code: str, on: When) -> str:
        seen = {code}
        while True:
            team = self._teams[code]
            if team.merged_into is None or team.ended_on is None or on[:10] < team.ended_on[:10]:
                return code
            if team.merged_into in seen or team.merged_into not in self._teams:
                return code
            code = team.merged_into
            seen.add(code)

    def _post(self, team: TeamState, change: Callable[[set[str], str], None]) -> None:
        for source, name in team.names:
            if fold_name(name):
                change(self._by_name[source, fold_name(name)], team.code)
        for place in team.places:
            if fold_name(place.group):
                change(self._by_group[place.unit, fold_name(place.group)], team.code)


def covers(place: TeamPlace, day: str) -> bool:
    """Whether the team worked there on ``day`` (``YYYY-MM-DD``); ``valid_to`` is the first day on which it
    did not."""
    return place.valid_from[:10] <= day and (place.valid_to is None or day < place.valid_to[:10])
