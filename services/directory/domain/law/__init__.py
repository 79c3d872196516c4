"""The law's numbers about teams and mediators, by date: ``directory.yaml`` beside this file, read strictly.

    rule = law().on("mediators", "2024-06-01")     # None before the first day on which one is known
    rule.value, rule.citation, rule.mark
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from shared.rulebooks import Block, Item, Mark, read, read_day, read_note, read_one_of, read_whole

HERE = Path(__file__).parent
Name = Literal[
    "mediators", "women", "minority_members", "leaders", "teams_a_group", "review_months", "elected_share",
    "decision_working_days", "new_trained_months",
]


class Rule(NamedTuple):
    """``value``: a count, or a share of one; ``since``: YYYY-MM-DD."""

    since: str
    value: Fraction
    mark: Mark
    citation: str

    @property
    def whole(self) -> int:
        return int(self.value)


class Law(NamedTuple):
    values: Mapping[str, tuple[Rule, ...]]

    def on(self, name: Name, day: str) -> Rule | None:
        """What holds on ``day`` (YYYY-MM-DD)."""
        return next((rule for rule in reversed(self.values[name]) if rule.since <= day), None)

    def at(self, name: Name, day: str) -> Rule:
        """The same for what somebody did: acts before the first day are read by the first rule (a default of namtot's, as
        for cases)."""
        return self.on(name, day) or self.values[name][0]


@cache
def law() -> Law:
    """The rules of this release."""
    return read_law(read(HERE / "directory.yaml"))


def read_law(top: Block) -> Law:
    """Raise ``RulesError`` naming line and remedy."""
    top.text("rules")
    title = top.block("title")
    title.text("vi"), title.text("en")
    title.finish()
    block = top.block("values")
    values = {name: _versions(block.take(name)) for name in get_args(Name)}
    block.finish()
    top.finish()
    return Law(values)


def _versions(item: Item) -> tuple[Rule, ...]:
    found: list[Rule] = []
    last = dt.date.min
    for entry in item.items():
        block = entry.block()
        first = block.take("from")
        since = read_day(first)
        if since <= last:
            raise first.error(f"{since} does not come after {last}", "list the values from the oldest to the newest")
        last = since
        found.append(Rule(since.isoformat(), _number(block.take("value")), read_one_of(block.take("mark"), Mark),
                          block.text("citation")))
        read_note(block)
        block.finish()
    return tuple(found)


def _number(item: Item) -> Fraction:
    if percent := re.fullmatch(r"(\d{1,3})%", item.text()):
        return Fraction(int(percent[1]), 100)
    return Fraction(read_whole(item))
