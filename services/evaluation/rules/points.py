"""The part of a file that only a points scheme has → ``Table``.

    quantities:
      - id: filed                    # by which indicators name it
        title: {vi: …, en: …}
        kind: count                  # count, number, word, yes_no
        team: cases_received         # optional: taken from a team's facts
    criteria:
      - number: 1
        id: …  title: …  mark: …  citation: …
        maximum: [dated points]      # left out where no source states it
        indicators:
          - id: …  title: …  mark: …  citation: …  evidence: …  duty: …
            rule: ratio_bands        # see domain.points.rules
            of: settled              # the quantity of each role
            to: filed
            deducts: true            # optional
            parameters: {…}          # as the rule declares them
    vetoes:                          # optional
      - id: …  title: …  mark: …  citation: …  quantity: …
    pass:                            # optional: without it points are given and nothing is judged
      total: [dated points]
      each_share: [dated share]
"""

from __future__ import annotations

import re
from typing import Any

from services.evaluation.domain.places import RESERVED
from services.evaluation.domain.points.rules import RULES
from services.evaluation.domain.points.table import (
    Indicator,
    Kind,
    PassRule,
    PointsCriterion,
    Quantity,
    Table,
    Veto,
    Weight,
)
from services.evaluation.domain.points.team import TEAM
from services.evaluation.domain.rules import Mark
from services.evaluation.domain.tree import Duty, Evidence
from services.evaluation.domain.values import Points
from services.evaluation.rules.dated import read_dated, read_parameters, read_words
from services.evaluation.rules.values import read_value
from shared.rulebooks import Block, Item, read_note, read_one_of

KINDS: dict[str, frozenset[str]] = {
    "bands": frozenset({"count", "number"}), "ratio_bands": frozenset({"count", "number"}), "choices": frozenset({"word"}),
    "per_unit": frozenset({"count", "number"}), "scored": frozenset({"number"}), "sheet": frozenset({"number"}),
    "mean": frozenset({"count"}),
}
"""What each rule can make points of."""


class Ids:
    """Ids of criteria, indicators and vetoes; and which quantities somebody asks for."""

    def __init__(self, quantities: dict[str, Quantity]) -> None:
        self.taken = set(RESERVED)
        self.quantities = quantities
        self.asked: set[str] = set()

    def read(self, item: Item) -> str:
        id = read_id(item)
        if id in self.taken:
            raise item.error(f"the id {id!r} is taken", "give it an id of its own")
        self.taken.add(id)
        return id

    def quantity(self, item: Item, kinds: frozenset[str]) -> str:
        name = item.text()
        found = self.quantities.get(name)
        if found is None:
            raise item.error(f"there is no quantity {name!r}", "use one of: " + ", ".join(self.quantities))
        if found.kind not in kinds:
            raise item.error(f"{name!r} is a {found.kind}", f"what is asked for here is a {' or '.join(sorted(kinds))}")
        self.asked.add(name)
        return name


def read_id(item: Item) -> str:
    id = item.text()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", id):
        raise item.error(f"{id!r} is not an id", "write small letters, digits and underscores, a letter first")
    return id


def read_table(top: Block) -> Table:
    quantities: dict[str, Quantity] = {}
    listed = top.take("quantities")
    for item in listed.items():
        quantity = _quantity(item.block(), quantities)
        quantities[quantity.id] = quantity
    ids = Ids(quantities)
    criteria = tuple(_criterion(block, ids) for block in top.blocks("criteria"))
    vetoes = top.maybe("vetoes")
    table = Table(
        quantities=tuple(quantities.values()), criteria=criteria,
        vetoes=() if vetoes is None else tuple(_veto(item.block(), ids) for item in vetoes.items()),
        passing={} if (passing := top.maybe("pass")) is None else read_parameters(passing.block(), PassRule),
    )
    for item, quantity in zip(listed.items(), quantities.values(), strict=True):
        if quantity.id not in ids.asked:
            raise item.error(f"nothing asks for the quantity {quantity.id!r}", "take it out, or name it in an indicator")
    return table


def _quantity(block: Block, known: dict[str, Quantity]) -> Quantity:
    id_item = block.take("id")
    id = read_id(id_item)
    if id in known:
        raise id_item.error(f"the quantity {id!r} stands twice", "keep one of them")
    team = block.maybe("team")
    if team is not None and team.text() not in TEAM:
        raise team.error(f"a team's facts give no {team.text()!r}", "use one of: " + ", ".join(sorted(TEAM)))
    quantity = Quantity(
        id=id, title=read_words(block.take("title")), kind=read_one_of(block.take("kind"), Kind),
        team=None if team is None else team.text(),
    )
    if team is not None and quantity.kind != "count":
        raise team.error(f"a team's facts give a count, not a {quantity.kind}", "write kind: count")
    read_note(block)
    block.finish()
    return quantity


def _criterion(block: Block, ids: Ids) -> PointsCriterion:
    maximum = block.maybe("maximum")
    criterion = PointsCriterion(
        id=ids.read(block.take("id")), number=read_value(block.take("number"), int), title=read_words(block.take("title")),
        citation=block.text("citation"), mark=read_one_of(block.take("mark"), Mark),
        parameters={} if maximum is None else {"maximum": read_dated(maximum, Points)},
        indicators=tuple(_indicator(one, ids) for one in block.blocks("indicators")),
    )
    read_note(block)
    block.finish()
    return criterion


def _indicator(block: Block, ids: Ids) -> Indicator:
    rule_item = block.take("rule")
    rule = RULES.get(rule_item.text())
    if rule is None:
        raise rule_item.error(f"there is no rule {rule_item.text()!r}", "use one of: " + ", ".join(sorted(RULES)))
    deducts = block.maybe("deducts")
    indicator = Indicator(
        id=ids.read(block.take("id")), title=read_words(block.take("title")), citation=block.text("citation"),
        mark=read_one_of(block.take("mark"), Mark), rule=rule_item.text(),
        quantities={role: ids.quantity(block.take(role), KINDS[rule_item.text()]) for role in rule.roles},
        evidence=read_one_of(block.take("evidence"), Evidence), duty=read_one_of(block.take("duty"), Duty),
        deducts=deducts is not None and read_value(deducts, bool),
        parameters=_parameters(block, rule.parameters, ids),
    )
    if deducts is not None and indicator.deducts and rule_item.text() == "sheet":
        raise deducts.error("a sheet without a known maximum cannot deduct", "use the rule scored")
    read_note(block)
    block.finish()
    return indicator


def _parameters(block: Block, declared: type[Any], ids: Ids) -> dict[str, Any]:
    if not declared.__dataclass_fields__:
        return {}
    item = block.take("parameters")
    found = read_parameters(item.block(), declared)
    for dated in found.values():
        for cited in dated.values:
            for part in cited.value if isinstance(cited.value, tuple) else ():
                if isinstance(part, Weight):
                    _weighted(item, part.quantity, ids)
    return found


def _weighted(item: Item, name: str, ids: Ids) -> None:
    found = ids.quantities.get(name)
    if found is None or found.kind != "count":
        raise item.error(f"there is no count {name!r}", "name one of the quantities whose kind is count")
    ids.asked.add(name)


def _veto(block: Block, ids: Ids) -> Veto:
    veto = Veto(
        id=ids.read(block.take("id")), title=read_words(block.take("title")), citation=block.text("citation"),
        mark=read_one_of(block.take("mark"), Mark), quantity=ids.quantity(block.take("quantity"), frozenset({"yes_no"})),
    )
    read_note(block)
    block.finish()
    return veto
