"""Names that an officer must confirm: a second source registers a team where another source's team already
works, a name fits several teams, or no team is known under it. Until then nothing is made of them: never two
teams silently, never a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

from services.directory.domain.codes import claim
from services.directory.domain.facts import Fact, team_key
from services.directory.domain.life import Life
from shared.contracts.outgoing import TeamPlace, TeamState
from shared.naming import fold_name


class PendingName(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``kind``: ``second_source``: a team of another source (``rivals``) works there; ``unclear``: no team,
    or more than one, is known under the name. ``own``: the code that it gets if an officer confirms that it
    is a team of its own. ``seen``: how many facts use it; ``since``: the day of the first."""

    id: str
    source: str
    name: str
    kind: Literal["second_source", "unclear"]
    keys: list[str]
    seen: int
    since: str
    unit: str | None = None
    group: str | None = None
    own: str | None = None
    rivals: list[str] = []


@dataclass(frozen=True, slots=True)
class _Worker:
    code: str
    sources: frozenset[str]
    spells: list[TeamPlace]


class Sites:
    """Who works where, and since when."""

    def __init__(self, teams: Iterable[TeamState]) -> None:
        self._at: defaultdict[tuple[str, str], list[_Worker]] = defaultdict(list)
        for team in teams:
            self._put(_Worker(team.code, frozenset(source for source, _ in team.names), team.places))

    def add(self, life: Life) -> None:
        if life.code is not None:
            sources = frozenset({life.home, *(source for source, _ in life.names)})
            self._put(_Worker(life.code, sources, life.spells()))

    def _put(self, worker: _Worker) -> None:
        for key in {(spell.unit, fold_name(spell.group)) for spell in worker.spells}:
            self._at[key].append(worker)

    def rivals(self, life: Life) -> list[str]:
        """Codes of teams that this source never named and that work in one of the team's places at the same
        time."""
        found = set()
        for mine in life.spells():
            for other in self._at.get((mine.unit, fold_name(mine.group)), ()):
                if life.home not in other.sources and any(_meet(mine, spell) for spell in other.spells):
                    found.add(other.code)
        return sorted(found)

    @staticmethod
    def pending(life: Life, rivals: list[str], own: str) -> PendingName:
        place = life.places[0].place
        unit = place.unit if place else None
        return PendingName(
            id=claim(life.home, unit or "", life.first_name), source=life.home, name=life.first_name, kind="second_source",
            keys=[team_key(life.home, life.first_name)], seen=len(life.titles) + len([m for m in life.members if not m.listed]),
            since=life.founded[0], unit=unit, group=place.group if place else None, own=own, rivals=rivals,
        )


def _meet(one: TeamPlace, other: TeamPlace) -> bool:
    if one.unit != other.unit or fold_name(one.group) != fold_name(other.group):
        return False
    return (one.valid_to is None or other.valid_from < one.valid_to) and (
        other.valid_to is None or one.valid_from < other.valid_to
    )


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A fact that means no team, or more than one. ``source``: whose name it is."""

    fact: Fact
    source: str
    name: str
    unit: str | None
    group: str | None

    @staticmethod
    def pending(facts: Iterable[Unplaced]) -> list[PendingName]:
        """One per (source, unit, name)."""
        by_name: defaultdict[str, list[Unplaced]] = defaultdict(list)
        for one in facts:
            by_name[claim(one.source, one.unit or "", one.name)].append(one)
        return [
            PendingName(
                id=key, source=ones[0].source, name=ones[0].name, kind="unclear",
                keys=[team_key(ones[0].source, ones[0].name)], seen=len({one.fact.id for one in ones}),
                since=min(one.fact.day for one in ones), unit=ones[0].unit, group=ones[0].group,
            )
            for key, ones in by_name.items()
        ]
