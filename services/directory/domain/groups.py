"""Residential groups of a unit, from a day to the day before ``valid_to``."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from services.directory.domain.facts import RANKS, Fact, GroupAltered, GroupOver, GroupSeen, UnitOver
from shared.naming import fold_name


class GroupState(msgspec.Struct, kw_only=True, omit_defaults=True):
    unit: str
    name: str
    valid_from: str
    valid_to: str | None = None


def fold_groups(unit: str, facts: Iterable[Fact]) -> list[GroupState]:
    """Every group of ``unit`` over its life, in order of its beginning. A group seen again after its end
    begins again. On the day on which the unit ends, another may begin under its code: what moves there on that
    day comes after the end."""
    facts = sorted(facts, key=lambda f: f.order)
    over = {fact.day for fact in facts if isinstance(fact.body, UnitOver)}
    steps = []
    for fact in facts:
        body = fact.body
        late = isinstance(body, GroupAltered) and body.new_unit == unit and fact.day in over
        if not late or (isinstance(body, GroupAltered) and body.unit == unit):
            steps.append((fact.order, False, fact))
        if late:
            steps.append(((fact.day, RANKS["directory.unit.ended"], *fact.order[2:]), True, fact))
    lives: list[GroupState] = []
    present: dict[str, GroupState] = {}

    def begin(name: str, day: str) -> None:
        key = fold_name(name)
        if key not in present:
            present[key] = GroupState(unit=unit, name=name, valid_from=day)
            lives.append(present[key])

    def end(name: str, day: str) -> None:
        state = present.pop(fold_name(name), None)
        if state is not None:
            state.valid_to = day

    # what arrives sorts after the end, and both have a place of their own
    for _, arrives, fact in sorted(steps, key=lambda s: (*s[0][:2], s[1], *s[0][2:])):
        match fact.body:
            case GroupAltered() as moved_here if arrives:
                begin(moved_here.new_name or moved_here.name, fact.day)
            case GroupAltered() as leaving if fact.day in over and leaving.new_unit == unit:
                end(leaving.name, fact.day)
            case GroupSeen(names=names):
                for name in names:
                    begin(name, fact.day)
            case GroupAltered() as moved:
                if moved.unit == unit:
                    end(moved.name, fact.day)
                if (moved.new_unit or moved.unit) == unit:
                    begin(moved.new_name or moved.name, fact.day)
            case GroupOver(name=name):
                end(name, fact.day)
            case UnitOver():
                for state in list(present.values()):
                    end(state.name, fact.day)
            case _:
                continue
    return [life for life in lives if life.valid_to is None or life.valid_from < life.valid_to]
