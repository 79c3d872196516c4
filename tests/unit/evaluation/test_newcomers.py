"""Who is new, when the months are over, and what counts as trained by then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from services.evaluation.domain.mediators.newcomers import newcomers
from services.evaluation.rules.targets import city_targets
from shared.calendar import Span
from shared.contracts import When
from shared.contracts.outgoing import Membership

WINDOW = Span(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
OLD = Membership(ref="m0", source="s", sex="male", valid_from=When("2010-01-01"))


def member(since: str, ref: str = "m1", **more: Any) -> Membership:
    days = {name: When(more.pop(name)) for name in ("valid_to", "recognised_on", "trained_on") if name in more}
    return Membership(ref=ref, source="s", sex="female", valid_from=When(since), **days, **more)


@pytest.mark.parametrize(("rows", "counted"), [
    ([member("2026-01-15", trained_on="2026-07-15")], (1, 1)),
    ([member("2026-01-15", trained_on="2026-07-16")], (1, 0)),
    ([member("2026-01-15")], (1, 0)),
    ([member("2026-01-15", trained=True, trained_on="2026-10-01")], (1, 1)),
    ([member("2025-08-31", trained_on="2026-02-28")], (1, 1)),
    ([member("2025-04-15")], (0, 0)),
    ([member("2026-05-15")], (0, 0)),
    ([member("2026-01-15", valid_to="2026-09-01")], (0, 0)),
    ([member("2010-01-01")], (0, 0)),
    ([member("2026-01-15", valid_to="2026-03-01"), member("2026-03-01", leader=True, trained_on="2026-07-15")], (1, 1)),
    ([member("2010-01-01", valid_to="2026-03-01"), member("2026-03-01", leader=True)], (0, 0)),
], ids=[
    "on the last day", "a day late", "never", "the roster says so", "31/08 and six months", "over before the window",
    "still running", "left again", "first roster", "made leader meanwhile", "an old one made leader",
])
def test_new_and_trained_in_time(rows: list[Membership], counted: tuple[int, int]) -> None:
    assert newcomers([OLD, *rows], WINDOW, 6) == counted


def test_a_first_roster_is_new_where_a_decision_says_so() -> None:
    assert newcomers([member("2026-01-15")], WINDOW, 6) == (0, 0)
    assert newcomers([member("2026-01-15", recognised_on="2026-01-15")], WINDOW, 6) == (1, 0)


def test_each_counts_in_one_year() -> None:
    before, after = Span(dt.date(2024, 11, 1), dt.date(2025, 10, 31)), Span(dt.date(2026, 11, 1), dt.date(2027, 10, 31))
    rows = [OLD, member("2025-04-30"), member("2025-05-01", ref="m2"), member("2026-05-01", ref="m3")]
    assert [newcomers(rows, span, 6)[0] for span in (before, WINDOW, after)] == [1, 1, 1]


def test_the_months_are_the_plans() -> None:
    assert (city_targets().new_months(dt.date(2025, 10, 31)), city_targets().new_months(dt.date(2025, 7, 9))) == (6, None)
