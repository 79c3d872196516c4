"""Figures of a points example: what is known of a table's quantities, and the points that must come out.

    số liệu:
      filed: 25                    # a count or a number
      record_book: đủ              # a word of the table
      sanctioned: không            # có, không
      techniques: hội đồng 8       # who gave it: hội đồng, tự chấm; a list for several
    điểm:
      settled_rate: 8              # of an indicator, a criterion or all ("tổng")
      tổng: 40 đến 62.5            # where something is not known
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from services.evaluation.domain.points.quantities import By, Given, Value
from services.evaluation.domain.points.table import Quantity, Table
from services.evaluation.domain.points.wording import Span
from shared.rulebooks import Block, Item

TOTAL = "tổng"
_NUMBER = r"\d+(?:\.\d+)?|\d+/[1-9]\d*"
_BY: dict[str, By] = {"hội đồng ": "council", "tự chấm ": "self"}


def read_figures(block: Block, table: Table) -> tuple[Given, ...]:
    """Raise ``RulesError``."""
    quantities = {quantity.id: quantity for quantity in table.quantities}
    found: list[Given] = []
    for name in block.names():
        item = block.take(name)
        quantity = quantities.get(name)
        if quantity is None:
            raise item.error(f"the table has no quantity {name!r}", "use one of: " + ", ".join(quantities))
        found += [_given(part, quantity, table) for part in ([item] if item.is_scalar else item.items())]
    return tuple(found)


def _given(item: Item, quantity: Quantity, table: Table) -> Given:
    text = item.text()
    by: By = next((who for prefix, who in _BY.items() if text.startswith(prefix)), "record")
    for prefix in _BY:
        text = text.removeprefix(prefix)
    return Given(quantity=quantity.id, value=_value(item, text, quantity, table), by=by)


def _value(item: Item, text: str, quantity: Quantity, table: Table) -> Value:
    if quantity.kind == "yes_no":
        if text not in ("có", "không"):
            raise item.error(f"{text!r} is neither yes nor no", "write có or không")
        return text == "có"
    if quantity.kind == "word":
        words = _words_of(quantity.id, table)
        if text not in words:
            raise item.error(f"{text!r} is no word of the table", "write one of: " + ", ".join(words))
        return text
    if not re.fullmatch(r"\d+" if quantity.kind == "count" else _NUMBER, text):
        kind = "a count" if quantity.kind == "count" else "a number"
        raise item.error(f"{text!r} is not {kind}", "write 25" if quantity.kind == "count" else "write 8 or 2.5")
    return Fraction(text)


def _words_of(quantity: str, table: Table) -> list[str]:
    return list(dict.fromkeys(
        row.word for indicator in table.indicators() if indicator.rule == "choices" and quantity in indicator.quantities.values()
        for cited in indicator.parameters["rows"].values for row in cited.value
    ))


def read_points(block: Block, table: Table) -> Mapping[str, Span]:
    """Raise ``RulesError``."""
    known = [TOTAL, *(criterion.id for criterion in table.criteria), *(indicator.id for indicator in table.indicators())]
    found: dict[str, Span] = {}
    for name in block.names():
        item = block.take(name)
        if name not in known:
            raise item.error(f"the table has no part {name!r}", "use one of: " + ", ".join(known))
        match = re.fullmatch(rf"({_NUMBER})(?: đến ({_NUMBER}))?", item.text())
        if match is None:
            raise item.error(f"{item.text()!r} are no points", "write 8, 2.5 or 0 đến 10")
        found[name] = Span(Fraction(match[1]), Fraction(match[2] or match[1]))
    if not found:
        raise block.error("no points are expected", "name at least one part of the table")
    return found


def wrong_points(expected: Mapping[str, Span], found: Mapping[str, Span]) -> Iterator[str]:
    """``found``: of every part."""
    for name, span in expected.items():
        if found[name] != span:
            yield f"{name}: expected {_text(span)} points, found {_text(found[name])}"


def _text(span: Span) -> str:
    return str(span.low) if span.exact else f"{span.low} to {span.high}"
