"""Reading what every rules file is made of: dated values with citation and mark, texts in two languages, words of a list.

    threshold:
      - from: 2016-01-01        # holds from this day on
        value: 85%              # or `expected`: announced, not known yet, without effect
        mark: F                 # found, inferred, unverified
        citation: …
        note: …                 # optional, for people
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.evaluation.domain.rules import Cited, Dated, Mark, kinds
from services.evaluation.domain.wording import Words
from services.evaluation.rules.values import read_value
from shared.rulebooks import Block, Item, read_day, read_note, read_one_of

EXPECTED = "expected"


def read_parameters(block: Block, declared: type[Any]) -> dict[str, Dated[Any]]:
    """One dated value for each field of ``declared``, whose annotations are ``Cited[…]`` or ``Dated[…]``."""
    found = {name: read_dated(block.take(name), kind) for name, kind in kinds(declared).items()}
    block.finish()
    return found


def read_dated(item: Item, kind: Any) -> Dated[Any]:
    values: list[Cited[Any]] = []
    expected: list[Cited[None]] = []
    last = dt.date.min
    for entry in item.items():
        block = entry.block()
        since_item = block.take("from")
        since = read_day(since_item)
        if since <= last:
            raise since_item.error(f"{since} does not come after {last}", "list the values from the oldest to the newest")
        last = since
        value = block.take("value")
        awaited = value.is_scalar and value.text() == EXPECTED
        read = None if awaited else read_value(value, kind)
        cited = Cited(value=read, citation=block.text("citation"), mark=read_one_of(block.take("mark"), Mark), since=since)
        (expected if awaited else values).append(cited)
        read_note(block)
        block.finish()
    if not values:
        raise item.error("no value is known, all are expected", "give the value that holds until then")
    return Dated(tuple(values), tuple(expected))


def read_words(item: Item) -> Words:
    block = item.block()
    words = Words(vi=block.text("vi"), en=block.text("en"))
    block.finish()
    return words
