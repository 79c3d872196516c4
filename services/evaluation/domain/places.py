"""Every dated value of a scheme by its address, for both kinds: what differs, what may be changed, what is announced.

    window    policies.declared_share    settled_rate.threshold    efficiency.maximum    minutes.rows    pass.total
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.points.rules import RULES
from services.evaluation.domain.points.table import PASS, CriterionParameters, PassRule, Table
from services.evaluation.domain.rules import Dated, Policies, Scheme, Window, kinds

WINDOW, POLICIES = "window", "policies"
RESERVED = frozenset({WINDOW, POLICIES, PASS})
"""No criterion or indicator may bear these ids."""


class Place(NamedTuple):
    """``kind``: of the values, as a parameter class declares it."""

    kind: Any
    dated: Dated[Any]


def places(scheme: Scheme) -> dict[str, Place]:
    """In the order of the file."""
    found = {WINDOW: Place(Window, scheme.window)}
    for part, declared, given in _parts(scheme):
        hints = kinds(declared)
        found |= {f"{part}.{name}": Place(hints[name], dated) for name, dated in given.items()}
    return found


def _parts(scheme: Scheme) -> Iterator[tuple[str, type[Any], Mapping[str, Dated[Any]]]]:
    yield POLICIES, Policies, scheme.policies
    for criterion in scheme.criteria:
        yield criterion.id, MEASURES[criterion.measure].parameters, criterion.parameters
    if scheme.table is not None:
        for points in scheme.table.criteria:
            yield points.id, CriterionParameters, points.parameters
            for indicator in points.indicators:
                yield indicator.id, RULES[indicator.rule].parameters, indicator.parameters
        yield PASS, PassRule, scheme.table.passing


def with_values(scheme: Scheme, values: Mapping[str, Dated[Any]]) -> Scheme:
    """The scheme with other values at these addresses."""
    def of(part: str, given: Mapping[str, Dated[Any]]) -> Mapping[str, Dated[Any]]:
        return {name: values.get(f"{part}.{name}", dated) for name, dated in given.items()}

    return replace(
        scheme, window=values.get(WINDOW, scheme.window), policies=of(POLICIES, scheme.policies),
        criteria=tuple(replace(c, parameters=of(c.id, c.parameters)) for c in scheme.criteria),
        table=None if scheme.table is None else _table(scheme.table, of),
    )


def _table(table: Table, of: Any) -> Table:
    return replace(
        table, passing=of(PASS, table.passing),
        criteria=tuple(replace(
            criterion, parameters=of(criterion.id, criterion.parameters),
            indicators=tuple(replace(i, parameters=of(i.id, i.parameters)) for i in criterion.indicators),
        ) for criterion in table.criteria),
    )
