"""A plan of splits, merges and moves: read strictly, previewed, and taken back without a trace."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import services.directory
from services.directory.domain.onday import place_on
from services.directory.domain.reorganising.expanding import Expansion, expand
from services.directory.domain.reorganising.expanding import World as Known
from services.directory.domain.reorganising.plan import read_plan
from services.directory.domain.reorganising.preview import preview
from shared.contracts import TYPES
from shared.contracts.registry import PREFIX
from shared.naming import TeamIndex
from shared.rulebooks import RulesError
from tests.unit.directory.world import World

SHIPPED = Path(services.directory.__file__).parent / "plans"
LONG_BIEN = (SHIPPED / "long-bien-2025.yaml").read_text(encoding="utf-8")
WARDS = {
    "00115": "Thượng Thanh", "00118": "Ngọc Thụy", "00121": "Giang Biên", "00124": "Đức Giang", "00127": "Việt Hưng",
    "00130": "Gia Thụy", "00133": "Ngọc Lâm", "00136": "Phúc Lợi", "00139": "Bồ Đề", "00142": "Sài Đồng", "00145": "Long Biên",
    "00148": "Thạch Bàn", "00151": "Phúc Đồng", "00154": "Cự Khối",
}


def district(groups: int = 2) -> World:
    world = World()
    for unit in WARDS:
        world.snapshot("2024-01-10", unit=unit, teams=[
            {"name": f"Tổ hòa giải {unit}-{k}", "group": f"TDP {k}"} for k in range(1, groups + 1)
        ])
    return world


def known(world: World) -> Known:
    world.fold()
    return Known(world.facts(), world.register.values(), taken=lambda codes: set(codes) & set(world.register), outside=list)


def apply(world: World, plan_id: str, done: Expansion) -> Known:
    return known(world).and_(plan_id, done.events)


def plan(body: str) -> str:
    return f"plan: test\ntitle: {{vi: Thử, en: Test}}\nchanges:\n  - on: 2025-07-01\n    mark: F\n    citation: thử\n{body}"


def run(world: World, text: str) -> tuple[dict[str, Any], Known]:
    read = read_plan(text, "plan.yaml")
    before = known(world)
    done = expand(read, before)
    return preview(read, before, done), before.and_(read.id, done.events)


def placed(known_: Known, name: str, day: str) -> tuple[str, str] | None:
    (team,) = [t for t in known_.teams() if t.name == name]
    place = place_on(team, day)
    return None if place is None else (place.unit, place.group)


def test_long_bien_loses_no_team_and_invents_no_place() -> None:
    told, after = run(district(), LONG_BIEN)
    day = "2025-07-02"
    assert placed(after, "Tổ hòa giải 00133-1", day) == ("00118", "TDP 1"), "Ngọc Lâm went whole into Bồ Đề"
    assert placed(after, "Tổ hòa giải 00133-1", "2025-06-30") == ("00133", "TDP 1")
    assert placed(after, "Tổ hòa giải 00145-2", day) == ("00145", "TDP 2")
    assert placed(after, "Tổ hòa giải 00118-1", day) is None, "the code of Ngọc Thụy is Bồ Đề's now: no team stays by code alone"
    assert placed(after, "Tổ hòa giải 00142-1", "2025-01-01") is None
    waiting = {t["name"]: t["choices"] for t in told["teams"] if t["to"] is None and t["on"] == "2025-07-01"}
    assert waiting["Tổ hòa giải 00118-1"] == ["00097", "00118"]
    assert len(after.teams()) == 28 and not any(t.ended_on for t in after.teams())
    assert told["problems"] == [] and told["to_confirm"] == 2 + 2 * 11
    names = {code: [u.name for u in after.units(code)] for code in ("00118", "00139", "00151")}
    assert names["00118"] == ["Phường 00118", "Phường Bồ Đề"]
    assert [str(u.valid_from) for u in after.units("00151")] == ["2005-01-01", "2025-01-01"], "its extent changed with Sài Đồng"
    assert after.unit_on("00139", day) is None and after.unit_on("00142", "2025-01-01") is None


def test_the_dry_run_shows_a_team_that_stays_under_its_code_in_another_unit() -> None:
    told, _ = run(district(), LONG_BIEN)
    (row,) = [t for t in told["teams"] if t["name"] == "Tổ hòa giải 00145-1"]
    assert (row["from"]["since"], row["to"]["since"], row["to"]["unit_name"]) == ("2005-01-01", "2025-07-01", "Phường Long Biên")


def test_a_case_under_a_reused_code_goes_to_the_team_of_that_day() -> None:
    from shared.contracts.outgoing import Place
    from shared.contracts.when import When

    _, after = run(district(), LONG_BIEN)
    index = TeamIndex(after.teams())
    place = Place(source="https://app.example", unit="00118", group="Tổ dân phố số 01")
    names = {t.code: t.name for t in after.teams()}
    assert names[index.resolve(place, When("2025-06-30")) or ""] == "Tổ hòa giải 00118-1"
    assert names[index.resolve(place, When("2025-07-01")) or ""] == "Tổ hòa giải 00133-1"


def test_two_units_change_groups_on_one_day() -> None:
    """What arrives under a code that ends and begins that day is not moved on with what was there."""
    body = """
    begin: [{unit: "00118", name: Mới}, {unit: "00124", name: Mới khác}]
    move: [{from: "00118", to: "00124", groups: all}, {from: "00124", to: "00118", groups: [TDP 1]}]
    end: [{unit: "00118", into: ["00118", "00124"]}, {unit: "00124", into: ["00118", "00124"]}]
