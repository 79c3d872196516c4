"""What a team lacks comes first, once, and the commune's duty is not laid at the team's door."""

from __future__ import annotations

import msgspec

from services.gateway.pages.lacking import lacking
from services.gateway.pages.shapes import Node
from tests.support import canned


def read(value: object) -> Node:
    return msgspec.convert(value, Node)


def codes(node: Node) -> tuple[list[str], list[str], list[str]]:
    found = lacking(node)
    team, commune, remarks = ([lack.change.code for lack in part] for part in found)
    return team, commune, remarks


def leaf(verdict: str | None, *changes: str, **more: object) -> dict[str, object]:
    made = [canned.change(code, f"làm {code}", f"do {code}") for code in changes]
    return canned.node("x", ("Tên", "Name"), verdict, changes=made, **more)


def test_the_canned_team() -> None:
    assert codes(read(canned.explanation("HG-1", "hanoi-v2", 2024))) == (["settle-more", "attestation"], ["pay-late"], [])


def test_met_branches_ask_for_nothing() -> None:
    children = [leaf("met", "a"), leaf("not_met", "b", children=[leaf("met", "c")])]
    tree = canned.node("r", ("", ""), "not_met", children=children)
    assert codes(read(tree)) == (["b"], [], [])


def test_the_same_change_is_told_once() -> None:
    children = [leaf("not_met", "a"), leaf(None, "a", "b")]
    tree = canned.node("r", ("", ""), "not_met", changes=[canned.change("a", "làm a", "do a")], children=children)
    assert codes(read(tree)) == (["a", "b"], [], [])


def test_parts_of_the_communes_duty_are_the_communes() -> None:
    duty = leaf("not_met", duty="commune", children=[leaf("not_enough_evidence", "a")])
    tree = canned.node("r", ("", ""), "not_met", children=[duty])
    assert codes(read(tree)) == ([], ["a"], [])


def test_remarks_are_nobodys_task() -> None:
    tree = leaf("not_met", "a")
    tree["changes"] = [{**canned.change("a", "x", "y"), "lacking": False}]
    assert codes(read(canned.node("r", ("", ""), "not_met", children=[tree]))) == ([], [], ["a"])


def test_a_tree_of_one_node() -> None:
    found = lacking(read(leaf("not_met", "a")))
    assert [(lack.change.code, lack.number) for lack in found.team] == [("a", 0)]
