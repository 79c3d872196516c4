"""What a team went through, as it is kept and shown. Days are YYYY-MM-DD, people are references, lists are in order of time."""

from __future__ import annotations

import msgspec

from services.directory.domain.course.votes import Outcome
from shared.contracts.directory import MediatorEntry


class Shown(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``id``: of the fact that says so."""

    id: str
    on: str


class Remark(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Something noted, or why something has no effect. ``ref``: whom it is about."""

    code: str
    article: str
    vi: str
    en: str
    ref: str | None = None


class Result(msgspec.Struct, kw_only=True, frozen=True):
    ref: str
    votes: int
    outcome: Outcome


class Review(Shown, frozen=True):
    decision: str | None = None


class CandidateList(Shown, frozen=True):
    candidates: list[str]
    seats: int | None = None


class ElectionState(Shown, frozen=True):
    """``seats``: still open before this vote; ``missing``: open after it, 0 where nobody said how many there are."""

    households: int
    results: list[Result]
    present: int | None = None
    seats: int | None = None
    supplementary: bool = False
    missing: int = 0
    flags: list[Remark] = []

    @property
    def elected(self) -> list[str]:
        return [result.ref for result in self.results if result.outcome == "elected"]


class LeaderState(Shown, frozen=True):
    """``leader``: None if nobody has more votes than every other."""

    mediators: int
    results: list[Result]
    leader: str | None = None
    flags: list[Remark] = []


class Decision(Shown, frozen=True):
    """``recognised``: for whom it has effect; ``refused``: why it has none for others; ``last_day``: of the days that the chair
    has."""

    number: str
    recognised: list[MediatorEntry] = []
    refused: list[Remark] = []
    flags: list[Remark] = []
    last_day: str | None = None


class Ceased(Shown, frozen=True):
    ref: str
    reason: str
    decision: str | None = None


class Attendance(Shown, frozen=True):
    """``record``: of the class; ``mediators``: of those present, whom the sheet names."""

    record: str
    present: int
    mediators: list[str] = []


class Course(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    reviews: list[Review] = []
    lists: list[CandidateList] = []
    elections: list[ElectionState] = []
    leaders: list[LeaderState] = []
    decisions: list[Decision] = []
    ceased: list[Ceased] = []
    training: list[Attendance] = []
