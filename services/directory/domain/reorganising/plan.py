"""A plan file, read strictly.

    plan: long-bien-2025                # its id for ever
    title: {vi: …, en: …}
    changes:
      - on: 2025-07-01
        mark: F                         # F found, I inferred, U unverified
        citation: …
        begin: [{unit: "00118", name: Phường Bồ Đề, parent: "01", level: commune}]
        change: [{unit: "00136", name: …, from: ["00142"]}]      # another extent under the same code
        end: [{unit: "00133", into: ["00118"]}]
        move: [{from: "00133", to: "00118", groups: all}]        # or [TDP số 1, {name: TDP số 2, as: TDP số 12}]
        merge: [{unit: "00118", groups: [TDP số 1, TDP số 2], into: TDP số 1}]
        split: [{unit: "00118", group: TDP số 3, into: [TDP số 3, TDP số 4], keeps: TDP số 3}]
        teams: [{team: HG-…, unit: "00118", group: TDP số 1}, {team: HG-…, into: HG-…}]

A unit that ends into several leaves each of its teams "to be confirmed" unless ``move`` says where the team's group goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from shared.rulebooks import Block, Item, Mark, parsed, read_day, read_note, read_one_of

_UNIT = re.compile(r"[0-9]{2,5}")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]")
Level = Literal["city", "district", "commune"]
ALL = "all"
T = TypeVar("T")


class Struct(msgspec.Struct, kw_only=True, frozen=True):
    pass


class Begin(Struct, frozen=True):
    unit: str
    name: str
    level: str
    parent: str | None


class Alter(Struct, frozen=True):
    """Another extent under the same code. ``sources``: units that went into it."""

    unit: str
    name: str | None
    sources: list[str]


class End(Struct, frozen=True):
    unit: str
    into: list[str]


class Move(Struct, frozen=True):
    """``groups``: [(name, new name or None)], or None: all groups that the unit has on the day before."""

    source: str
    to: str
    groups: list[tuple[str, str | None]] | None


class Merge(Struct, frozen=True):
    unit: str
    groups: list[str]
    into: str


class Split(Struct, frozen=True):
    """``keeps``: which of the new groups keeps the team; None: to be confirmed."""

    unit: str
    group: str
    into: list[str]
    keeps: str | None


class TeamStep(Struct, frozen=True):
    """``into``: the team ends, merged into that one; ``end``: it ends; else it moves."""

    team: str
    unit: str | None
    group: str | None
    into: str | None
    end: bool


class Change(Struct, frozen=True):
    on: str
    mark: Mark
    citation: str
    begin: list[Begin]
    change: list[Alter]
    end: list[End]
    move: list[Move]
    merge: list[Merge]
    split: list[Split]
    teams: list[TeamStep]


class Plan(Struct, frozen=True):
    id: str
    title: dict[str, str]
    changes: list[Change]

    @property
    def units(self) -> set[str]:
        """Every unit that the plan speaks of."""
        found: set[str] = set()
        for change in self.changes:
            found.update(b.unit for b in change.begin)
            for alter in change.change:
                found.update((alter.unit, *alter.sources))
            for end in change.end:
                found.update((end.unit, *end.into))
            for move in change.move:
                found.update((move.source, move.to))
            found.update(merge.unit for merge in change.merge)
            found.update(split.unit for split in change.split)
            found.update(step.unit for step in change.teams if step.unit)
        return found


def read_plan(text: str, name: str) -> Plan:
    """``name``: of the file, for errors. Raise ``RulesError``."""
    block = parsed(text, Path(name))
    id_ = block.take("plan")
    if not _ID.fullmatch(id_.text()):
        raise id_.error(f"{id_.text()!r} is not an id", "write small letters, digits and hyphens, for example long-bien-2025")
    title = block.block("title")
    words = {"vi": title.text("vi"), "en": title.text("en")}
    title.finish()
    read_note(block)
    changes = [_change(each) for each in block.blocks("changes")]
    block.finish()
    days = [change.on for change in changes]
    if days != sorted(days):
        raise block.error("the changes are not in order of their days", "put the earlier one first")
    return Plan(id=id_.text(), title=words, changes=changes)


def _change(block: Block) -> Change:
    read_note(block)
    change = Change(
        on=read_day(block.take("on")).isoformat(), mark=read_one_of(block.take("mark"), Mark), citation=block.text("citation"),
        begin=_each(block, "begin", _begin), change=_each(block, "change", _alter), end=_each(block, "end", _end),
        move=_each(block, "move", _move), merge=_each(block, "merge", _merge), split=_each(block, "split", _split),
        teams=_each(block, "teams", _team),
    )
    block.finish()
    ended = [end.unit for end in change.end]
    twice = next((unit for unit in ended if ended.count(unit) > 1), None)
    if twice:
        raise block.error(f"unit {twice} ends twice", "name it once, with all units that it went into")
    return change


def _each(block: Block, name: str, reader: Callable[[Block], T]) -> list[T]:
    item = block.maybe(name)
    found: list[T] = []
    for one in item.items() if item is not None else ():
        inner = one.block()
        read_note(inner)
        mark = inner.maybe("mark")
        if mark is not None:
            read_one_of(mark, Mark)
        citation = inner.maybe("citation")
        if citation is not None:
            citation.text()
        found.append(reader(inner))
        inner.finish()
    return found


def _begin(block: Block) -> Begin:
    level = block.maybe("level")
    parent = block.maybe("parent")
    return Begin(
        unit=_unit(block.take("unit")), name=block.text("name"), level="commune" if level is None else read_one_of(level, Level),
        parent=None if parent is None else _unit(parent),
    )


def _alter(block: Block) -> Alter:
    return Alter(unit=_unit(block.take("unit")), name=_maybe(block, "name"), sources=list(_units(block.take("from"))))


def _end(block: Block) -> End:
    into = block.maybe("into")
    return End(unit=_unit(block.take("unit")), into=[] if into is None else sorted(set(_units(into))))


def _move(block: Block) -> Move:
    item = block.take("groups")
    groups = None
    if not (item.is_scalar and item.text() == ALL):
        groups = [_group(one) for one in item.items()]
    return Move(source=_unit(block.take("from")), to=_unit(block.take("to")), groups=groups)


def _group(item: Item) -> tuple[str, str | None]:
    if item.is_scalar:
        return item.text(), None
    block = item.block()
    found = block.text("name"), _maybe(block, "as")
    block.finish()
    return found


def _merge(block: Block) -> Merge:
    return Merge(unit=_unit(block.take("unit")), groups=_texts(block.take("groups")), into=block.text("into"))


def _split(block: Block) -> Split:
    into = block.take("into")
    keeps = block.maybe("keeps")
    split = Split(
        unit=_unit(block.take("unit")), group=block.text("group"), into=_texts(into),
        keeps=None if keeps is None else keeps.text(),
    )
    if keeps is not None and split.keeps not in split.into:
        raise keeps.error(f"{split.keeps!r} is none of the new groups", "write one of: " + ", ".join(split.into))
    return split


def _team(block: Block) -> TeamStep:
    unit, end = block.maybe("unit"), block.maybe("end")
    step = TeamStep(
        team=block.text("team"), unit=None if unit is None else _unit(unit), group=_maybe(block, "group"),
        into=_maybe(block, "into"), end=end is not None and read_one_of(end, Literal["true", "false"]) == "true",
    )
    if bool(step.unit or step.group) == bool(step.into or step.end):
        raise block.error("what becomes of the team is not clear", "write either `unit` and `group`, or `into`, or `end: true`")
    return step


def _maybe(block: Block, name: str) -> str | None:
    item = block.maybe(name)
    return None if item is None else item.text()


def _texts(item: Item) -> list[str]:
    return [one.text() for one in item.items()]


def _units(item: Item) -> Iterator[str]:
    return (_unit(one) for one in item.items())


def _unit(item: Item) -> str:
    text = item.text()
    if not _UNIT.fullmatch(text):
        raise item.error(f"{text!r} is not the code of a unit", 'write its two to five digits in quotes, for example "00118"')
    return text

