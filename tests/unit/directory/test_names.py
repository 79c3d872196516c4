"""Names that need an officer: never two teams silently, never a guess."""

from __future__ import annotations

import pytest

from services.directory.domain.suggest import suggestions
from tests.unit.directory.world import OTHER, WARD, World, mediator

HERS = {"unit": "00118", "group": "Tổ dân phố số 05"}


@pytest.fixture
def world() -> World:
    world = World()
    world.snapshot(
        "2024-01-10",
        teams=[
            {"name": "Tổ hòa giải TDP số 5", "group": "TDP 5", "mediators": [mediator("m1"), mediator("m2")]},
            {"name": "Tổ hòa giải TDP số 6", "group": "TDP 6"},
        ],
    )
    world.fold()
    return world


def test_a_second_sources_team_in_the_same_group_waits_for_an_officer(world: World) -> None:
    world.say("team.registered", "2024-02-01", source=OTHER, team="Tổ HG số 5", **HERS)
    done = world.fold()
    assert len(done.states) == 2
    (name,) = done.names
    assert (name.kind, name.source, name.name, name.unit) == ("second_source", OTHER, "Tổ HG số 5", "00118")
    five = world.team("Tổ hòa giải TDP số 5")
    assert name.rivals == [five.code]
    first, *_ = suggestions(name, done.states)
    assert first == {"code": five.code, "name": five.name, "score": 100}


def test_it_waits_also_when_its_entry_is_older_but_came_later(world: World) -> None:
    world.say("team.registered", "2023-02-01", source=OTHER, team="Tổ HG số 5", **HERS)
    done = world.fold()
    assert [t.name for t in done.states] == ["Tổ hòa giải TDP số 5", "Tổ hòa giải TDP số 6"]
    assert [n.kind for n in done.names] == ["second_source"]


def test_confirmed_as_the_known_team_its_facts_go_there_and_nobody_counts_twice(world: World) -> None:
    world.say(
        "team.registered", "2024-02-01", source=OTHER, team="Tổ HG số 5", mediators=[mediator("x1"), mediator("x2")], **HERS
    )
    world.say("team.changed", "2024-02-02", source=OTHER, team="Tổ HG 05", contact="to5@example.vn")
    code = world.team("Tổ hòa giải TDP số 5").code
    world.confirm(OTHER, "Tổ HG số 5", code)
    done = world.fold()
    assert not done.names and len(done.states) == 2
    five = world.team("Tổ hòa giải TDP số 5")
    assert five.contact == "to5@example.vn"
    assert (OTHER, "Tổ HG số 5") in five.names
    assert sorted(m.ref for m in five.members) == ["m1", "m2"]


def test_confirmed_as_its_own_it_is_a_second_team(world: World) -> None:
    world.say("team.registered", "2024-02-01", source=OTHER, team="Tổ HG số 5", **HERS)
    own = world.fold().names[0].own
    assert own is not None
    world.confirm(OTHER, "Tổ HG số 5", own)
    done = world.fold()
    assert not done.names
    assert {t.code for t in done.states} >= {own} and len(done.states) == 3
    assert world.fold().states == done.states


def test_no_contest_when_the_first_had_ended_before(world: World) -> None:
    world.say("team.ended", "2024-01-31", team="Tổ hòa giải TDP số 5")
    world.say("team.registered", "2024-02-01", source=OTHER, team="Tổ HG số 5", **HERS)
    done = world.fold()
    assert not done.names and len(done.states) == 3


def test_one_source_may_have_two_teams_in_a_group(world: World) -> None:
    world.say("team.registered", "2024-02-01", source=WARD, team="Tổ hòa giải TDP số 5 khu B", **HERS)
    done = world.fold()
    assert not done.names and len(done.states) == 3


def test_a_name_that_only_other_services_use_can_be_confirmed(world: World) -> None:
    code = world.team("Tổ hòa giải TDP số 5").code
    world.confirm("https://cong-dan.example", "Tổ HG 5 Bồ Đề", code)
    assert ("https://cong-dan.example", "Tổ HG 5 Bồ Đề") in world.team("Tổ hòa giải TDP số 5").names


def test_facts_about_a_team_that_nobody_named_are_listed_not_applied(world: World) -> None:
    world.say("mediator.registered", "2024-02-01", source=OTHER, team="Tổ hòa giải TDP 5", mediator=mediator("x"))
    world.say("mediator.registered", "2024-02-02", source=OTHER, team="tổ hoà giải TDP số 05", mediator=mediator("y"))
    world.say("mediator.registered", "2024-02-02", team="HG-00000000", mediator=mediator("z"))
    names = {(n.source, n.name): n for n in world.fold().names}
    assert names[OTHER, "Tổ hòa giải TDP 5"].kind == "unclear"
    assert {name: n.seen for (_, name), n in names.items()} == {"Tổ hòa giải TDP 5": 2, "HG-00000000": 1}
    best, *_ = suggestions(names[OTHER, "Tổ hòa giải TDP 5"], world.teams())
    assert best["score"] == 100


def test_a_name_borne_in_two_wards_is_unclear_without_the_ward(world: World) -> None:
    world.snapshot("2024-01-10", unit="00121", teams=[{"name": "Tổ hòa giải TDP số 5", "group": "TDP 5"}])
    world.say("mediator.registered", "2024-02-01", team="Tổ hòa giải TDP số 5", mediator=mediator("x"))
    world.say("team.changed", "2024-02-01", team="Tổ hòa giải TDP số 5", unit="00121", contact="c@example.vn")
    done = world.fold()
    assert [(n.kind, n.seen) for n in done.names] == [("unclear", 1)]
    assert {t.places[0].unit: t.contact for t in done.states if t.name.endswith("5")} == {"00118": None, "00121": "c@example.vn"}


def test_a_withdrawn_move_gives_back_two_teams_and_the_code_stays_with_the_first(world: World) -> None:
    move = world.say("team.changed", "2024-03-01", team="Tổ hòa giải TDP số 6", unit="00145", group="TDP 6")
    world.snapshot("2024-04-01", unit="00145", teams=[{"name": "Tổ hòa giải TDP số 6", "group": "TDP 6"}])
    code = world.team("Tổ hòa giải TDP số 6").code
    world.records.remove(move)
    done = world.fold()
    sixes = {t.places[0].unit: t.code for t in done.states if t.name.endswith("6")}
    assert sixes["00118"] == code and len(set(sixes.values())) == 2
    assert world.fold().states == done.states


def test_two_codes_of_what_turns_out_to_be_one_team_lead_to_the_older(world: World) -> None:
    old = world.team("Tổ hòa giải TDP số 6").code
    world.snapshot("2024-04-01", unit="00145", teams=[{"name": "Tổ hòa giải TDP số 6", "group": "TDP 6"}])
    new = {t.code for t in world.teams() if t.places[0].unit == "00145"}.pop()
    world.say("team.changed", "2024-03-01", team="Tổ hòa giải TDP số 6", unit="00145", group="TDP 6")
    done = world.fold()
    assert done.heirs == {new: old}
    assert [p.unit for p in world.team("Tổ hòa giải TDP số 6").places] == ["00118", "00145"]
