"""Where a team had nothing that could be measured. Most teams have no case in a year, so 0/0 is the main path: it
is never a silent pass, 0% or 100%, but what the scheme's policy says of a team that declared, or did not declare,
that nothing arose."""

from __future__ import annotations

from functools import lru_cache

from services.evaluation.domain.context import Context
from services.evaluation.domain.rules import Cited, NothingArose
from services.evaluation.domain.tree import Change, Finding, Input, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words, days, span
from shared.calendar import Span


def nothing_arose(context: Context, what: Words) -> Finding:
    """``what`` did not arise, as the beginning of a sentence: "Không có vụ việc nào trong kỳ"."""
    policies = context.policies
    inputs = tuple(
        Input("declaration", d.id, d.period.first) for d in context.facts.declarations if d.period.meets(context.life)
    )
    share = policies.declared_share.value
    covered, gaps = _covered(context.life, tuple(context.declared))
    if covered * share.denominator >= share.numerator * context.life.days:
        return Finding(
            verdict=_verdict(policies.declared), sentence=_declared(what, policies.declared.value), value="0/0", inputs=inputs
        )
    missing = _missing(gaps, context.clock.passed(context.life.last))
    return Finding(
        verdict=_verdict(policies.undeclared), sentence=_undeclared(what, bool(inputs), policies.undeclared.value), value="0/0",
        inputs=inputs, changes=(missing,),
    )


# Most teams have nothing in a year, and teams declare the same periods: what follows is said again and again.


@lru_cache(maxsize=4096)
def _covered(life: Span, declared: tuple[Span, ...]) -> tuple[int, tuple[Span, ...]]:
    """How many days are declared, and the parts that are not."""
    return life.covered(declared), tuple(life.gaps(declared))


@lru_cache(maxsize=4096)
def _missing(gaps: tuple[Span, ...], over: bool) -> Change:
    return change("declaration.missing", Words(
        "Còn thiếu bản khai “không phát sinh” cho kỳ " + ", ".join(span(gap) for gap in gaps) + ".",
        "A declaration that nothing arose is missing for " + ", ".join(span(gap, "en") for gap in gaps) + ".",
    ), lacking=over)


@lru_cache
def _undeclared(what: Words, in_part: bool, policy: NothingArose) -> Words:
    so_far = "khai chưa đủ kỳ" if in_part else "chưa khai không phát sinh"
    so_far_en = "has declared only part of the period" if in_part else "has not declared that nothing arose"
    return Words(
        f"{what.vi}; tổ {so_far}: {_POLICY[policy].vi}.",
        f"{what.en}; the team {so_far_en}: {_POLICY[policy].en}.",
    )


@lru_cache
def _declared(what: Words, policy: NothingArose) -> Words:
    return Words(
        f"{what.vi}; tổ đã khai không phát sinh: {_POLICY[policy].vi}.",
        f"{what.en}; the team declared that nothing arose: {_POLICY[policy].en}.",
    )


def contradicted(context: Context) -> Words | None:
    """A remark where a declared period holds a case after all; the case counts."""
    found = [
        case.received for case in context.standings.counted
        if case.received is not None and any(case.received in period for period in context.declared)
    ]
    if not found:
        return None
    return Words(
        f"Tổ khai không phát sinh nhưng sổ có vụ việc nhận ngày {days(found)}: tính theo sổ.",
        f"The team declared that nothing arose, but the log has cases received on {days(found, 'en')}: the log counts.",
    )


def _verdict(policy: Cited[NothingArose]) -> Verdict:
    return Verdict(str(policy.value))


_POLICY = {
    NothingArose.MET: Words("đạt (không phát sinh)", "met (nothing arose)"),
    NothingArose.NOT_ENOUGH: Words("chưa đủ căn cứ", "not enough evidence"),
    NothingArose.NOT_MET: Words("chưa đạt", "not met"),
}
