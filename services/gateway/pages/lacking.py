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
    """``remarks``: good to know, but nobody's task."""

    team: list[Lack]
    commune: list[Lack]
    remarks: list[Lack]


def lacking(root: Node) -> Lacking:
    """Each change once, under the first criterion that names it. Met branches ask for nothing."""
    found = Lacking([], [], [])
    seen: set[tuple[str, str]] = set()
    for number, criterion in list(enumerate(root.children, 1)) or [(0, root)]:
        for change, duty in _changes(criterion, criterion.duty):
            _keep(found, seen, Lack(change, criterion.title, number), duty)
    if root.children and root.verdict != "met":
        for change in root.changes:
            _keep(found, seen, Lack(change, root.title, 0), root.duty)
    return found


def _keep(found: Lacking, seen: set[tuple[str, str]], lack: Lack, duty: str) -> None:
    key = (lack.change.code, lack.change.vi or lack.change.en)
    if key in seen:
        return
    seen.add(key)
    if not lack.change.lacking:
        found.remarks.append(lack)
    elif duty == "commune":
        found.commune.append(lack)
    else:
        found.team.append(lack)


def _changes(node: Node, duty: str) -> Iterator[tuple[Change, str]]:
    """``duty``: a part of the commune's duty is the commune's."""
    if node.verdict == "met":
        return
    mine = "commune" if "commune" in (node.duty, duty) else "team"
    for change in node.changes:
        yield change, mine
    for child in node.children:
        yield from _changes(child, mine)
