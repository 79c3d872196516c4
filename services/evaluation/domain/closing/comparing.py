"""A closed verdict beside what the same rules say of the facts as they are now.

    same      the facts as they are now give the closed verdict, for the same reasons
    facts     other facts stand now: which ones matter
    rules     the closed facts no longer give the closed verdict: the code that applies the rules has changed since
    altered   the stored copy is not what was closed
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from services.evaluation.domain.closing.canonical import Basis, Key, digests, with_one_from
from services.evaluation.domain.closing.sealing import Flaw
from services.evaluation.domain.tree import Node

Why = Literal["same", "facts", "rules", "altered"]
What = Literal["added", "removed", "changed"]
Judge = Callable[[Basis], Node | None]
"""None: the team is not evaluated in that year."""


@dataclass(frozen=True, slots=True)
class FactChange:
    kind: str
    id: str
    what: What


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``closed``, ``now``: the verdicts; ``now`` None where the team is not evaluated any more, or could not be. ``flaw``:
    what of the stored copy was touched. ``changes``: facts without which the explanation would be the closed one."""

    why: Why
    closed: str
    now: str | None
    flaw: Flaw | None = None
    changes: tuple[FactChange, ...] = ()


def compare(tree: bytes, frozen: Basis | None, live: Basis | None, judge: Judge, same_code: bool) -> Comparison:
    """``tree``: the closed explanation's JSON. ``frozen``: its facts; None if this release cannot read them. ``live``: the
    facts now; None if the team is gone. ``judge``: by the closed scheme, as of the closing's day. ``same_code``: the code that
    applies rules is the one that closed."""
    closed = msgspec.json.decode(tree)
    now = None if live is None else judge(live)
    again = None if frozen is None else judge(frozen)
    verdict = None if now is None else str(now.verdict)
    if frozen is None or again is None or essence_of(again) != essence(closed):
        # nothing but the code, or somebody's hand, can make the same facts and rules come to something else
        why: Why = "altered" if same_code and frozen is not None else "rules"
        return Comparison(why=why, closed=closed["verdict"], now=verdict)
    if now is not None and essence_of(now) == essence(closed):
        return Comparison(why="same", closed=closed["verdict"], now=verdict)
    return Comparison(why="facts", closed=closed["verdict"], now=verdict, changes=changed(frozen, live, judge))


def changed(frozen: Basis, live: Basis | None, judge: Judge) -> tuple[FactChange, ...]:
    """The facts that make the difference, by kind and id: those of which each alone changes the explanation, or all that
    differ if none does by itself."""
    before = digests(frozen)
    if live is None:
        return (FactChange("team", frozen.team.code, "removed"),)
    after = digests(live)
    differing = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    now, then = essence_of(judge(live)), essence_of(judge(frozen))

    def matters(key: Key) -> bool:
        reverted, applied = with_one_from(live, frozen, key), with_one_from(frozen, live, key)
        return bool(essence_of(judge(reverted)) != now or essence_of(judge(applied)) != then)

    listed = [key for key in differing if matters(key)] or differing
    return tuple(
        FactChange(*key, "added" if key not in before else "removed" if key not in after else "changed") for key in listed
    )


def essence_of(node: Node | None) -> Any:
    return None if node is None else essence(node.as_json())


def essence(node: Any) -> Any:
    """What an explanation says, without the words it says it in: a new release may word a sentence otherwise."""
    return (
        node["id"], node["verdict"], node["value"], node["threshold"],
        sorted((i["kind"], i["id"], i["on"]) for i in node["inputs"]), sorted({c["code"] for c in node["changes"]}),
        [essence(child) for child in node["children"]],
    )
