"""Whatever the plan: every event can be taken in, is labelled, and comes out the same again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts import VIETNAM
from shared.simulation import Plan, simulate
from shared.simulation.plan import PlanError
from tests.unit.simulation.reading import district, events

plans = st.builds(
    Plan, year=st.integers(2000, 2100), seed=st.integers(0, 10**9), teams=st.integers(1, 30),
    cases_per_team=st.fractions(0, 3, max_denominator=50), city=st.just(False),
)


def digest(plan: Plan) -> str:
    return hashlib.sha256(b"\n".join(simulate(plan))).hexdigest()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_every_event_of_any_plan_is_one_that_the_intake_takes(plan: Plan) -> None:
    seen: dict[tuple[str, str], dict[str, object]] = {}
    for event in events(simulate(plan)):
        assert seen.setdefault((event.source, event.id), event.raw) == event.raw, "one id, two contents"
        assert event.time >= event.data.on[:10], "written up before it happened"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plans)
def test_the_same_plan_gives_the_same_bytes(plan: Plan) -> None:
    assert digest(plan) == digest(plan)


@pytest.mark.parametrize("seed", [1, 2, 3, 2024])
def test_a_district_of_any_seed(seed: int) -> None:
    assert len(district(seed)) > 8_000


@settings(deadline=None)
@given(plans, plans)
def test_each_plan_has_a_name_of_its_own(one: Plan, other: Plan) -> None:
    assert (one.run == other.run) == (one == other)


@pytest.mark.parametrize("other", [
    Plan(year=2024, seed=2), Plan(year=2023, seed=1), Plan(year=2024, seed=1, teams=221),
    Plan(year=2024, seed=1, cases_per_team=Fraction(1, 2)), Plan(year=2024, seed=1, city=True, teams=222),
])
def test_two_plans_never_give_one_id_to_two_events(other: Plan) -> None:
    first = {(e.source, e.id) for e in district()}
    assert not first & {(e.source, e.id) for e in events(simulate(other))}


def test_every_event_says_three_times_that_it_is_simulated() -> None:
    for event in district():
        assert event.raw["simulated"] is True
        assert event.source.startswith("https://")
        assert event.source.endswith(".example")
        assert event.raw["data"]["ext"] == {"simulated": True}


def test_events_come_in_the_order_in_which_they_were_written_up() -> None:
    times = [e.time for e in district()]
    early = sum(a > b for a, b in pairwise(times))
    repeated = len(times) - len({(e.source, e.id) for e in district()})
    assert early == repeated > 0, "only what is sent a second time is out of order"


def test_nothing_lies_after_the_year() -> None:
    """The teams' year ends in November; the wards decide in December, and what follows from it is over before summer."""
    after = ("recognition.", "evaluation.", "commendation.", "verification.", "practice.")
    late = [e for e in district() if e.time > "2024-11-26" and not e.type.startswith(after)]
    assert [(e.type, e.data.kind) for e in late] == [("meeting.held", "exchange")], "one paper turns up after the closing"
    assert "2025-01-01" < max(e.time for e in district()) < "2025-06-01"
    assert min(e.data.on for e in district() if e.type != "directory.roster.snapshot") >= "2023-10-01"


def test_a_year_that_is_still_running_ends_today() -> None:
    now = dt.datetime(2024, 3, 5, 12, tzinfo=dt.UTC)
    until = events(simulate(Plan(year=2024), until=now))
    assert until == district()[: len(until)]
    assert 0 < len(until) < len(district())
    assert max(e.time for e in until) <= now.astimezone(VIETNAM).isoformat()


def test_a_file_of_it_has_one_event_a_line() -> None:
    for event in district()[:50]:
        assert "\n" not in json.dumps(event.raw, ensure_ascii=False)
    assert all(b"\n" not in line for line in simulate(Plan(year=2024, teams=20)))


@pytest.mark.parametrize(("wrong", "word"), [
    ({"year": 1999}, "1999"), ({"year": 2024, "teams": -1}, "-1 teams"), ({"year": 2024, "teams": 400_001}, "400,000"),
    ({"year": 2024, "cases_per_team": Fraction(101)}, "101 cases"),
])
def test_a_plan_that_cannot_be_says_why(wrong: dict[str, object], word: str) -> None:
    with pytest.raises(PlanError, match=word):
        Plan(**wrong)  # type: ignore[arg-type]
