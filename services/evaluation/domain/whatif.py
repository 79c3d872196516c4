"""What would be otherwise: a team's year judged under two sets of rules, and by which criterion the verdicts part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.evaluation.domain.judge import Judgement
from services.evaluation.domain.tree import Node
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A criterion that parts the verdicts. ``before``, ``after``: its own verdicts; None where one side does not have it."""

    id: str
    title: Words
    before: Verdict | None
    after: Verdict | None
    sentence: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """``before``, ``after``: the team's verdicts; None where it would not be judged."""

    before: Verdict | None
    after: Verdict | None
    deciding: tuple[Deciding, ...]


def flip(before: Judgement | None, after: Judgement | None) -> Flip | None:
    """None where both come to the same."""
    was, would = (None if side is None else side.verdict for side in (before, after))
    if was is would:
        return None
    return Flip(before=was, after=would, deciding=tuple(_deciding(before, after)))


def _deciding(before: Judgement | None, after: Judgement | None) -> Iterable[Deciding]:
    """What stands in the way afterwards and did not before; of a team that would be met, what no longer does."""
    old = _criteria(before)
    new = _criteria(after)
    if after is None or before is None:
        return
    found = [
        Deciding(id=id, title=node.title, before=_verdict(old.get(id)), after=node.verdict, sentence=node.sentence)
        for id, node in new.items()
        if node.verdict is after.verdict is not Verdict.MET and _verdict(old.get(id)) is not node.verdict
    ] or [
        Deciding(
            id=id, title=node.title, before=node.verdict, after=_verdict(new.get(id)), sentence=new.get(id, node).sentence
        )
        for id, node in old.items()
        if node.verdict not in (None, Verdict.MET) and _verdict(new.get(id)) is not node.verdict
    ]
    # the total decides, or what is said of the team as a whole
    root = after.tree
    yield from found or [Deciding(
        id=root.id, title=root.title, before=before.verdict, after=after.verdict, sentence=root.sentence
    )]


def _criteria(judgement: Judgement | None) -> dict[str, Node]:
    return {} if judgement is None else {node.id: node for node in judgement.tree.children}


def _verdict(node: Node | None) -> Verdict | None:
    return None if node is None else node.verdict
