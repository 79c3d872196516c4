"""Art. 12 as a standing check, groups without a team, mediators in two teams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.directory.domain import standing as by_law
from services.directory.domain.law import HERE, law, read_law
from shared.contracts.outgoing import TeamState
from shared.rulebooks import RulesError, parsed, read_text
from tests.unit.directory.world import OTHER, World, mediator

THREE = [mediator("m1", leader=True), mediator("m2", "male"), mediator("m3", "male")]


def stand(world: World, day: str, units: tuple[str, ...] = ("00118",)) -> dict[str, Any]:
    done = world.fold()
    facts = [fact for fact in world.facts() if any(key.startswith("a:") for key in fact.keys)]
    groups = [group for unit in units for group in world.groups(unit)]
    return by_law.standing([(team, done.courses[team.code]) for team in done.states], groups, by_law.Areas(facts), law(), day)


def problems(answer: dict[str, Any], name: str = "Tổ 5") -> list[str]:
    (row,) = [team for team in answer["teams"] if team["name"] == name]
    return [problem["code"] for problem in row["problems"]]


def one(*mediators: dict[str, Any]) -> World:
    world = World()
    world.snapshot("2024-01-10", teams=[{"name": "Tổ 5", "group": "TDP 5", "mediators": list(mediators)}])
    return world


def test_a_team_of_three_with_a_woman_and_a_leader_lacks_nothing() -> None:
    answer = stand(one(*THREE), "2024-02-01")
    assert problems(answer) == []
    (row,) = answer["teams"]
    assert (row["mediators"], row["women"], row["unit"], row["group"]) == (3, 1, "00118", "TDP 5")
    assert row["review_due"] == "2025-01-10" and "last_review" not in row


@pytest.mark.parametrize(("members", "lacking"), [
    (THREE[:2], ["few_mediators"]),
    ([mediator(f"m{k}", "male", leader=k == 1) for k in range(3)], ["no_woman"]),
    ([mediator(f"m{k}") for k in range(3)], ["no_leader"]),
    ([mediator(f"m{k}", leader=True) for k in range(3)], ["several_leaders"]),
    ([], ["few_mediators", "no_woman", "no_leader"]),
])
def test_what_is_lacking_is_named_with_the_article(members: list[dict[str, Any]], lacking: list[str]) -> None:
    answer = stand(one(*members), "2024-02-01")
    assert problems(answer) == lacking
    assert all("35/2013/QH13" in p["article"] and p["vi"] and p["en"] for p in answer["teams"][0]["problems"])
    assert by_law.counts(answer) == {**dict.fromkeys(by_law.CODES, 0), "group_without_team": 0, **dict.fromkeys(lacking, 1)}


def test_nothing_is_checked_before_the_law_was_in_force() -> None:
    world = World()
    world.snapshot("2012-01-10", teams=[{"name": "Tổ 5", "group": "TDP 5"}], groups=["TDP 5", "TDP 6"])
    assert problems(stand(world, "2013-12-31")) == [] and stand(world, "2013-12-31")["groups_without_team"] == []
    assert "few_mediators" in problems(stand(world, "2014-01-01"))


def test_a_minority_member_is_needed_only_where_the_commune_says_that_many_live() -> None:
    world = one(*THREE)
    assert stand(world, "2024-02-01")["unchecked"] == {"minority_members": 1}
    world.say("area.described", "2024-03-01", unit="00118", ethnic_minorities=True)
    assert problems(stand(world, "2024-02-29")) == []
    assert problems(stand(world, "2024-03-01")) == ["no_minority_member"]
    # what is said of the group is nearer than what is said of the unit, whenever it was said
    world.say("area.described", "2024-02-15", unit="00118", group="tổ dân phố 5", ethnic_minorities=False)
    answer = stand(world, "2024-03-01")
    assert problems(answer) == [] and answer["unchecked"] == {"minority_members": 0}


def test_a_review_is_due_a_year_after_the_one_before_it() -> None:
    world = one(*THREE)
    assert problems(stand(world, "2025-01-10")) == []
    assert problems(stand(world, "2025-01-11")) == ["review_due"]
    world.say("review.held", "2024-12-20", teams=["TỔ 5", "nobody knows this team"])
    row = stand(world, "2025-01-11")["teams"][0]
    assert (row["problems"], row["last_review"], row["review_due"]) == ([], "2024-12-20", "2025-12-20")
    assert "last_review" not in stand(world, "2024-12-19")["teams"][0]


def test_a_group_without_a_team_is_named_on_the_days_on_which_it_has_none() -> None:
    world = World()
    world.snapshot("2024-01-10", groups=["TDP 5", "TDP 10", "TDP 9"], teams=[{"name": "Tổ 5", "group": "Tổ dân phố số 5"}])
    world.say("team.registered", "2024-05-01", team="Tổ 9", unit="00118", group="TDP 9")
    world.say("group.ended", "2024-06-01", unit="00118", name="TDP 10", merged_into="TDP 9")
    assert [g["group"] for g in stand(world, "2024-02-01")["groups_without_team"]] == ["TDP 9", "TDP 10"]
    assert [g["group"] for g in stand(world, "2024-05-01")["groups_without_team"]] == ["TDP 10"]
    assert stand(world, "2024-06-01")["groups_without_team"] == []
    world.say("team.ended", "2024-07-01", team="Tổ 9")
    answer = stand(world, "2024-07-01")
    assert [g["group"] for g in answer["groups_without_team"]] == ["TDP 9"] and [t["name"] for t in answer["teams"]] == ["Tổ 5"]


def test_who_is_in_two_teams_is_found_while_it_lasts_and_only_by_the_same_sources_reference() -> None:
    world = World()
    world.snapshot("2024-01-10", teams=[
        {"name": "Tổ 5", "group": "TDP 5", "mediators": [mediator("m1"), mediator("m2")]},
        {"name": "Tổ 6", "group": "TDP 6", "mediators": [mediator("m1")]},
    ])
    world.snapshot("2024-01-10", unit="00145", source=OTHER, teams=[
        {"name": "Tổ 7", "group": "TDP 7", "mediators": [mediator("m2")]},
    ])
    world.say("mediator.ended", "2024-06-01", team="Tổ 6", ref="m1")
    teams: list[TeamState] = world.teams()
    (row,) = by_law.doubles(teams, "2024-02-01")
    assert (row["ref"], sorted(team["name"] for team in row["teams"])) == ("m1", ["Tổ 5", "Tổ 6"])
    assert by_law.doubles(teams, "2024-06-01") == []


def test_a_register_that_lists_whom_the_last_vote_did_not_elect_is_pointed_at() -> None:
    world = one(*THREE)
    votes = [{"ref": "m1", "votes": 6}, {"ref": "m2", "votes": 5}]
    world.say("election.held", "2024-03-01", team="Tổ 5", households=10, votes=votes)
    assert problems(stand(world, "2024-02-29")) == [] and problems(stand(world, "2024-03-01")) == ["not_elected"]
    world.say(
        "election.held", "2024-03-05", team="Tổ 5", households=10, votes=[{"ref": "m2", "votes": 6}], supplementary=True,
    )
    assert problems(stand(world, "2024-03-05")) == []


def test_the_law_is_read_strictly() -> None:
    path = HERE / "directory.yaml"
    text = read_text(path)
    assert read_law(parsed(text, path)).on("mediators", "2014-01-01") is not None
    for old, new, told in (
        ("value: 50%", "value: half", "whole number"), ("  women:", "  woman:", "'women' is missing"),
        ("mark: I", "mark: X", "not known"), ("from: 2025-07-10", "from: 10/07/2025", "not a day"),
        ("citation: KH 183", "cited: KH 183", "'citation' is missing"),
    ):
        assert old in text
        with pytest.raises(RulesError, match=told):
            read_law(parsed(text.replace(old, new), Path("directory.yaml")))
