"""What a team knows that it lacks for "5 tốt", and what it lacks without knowing.

A person's guess, made without namtot: where the measured verdict differs, the difference shows.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from shared.simulation.wards import Scheme

if TYPE_CHECKING:
    from shared.simulation.roster import Team

CRITERIA: dict[Scheme, tuple[str, ...]] = {
    "hanoi-v1": ("detection", "coordination", "settled_rate", "training", "meetings"),
    "hanoi-v2": ("settled_rate", "coordination", "documents_training", "funding", "meetings"),
}
WORDS = {
    "detection": "phát hiện vụ việc chưa kịp thời", "coordination": "phối hợp với các đoàn thể chưa tốt",
    "settled_rate": "tỷ lệ hòa giải thành chưa đạt", "training": "chưa tham gia tập huấn đủ",
    "documents_training": "chưa tham gia đầy đủ các lớp tập huấn", "funding": "hồ sơ kinh phí chưa đủ",
    "meetings": "chưa họp sơ kết 6 tháng",
}
ENOUGH = Fraction(85, 100)
"""In both schemes here: the one ward that takes the older one asks for as much."""


def known(team: Team, scheme: Scheme) -> list[str]:
    """Criteria of the scheme that the team itself knows it has not met."""
    role = team.role
    trained = role.training == "all"
    lacking = {
        "settled_rate": team.ended > 0 and Fraction(team.settled, team.ended) < ENOUGH,
        "coordination": role.attested == "no" or role.coordination == "none",
        "documents_training": not trained or role.documents != "both",
        "training": not trained,
        "detection": role.detection == "late",
        "meetings": role.half_year_meeting == "none",
    }
    return [criterion for criterion in CRITERIA[scheme] if lacking.get(criterion)]


def unseen(team: Team) -> bool:
    """Whether a paper is missing, or a due date was missed, that the team does not think of."""
    role = team.role
    silent = not team.cases and role.declares not in ("year", "halves")
    forgotten = bool(team.cases) and not role.requests
    return (
        silent or forgotten or not team.confirmed or role.attested == "none" or role.coordination in ("unanswered", "late")
        or role.paid == "late" or role.year_meeting == "late"
    )
