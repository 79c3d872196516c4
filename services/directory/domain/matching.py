"""Which team a fact means. One or none: between two, nobody guesses.

A name is a source's own, and a district's register calls a team in each of its wards "Tổ hòa giải TDP số 5":
the unit tells them apart. A team that moved is the same only where somebody said that it moved, or that its
unit was taken over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from services.directory.domain.codes import Issued, claim, is_own
from services.directory.domain.facts import NameMeans, Order, TeamSeen
from services.directory.domain.life import Life, Place
from shared.naming import fold_name, read_code, spelling


class Ambiguous(Exception):
    """Several teams could be meant."""


class Lives:
    """The teams of one fold, found by name, by code, by claim and by where they work now."""

    def __init__(self, issued: Iterable[Issued], means: Iterable[NameMeans]) -> None:
        """``means``: newest first."""
        self.all: list[Life] = []
        self.issued = {line.code: line for line in issued}
        self.means: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for said in means:
            self.means[said.source, fold_name(said.name)].append(said.code)
        # a claim has several lines where codes turned out to be one team's: the oldest holds
        self._lines_of: defaultdict[str, list[Issued]] = defaultdict(list)
        for line in sorted(self.issued.values(), key=lambda line: line.seq):
            for text in line.claims:
                self._lines_of[text].append(line)
        self._by_name: defaultdict[tuple[str, str], list[Life]] = defaultdict(list)
        self._by_code: dict[str, Life] = {}
        self._by_claim: dict[str, Life] = {}
        self._in_unit: defaultdict[str, dict[int, Life]] = defaultdict(dict)

    # -- finding

    def with_code(self, code: str, order: Order) -> Life | None:
        """The team with an issued code, which may be mentioned before anybody says where it works."""
        life = self._by_code.get(code)
        line = self.issued.get(code)
        if life is None and line is not None:
            life = Life(home=line.home, founded=order, first_name=code, codes=[(line.seq, code)])
            self.all.append(life)
            self._by_code[code] = life
        return life

    def seen(self, source: str, body: TeamSeen, order: Order) -> Life | None:
        """The team that a roster or registration means, a new one if it is the first to speak of it; None for
        a code that was never issued. Raise ``Ambiguous``."""
        code = read_code(body.team)
        if code is not None:
            return self.with_code(code, order)
        life = self._confirmed(source, body.team, body.unit, order) or self._known_in_unit(source, body)
        return life or self._found(source, body, order)

    def mentioned(self, source: str, team: str, unit: str | None, order: Order) -> Life | None:
        """The team that another event means. Raise ``Ambiguous``."""
        code = read_code(team)
        if code is not None:
            return self.with_code(code, order)
        life = self._confirmed(source, team, None, order)
        if life is not None:
            return life
        named = self._by_name.get((source, fold_name(team)), [])
        here = [life for life in named if unit is not None and life.place is not None and life.place.unit == unit]
        working = [life for life in named if life.place is not None]
        return _only(here or working or named, team, None)

    def in_unit(self, unit: str) -> list[Life]:
        """The teams that work there now."""
        return list(self._in_unit.get(unit, {}).values())

    def claimant(self, text: str) -> Life | None:
        return self._by_claim.get(text)

    def _confirmed(self, source: str, name: str, unit: str | None, order: Order) -> Life | None:
        found: list[Life] = []
        for code in self.means.get((source, fold_name(name)), ()):
            life = self.with_code(code, order)
            if life is None and unit is not None and is_own(code, source, name):
                life = self._own(code, source, name, order)
            if life is None:
                continue
            if unit is not None and _has_to_do_with(life, unit):
                return life
            if unit is None and life not in found:
                found.append(life)
        return _only(found, name, None)

    def _known_in_unit(self, source: str, body: TeamSeen) -> Life | None:
        named = self._by_name.get((source, fold_name(body.team)), [])
        if body.twin:
            named = [life for life in named if (source, spelling(body.team)) in life.names]
        here = [life for life in named if life.place is not None and life.place.unit == body.unit]
        heirs = [life for life in named if life.place is None and not life.ended and body.unit in life.heirs]
        # a roster may lag behind the end of a team, but a registration after the end begins another one
        gone = [
            life for life in named
            if life.place is None and life.last is not None and life.last.unit == body.unit
            and not (life.ended and body.begins)
        ]
        return _only(here or heirs or gone, body.team, body.group)

    # -- adding

    def _found(self, source: str, body: TeamSeen, order: Order) -> Life:
        again = 0
        while claim(source, body.unit, body.team, again) in self._by_claim:
            again += 1
        first = claim(source, body.unit, body.team, again)
        lines = self._lines_of.get(first, [])
        life = next((self._by_code[line.code] for line in lines if line.code in self._by_code), None)
        if life is None or life.claims:
            life = Life(home=lines[0].home if lines else source, founded=order, first_name=body.team)
            self.all.append(life)
        self._claim(life, first)
        return life

    def _own(self, code: str, source: str, name: str, order: Order) -> Life:
        life = Life(home=source, founded=order, first_name=name, wanted=code)
        self.all.append(life)
        self._by_code[code] = life
        return life

    def call(self, life: Life, source: str, name: str, unit: str | None) -> None:
        """``source`` calls it so, and in ``unit`` if it says where."""
        if not fold_name(name):
            return
        life.name(source, name)
        named = self._by_name[source, fold_name(name)]
        if life not in named:
            named.append(life)
        if unit is not None:
            self._claim(life, claim(source, unit, name))

    def _claim(self, life: Life, text: str) -> None:
        if self._by_claim.setdefault(text, life) is not life:
            return
        if text not in life.claims:
            life.claims.append(text)
        for line in self._lines_of.get(text, ()):
            if self._by_code.setdefault(line.code, life) is life and (line.seq, line.code) not in life.codes:
                life.codes.append((line.seq, line.code))

    def settle(self, life: Life, order: Order, place: Place | None, heirs: tuple[str, ...] = ()) -> None:
        if life.place is not None:
            self._in_unit[life.place.unit].pop(id(life), None)
        life.settle(order, place, heirs)
        if place is not None:
            self._in_unit[place.unit][id(life)] = life

    def end(self, life: Life, order: Order) -> None:
        if life.place is not None:
            self._in_unit[life.place.unit].pop(id(life), None)
        life.end(order)


def _has_to_do_with(life: Life, unit: str) -> bool:
    if not life.places:
        return True
    return unit in life.heirs or any(note.place is not None and note.place.unit == unit for note in life.places)


def _only(lives: list[Life], name: str, group: str | None) -> Life | None:
    """The one, or the one that is spelled so, or the one in that group. Raise ``Ambiguous``."""
    if not lives:
        return None
    if len(lives) > 1:
        lives = [life for life in lives if any(s == spelling(name) for _, s in life.names)] or lives
    if len(lives) > 1 and group is not None:
        lives = [life for life in lives if life.place is not None and fold_name(life.place.group) == fold_name(group)]
    if len(lives) != 1:
        raise Ambiguous(name)
    return lives[0]
