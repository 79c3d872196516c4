"""A closed verdict as a document that shows whether anybody touched it.

    Sealed   one team's verdict as it was closed, with the hashes of its explanation and of the facts that it rests on
    Head     one closing, or one correction after it: the hash of each verdict that it froze, and of the head before

Each hash is taken over the canonical text (``canonical``). A head covers its verdicts and the head before it, so whoever keeps
the last head of a year (it is printed on the ward's result sheet) can tell that nothing before it was changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from services.evaluation.domain.closing.canonical import content_hash

Flaw = Literal["content", "tree", "facts", "head", "chain", "missing", "extra"]


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """The entry by which something was frozen. ``on``: its day; ``time``: when it was written up. ``reason``, ``by``: of a
    correction; ``number``: of a decision."""

    entry: str
    type: str
    on: str
    time: str
    source: str
    event_id: str
    number: str | None = None
    reason: str | None = None
    by: str | None = None


class SealedScheme(msgspec.Struct, frozen=True, kw_only=True):
    """By which criteria a year was closed. ``text``: of the base scheme's file; ``changes`` and ``additions`` as the commune
    chose them."""

    id: str
    base: str
    digest: str
    text: str
    changes: list[dict[str, str]]
    additions: list[dict[str, object]]
    number: str | None
    chosen_on: str | None


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """``revision`` 0 is the closing's own. ``today``: the day in Việt Nam as of which it was judged; ``rules``: digest of the
    code and data by which. ``state``: of the recognition then. Hashes are SHA-256 of the explanation's JSON and of the facts'
    canonical text."""

    unit: str
    year: int
    team: str
    name: str
    group: str
    revision: int
    scheme: str
    scheme_digest: str
    rules: str
    today: str
    generation: int
    verdict: str
    criteria: dict[str, str]
    lacking: list[str]
    settled: int
    rated: int
    state: str | None
    cause: Cause
    tree_hash: str
    facts_hash: str

    @property
    def key(self) -> str:
        return f"{self.unit}|{self.year}|{self.team}|{self.revision}"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """``number``: 0 is the closing, each correction the next. ``frozen``: verdicts' keys → hashes. ``previous``: hash of the
    head before. ``scheme``: of the closing only."""

    unit: str
    year: int
    number: int
    frozen: dict[str, str]
    previous: str | None
    cause: Cause
    frozen_at: str
    scheme: SealedScheme | None = None

    @property
    def key(self) -> str:
        return f"{self.unit}|{self.year}|{self.number}"


def digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def flaw_of(sealed: Sealed, hash: str, tree: bytes, facts: bytes) -> Flaw | None:
    """What of a stored verdict is not what was sealed; None if all of it is."""
    if content_hash(sealed) != hash:
        return "content"
    if digest(tree) != sealed.tree_hash:
        return "tree"
    return "facts" if digest(facts) != sealed.facts_hash else None


def flaws_of_chain(heads: Sequence[tuple[Head, str]], hashes: Mapping[str, str]) -> dict[str, Flaw]:
    """What is wrong between a year's heads (each with its stored hash) and the verdicts stored for it (key → hash), by key of
    the head or verdict."""
    found: dict[str, Flaw] = {}
    before: str | None = None
    frozen: dict[str, str] = {}
    for number, (head, hash) in enumerate(sorted(heads, key=lambda pair: pair[0].number)):
        if content_hash(head) != hash:
            found[head.key] = "head"
        elif head.previous != before or head.number != number:
            found[head.key] = "chain"
        before = hash
        frozen |= head.frozen
    for key, hash in frozen.items():
        if key not in hashes:
            found[key] = "missing"
        elif hashes[key] != hash:
            found[key] = "content"
    found |= dict.fromkeys(hashes.keys() - frozen.keys(), "extra")
    return found
