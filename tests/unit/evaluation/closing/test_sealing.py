"""What was closed shows whether anybody touched it: one byte is enough."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.closing.canonical import (
    Basis,
    basis_bytes,
    canonical,
    content_hash,
    digests,
    read_basis,
    with_one_from,
)
from services.evaluation.domain.closing.sealing import Cause, Head, Sealed, digest, flaw_of, flaws_of_chain
from services.evaluation.domain.facts import Meeting, TeamFacts
from tests.unit.evaluation.builders import DECLARED, FULL, TEAM, day, judged, replace

FACTS = replace(FULL, declarations=(DECLARED,), aliases={"case-1": frozenset({"case-9", "case-8"})}, meetings=(
    *FULL.meetings, Meeting("m-1", TEAM.code, "exchange", day("2024-06-02")),
))
CAUSE = Cause(
    entry="e1", type="evaluation.closed", on="2024-12-10", time="2024-12-10T09:00:00+07:00", source="https://x",
    event_id="1",
)
TREE = judged(FACTS).tree.encoded()
TEXT = basis_bytes(Basis(TEAM, FACTS))
SEALED = Sealed(
    unit="00118", year=2024, team=TEAM.code, name="Tổ 1", group="TDP 1", revision=0, scheme="hanoi-v2", scheme_digest="d",
    rules="r", today="2024-12-11", generation=7, verdict="met", criteria={"settled_rate": "met"}, lacking=[], settled=3, rated=3,
    state=None, cause=CAUSE, tree_hash=digest(TREE), facts_hash=digest(TEXT),
)
HASH = content_hash(SEALED)


def shuffled(facts: TeamFacts, seed: int) -> TeamFacts:
    chance = random.Random(seed)
    lists = {f: list(v) for f in facts.__struct_fields__ if isinstance(v := getattr(facts, f), tuple)}
    for own in lists.values():
        chance.shuffle(own)
    return replace(facts, **{name: tuple(own) for name, own in lists.items()})


@given(st.integers())
def test_facts_in_any_order_have_one_text(seed: int) -> None:
    assert basis_bytes(Basis(TEAM, shuffled(FACTS, seed))) == TEXT
    assert digests(Basis(TEAM, shuffled(FACTS, seed))) == digests(Basis(TEAM, FACTS))


def test_facts_are_read_back_as_they_were() -> None:
    again = read_basis(TEXT)
    assert again.team == TEAM
    assert again.facts.in_order().cases == FACTS.in_order().cases
    assert basis_bytes(again) == TEXT
    assert judged(again.facts).tree.encoded() == TREE


def test_one_fact_of_another_time() -> None:
    live = replace(FACTS, cases=FACTS.cases[1:], aliases={})
    back = with_one_from(Basis(TEAM, live), Basis(TEAM, FACTS), ("case", "case-1"))
    assert basis_bytes(back) == TEXT
    gone = with_one_from(Basis(TEAM, FACTS), Basis(TEAM, live), ("case", "case-1"))
    assert basis_bytes(gone) == basis_bytes(Basis(TEAM, live))
    older = replace(TEAM, members=frozenset({"m9"}))
    assert with_one_from(Basis(TEAM, FACTS), Basis(older, live), ("team", TEAM.code)) == Basis(older, FACTS)


def test_every_list_of_facts_is_covered() -> None:
    """A list that a later release adds to ``TeamFacts`` is sealed without anybody thinking of it."""
    kinds = {kind for kind, _ in digests(Basis(TEAM, FACTS))}
    filled = {f for f in FACTS.__struct_fields__ if getattr(FACTS, f) and f != "aliases"}
    assert len(kinds - {"team"}) == len(filled)


def test_untouched() -> None:
    assert flaw_of(SEALED, HASH, TREE, TEXT) is None


@pytest.mark.parametrize("field", [f for f in Sealed.__struct_fields__ if f != "cause"])
def test_any_field_that_was_edited(field: str) -> None:
    value = getattr(SEALED, field)
    other = {int: 99, str: "x", list: ["x"], dict: {"x": "met"}, type(None): "recognised"}[type(value)]
    assert flaw_of(msgspec.structs.replace(SEALED, **{field: other}), HASH, TREE, TEXT) == "content"


@given(st.integers(0, len(TREE) - 1), st.integers(1, 255))
def test_any_byte_of_the_explanation(at: int, by: int) -> None:
    bad = TREE[:at] + bytes([TREE[at] ^ by]) + TREE[at + 1:]
    assert flaw_of(SEALED, HASH, bad, TEXT) == "tree"


def test_another_closing_of_the_facts() -> None:
    assert flaw_of(SEALED, HASH, TREE, TEXT + b" ") == "facts"
    assert flaw_of(SEALED, HASH, TEXT, TEXT) == "tree"


# -- the chain of heads

def head(number: int, frozen: dict[str, str], previous: str | None) -> tuple[Head, str]:
    made = Head(
        unit="00118", year=2024, number=number, frozen=frozen, previous=previous, cause=CAUSE,
        frozen_at="2024-12-11T00:00:00+07:00",
    )
    return made, content_hash(made)


FIRST = head(0, {"a|0": "h1", "b|0": "h2"}, None)
SECOND = head(1, {"a|1": "h3"}, FIRST[1])
THIRD = head(2, {"b|1": "h4"}, SECOND[1])
HASHES = {"a|0": "h1", "b|0": "h2", "a|1": "h3", "b|1": "h4"}


def test_a_chain_that_holds() -> None:
    assert flaws_of_chain([FIRST, SECOND, THIRD], HASHES) == {}
    assert flaws_of_chain([THIRD, FIRST, SECOND], HASHES) == {}


def test_a_verdict_sealed_anew_by_hand() -> None:
    """Whoever changes a verdict and its hash alike is told by the head."""
    assert flaws_of_chain([FIRST, SECOND, THIRD], HASHES | {"a|0": "other"}) == {"a|0": "content"}


def test_a_head_changed_with_its_hash() -> None:
    forged = head(0, {"a|0": "other", "b|0": "h2"}, None)
    assert flaws_of_chain([forged, SECOND, THIRD], HASHES | {"a|0": "other"}) == {"00118|2024|1": "chain"}


def test_a_head_changed_without_its_hash() -> None:
    forged = (head(0, {"a|0": "other", "b|0": "h2"}, None)[0], FIRST[1])
    assert flaws_of_chain([forged, SECOND, THIRD], HASHES)["00118|2024|0"] == "head"


def test_what_was_taken_out_or_put_in() -> None:
    assert flaws_of_chain([FIRST, THIRD], {k: v for k, v in HASHES.items() if k != "a|1"}) == {"00118|2024|2": "chain"}
    assert flaws_of_chain([FIRST], {"a|0": "h1"}) == {"b|0": "missing"}
    assert flaws_of_chain([FIRST], HASHES) == {"a|1": "extra", "b|1": "extra"}


def test_the_text_is_canonical() -> None:
    assert canonical({"b": frozenset({"y", "x"}), "a": 1}) == b'{"a":1,"b":["x","y"]}'
