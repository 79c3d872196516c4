"""The explanation: a tree of nodes, each with what it found, from which facts, by which rule, and what would
change it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec

from services.evaluation.domain.rates import Tally
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words

Evidence = Literal["computed", "recorded", "attested", "rule"]
"""From cases; on a document; on somebody's word with a paper; a rule that joins others."""
Duty = Literal["team", "commune"]

# A tree has no cycles, so reference counting frees it: gc=False keeps a city's hundred thousand nodes from being searched.


class Input(msgspec.Struct, frozen=True, gc=False):
    """A fact that was looked at. ``id``: of the case or record."""

    kind: str
    id: str
    on: dt.date


class Change(msgspec.Struct, frozen=True, gc=False):
    """What would change the verdict, or what to know about it. ``code`` is stable, for programs. ``lacking``:
    something that is due now and missing; False for what is not due yet and for remarks."""

    code: str
    vi: str
    en: str
    lacking: bool = True


def change(code: str, words: Words, lacking: bool = True) -> Change:
    return Change(code, words.vi, words.en, lacking)


class Node(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``verdict`` None: shown, not judged. ``value`` and ``threshold`` are short and need no translation."""

    id: str
    title: Words
    verdict: Verdict | None
    sentence: Words
    value: str | None = None
    threshold: str | None = None
    inputs: tuple[Input, ...] = ()
    citation: str
    evidence: Evidence
    duty: Duty = "team"
    changes: tuple[Change, ...] = ()
    children: tuple[Node, ...] = ()

    def open_nodes(self) -> list[Node]:
        """This node and those below it that still stand in the way: what is met hides what is under it."""
        found: list[Node] = []
        _open(self, found)
        return found

    def encoded(self) -> bytes:
        """As JSON in UTF-8, in the shape of these classes."""
        return msgspec.json.encode(self)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        found: dict[str, Any] = msgspec.json.decode(self.encoded())
        return found


def _open(node: Node, found: list[Node]) -> None:
    if node.verdict is not Verdict.MET:
        found.append(node)
        for child in node.children:
            _open(child, found)


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a measure found; title, citation, evidence and duty come from the scheme's criterion."""

    verdict: Verdict
    sentence: Words
    value: str | None = None
    threshold: str | None = None
    inputs: tuple[Input, ...] = ()
    changes: tuple[Change, ...] = ()
    children: tuple[Node, ...] = ()
    tally: Tally | None = None


def lacking(node: Node) -> tuple[str, ...]:
    """Codes of what is due and missing, each once, in order."""
    return tuple({
        change.code: None for part in node.open_nodes() for change in part.changes if change.lacking
    })
