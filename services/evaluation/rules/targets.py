"""A city's targets from their file. Strict as every rules file: unknown keys, missing citations, days out of order and measures
that do not exist are refused with file, line and remedy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, get_args

from services.evaluation.domain.closing.rollup import Goal, Measure, Target, Targets
from services.evaluation.domain.rules import Cited, Dated, Mark
from services.evaluation.domain.wording import Words
from services.evaluation.rules.source import Block, Item, read
from services.evaluation.rules.values import read_day, read_value

HERE = Path(__file__).parent.parent / "targets"
T = TypeVar("T")


@lru_cache(maxsize=1)
def city_targets() -> Targets:
    """Those of Hà Nội, which ship with this release. Raise ``RulesError``."""
    return load_targets(HERE / "hanoi.yaml")


def load_targets(path: Path) -> Targets:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    id_item = top.take("targets")
    id = id_item.text()
    if id != path.stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise id_item.error(f"the targets call themselves {id!r}", f"name them as their file: {path.stem!r}")
    seen: set[str] = set()
    found = Targets(
        id=id, good_commune=_dated(top.take("good_commune"), _share),
        targets=tuple(_target(block, seen) for block in top.blocks("goals")),
    )
    top.finish()
    return found


def _target(block: Block, seen: set[str]) -> Target:
    id_item = block.take("id")
    id = id_item.text()
    if id in seen:
        raise id_item.error(f"the id {id!r} stands twice", "give each goal an id of its own")
    seen.add(id)
    words = block.block("title")
    title = Words(vi=words.text("vi"), en=words.text("en"))
    words.finish()
    note = block.maybe("note")
    target = Target(
        id=id, title=title, measure=read_value(block.take("measure"), Measure),
        goal=_dated(block.take("goal"), _goal), note="" if note is None else note.text(),
    )
    block.finish()
    return target


def _share(block: Block) -> Fraction:
    found: Fraction = read_value(block.take("value"), Fraction)
    return found


def _goal(block: Block) -> Goal:
    by_year = block.maybe("by_year")
    return Goal(_share(block), None if by_year is None else read_value(by_year, int))


def _dated(item: Item, value: Callable[[Block], T]) -> Dated[T]:
    values: list[Cited[T]] = []
    last = dt.date.min
    for entry in item.items():
        block = entry.block()
        since_item = block.take("from")
        since = read_day(since_item)
        if since <= last:
            raise since_item.error(f"{since} does not come after {last}", "list the values from the oldest to the newest")
        last = since
        mark_item = block.take("mark")
        mark = mark_item.text()
        if mark not in get_args(Mark):
            raise mark_item.error(f"{mark!r} is not known", "write one of: " + ", ".join(get_args(Mark)))
        values.append(Cited(value(block), block.text("citation"), mark, since))  # type: ignore[arg-type]
        block.maybe("note")
        block.finish()
    return Dated(tuple(values))
