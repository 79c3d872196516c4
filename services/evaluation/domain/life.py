"""Whether and how a team is evaluated that was not the same all through the window: it began, ended, moved to another unit or
took another team in. What it comes to is the scheme's policy, and the explanation says which one was applied.

A team that splits off another is one that begins; the one it left stays what it was. Facts are each team's that the directory
gives them to on their own day: those of a team that was merged away are its successor's from the day on which it ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from services.evaluation.domain.facts import Stay, Team
from services.evaluation.domain.rules import Cited, Policies, Reorganised, Young
from services.evaluation.domain.tree import Change, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import NOTHING, Words, day
from shared.calendar import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """``asked``: the days about which the team is asked. ``remarks``: what to know, none of it lacking. ``unclear``: by
    policy there is not enough evidence, whatever the criteria come to."""

    asked: Span
    remarks: tuple[Change, ...] = ()
    unclear: bool = False

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return (Verdict.NOT_ENOUGH,) if self.unclear else ()

    @property
    def said(self) -> Words:
        return sum((Words(remark.vi, remark.en) for remark in self.remarks), start=NOTHING)


def life_in(team: Team, span: Span, today: dt.date) -> Span | None:
    """The days of the window on which the team exists; None if it is not there on the last day (or today, while the
    window is open): a team that was merged away in the year is not evaluated, its successor is."""
    last = min(span.last, today)
    if last < span.first or team.established > last or (team.ended is not None and team.ended <= last):
        return None
    return Span(max(span.first, team.established), span.last)


def life_of(team: Team, span: Span, policies: Policies, today: dt.date) -> Life | None:
    """None if the team is not evaluated in this window."""
    own = life_in(team, span, today)
    if own is None:
        return None
    if own == span and len(team.stays) < 2 and not team.forebears:
        return Life(asked=span)
    found: list[tuple[Change, bool]] = []
    asked = span
    if own != span:
        if own.days < policies.young_least_days.value or Fraction(own.days, span.days) < policies.young_least_share.value:
            return None
        asked = span if policies.young.value is Young.WHOLE_WINDOW else own
        found.append(_young(team, policies.young))
    found += [_moved(before, after, span, policies.moved) for before, after in moves(team, span)]
    found += [
        _merged(forebear.code, forebear.ended, policies.merged) for forebear in team.forebears if forebear.ended in span
    ]
    return Life(
        asked=asked, remarks=tuple(remark for remark, _ in found), unclear=any(unclear for _, unclear in found)
    )


def moves(team: Team, span: Span) -> Iterator[tuple[Stay, Stay]]:
    """Each change of unit within the window after its first day: where the team was, and where it went."""
    for before, after in zip(team.stays, team.stays[1:], strict=False):
        if before.unit != after.unit and span.first < after.first <= span.last:
            yield before, after


def like(team: Team, span: Span) -> Team:
    """All that a judgement of a window without facts depends on: teams that are alike so are judged once."""
    stays = {stay for move in moves(team, span) for stay in move}
    return replace(
        team, code="", established=max(team.established, span.first), members=frozenset(),
        stays=tuple(stay for stay in team.stays if stay in stays),
        forebears=tuple(forebear for forebear in team.forebears if forebear.ended in span),
    )


def _young(team: Team, policy: Cited[Young]) -> tuple[Change, bool]:
    what = {
        Young.OWN_DAYS: Words("chỉ xét từ ngày đó.", "asked about the days since then."),
        Young.WHOLE_WINDOW: Words("xét như tổ có trọn kỳ.", "asked about the whole window like any other."),
        Young.NOT_ENOUGH: Words("chưa đủ thời gian để xét.", "too short a time to judge."),
    }[policy.value]
    return change("team.young", Words(
        f"Tổ thành lập ngày {day(team.established)}, trong kỳ: {what.vi}",
        f"The team began on {day(team.established, 'en')}, within the window: {what.en}",
    ), lacking=False), policy.value is Young.NOT_ENOUGH


def _moved(before: Stay, after: Stay, span: Span, policy: Cited[Reorganised]) -> tuple[Change, bool]:
    what = _reorganised(policy, Words(
        f"xét trọn kỳ, tính cho đơn vị ngày {day(span.last)}.",
        f"judged for the whole window, for its unit on {day(span.last, 'en')}.",
    ))
    return change("team.moved", Words(
        f"Tổ chuyển từ đơn vị {before.unit} sang {after.unit} ngày {day(after.first)}: {what.vi}",
        f"The team moved from unit {before.unit} to {after.unit} on {day(after.first, 'en')}: {what.en}",
    ), lacking=False), policy.value is Reorganised.NOT_ENOUGH


def _merged(code: str, ended: dt.date, policy: Cited[Reorganised]) -> tuple[Change, bool]:
    what = _reorganised(policy, Words(
        "sự việc của tổ đó từ ngày này tính cho tổ này.", "its facts are this team's from that day on.",
    ))
    return change("team.merged", Words(
        f"Tổ {code} nhập vào tổ này ngày {day(ended)}: {what.vi}",
        f"The team {code} was merged into this one on {day(ended, 'en')}: {what.en}",
    ), lacking=False), policy.value is Reorganised.NOT_ENOUGH


def _reorganised(policy: Cited[Reorganised], whole: Words) -> Words:
    if policy.value is Reorganised.AS_ON_LAST_DAY:
        return whole
    return Words("chưa đủ căn cứ theo quy định của bộ tiêu chí.", "not enough evidence, as the scheme has it.")
