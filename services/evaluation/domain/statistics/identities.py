"""What must hold between the columns of a form. A broken identity is shown beside the number; no number is ever altered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Column ``left`` is the sum of ``right``, or ``at_most`` that. ``mark``: F found, I inferred."""

    left: str
    right: tuple[str, ...]
    kind: Literal["equal", "at_most"] = "equal"
    mark: Literal["F", "I", "U"]


@dataclass(frozen=True, slots=True)
class Broken:
    identity: Identity
    left: int
    right: int


def broken(identities: Iterable[Identity], values: Mapping[str, int]) -> tuple[Broken, ...]:
    """Those that do not hold; one that asks for a column which is not given is left out, not failed."""
    found = []
    for one in identities:
        if not {one.left, *one.right} <= values.keys():
            continue
        left, right = values[one.left], sum(values[name] for name in one.right)
        if left > right or (one.kind == "equal" and left != right):
            found.append(Broken(one, left, right))
    return tuple(found)
