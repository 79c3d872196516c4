"""How totals fall on units, cases on teams, and endings on cases."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.simulation import Plan, simulate
from shared.simulation.deal import dealt, has_thirteen, slots
from shared.simulation.plan import rounded, share
from shared.simulation.roles import CAST, casting
from shared.simulation.units import layout
from tests.unit.simulation.reading import by_type, events, once, outcomes

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any)


@settings(deadline=None)
@given(st.integers(0, 10_000), weights)
def test_shares_are_whole_and_near_and_make_the_total(total: int, parts: list[int]) -> None:
    shares = share(total, parts)
    assert sum(shares) == total
    for got, weight in zip(shares, parts, strict=True):
        assert abs(got - Fraction(total * weight, sum(parts))) < 1


@settings(deadline=None)
@given(st.integers(0, 5_000), weights)
def test_nobody_gets_less_than_the_least(more: int, parts: list[int]) -> None:
    shares = share(len(parts) + more, parts, least=1)
    assert sum(shares) == len(parts) + more
    assert min(shares) >= 1


@settings(deadline=None)
@given(st.fractions(0, 10_000))
def test_rounding_is_half_up(value: Fraction) -> None:
    assert rounded(value) - Fraction(1, 2) <= value < rounded(value) + Fraction(1, 2)


plans = st.builds(
    Plan, year=st.just(2024), seed=st.integers(0, 1000), teams=st.integers(1, 6_000),
    cases_per_team=st.fractions(0, 3, max_denominator=20), city=st.booleans(),
)


@settings(deadline=None)
@given(plans)
def test_units_hold_all_teams_mediators_and_cases(plan: Plan) -> None:
    units = layout(plan, dealt(plan))
    assert sum(u.teams for u in units) == plan.teams
    assert sum(u.mediators for u in units) == plan.mediators
    assert sum(u.slots for u in units) == dealt(plan)
    assert len({u.code for u in units}) == len({u.path for u in units}) == len(units)
    for unit in units:
        assert unit.mediators >= 3 * unit.teams
        assert 1 <= unit.teams <= 400, "a roster holds at most 1,000 teams and 5,000 people"
    assert [u.first_team for u in units] == [sum(u.teams for u in units[:i]) for i in range(len(units))]


@settings(deadline=None)
@given(plans)
def test_the_settled_share_is_as_near_to_93_8_percent_as_whole_cases_allow(plan: Plan) -> None:
    endings = Counter(slot.ending for slot in slots(plan) if slot.kind == "quarrel")
    if has_thirteen(plan):
        endings += Counter(settled=11, not_settled=2)
    rated = endings.total() - endings["open"]
    wanted = Fraction(938, 1000) * rated
    assert abs(endings["settled"] - wanted) <= 1 or endings["settled"] == rated - 2, "two of the thirteen always fail"


@settings(deadline=None)
@given(plans)
def test_the_cast_plays_each_part_once(plan: Plan) -> None:
    played = casting(plan, layout(plan, dealt(plan)))
    assert len(set(map(id, played.values()))) == len(played) <= len(CAST)
    assert all(0 <= number < min(plan.teams, 222) for number in played)
    if plan.teams >= 100 and plan.cases >= 40:
        assert len(played) == len(CAST)


def test_the_city_has_126_communes_5111_teams_and_about_33000_mediators() -> None:
    plan = Plan(year=2024, city=True)
    units = layout(plan, dealt(plan))
    assert (len(units), plan.teams, plan.mediators) == (126, 5_111, 33_000)
    assert sum(u.ward for u in units) == 51
    named = [u for u in units if not u.code.startswith("9")]
    assert {u.name for u in named} == {"Bồ Đề", "Việt Hưng", "Phúc Lợi", "Long Biên", "Hồng Hà", "Bát Tràng", "Gia Lâm"}
    assert all(u.name.startswith("Mô phỏng") for u in units if u not in named)


def test_many_teams_come_in_more_units_not_in_bigger_ones() -> None:
    units = layout(Plan(year=2024, teams=90_000), 0)
    assert max(u.teams for u in units) <= 60
    assert sum(not u.code.startswith("9") for u in units) == 14


def test_a_larger_run_is_sent_whole() -> None:
    plan = Plan(year=2024, teams=1_000)
    found = once(events(simulate(plan)))
    kinds = by_type(found)
    assert sum(len(e.data.teams) for e in kinds["directory.roster.snapshot"]) == 1_000
    assert len({e.subject for e in kinds["case.reported"] + kinds["case.recorded"]}) == plan.cases == 480
    ended = Counter(outcomes(found).values())
    assert abs(Fraction(ended["settled"], ended.total() - ended["open"]) - Fraction(938, 1000)) < Fraction(1, 100)


def test_no_cases_at_all() -> None:
    found = events(simulate(Plan(year=2024, teams=30, cases_per_team=Fraction(0))))
    assert not [e for e in found if e.type.startswith("case.")]
    assert by_type(found)["period.declared"]
