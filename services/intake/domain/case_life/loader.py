"""A table's file → ``CaseLife``. Strict: unknown and missing keys, keys that stand twice, bad dates, statuses and fields that
nobody knows are refused, with file, line and remedy."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from services.intake.domain.case_life.table import DEADLINES, FLAGS, CaseLaw, CaseLife, Deadline, Rule, Step, Unit
from shared.contracts import TYPES, short
from shared.contracts.cases import SettlementItem
from shared.contracts.outgoing import CaseState, Status
from shared.rulebooks import (
    Block,
    Item,
    Mark,
    parsed,
    read_day,
    read_note,
    read_one_of,
    read_text,
    read_whole,
    read_yes_no,
)

HERE = Path(__file__).parent
WHOLE = "case.recorded"
"""A life told at once: it is folded as the steps that it tells."""
DATA: dict[str, tuple[str, ...]] = {
    short(type.name): type.data.__struct_fields__
    for type in TYPES.values() if type.family == "case" and short(type.name) != WHOLE
}
T = TypeVar("T")


@functools.cache
def case_law() -> CaseLaw:
    """The tables of this release. Raise ``RulesError``."""
    return law_of({path: read_text(path) for path in sorted(HERE.glob("*.yaml"))})


def law_of(texts: Mapping[Path, str]) -> CaseLaw:
    """Texts as they stand in the files so named. Raise ``RulesError``."""
    tops = [(read_day(top.take("from")), top) for top in (parsed(text, path) for path, text in texts.items())]
    tables: list[CaseLife] = []
    for day, top in sorted(tops, key=lambda pair: pair[0]):
        if tables and tables[-1].since == day.isoformat():
            raise top.take_again("from").error(f"{tables[-1].id} begins on the same day", "give each table a day of its own")
        tables.append(_table(top, {table.id: table for table in tables}))
    return CaseLaw(tuple(tables))


def _table(top: Block, before: Mapping[str, CaseLife]) -> CaseLife:
    id = top.take("table")
    if id.text() != id.file.stem:
        raise id.error(f"the table calls itself {id.text()!r}", f"name it as its file: {id.file.stem!r}")
    amended = top.maybe("amends")
    if amended is not None and amended.text() not in before:
        raise amended.error(f"there is no older table {amended.text()!r}", "name one of: " + (", ".join(before) or "none"))
    base = before[amended.text()] if amended is not None else None
    since = top.take_again("from").text()
    _rule(top, "citation")
    ended_item = top.maybe("ended") if base else top.take("ended")
    ended = base.ended if base and ended_item is None else frozenset(_words(ended_item, Status)) if ended_item else frozenset()
    steps = _named(top, "steps", functools.partial(_step, ended=ended), base.steps if base else {}, DATA)
    deadlines = _named(top, "deadlines", _deadline, base.deadlines if base else {}, DEADLINES)
    flags = _named(top, "flags", lambda block, _: _rule(block), base.flags if base else {}, FLAGS)
    items = base.items if base else ()
    settlement = top.maybe("settlement") if base else top.take("settlement")
    if settlement is not None:
        block = settlement.block()
        items = tuple(_words(block.take("items"), SettlementItem))
        _rule(block)
        block.finish()
    top.finish()
    return CaseLife(id=id.text(), since=since, ended=ended, items=items, steps=steps, deadlines=deadlines, flags=flags)


def _named(
    top: Block, key: str, read: Callable[[Block, str], T], base: Mapping[str, T], known: Mapping[str, Any] | tuple[str, ...]
) -> dict[str, T]:
    """The entries of a block whose keys are data: all of ``known``, each new or as in ``base``."""
    found = dict(base)
    item = top.maybe(key) if base else top.take(key)
    if item is None:
        return found
    block = item.block()
    for name in block.names():
        entry = block.take(name)
        if name not in known:
            raise entry.error(f"{name!r} is not known", "write one of: " + ", ".join(known))
        inner = entry.block()
        found[name] = read(inner, name)
        inner.finish()
    missing = [name for name in known if name not in found]
    if missing:
        raise item.error(f"{missing[0]!r} is missing", f"add `{missing[0]}: …`")
    return found


def _step(block: Block, name: str, ended: frozenset[Status]) -> Step:
    rule = _rule(block)
    to_item = block.maybe("to")
    back = to_item is not None and to_item.text() == "back"
    to: Status | None = read_one_of(to_item, Status) if to_item is not None and not back else None
    return Step(
        rank=read_whole(block.take("rank")), expected=frozenset(_statuses(block.take("from"))), cite=rule.cite, mark=rule.mark,
        to=to, back=back, ends=to in ended, set=_fixed(block.maybe("set")),
        keep=_copied(block.maybe("keep"), name), first=_copied(block.maybe("first"), name),
        on=_field(block.maybe("on")), first_on=_field(block.maybe("first_on")),
    )


def _statuses(item: Item) -> list[Any]:
    if item.is_scalar and item.text() == "any":
        return [status for status in get_args(Status) if status != "parked"]
    return _words(item, Status)


def _words(item: Item, allowed: Any) -> list[Any]:
    return [read_one_of(part, allowed) for part in item.items()]


def _fixed(item: Item | None) -> tuple[tuple[str, Any], ...]:
    if item is None:
        return ()
    block = item.block()
    found = []
    for name in block.names():
        value = block.take(name)
        try:
            state = msgspec.convert({"status": "received", _known(value, name): value.text()}, CaseState, strict=False)
        except msgspec.ValidationError as error:
            raise value.error(f"{value.text()!r} is no value of {name!r}: {error}", "write one that the case can have") from None
        found.append((name, getattr(state, name)))
    return tuple(found)


def _copied(item: Item | None, name: str) -> tuple[str, ...]:
    if item is None:
        return ()
    for part in item.items():
        if _known(part, part.text()) not in DATA[name]:
            raise part.error(f"{name} does not say {part.text()!r}", "it says: " + ", ".join(DATA[name]))
    return tuple(part.text() for part in item.items())


def _field(item: Item | None) -> str | None:
    return None if item is None else _known(item, item.text())


def _known(item: Item, field: str) -> str:
    if field not in CaseState.__struct_fields__:
        raise item.error(f"a case has no field {field!r}", "write one of: " + ", ".join(CaseState.__struct_fields__))
    return field


def _deadline(block: Block, name: str) -> Deadline:
    rule = _rule(block)
    length, unit = read_whole(block.take("length")), read_one_of(block.take("unit"), Unit)
    flag, roll = block.maybe("flag"), block.maybe("roll")
    if roll is not None:
        block.text("roll_cite")
        read_one_of(block.take("roll_mark"), Mark)
    return Deadline(
        length=length, unit=unit, cite=rule.cite, mark=rule.mark, flag=None if flag is None else flag.text(),
        roll=roll is not None and read_yes_no(roll),
    )


def _rule(block: Block, key: str = "cite") -> Rule:
    rule = Rule(cite=block.text(key), mark=read_one_of(block.take("mark"), Mark))
    read_note(block)
    return rule
