"""Statistics on a real MongoDB: every number names its cases, units add up, the map of any day decides whose a team is."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from services.evaluation.commands import report
from services.evaluation.queries.statistics import BadQuestion, statistics
from services.evaluation.store import Db, directory
from shared.contracts import When, record_id
from shared.contracts.outgoing import Place, TeamPlace, UnitState
from tests.integration.test_evaluation_store import World
from tests.unit.evaluation.told import SOURCE, case, subject_of, team, unit

OLD, NEW, DISTRICT = "00133", "00118", "004"


@pytest.fixture
def city(db: Db) -> World:
    """Team 1 moved from ward 00133 to 00118 on 01/07/2025; team 2 always worked in 00118. Both wards were of district 004."""
    world = World(db)
    moved = [
        TeamPlace(unit=OLD, group="TDP số 1", valid_from=When("2010-01-01"), valid_to=When("2025-07-01")),
        TeamPlace(unit=NEW, group="TDP số 1", valid_from=When("2025-07-01")),
    ]
    units = [
        msgspec.structs.replace(unit(OLD, "Ngọc Lâm", valid_to="2025-07-01"), parent=DISTRICT),
        msgspec.structs.replace(unit(NEW, "Ngọc Thụy", valid_to="2025-07-01"), parent=DISTRICT),
        unit(NEW, "Bồ Đề", valid_from="2025-07-01"),
        UnitState(code=DISTRICT, valid_from=When("2010-01-01"), n=1, name="Long Biên", level="district"),
    ]
    directory.take(db, [team(1, places=moved), team(2)], units, world.now)
    two = Place(source=SOURCE, team="Tổ hòa giải 2")
    world.take(
        case(1), case(2, "not_settled"), case(3, place=two), case(4, place=two, linked_to=subject_of(3)),
        case(5, "received", received="2023-12-20"), case(6, received="2023-01-02", ended="2023-02-01"),
        case(7, place=Place(source=SOURCE, unit=NEW)),
    )
    return world


def ids(*numbers: int) -> list[str]:
    return sorted(record_id(subject_of(number)) for number in numbers)


def of(world: World, code: str | None, as_of: str = "2024-12-31", **more: Any) -> dict[str, Any]:
    return statistics(world.db, world.replica, code, "2024-01-01", "2024-12-31", as_of, **more)


def cases(found: dict[str, Any], name: str) -> list[str]:
    column = found["columns"][name]
    assert column["value"] == len(column["cases"])
    return list(column["cases"])


def test_a_ward_has_its_own_cases_and_the_district_all_of_its_wards(city: World) -> None:
    old, new, district = of(city, OLD), of(city, NEW), of(city, DISTRICT)
    assert cases(old, "received") == ids(1, 2, 5) and cases(old, "carried") == cases(old, "not_handled") == ids(5)
    assert cases(new, "received") == ids(3, 7), "linked cases count once; a case without a team is its ward's"
    assert cases(district, "received") == ids(1, 2, 3, 5, 7) and cases(district, "not_settled") == ids(2)
    assert [row["unit"] for row in district["rows"]] == [NEW, OLD]
    for name, column in district["columns"].items():
        assert column["cases"] == sorted([*cases(old, name), *cases(new, name)]) == cases(of(city, None), name)


def test_by_the_map_of_a_later_day_the_team_counts_where_it_went(city: World) -> None:
    later = of(city, NEW, "2025-07-01")
    assert (later["name"], cases(later, "received")) == ("Bồ Đề", ids(1, 2, 3, 5, 7))
    assert cases(of(city, OLD, "2025-07-01"), "received") == []


def test_a_row_for_each_team(city: World) -> None:
    rows = {row["name"]: cases(row, "received") for row in of(city, DISTRICT, by="team")["rows"]}
    assert rows == {"Tổ hòa giải 1": ids(1, 2, 5), "Tổ hòa giải 2": ids(3)}


@pytest.mark.parametrize(("first", "last", "words"), [
    ("2024-12-31", "2024-01-01", "comes before"), ("31/12/2024", "2024-12-31", "from: .* is not a day"),
    ("2024-01-01", "9999-12-31", "to: .* outside"),
])
def test_a_bad_period_names_the_field(city: World, first: str, last: str, words: str) -> None:
    with pytest.raises(BadQuestion, match=words):
        statistics(city.db, city.replica, None, first, last)


def test_the_command_shows_traces_and_refuses(
    city: World, settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings_env.items():
        monkeypatch.setenv(name, value)
    period = ["--unit", NEW, "--from", "2024-01-01", "--to", "2024-12-31"]
    run = CliRunner()
    told = json.loads(run.invoke(report.report_app, ["show", *period, "--json"]).stdout)
    assert cases(told, "settled") == ids(3, 7)
    assert {rate["percent"] for rate in told["rates"]} == {"100.00"}
    assert "Hòa giải thành" in run.invoke(report.report_app, ["show", *period]).stdout
    assert run.invoke(report.report_app, ["trace", "settled", *period]).stdout.split() == ids(3, 7)
    assert run.invoke(report.report_app, ["trace", "setled", *period]).exit_code == 2
    assert run.invoke(report.report_app, ["show", "--from", "x", "--to", "2024-12-31"]).exit_code == 2
