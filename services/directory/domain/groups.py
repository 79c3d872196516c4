"""Residential groups of a unit, from a day to the day before ``valid_to``."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from services.directory.domain.facts import Fact, GroupAltered, GroupOver, GroupSeen, UnitOver
from shared.naming import fold_name


class GroupState(msgspec.Struct, kw_only=True, omit_defaults=True):
    unit: str
    name: str
    valid_from: str
    valid_to: str | None = None


def fold_groups(unit: str, facts: Iterable[Fact]) -> list[GroupState]:
    """Every group of ``unit`` over its life, in order of its beginning. A group seen again after its end
    begins again."""
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

    for fact in sorted(facts, key=lambda f: f.order):
        match fact.body:
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
