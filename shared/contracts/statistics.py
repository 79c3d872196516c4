"""Events of the monthly figures ("chốt số liệu"): who says that a month is complete, and the unit's lock on it. The subject is
the submission's or lock's own URI.

namtot counts the figures itself when a lock comes in; what the sender states is only compared with them. No source sets the days
on which a month is submitted or locked, so none is asked for.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shared.contracts.activity import ActivityFact, Month
from shared.contracts.fields import Count, Strict, Team, Text, UnitCode


class StatedFigures(Strict, kw_only=True, frozen=True):
    """What the sender counted itself: numbers of cases, as namtot calls its own. ``received`` includes ``carried``;
    ``not_settled`` includes ``ended_by_party``."""

    received: Count | None = None
    carried: Count | None = None
    new: Count | None = None
    settled: Count | None = None
    not_settled: Count | None = None
    ended_by_party: Count | None = None
    not_handled: Count | None = None
    in_progress: Count | None = None
    out_of_scope: Count | None = None
    reopened: Count | None = None

    def stated(self) -> dict[str, int]:
        """Those that are given, in the order of their declaration."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


class MonthlyFact(ActivityFact, kw_only=True, frozen=True):
    month: Month
    figures: StatedFigures | None = None


class StatisticsSubmitted(MonthlyFact, kw_only=True, frozen=True):
    """A team, or a unit for itself, says that all of the month's cases are in."""

    team: Team | None = None
    unit: UnitCode | None = None

    def __post_init__(self) -> None:
        if (self.team is None) == (self.unit is None):
            raise ValueError("one of `team` and `unit` is needed, not both")


class StatisticsLocked(MonthlyFact, kw_only=True, frozen=True):
    """The unit locks its month. What comes later is shown as a correction of it; a further lock of the month stands beside the
    first, which never changes."""

    unit: UnitCode
    number: Text | None = None
    by_role: Annotated[
        Literal["justice_officer", "chair", "city_department", "other"] | None, Meta(description="Office, never a person's name")
    ] = None
