"""Who deserves praise, who goes first where places are few, and how long it takes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import msgspec
import pytest

from services.evaluation.domain.commendation.deserving import Result, reached, results
from services.evaluation.domain.commendation.fold import fold
from services.evaluation.domain.commendation.proposing import propose
from services.evaluation.domain.commendation.rules import CommendationRules, MediatorGoal
from services.evaluation.domain.commendation.timing import between, summed
from services.evaluation.domain.facts import Case, Sheet, Step, TeamFacts, Training
from services.evaluation.domain.mediators.record import MediatorYear, Service, active, mediator_year, whole_years
from services.evaluation.domain.rules import Cited, Dated
from shared.calendar import Span
from tests.unit.evaluation.commendation.builders import RECOGNISED, RULES, TEAM, UNIT, decided, dossier, proposed, step

SPAN = Span(dt.date(2023, 11, 1), dt.date(2024, 10, 31))
LATER = dt.date(2025, 3, 1)


def year(ref: str = "m1", **more: Any) -> MediatorYear:
    return MediatorYear(**{
        "ref": ref, "year": 2024, "first": SPAN.first, "last": SPAN.last, "years": 3, "member": True, "leader": False,
        "sex": "female", "cases": 4, "settled": 4, "pending": 0, "trainings": 1, "listed": True, **more,
    })


def found(steps: list[Step], *years: MediatorYear, today: dt.date = LATER) -> dict[str | None, Result]:
    listed = results(
        RULES, TEAM, RECOGNISED.values(), years, {2024: UNIT}, lambda day: (3, 4), fold(RULES, TEAM, steps, RECOGNISED), today
    )
    return {one.mediator: one for one in listed}


# -- nobody who deserves praise is forgotten


def test_a_recognised_team_is_owed_praise_until_somebody_decides() -> None:
    none = found([])[None]
    assert (none.owed, none.since, none.achieved_on) == (True, dt.date(2024, 12, 10), dt.date(2024, 10, 31))
    assert "9/QĐ" in none.why.vi and "10/12/2024" in none.why.vi
    under_way = found(dossier())[None]
    assert (under_way.owed, under_way.state) == (True, "appraised")
    done = found([*dossier(), decided()])[None]
    assert (done.owed, done.decided_on) == (False, dt.date(2024, 12, 18))
    declined = found([*dossier(), step("a", "declined", "2024-12-20", reason="Không đủ")])[None]
    assert (declined.owed, declined.decided_on) == (False, None)


def test_a_revoked_recognition_deserves_nothing_and_a_revoked_award_is_not_owed_again() -> None:
    gone = {2024: dataclasses.replace(RECOGNISED[2024], revoked_on=dt.date(2025, 1, 2))}
    assert results(RULES, TEAM, gone.values(), (), {}, lambda day: (0, 0), (), LATER) == ()
    revoked = step("a", "revoked", "2025-02-01", number="2/QĐ", ground="fraud", reason="Gian dối")
    after = found([*dossier(), decided(), revoked])[None]
    assert (after.owed, after.decided_on, after.state) == (False, None, "revoked")


def test_a_decision_for_another_achievement_does_not_count() -> None:
    other = [*dossier(achievement="recognition:2023"), decided()]
    assert found(other)[None].owed


def test_a_mediator_is_owed_praise_when_the_year_is_over() -> None:
    assert found([], year())["m1"].owed
    assert "m1" not in found([], year(), today=SPAN.last)
    assert found([], year(), today=SPAN.last + dt.timedelta(days=1))["m1"].since == SPAN.last
    mine = [*dossier(mediator="m1", achievement="mediation:2024"), decided()]
    assert not found(mine, year())["m1"].owed


@pytest.mark.parametrize("short", [
    {"years": 0}, {"cases": 1, "settled": 1}, {"cases": 100, "settled": 84}, {"trainings": 0}, {"member": False},
    {"cases": 0, "settled": 0},
])
def test_each_condition_of_a_mediators_year_counts(short: dict[str, Any]) -> None:
    goal = RULES.proposals[1].goal
    assert isinstance(goal, MediatorGoal)
    assert reached(goal, year()) is not None
    assert reached(goal, year(cases=100, settled=85)) is not None
    assert reached(goal, year(**short)) is None


def test_what_no_attendance_sheet_names_is_not_held_against_a_mediator() -> None:
    goal = RULES.proposals[1].goal
    assert isinstance(goal, MediatorGoal)
    why = reached(goal, year(trainings=0, listed=False))
    assert why is not None and "không ghi tên" in why.vi


# -- ties


def team_result(number: int, women: int = 0, **more: Any) -> Result:
    base = found([])[None]
    return msgspec.structs.replace(base, team=f"HG-{number}", women=women, members=10, **more)


def limited(places: int) -> CommendationRules:
    rule = RULES.proposals[0]
    goal = dataclasses.replace(rule.goal, places=Dated((Cited(places, "Quyết định của phường", "I", dt.date(2016, 1, 1)),)))
    return dataclasses.replace(RULES, proposals=(dataclasses.replace(rule, goal=goal), *RULES.proposals[1:]))


def choices(rules: CommendationRules, *of: Result) -> dict[str, str]:
    return {p.result.team: p.choice for p in propose(rules, of)}


def test_without_a_limit_everybody_is_proposed() -> None:
    assert choices(RULES, team_result(1), team_result(2, 9)) == {"HG-1": "proposed", "HG-2": "proposed"}


def test_a_tie_goes_to_collectives_with_70_percent_women() -> None:
    both = team_result(1, 6), team_result(2, 7)
    assert choices(limited(1), *both) == {"HG-1": "no_place", "HG-2": "proposed"}
    assert choices(limited(2), *both) == {"HG-1": "proposed", "HG-2": "proposed"}


def test_who_is_still_equal_is_shown_as_a_tie() -> None:
    assert choices(limited(1), team_result(1), team_result(2)) == {"HG-1": "tied", "HG-2": "tied"}
    three = team_result(1, 8), team_result(2, 2), team_result(3, 2)
    assert choices(limited(2), *three) == {"HG-1": "proposed", "HG-2": "tied", "HG-3": "tied"}
    assert choices(limited(1), team_result(1, 7), team_result(2, 8)) == {"HG-1": "tied", "HG-2": "tied"}


def test_a_dossier_on_its_way_holds_a_place_and_a_declined_one_gives_it_back() -> None:
    on_its_way = team_result(1, record="r", state="submitted")
    assert choices(limited(1), on_its_way, team_result(2)) == {"HG-1": "under_way", "HG-2": "no_place"}
    declined = team_result(1, record="r", state="declined", answered=True)
    assert choices(limited(1), declined, team_result(2)) == {"HG-1": "answered", "HG-2": "proposed"}


def test_the_order_says_nothing_about_performance() -> None:
    """By code and reference, whatever the figures are."""
    people = [
        results(RULES, TEAM, (), [year(ref, cases=cases, settled=cases)], {2024: UNIT}, lambda d: (0, 0), (), LATER)[0]
        for ref, cases in (("m3", 9), ("m1", 5), ("m2", 40))
    ]
    for order in (people, people[::-1], sorted(people, key=lambda r: r.why.vi)):
        assert [p.result.mediator for p in propose(RULES, order)] == ["m1", "m2", "m3"]


def test_a_woman_goes_first_among_mediators() -> None:
    rule = RULES.proposals[1]
    goal = dataclasses.replace(rule.goal, places=Dated((Cited(1, "Quyết định của phường", "I", dt.date(2016, 1, 1)),)))
    rules = dataclasses.replace(RULES, proposals=(dataclasses.replace(rule, goal=goal),))
    two = [
        results(rules, TEAM, (), [year(ref, sex=sex)], {2024: UNIT}, lambda d: (0, 0), (), LATER)[0]
        for ref, sex in (("m1", "male"), ("m2", "female"))
    ]
    assert {p.result.mediator: p.choice for p in propose(rules, two)} == {"m1": "no_place", "m2": "proposed"}


# -- how long it takes


def test_days_from_the_result_and_from_the_recognition() -> None:
    done = found([*dossier(), decided()])[None]
    assert done.decided_on is not None and done.recognised_on is not None
    assert (between(done.achieved_on, done.decided_on), between(done.recognised_on, done.decided_on)) == (48, 8)
    assert between(dt.date(2024, 12, 10), dt.date(2024, 12, 1)) == 0
    assert found([])[None].decided_on is None


def test_shares_of_days_are_days_that_were() -> None:
    assert msgspec.structs.astuple(summed([])) == (0, None, None, None)
    assert msgspec.structs.astuple(summed([7])) == (1, 7, 7, 7)
    assert msgspec.structs.astuple(summed([4, 1, 3, 2])) == (4, 2, 4, 4)
    assert msgspec.structs.astuple(summed(range(1, 11))) == (10, 5, 9, 10)


# -- one mediator's year


def case(id: str, mediator: str | None, ended: str | None = "settled", received: str = "2024-03-01") -> Case:
    on = dt.date.fromisoformat(received)
    steps = [(on, "received"), (on, "assigned")]
    if ended:
        steps.append((on + dt.timedelta(days=5), ended))
    return Case(id=id, received=on, steps=tuple(steps), mediator=mediator)


def test_a_year_is_counted_from_cases_and_sheets() -> None:
    facts = TeamFacts(
        cases=(
            case("c1", "m1"), case("c2", "m1", "not_settled"), case("c3", "m1", None), case("c4", "m2"), case("c5", None),
            case("c6", "m1", received="2022-03-01"), case("c7", "m1", "out_of_scope"),
        ),
        trainings=(
            Training(id="t1", held=dt.date(2024, 3, 1), sheets={TEAM: Sheet(2, frozenset({"m1", "m2"}))}),
            Training(id="t2", held=dt.date(2024, 4, 1), sheets={
                TEAM: Sheet(2, frozenset({"m2"})), "HG-X": Sheet(1, frozenset({"m1"})),
            }),
            Training(id="t3", held=dt.date(2024, 11, 1), sheets={TEAM: Sheet(2, frozenset({"m1"}))}),
        ),
    )
    services = [Service(ref="m1", first=dt.date(2021, 11, 1), sex="male"), Service(ref="m2", first=dt.date(2010, 1, 1))]
    found = mediator_year("m1", 2024, SPAN, TEAM, services, facts)
    assert (found.cases, found.settled, found.pending, found.trainings, found.years) == (2, 1, 1, 1, 3)
    assert (found.case_ids, found.training_ids) == (("c1", "c2", "c3"), ("t1",))
    assert found.settled_share is not None and found.settled_share == dt.timedelta(1) / dt.timedelta(2)
    assert active(facts, TEAM, {2024: SPAN, 2023: Span(dt.date(2022, 11, 1), dt.date(2023, 10, 31))}) == {2024: {"m1", "m2"}}
    stranger = mediator_year("m9", 2024, SPAN, TEAM, services, facts)
    assert (stranger.member, stranger.years, stranger.settled_share) == (False, 0, None)


@pytest.mark.parametrize(("spans", "years"), [
    ([("2021-11-01", None)], 3),
    ([("2021-11-02", None)], 2),
    ([("2024-10-31", None)], 0),
    ([("2024-11-01", None)], 0),
    ([("2015-01-01", "2020-12-31")], 0),
    # made a leader: one service after another without a break
    ([("2019-11-01", "2022-05-31"), ("2022-06-01", None)], 5),
    ([("2010-01-01", "2020-12-31"), ("2023-11-01", None)], 1),
])
def test_whole_years_of_service(spans: list[tuple[str, str | None]], years: int) -> None:
    services = [
        Service(ref="m", first=dt.date.fromisoformat(first), last=None if last is None else dt.date.fromisoformat(last))
        for first, last in spans
    ]
    assert whole_years(services, SPAN.last) == years


def test_a_proposal_without_a_dossier_is_not_lost() -> None:
    assert found([proposed()])[None].state == "proposed"
