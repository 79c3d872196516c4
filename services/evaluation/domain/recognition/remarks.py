"""The measured verdict beside what the team, the meeting and the decision said: a remark on each difference. Measuring decides
nothing: the People's Committee does, on the meeting's minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.evaluation.domain.recognition.papers import Paper
from services.evaluation.domain.recognition.procedure import Act
from services.evaluation.domain.recognition.state import Progress
from services.evaluation.domain.tree import Change
from services.evaluation.domain.verdict import VERDICT_WORDS, Verdict
from services.evaluation.domain.wording import Words, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A team's year under the scheme that its unit picked. ``criteria``: title and verdict of each that is judged."""

    scheme: str
    verdict: Verdict
    criteria: Mapping[str, tuple[Words, Verdict]] = field(default_factory=dict)


def remarks(progress: Progress, measured: Measured | None) -> list[Change]:
    """Codes: who (team, meeting, decision), then where the measure falls short of (`short`), or goes beyond (`beyond`), what they
    say; ``team.criterion.<id>`` likewise for one criterion."""
    found = list(_own(progress.assessed)) if progress.assessed is not None else []
    if measured is None:
        return found
    for paper, who, said in _sayings(progress):
        if paper.positive and measured.verdict is not Verdict.MET:
            found.append(_remark(f"{who}.short", said, paper, measured.verdict))
        elif not paper.positive and measured.verdict is Verdict.MET:
            found.append(_remark(f"{who}.beyond", said, paper, measured.verdict))
        if paper.act is Act.ASSESS:
            found += _criteria(paper, measured)
    return found


def _sayings(progress: Progress) -> Iterator[tuple[Paper, str, Words]]:
    if (paper := progress.assessed) is not None:
        yield paper, "team", (
            Words("Tổ tự đánh giá đạt đủ tiêu chí", "The team says that it meets all criteria") if paper.positive
            else Words("Tổ tự đánh giá chưa đạt đủ tiêu chí", "The team says that it does not meet all criteria")
        )
    if (paper := progress.reviewed) is not None:
        yield paper, "meeting", (
            Words("Cuộc họp thống nhất đề nghị công nhận", "The meeting agreed to recognise the team") if paper.positive
            else Words("Cuộc họp không thống nhất công nhận", "The meeting did not agree to recognise the team")
        )
    if (paper := progress.decided) is not None:
        yield paper, "decision", (
            Words(f"Quyết định số {paper.number} công nhận tổ", f"Decision {paper.number} recognises the team") if paper.positive
            else Words(f"Quyết định số {paper.number} không công nhận tổ", f"Decision {paper.number} declines the team")
        )


def _own(paper: Paper) -> Iterator[Change]:
    """A self-assessment that contradicts itself."""
    against = sorted(id for id, met in paper.said.items() if not met)
    if paper.all_met and against:
        yield Change(
            "team.contradicts",
            f"Biên bản ngày {day(paper.on)} ghi đạt đủ tiêu chí, nhưng {len(against)} tiêu chí ghi chưa đạt.",
            f"The minutes of {day(paper.on, 'en')} say that all criteria are met, and that {len(against)} are not.",
            lacking=False,
        )


def _criteria(paper: Paper, measured: Measured) -> Iterator[Change]:
    for id, met in sorted(paper.said.items()):
        if id not in measured.criteria:
            continue
        title, verdict = measured.criteria[id]
        if met is not (verdict is Verdict.MET):
            said = Words("đạt", "met") if met else Words("chưa đạt", "not met")
            yield _remark(
                f"team.criterion.{id}",
                Words(f"Tiêu chí “{title.vi}”: tổ tự đánh giá {said.vi}", f"Criterion “{title.en}”: the team says {said.en}"),
                paper, verdict,
            )


def _remark(code: str, said: Words, paper: Paper, verdict: Verdict) -> Change:
    vi, en = VERDICT_WORDS[verdict]
    reason = f" ({paper.reason})" if paper.reason else ""
    return Change(
        code, f"{said.vi} (ngày {day(paper.on)}){reason}; theo số liệu: {vi.lower()}.",
        f"{said.en} ({day(paper.on, 'en')}){reason}; as measured: {en.lower()}.", lacking=False,
    )
