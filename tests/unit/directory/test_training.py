"""Classes: invited, came, and who still has to be trained."""

from __future__ import annotations

from typing import Any

import pytest

from services.directory.domain.facts import facts_of
from services.directory.domain.law import law
from services.directory.domain.training import training
from shared.contracts.outgoing import RecordChanged
from tests.unit.directory.world import OTHER, WARD, World, mediator


class Classes(World):
    def activity(self, type_: str, on: str, record: str = "class-1", source: str = WARD, **data: Any) -> RecordChanged:
        said = self.say("x", on, source, **data)
        said.entries[0] = type(said.entries[0])(**{
            **{name: getattr(said.entries[0], name) for name in said.entries[0].__struct_fields__}, "type": f"training.{type_}",
        })
        self.records[-1] = RecordChanged(record=record, subject=record, n=1, entries=said.entries)
        return self.records[-1]

    def facts(self) -> list[Any]:
        return [f for r in self.records for f in facts_of(r, others=r.entries[0].type.startswith("training."))]

    def ask(self, year: int = 2025, day: str = "2025-12-31", unit: str = "00118") -> dict[str, Any]:
        done = self.fold()
        invitations = [fact for fact in self.facts() if f"t:{year}" in fact.keys]
        return training(unit, year, day, [(team, done.courses[team.code]) for team in done.states], invitations, law())


@pytest.fixture
def world() -> Classes:
    world = Classes()
    world.snapshot("2025-01-10", teams=[
        {"name": "Tổ 5", "group": "TDP 5", "mediators": [mediator("m1", trained=True), mediator("m2")]},
        {"name": "Tổ 6", "group": "TDP 6", "mediators": [mediator("m3")]},
    ])
    world.snapshot("2025-01-10", unit="00145", teams=[{"name": "Tổ 7", "group": "TDP 7", "mediators": [mediator("m9")]}])
    return world


def names(world: Classes, codes: list[str]) -> list[str]:
    return sorted(team.name for team in world.teams() if team.code in codes)


def test_a_class_shows_who_was_invited_and_who_came(world: Classes) -> None:
    world.activity("convened", "2025-03-01", title="Kỹ năng", organiser="UBND", held_on="2025-03-16", all_of="00118", hours=4)
    world.activity("attended", "2025-03-16", attendance=[{"team": "TỔ 5", "present": 2, "mediators": ["m2"]}])
    (one,) = world.ask()["classes"]
    assert (one["title"], one["held_on"], one["hours"]) == ("Kỹ năng", "2025-03-16", 4)
    assert names(world, one["invited"]) == ["Tổ 5", "Tổ 6"] and names(world, one["absent"]) == ["Tổ 6"]
    assert world.ask(2024)["classes"] == [] and world.ask(unit="00145")["classes"] == []
    (row,) = [m for m in world.team("Tổ 5").members if m.ref == "m2"]
    assert row.trained_on == "2025-03-16"


def test_without_the_teams_that_are_left_out_and_with_those_that_are_named_besides(world: Classes) -> None:
    world.activity(
        "convened", "2025-03-01", title="Kỹ năng", organiser="UBND", held_on="2025-03-16", all_of="00118", but=["Tổ 6"],
        teams=["Tổ 7", "nobody"],
    )
    assert names(world, world.ask()["classes"][0]["invited"]) == ["Tổ 5"]
    assert names(world, world.ask(unit="00145")["classes"][0]["invited"]) == ["Tổ 7"]


def test_a_name_means_a_team_of_the_source_that_says_it(world: Classes) -> None:
    world.activity("convened", "2025-03-01", source=OTHER, title="Kỹ năng", organiser="X", held_on="2025-03-16", teams=["Tổ 5"])
    assert world.ask()["classes"] == []


def test_who_is_not_trained_is_needed_until_an_attendance_names_him(world: Classes) -> None:
    needed = world.ask()["needed"]
    assert [(n["ref"], n["why"], n["overdue"]) for n in needed] == [("m2", "untrained", False), ("m3", "untrained", False)]
    world.activity("attended", "2025-03-16", attendance=[{"team": "Tổ 5", "present": 1, "mediators": ["m2"]}])
    assert [n["ref"] for n in world.ask()["needed"]] == ["m3"]
    assert [n["ref"] for n in world.ask(day="2025-03-15")["needed"]] == ["m2", "m3"]


def test_a_new_mediator_is_due_six_months_after_joining_since_the_city_says_so(world: Classes) -> None:
    world.say("mediator.registered", "2025-07-09", team="Tổ 5", mediator=mediator("early"))
    world.say("mediator.registered", "2025-08-31", team="Tổ 5", mediator=mediator("late"))
    world.say("mediator.changed", "2025-10-01", team="Tổ 5", mediator=mediator("late", law_qualified=True))
    needed = {n["ref"]: n for n in world.ask(2026, "2026-02-28")["needed"]}
    assert (needed["late"]["since"], needed["late"]["due"], needed["late"]["overdue"]) == ("2025-08-31", "2026-02-28", False)
    assert "due" not in needed["early"] and "due" not in needed["m2"]
    needed = {n["ref"]: n for n in world.ask(2026, "2026-03-01")["needed"]}
    assert needed["late"]["overdue"]
    assert world.ask(day="2026-02-28")["new"] == {"joined": 2, "in_time": 0, "open": 1, "missed": 0}
    world.activity("attended", "2026-03-05", attendance=[{"team": "Tổ 5", "present": 1, "mediators": ["late"]}])
    assert world.ask(day="2026-03-05")["new"] == {"joined": 2, "in_time": 0, "open": 0, "missed": 1}
    world.activity("attended", "2026-02-05", "class-2", attendance=[{"team": "Tổ 5", "present": 1, "mediators": ["late"]}])
    assert world.ask(day="2026-03-05")["new"] == {"joined": 2, "in_time": 1, "open": 0, "missed": 0}


def test_one_who_came_back_is_new_again_and_recognition_counts_as_joining(world: Classes) -> None:
    world.say("mediator.ended", "2025-08-01", team="Tổ 6", ref="m3")
    world.say("mediator.recognised", "2025-09-01", team="Tổ 6", number="1", mediators=[mediator("m3")])
    (row,) = [n for n in world.ask()["needed"] if n["ref"] == "m3"]
    assert (row["since"], row["due"], row["why"]) == ("2025-09-01", "2026-03-01", "new")
