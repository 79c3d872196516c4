"""Teams from entries: places and members by date, whatever the order in which entries come."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.onday import details, members_on, place_on
from shared.naming import fold_name, make_code, read_code
from tests.unit.directory.world import OTHER, WARD, World, mediator

FIVE = {"name": "Tổ hòa giải TDP số 5", "group": "TDP số 5"}


@pytest.fixture
def world() -> World:
    return World()


def spells(world: World, name: str = FIVE["name"]) -> list[tuple[str, str, str, str | None]]:
    return [(p.unit, p.group, p.valid_from, p.valid_to) for p in world.team(name).places]


def test_a_snapshot_makes_teams_with_codes_places_and_members(world: World) -> None:
    world.snapshot(
        "2024-01-10", teams=[{**FIVE, "established_on": "2014-03-26", "mediators": [mediator("m1", leader=True), mediator("m2")]}]
    )
    team = world.team(FIVE["name"])
    assert read_code(team.code) == team.code
    assert spells(world) == [("00118", "TDP số 5", "2014-03-26", None)]
    assert team.names == [(WARD, FIVE["name"])]
    assert [(m.ref, m.leader, m.valid_from, m.valid_to) for m in team.members] == [
        ("m1", True, "2024-01-10", None),
        ("m2", False, "2024-01-10", None),
    ]


def test_a_snapshot_upserts_and_ends_nothing_that_it_omits(world: World) -> None:
    world.snapshot(
        "2024-01-10", teams=[{**FIVE, "mediators": [mediator("m1"), mediator("m2")]}, {"name": "Tổ 6", "group": "TDP 6"}]
    )
    world.snapshot("2024-06-10", teams=[{**FIVE, "mediators": [mediator("m1", trained=True), mediator("m3")]}])
    team = world.team(FIVE["name"])
    assert len(world.teams()) == 2 and world.team("Tổ 6").ended_on is None
    assert [(m.ref, m.trained, m.valid_from, m.valid_to) for m in team.members] == [
        ("m1", False, "2024-01-10", "2024-06-10"),
        ("m2", False, "2024-01-10", None),
        ("m1", True, "2024-06-10", None),
        ("m3", False, "2024-06-10", None),
    ]


def test_an_older_snapshot_that_arrives_later_overrides_nothing_newer(world: World) -> None:
    world.snapshot("2024-06-10", teams=[{**FIVE, "mediators": [mediator("m1", trained=True)]}])
    world.say("mediator.ended", "2024-07-01", team=FIVE["name"], ref="m1")
    before = world.team(FIVE["name"])
    world.snapshot("2024-01-10", teams=[{"name": "TỔ HOÀ GIẢI TDP 05", "group": "Tổ 5 cũ", "mediators": [mediator("m1")]}])
    after = world.team(FIVE["name"])
    assert after.code == before.code
    assert spells(world) == [("00118", "Tổ 5 cũ", "2024-01-10", "2024-06-10"), ("00118", "TDP số 5", "2024-06-10", None)]
    assert [(m.trained, m.valid_from, m.valid_to) for m in after.members] == [
        (False, "2024-01-10", "2024-06-10"),
        (True, "2024-06-10", "2024-07-01"),
    ]


def test_a_team_that_moved_keeps_its_code_and_has_a_place_on_every_day(world: World) -> None:
    world.snapshot("2024-01-10", unit="00142", teams=[FIVE])
    world.say("team.changed", "2025-01-01", team="tổ hoà giải tổ dân phố 5", unit="00151", group="TDP 11")
    world.snapshot("2025-02-01", unit="00151", teams=[{"name": FIVE["name"], "group": "Tổ dân phố số 11"}])
    team = world.team(FIVE["name"])
    assert spells(world) == [("00142", "TDP số 5", "2024-01-10", "2025-01-01"), ("00151", "TDP 11", "2025-01-01", None)]
    assert place_on(team, "2024-12-31").unit == "00142"  # type: ignore[union-attr]
    assert details(team, "2025-01-01")["unit"] == "00151"
    assert place_on(team, "2024-01-09") is None


def test_the_same_name_in_another_ward_is_another_team(world: World) -> None:
    for unit in ("00118", "00121", "00124"):
        world.snapshot("2024-01-10", unit=unit, teams=[FIVE])
    teams = world.teams()
    assert len({t.code for t in teams}) == 3
    assert sorted(p.unit for t in teams for p in t.places) == ["00118", "00121", "00124"]


def test_the_code_follows_from_source_and_name_and_the_next_candidate_from_the_first(world: World) -> None:
    world.snapshot("2024-01-10", unit="00121", teams=[FIVE])
    assert world.team(FIVE["name"]).code == make_code(WARD, fold_name(FIVE["name"]))
    world.snapshot("2023-01-10", unit="00118", teams=[FIVE])
    assert {t.places[0].unit: t.code for t in world.teams()} == {
        unit: make_code(WARD, fold_name(FIVE["name"]), candidate=k) for k, unit in enumerate(("00121", "00118"))
    }


def test_a_group_that_is_renamed_or_moved_takes_its_teams_along(world: World) -> None:
    world.snapshot("2024-01-10", teams=[FIVE])
    world.say("group.changed", "2024-05-01", unit="00118", name="TDP 5", new_name="TDP 8")
    world.say("group.changed", "2024-09-01", unit="00118", name="Tổ 8", new_unit="00145")
    world.say("group.ended", "2024-11-01", unit="00145", name="TDP 8", merged_into="TDP 2")
    assert spells(world) == [
        ("00118", "TDP số 5", "2024-01-10", "2024-05-01"),
        ("00118", "TDP 8", "2024-05-01", "2024-09-01"),
        ("00145", "TDP 8", "2024-09-01", "2024-11-01"),
        ("00145", "TDP 2", "2024-11-01", None),
    ]


def test_a_unit_with_one_heir_hands_its_teams_over(world: World) -> None:
    world.snapshot("2024-01-10", unit="00133", teams=[FIVE])
    world.say("unit.ended", "2025-07-01", code="00133", successors=[{"code": "00118", "valid_from": "2025-07-01"}])
    assert spells(world)[-1] == ("00118", "TDP số 5", "2025-07-01", None)


def test_a_unit_with_several_heirs_closes_places_until_an_heir_names_the_team(world: World) -> None:
    heirs = [{"code": "00127", "valid_from": "2025-07-01"}, {"code": "00136", "valid_from": "2025-07-01"}]
    world.snapshot("2024-01-10", unit="00121", teams=[FIVE])
    code = world.team(FIVE["name"]).code
    world.say("unit.ended", "2025-07-01", code="00121", successors=heirs)
    assert spells(world) == [("00121", "TDP số 5", "2024-01-10", "2025-07-01")]
    world.snapshot("2025-07-10", unit="00136", teams=[{"name": FIVE["name"], "group": "TDP số 31"}])
    assert world.team(FIVE["name"]).code == code
    assert spells(world)[-1] == ("00136", "TDP số 31", "2025-07-10", None)


def test_a_merged_team_ends_and_names_its_heir(world: World) -> None:
    world.snapshot("2024-01-10", teams=[{**FIVE, "mediators": [mediator("m1")]}, {"name": "Tổ 6", "group": "TDP 6"}])
    world.say("team.ended", "2024-08-01", team=FIVE["name"], merged_into="tổ 06")
    five, six = world.team(FIVE["name"]), world.team("Tổ 6")
    assert (five.ended_on, five.merged_into) == ("2024-08-01", six.code)
    assert spells(world)[-1][3] == "2024-08-01"
    assert members_on(five, "2024-07-31") and not members_on(five, "2024-08-01")


def test_facts_dated_before_the_team_was_first_heard_of_count(world: World) -> None:
    world.say("mediator.registered", "2024-01-05", team=FIVE["name"], mediator=mediator("m9"))
    world.say("team.registered", "2024-02-01", team=FIVE["name"], unit="00118", group="TDP 5")
    assert [(m.ref, m.valid_from) for m in world.team(FIVE["name"]).members] == [("m9", "2024-01-05")]


def test_a_mediator_in_two_teams_is_a_member_of_both(world: World) -> None:
    world.snapshot(
        "2024-01-10",
        teams=[{**FIVE, "mediators": [mediator("m1")]}, {"name": "Tổ 6", "group": "TDP 6", "mediators": [mediator("m1")]}],
    )
    assert [m.ref for t in world.teams() for m in t.members] == ["m1", "m1"]


def test_events_by_code_mean_the_team_from_any_source(world: World) -> None:
    world.snapshot("2024-01-10", teams=[{**FIVE, "mediators": [mediator("m1")]}])
    code = world.team(FIVE["name"]).code
    world.say("mediator.registered", "2024-03-01", source=OTHER, team=code.lower(), mediator=mediator("can-bo/7"))
    world.say("mediator.ended", "2024-04-01", source=OTHER, team=code, ref="m1")
    world.say("team.changed", "2024-05-01", source=OTHER, team=code, contact="to5@example.vn")
    team = world.team(FIVE["name"])
    assert [(m.ref, m.valid_to) for m in team.members] == [("m1", "2024-04-01"), ("can-bo/7", None)]
    assert team.contact == "to5@example.vn"


def test_names_that_differ_in_marks_only_stay_two_teams_when_one_roster_lists_both(world: World) -> None:
    both = [{"name": "Tổ Sen", "group": "TDP Sen"}, {"name": "Tổ Sến", "group": "TDP Sến"}]
    world.snapshot("2024-01-10", teams=both)
    codes = {t.name: t.code for t in world.teams()}
    world.snapshot("2024-02-10", teams=both[::-1])
    world.say("team.changed", "2024-03-01", team="Tổ Sến", contact="sen@example.vn")
    assert {t.name: t.code for t in world.teams()} == codes and len(codes) == 2
    assert world.team("Tổ Sến").contact == "sen@example.vn"


def test_a_team_registered_again_after_its_end_is_another_team(world: World) -> None:
    world.say("team.registered", "2020-01-01", team="Tổ 5", unit="00118", group="TDP 5")
    world.say("team.ended", "2022-01-01", team="Tổ 5")
    world.say("team.registered", "2024-01-01", team="Tổ 5", unit="00118", group="TDP 5")
    teams = sorted(world.teams(), key=lambda t: t.established_on)
    assert [(t.established_on, t.ended_on) for t in teams] == [("2020-01-01", "2022-01-01"), ("2024-01-01", None)]
    assert teams[0].code != teams[1].code


STORY = [
    (
        "snapshot",
        "2024-01-10",
        {"teams": [{**FIVE, "mediators": [mediator("m1"), mediator("m2")]}, {"name": "Tổ 6", "group": "TDP 6"}]},
    ),
    ("snapshot", "2024-06-10", {"teams": [{**FIVE, "mediators": [mediator("m1", trained=True)]}]}),
    ("group.changed", "2024-03-01", {"unit": "00118", "name": "TDP 5", "new_name": "TDP 9"}),
    ("mediator.registered", "2024-02-01", {"team": FIVE["name"], "mediator": mediator("m3")}),
    ("mediator.ended", "2024-05-01", {"team": FIVE["name"], "ref": "m2"}),
    ("team.changed", "2024-07-01", {"team": "Tổ 6", "unit": "00145", "group": "TDP 1"}),
    ("team.ended", "2024-09-01", {"team": "tổ 6", "merged_into": FIVE["name"]}),
    ("team.registered", "2024-08-01", {"team": "Tổ 7", "unit": "00118", "group": "TDP 7"}),
]


@given(st.permutations(range(len(STORY))), st.integers(0, 2**16))
def test_every_order_of_arrival_gives_the_same_teams(order: list[int], seed: int) -> None:
    """Entries carry their own time; only the order in which they come differs, and when the fold runs in between."""
    chance = random.Random(seed)

    def run(indices: list[int]) -> list[object]:
        world = World()
        for i in indices:
            kind, on, data = STORY[i]
            time = f"2025-01-01T00:01:{i:02d}+07:00"
            if kind == "snapshot":
                world.snapshot(on, time=time, **data)
            else:
                world.say(kind, on, time=time, **data)
            if chance.random() < 0.5:
                world.fold()
        return sorted(world.teams(), key=lambda t: t.code)

    assert run(order) == run(list(range(len(STORY))))
