"""What a team lacks, read off its explanation: first what the team can do, then what is the commune's duty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from services.gateway.pages.shapes import Both, Change, Node


class Lack(NamedTuple):
    """``criterion``: the title of the criterion that waits for it."""

    change: Change
    criterion: Both
    number: int


class Lacking(NamedTuple):
    team: list[Lack]
    commune: list[Lack]


def lacking(root: Node) -> Lacking:
    """Each change once, under the first criterion that names it. Met branches ask for nothing."""
    team: list[Lack] = []
    commune: list[Lack] = []
    seen: set[tuple[str, str]] = set()
    parts = list(enumerate(root.children, 1)) or [(1, root)]
    for number, criterion in parts:
        for change, duty in _changes(criterion, criterion.duty):
            key = (change.code, change.vi or change.en)
            if key in seen:
                continue
            seen.add(key)
            (commune if duty == "commune" else team).append(Lack(change, criterion.title, number))
    if root.children:
        for change in root.changes:
            if root.verdict != "met" and (change.code, change.vi or change.en) not in seen:
                team.append(Lack(change, root.title, 0))
    return Lacking(team, commune)


def _changes(node: Node, duty: str) -> Iterator[tuple[Change, str]]:
    """``duty``: a part of the commune's duty is the commune's, unless it says otherwise."""
    if node.verdict == "met":
        return
    mine = "commune" if "commune" in (node.duty, duty) else "team"
    for change in node.changes:
        yield change, mine
    for child in node.children:
        yield from _changes(child, mine)
