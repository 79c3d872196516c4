"""Whom the rules would propose. Whoever reaches a rule's goal is equal to all others that do: there is no order among them. Where
a unit has fewer places than results, women go first, and collectives with enough women; those who are still equal then are a tie,
which people decide."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

import msgspec

from services.evaluation.domain.commendation.deserving import Result
from services.evaluation.domain.commendation.rules import CommendationRules, ProposalRule
from services.evaluation.domain.wording import Words, number

Choice = Literal["proposed", "tied", "no_place", "under_way", "answered"]


class Proposal(msgspec.Struct, frozen=True, gc=False):
    """``choice``: proposed by the rules; tied with others for the places that are left; no place is left; a dossier is on its
    way; somebody decided."""

    result: Result
    choice: Choice
    reason: Words


def propose(rules: CommendationRules, results: Iterable[Result]) -> tuple[Proposal, ...]:
    """``results``: of one unit and year. In an order that says nothing: rule, team, reference."""
    found: list[Proposal] = []
    everything = list(results)
    for rule in rules.proposals:
        found += _of_rule(rules, rule, [result for result in everything if result.rule == rule.id])
    order = {rule.id: index for index, rule in enumerate(rules.proposals)}
    return tuple(sorted(found, key=lambda p: (order[p.result.rule], p.result.team, p.result.mediator or "")))


def _of_rule(rules: CommendationRules, rule: ProposalRule, results: list[Result]) -> list[Proposal]:
    found = [Proposal(r, "answered", _ANSWERED) for r in results if r.answered]
    found += [Proposal(r, "under_way", _UNDER_WAY) for r in results if not r.answered and r.record is not None]
    free = [r for r in results if not r.answered and r.record is None]
    if not free:
        return found
    last = max(r.achieved_on for r in free)
    dated = rule.goal.places.find(last)
    places = 0 if dated is None else dated.value
    # a refused one leaves its place to another
    left = places - sum(r.record is not None and (not r.answered or r.decided_on is not None) for r in results)
    if places == 0 or len(free) <= left:
        return found + [Proposal(r, "proposed", r.why) for r in free]
    found_share = rules.women_share.find(last)
    share = Fraction(1) if found_share is None else found_share.value
    first = [r for r in free if goes_first(r, share)]
    rest = [r for r in free if not goes_first(r, share)]
    for group, reason in ((first, _FIRST), (rest, Words("", ""))):
        if left >= len(group):
            found += [Proposal(r, "proposed", r.why + reason) for r in group]
        elif left > 0:
            found += [Proposal(r, "tied", _tie(len(group), left)) for r in group]
        else:
            found += [Proposal(r, "no_place", _no_place(places)) for r in group]
        left = max(0, left - len(group))
    return found


def goes_first(result: Result, share: Fraction) -> bool:
    """A woman, or a collective with at least ``share`` of women."""
    if result.mediator is not None:
        return result.women == 1
    return result.members > 0 and Fraction(result.women, result.members) >= share


def _tie(equal: int, left: int) -> Words:
    return Words(
        f"{number(equal)} kết quả ngang nhau cho {number(left)} suất còn lại: hội nghị xét quyết định.",
        f"{number(equal, 'en')} equal results for the {number(left, 'en')} places left: for the meeting to decide.",
    )


def _no_place(places: int) -> Words:
    return Words(
        f"Đã hết {number(places)} suất đề xuất của năm.", f"All {number(places, 'en')} places of the year are taken."
    )


_ANSWERED = Words("Đã có quyết định.", "Decided.")
_UNDER_WAY = Words("Đang làm hồ sơ.", "A dossier is on its way.")
_FIRST = Words(
    "Kết quả ngang nhau thì ưu tiên nữ, tập thể có tỷ lệ nữ đủ mức.",
    "Of equal results women, and collectives with enough women, go first."
)
