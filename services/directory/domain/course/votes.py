"""What a vote came to: exact, whatever the order in which candidates are listed.

Households (Luật 35/2013/QH13 Art. 8): elected is who has more than the share of all households; where more than the seats have,
those with the most votes; equal votes at the last seat elect nobody of the equals. Leaders: whom most mediators chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

from shared.contracts.directory import Votes

Outcome = Literal["elected", "surplus", "tied", "not_elected"]


def tally(listed: Iterable[Votes]) -> tuple[dict[str, int], list[str]]:
    """Votes by candidate, and who is listed more than once: of several figures nobody knows which is right, so the lowest
    counts."""
    votes: dict[str, int] = {}
    twice: set[str] = set()
    for one in listed:
        if one.ref in votes:
            twice.add(one.ref)
        votes[one.ref] = min(one.votes, votes.get(one.ref, one.votes))
    return votes, sorted(twice)


def elect(votes: Mapping[str, int], households: int, share: Fraction, seats: int | None) -> dict[str, Outcome]:
    """``seats``: how many may be elected at most; None: nobody said."""
    over = {ref for ref, count in votes.items() if count * share.denominator > households * share.numerator}
    found: dict[str, Outcome] = {ref: "elected" if ref in over else "not_elected" for ref in votes}
    if seats is None or len(over) <= seats:
        return found
    last = sorted((votes[ref] for ref in over), reverse=True)[seats - 1] if seats else None
    above = {ref for ref in over if last is not None and votes[ref] > last}
    level = {ref for ref in over if votes[ref] == last}
    fits = len(above) + len(level) <= seats
    for ref in over - above:
        found[ref] = "surplus" if ref not in level else "elected" if fits else "tied"
    return found


def lead(votes: Mapping[str, int]) -> str | None:
    """Who has the most votes, if one has."""
    most = max(votes.values(), default=0)
    first = [ref for ref, count in votes.items() if count == most and most > 0]
    return first[0] if len(first) == 1 else None
