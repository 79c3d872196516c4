"""What is known of a table's quantities.

A council's score and what is on record count; a self-score is shown and never counts. Two that count and differ are a
contradiction, which is as good as not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.evaluation.domain.tree import Input

By = Literal["record", "council", "self"]
Value = Fraction | str | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Numbers are exact, words are a table's own, yes or no is a bool."""

    quantity: str
    value: Value
    by: By = "record"
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """``value`` None: not known. ``own``: what the judged one gave itself; ``contradicted``: several count and differ."""

    value: Value | None = None
    own: Value | None = None
    contradicted: bool = False
    inputs: tuple[Input, ...] = ()

    @property
    def amount(self) -> Fraction | None:
        return self.value if isinstance(self.value, Fraction) else None


NOT_KNOWN = Known()


def known(given: Iterable[Given]) -> Mapping[str, Known]:
    """By quantity. The order in which things were given does not matter."""
    counting: dict[str, set[Value]] = {}
    own: dict[str, set[Value]] = {}
    inputs: dict[str, set[Input]] = {}
    for one in given:
        (own if one.by == "self" else counting).setdefault(one.quantity, set()).add(one.value)
        inputs.setdefault(one.quantity, set()).update(one.inputs)
    return {
        name: Known(
            value=next(iter(values)) if len(values := counting.get(name, set())) == 1 else None,
            own=max(own[name], key=str) if name in own else None,
            contradicted=len(values) > 1,
            inputs=tuple(sorted(inputs[name], key=lambda i: (i.on, i.id))),
        )
        for name in inputs
    }
