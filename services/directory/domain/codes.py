"""Which code a team bears. Issued once, kept for ever: a code is never given to another team, and a fact that
comes late never changes the code of a team that has one.

A team is known in the register of codes by its *claims*: every (source, unit, spelling) under which a source
said that it works there. What is later told under one of them is told about the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import msgspec

from shared.naming import fold_name, make_code, spelling

MOST_CANDIDATES = 64
"""Candidates among which an officer's code may be recognised as the name's own."""


class Issued(msgspec.Struct, kw_only=True, frozen=True):
    """A line of the register. ``seq``: order of issuing; ``home``: the source that named the team first;
    ``keys``: names and code by which facts may mention it."""

    code: str
    seq: int
    home: str
    claims: list[str]
    keys: list[str]


def claim(source: str, unit: str, name: str, again: int = 0) -> str:
    """``again``: how many teams bore this name there before it."""
    return f"{source}|{unit}|{spelling(name)}" + (f"|{again}" if again else "")


def new_code(source: str, unit: str, name: str, taken: Callable[[str], bool]) -> str:
    """The code for a team that ``source`` first named so in ``unit``: the first candidate that is not
    taken."""
    for candidate in count():
        code = make_code(source, unit, fold_name(name), candidate=candidate)
        if not taken(code):
            return code
    raise AssertionError("unreachable")


def is_own(code: str, source: str, unit: str, name: str) -> bool:
    """Whether ``code`` is one that ``new_code`` could issue for this name: an officer who confirms it says
    that it is a team of its own."""
    folded = fold_name(name)
    return any(code == make_code(source, unit, folded, candidate=k) for k in range(MOST_CANDIDATES))
