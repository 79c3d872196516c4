"""Which code a team bears. Issued once, kept for ever: a code is never given to another team, and a fact that
comes late never changes the code of a team that has one.

A team is known in the register of codes by its *claims*: every (source, unit, spelling) under which a source
said that it works there. What is later told under one of them is told about the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

import msgspec

from shared.naming import fold_name, make_code, spelling

MOST_CANDIDATES = 256
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


class Fresh:
    """Codes for teams that have none. ``taken``: which of some codes are issued already, asked once for all first candidates."""

    def __init__(
        self, taken: Callable[[list[str]], set[str]], given: Iterable[str | None], names: Iterable[tuple[str, str]]
    ) -> None:
        self._taken = taken
        self._given = {code for code in given if code}
        self._asked = {make_code(source, fold_name(name)) for source, name in names}
        self._used = taken(sorted(self._asked))

    def own(self, source: str, name: str) -> str:
        """The code that the next team which ``source`` calls so would get: the first candidate that is nobody's."""
        folded = fold_name(name)
        return next(code for k in count() if self._free(code := make_code(source, folded, candidate=k)))

    def issue(self, source: str, name: str) -> str:
        code = self.own(source, name)
        self._given.add(code)
        return code

    def _free(self, code: str) -> bool:
        if code in self._given:
            return False
        if code not in self._asked:
            self._asked.add(code)
            self._used |= self._taken([code])
        return code not in self._used


def is_own(code: str, source: str, name: str) -> bool:
    """Whether ``code`` is one that ``new_code`` could issue for this name: an officer who confirms it says that it is a team of
    its own."""
    folded = fold_name(name)
    return any(code == make_code(source, folded, candidate=k) for k in range(MOST_CANDIDATES))
