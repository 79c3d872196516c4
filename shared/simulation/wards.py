"""How each ward goes about the year's evaluation: whose criteria it picks, when it decides, whom it praises.

The wards differ by counting, not by chance, so that a district has one of everything and the city its share: ward after ward
takes the next line of ``WARDS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Scheme = Literal["hanoi-v1", "hanoi-v2"]
Praise = Literal[
    "proposed", "submitted", "supplement_asked", "supplemented", "appraised", "decided", "declined", "given", "paid",
    "suspended", "cleared", "second", "odd_amount", "revoked", "city",
]
"""How far a commendation comes, or what is peculiar about it:

- suspended, cleared: a complaint is being verified; it was, and proved empty
- second: decided twice for one achievement, which the law forbids
- odd_amount: paid, but the decision rounds the money as it likes
- revoked: paid, and taken back with the recognition it rested on
- city: goes up to the city
"""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One team of the ward, with ``size`` mediators unless 0, has this fate (``fates.Fate``)."""

    size: int = 0
    fate: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Ward:
    """``teams``, ``mediators``: commendations proposed for recognised teams, and for mediators who settled many cases."""

    scheme: Scheme = "hanoi-v2"
    chosen: bool = True
    """Whether it ever said which criteria it takes."""
    changes: tuple[dict[str, Any], ...] = ()
    decides: Literal["in_time", "late", "not_yet"] = "in_time"
    second_round: bool = False
    """Meets again for those who asked late."""
    signed_by: Literal["commune_chair", "commune_vice_chair"] = "commune_chair"
    closes: bool = True
    corrects: bool = False
    """Finds a paper after the year was closed, and judges one team again."""
    practice: int | None = None
    """Which of ``practices.PRACTICES`` it notes of a good team."""
    parts: tuple[Part, ...] = ()
    waits: int = 0
    """Days that go by after the decision before anybody thinks of praise."""
    teams: tuple[Praise, ...] = ()
    mediators: tuple[Praise, ...] = ()


THREE_OF_SIX = Part(size=6, fate=(("agreed", "three"), ("requests", "regardless"), ("result", "recognised")))
"""Half is not more than half; the team asks all the same, and the ward decides for it."""
THREE_OF_FIVE = Part(size=5, fate=(("agreed", "three"), ("result", "recognised")))
LOST_REQUEST = Part(fate=(("requests", "unwritten"), ("result", "recognised")))
"""The decision names a team whose request nobody has on record."""
COUNTED_PRESENT = Part(fate=(("counted", "present"), ("result", "recognised")))
"""The minutes leave out one member, who had not come."""
LOCAL = (
    {"at": "settled_rate.threshold", "value": "85%", "citation": "Kế hoạch đánh giá của UBND phường, mục 2 (mô phỏng)"},
)

WARDS = (
    Ward(parts=(THREE_OF_SIX,), practice=0),
    Ward(decides="late", closes=False, parts=(THREE_OF_FIVE,), teams=("proposed", "proposed")),
    Ward(scheme="hanoi-v1", changes=LOCAL, teams=("paid",) * 4, mediators=("paid",)),
    Ward(chosen=False, closes=False, parts=(COUNTED_PRESENT,)),
    Ward(teams=("given", "given", "suspended"), mediators=("submitted",)),
    Ward(signed_by="commune_vice_chair", practice=1, waits=45, teams=("paid", "second", "odd_amount")),
    Ward(parts=(LOST_REQUEST,)),
    Ward(teams=("given", "supplemented", "supplement_asked")),
    Ward(practice=2, teams=("paid",) * 4 + ("revoked", "declined"), mediators=("paid", "given")),
    Ward(practice=4, waits=70, teams=("city", "decided")),
    Ward(decides="not_yet", closes=False),
    Ward(second_round=True, teams=("appraised", "appraised")),
    Ward(corrects=True, teams=("cleared",)),
    Ward(practice=3, teams=("paid", "paid"), mediators=("paid",)),
)


def ward_of(index: int) -> Ward:
    """``index``: of the unit in the run, from 0."""
    return WARDS[index % len(WARDS)]
