"""One text for one value, so that equal contents have equal hashes: JSON in UTF-8, keys and sets sorted, no spaces. Facts are
read back from it as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from services.evaluation.domain.facts import Team, TeamFacts
from shared.contracts.when import dec_hook, enc_hook

Key = tuple[str, str]
"""A kind of fact (``case``, ``meeting`` …) and its id. A record may hold several facts of a kind."""

_ENCODER = msgspec.json.Encoder(order="sorted", enc_hook=enc_hook)


class Basis(msgspec.Struct, frozen=True):
    """What a team's year is judged by: who the team is on the window's last day, and its facts."""

    team: Team
    facts: TeamFacts


_DECODER = msgspec.json.Decoder(Basis, dec_hook=dec_hook)


def canonical(value: Any) -> bytes:
    return _ENCODER.encode(value)


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def basis_bytes(basis: Basis) -> bytes:
    facts = basis.facts
    # several facts may share a record's id, and come in any order
    ordered: dict[str, Any] = {
        name: tuple(sorted(own, key=lambda fact: (fact.id, canonical(fact)))) for name, own in _lists(facts)
    }
    return canonical(Basis(basis.team, replace(facts, **ordered)))


def read_basis(text: bytes) -> Basis:
    """Raise ``msgspec.DecodeError`` for what another release wrote in another shape."""
    return _DECODER.decode(text)


def digests(basis: Basis) -> dict[Key, str]:
    """Every fact's hash by its key; the team's own under ``team``."""
    found = {key: content_hash(sorted(map(content_hash, parts))) for key, parts in _parts(basis.facts).items()}
    found[("team", basis.team.code)] = content_hash(basis.team)
    return found


def with_one_from(basis: Basis, other: Basis, key: Key) -> Basis:
    """``basis`` with what stands under ``key`` as it stands in ``other``, which may be not at all."""
    kind, id = key
    if kind == "team":
        return Basis(other.team, basis.facts)
    facts = basis.facts
    for name, own in _lists(facts):
        if _kind(name) == kind:
            kept = tuple(fact for fact in own if fact.id != id)
            mixed: dict[str, Any] = {name: kept + tuple(fact for fact in getattr(other.facts, name) if fact.id == id)}
            facts = replace(facts, **mixed)
    if kind == "case":
        aliases = {case: ids for case, ids in facts.aliases.items() if case != id}
        if id in other.facts.aliases:
            aliases[id] = other.facts.aliases[id]
        facts = replace(facts, aliases=aliases)
    return Basis(basis.team, facts)


def _parts(facts: TeamFacts) -> Mapping[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for name, own in _lists(facts):
        for fact in own:
            found.setdefault((_kind(name), fact.id), []).append(fact)
    for id, others in facts.aliases.items():
        found.setdefault(("case", id), []).append(others)
    return found


def _lists(facts: TeamFacts) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every list of facts, whichever there are; their field's name is the kind's plural."""
    for name in facts.__struct_fields__:
        value = getattr(facts, name)
        if isinstance(value, tuple):
            yield name, value


def _kind(name: str) -> str:
    return {"deliveries": "delivery"}.get(name, name.removesuffix("s"))
