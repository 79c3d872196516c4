"""A city's targets from their file. Strict as every rules file: unknown keys, missing citations, days out of order and measures
that do not exist are refused with file, line and remedy."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from services.evaluation.domain.closing.rollup import Measure, Target, Targets
from services.evaluation.rules.dated import read_dated, read_words
from services.evaluation.rules.values import read_value
from shared.rulebooks import Block, read

HERE = Path(__file__).parent.parent / "targets"


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
        id=id, good_commune=read_dated(top.take("good_commune"), Fraction),
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
    by_year, months, note = block.maybe("by_year"), block.maybe("within_months"), block.maybe("note")
    title, measured = read_words(block.take("title")), block.take("measure")
    measure: Measure = read_value(measured, Measure)
    if (measure is Measure.NEW_MEMBERS_TRAINED) != (months is not None):
        raise measured.error("months belong to new_members_trained", "give within_months there, and nowhere else")
    target = Target(
        id=id, title=title, measure=measure, within_months=None if months is None else read_dated(months, int),
        at_least=read_dated(block.take("at_least"), Fraction), by_year=None if by_year is None else read_value(by_year, int),
        note="" if note is None else note.text(),
    )
    block.finish()
    return target
