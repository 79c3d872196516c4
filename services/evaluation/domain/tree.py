"""The explanation: a tree of nodes, each with what it found, from which facts, by which rule, and what would
change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from services.evaluation.domain.rates import Tally
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words

Evidence = Literal["computed", "recorded", "attested", "rule"]
"""From cases; on a document; on somebody's word with a paper; a rule that joins others."""
Duty = Literal["team", "commune"]


@dataclass(frozen=True, slots=True)
class Input:
    """A fact that was looked at. ``id``: of the case or record."""

    kind: str
    id: str
    on: dt.date

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "id": self.id, "on": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the verdict, or what to know about it. ``code`` is stable, for programs. ``lacking``:
    something that is due now and missing; False for what is not due yet and for remarks."""

    code: str
    words: Words
    lacking: bool = True

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "vi": self.words.vi, "en": self.words.en, "lacking": self.lacking}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
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

    def open_nodes(self) -> Iterator[Node]:
        """This node and those below it that still stand in the way: what is met hides what is under it."""
        if self.verdict is not Verdict.MET:
            yield self
            for child in self.children:
                yield from child.open_nodes()

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title.as_json(),
            "verdict": None if self.verdict is None else str(self.verdict),
            "sentence": self.sentence.as_json(),
            "value": self.value,
            "threshold": self.threshold,
            "inputs": [i.as_json() for i in self.inputs],
            "citation": self.citation,
            "evidence": self.evidence,
            "duty": self.duty,
            "changes": [c.as_json() for c in self.changes],
            "children": [child.as_json() for child in self.children],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
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
