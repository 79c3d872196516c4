"""What measures have in common: joining judged parts, and parts that are not asked of a team."""

from __future__ import annotations

from collections.abc import Sequence

from services.evaluation.domain.context import Context
from services.evaluation.domain.tree import Duty, Evidence, Finding, Node
from services.evaluation.domain.verdict import Verdict, all_of
from services.evaluation.domain.wording import Words, day, joined

SAID = 4
"""Parts whose sentences a criterion repeats; the others are below it in the tree."""


def combined(parts: Sequence[Node], value: str | None = None, threshold: str | None = None) -> Finding:
    """All judged parts must be met; the sentence is that of the parts which decide."""
    judged = [part for part in parts if part.verdict is not None]
    if not judged:
        nothing = Words("Không có nội dung nào để xét.", "There is nothing to judge.")
        return Finding(verdict=Verdict.NOT_ENOUGH, sentence=nothing, children=tuple(parts))
    verdict = all_of(part.verdict for part in judged if part.verdict is not None)
    telling = [part.sentence for part in judged if part.verdict is verdict]
    more = len(telling) - SAID
    if more > 0:
        telling[SAID:] = [Words(f"Và {more} nội dung khác như vậy.", f"And {more} more of this kind.")]
    return Finding(
        verdict=verdict, sentence=joined(telling),
        value=value, threshold=threshold, children=tuple(parts),
    )


def not_asked(
    context: Context, id: str, title: Words, citation: str, evidence: Evidence, duty: Duty = "team"
) -> Node:
    """For what was due before the team began: shown, not judged."""
    began = context.team.established
    return Node(
        id=id, title=title, verdict=None, citation=citation, evidence=evidence, duty=duty,
        sentence=Words(
            f"Tổ thành lập ngày {day(began)}, sau thời hạn này: không xét.",
            f"The team began on {day(began, 'en')}, after this was due: not asked.",
        ),
    )