"""
    _, after = run(district(), plan(body))
    day = "2025-07-01"
    assert placed(after, "Tổ hòa giải 00118-1", day) == ("00124", "TDP 1")
    assert placed(after, "Tổ hòa giải 00124-1", day) == ("00118", "TDP 1")
    assert placed(after, "Tổ hòa giải 00124-2", day) is None
    assert after.groups_on("00118", day) == ["TDP 1"] and after.groups_on("00124", day) == ["TDP 1", "TDP 2"]


def test_groups_split_and_merge_under_their_teams() -> None:
    body = """
    merge: [{unit: "00118", groups: [TDP 1, TDP 2], into: TDP 12}]
    split:
      - {unit: "00124", group: TDP 1, into: [TDP 1A, TDP 1B], keeps: TDP 1A}
      - {unit: "00124", group: TDP 2, into: [TDP 3, TDP 4]}
    teams: [{team: "HG-X", end: true}]
"""
    told, after = run(district(), plan(body))
    day = "2025-07-01"
    assert after.groups_on("00118", day) == ["TDP 12"]
    assert [placed(after, f"Tổ hòa giải 00118-{k}", day) for k in (1, 2)] == [("00118", "TDP 12")] * 2
    assert told["clashes"] == [{"on": day, "unit": "00118", "group": "TDP 12", "teams": 2}]
    assert placed(after, "Tổ hòa giải 00124-1", day) == ("00124", "TDP 1A")
    assert placed(after, "Tổ hòa giải 00124-2", day) is None, "which half the team went to, nobody said"
    assert set(after.groups_on("00124", day)) == {"TDP 1A", "TDP 1B", "TDP 3", "TDP 4"}


def test_a_plan_over_an_unknown_district_says_so() -> None:
    told, after = run(World(), LONG_BIEN)
    assert {p["code"] for p in told["problems"]} >= {"unknown_unit", "no_groups"} and told["teams"] == []
    assert all(p["vi"] and p["en"] for p in told["problems"]) and after.unit_on("00118", "2025-07-01") is not None


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(sorted(WARDS)), max_size=3))
def test_neither_order_nor_duplicates_of_what_a_plan_says_matter(chance: random.Random, doubled: list[str]) -> None:
    world = district(1)
    read = read_plan(LONG_BIEN, "plan.yaml")
    base = known(world)
    done = expand(read, base)
    straight = base.and_(read.id, done.events)
    events = list(done.events) + [e for e in done.events if e.data.get("unit") in doubled]
    chance.shuffle(events)
    shuffled = base.and_(read.id, events)
    assert shuffled.teams() == straight.teams()
    for unit in WARDS:
        assert shuffled.units(unit) == straight.units(unit)
        assert shuffled.groups_on(unit, "2025-08-01") == straight.groups_on(unit, "2025-08-01")
    # taken back: the facts of the plan are gone, and with them all that followed
    assert known(world).teams() == base.teams()
    assert expand(read, base).events == done.events


def test_every_planned_event_keeps_the_contract() -> None:
    import msgspec

    for event in expand(read_plan(LONG_BIEN, "plan.yaml"), known(district())).events:
        TYPES[f"{PREFIX}{event.type}.v1"].decoder.decode(msgspec.json.encode(event.data))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_plans_are_readable_and_named_after_their_id(path: Path) -> None:
    assert read_plan(path.read_text(encoding="utf-8"), path.name).id == path.stem


@pytest.mark.parametrize(("body", "words"), [
    ('    end: [{unit: "118", into: []}]', "the list is empty"),
    ('    end: [{unit: Bồ Đề}]', "not the code of a unit"),
    ('    end: [{unit: "00118"}, {unit: "00118"}]', "ends twice"),
    ('    ends: [{unit: "00118"}]', "did you mean 'end'"),
    ('    teams: [{team: HG-1, unit: "00118", into: HG-2}]', "not clear"),
    ('    split: [{unit: "00118", group: a, into: [b, c], keeps: d}]', "none of the new groups"),
    ('    move: [{from: "00118", to: "00124", groups: some}]', "a list is expected"),
])
def test_a_plan_that_cannot_be_read_says_where_and_why(body: str, words: str) -> None:
    with pytest.raises(RulesError, match=words):
        read_plan(plan(body), "plan.yaml")
