"""Teams that move, merge and begin: from what the directory tells to what the explanation says."""

from __future__ import annotations

from services.evaluation import queries
from services.evaluation.rules import shipped
from shared.contracts import When
from shared.contracts.outgoing import TeamPlace
from tests.integration.test_evaluation_store import World, everything, world
from tests.unit.evaluation.told import code, team

__all__ = ["world"]


def sentence(world: World, number: int) -> str:
    tree = queries.explain(world.db, shipped(), world.replica, code(number), "hanoi-v2", 2024)
    assert tree is not None
    return str(tree["sentence"]["vi"])


def test_moving_and_merging_are_said_when_the_directory_tells_of_them(world: World) -> None:
    world.teams(team(1), team(2))
    world.take(*everything())
    world.score()
    assert world.verdict()["verdict"] == "met"
    assert "Tổ" not in sentence(world, 1)

    # the other team had nothing, so no fact moves: the successor is scored again all the same
    world.teams(team(2, n=2, ended_on=When("2024-04-01"), merged_into=code(1)))
    world.score()
    assert f"Tổ {code(2)} nhập vào tổ này ngày 01/04/2024" in sentence(world, 1)
    assert world.verdict()["verdict"] == "met"

    world.teams(team(1, n=2, places=[
        TeamPlace(unit="00118", group="TDP số 1", valid_from=When("2010-01-01"), valid_to=When("2024-07-01")),
        TeamPlace(unit="00127", group="TDP số 9", valid_from=When("2024-07-01")),
    ]))
    world.score()
    assert "Tổ chuyển từ đơn vị 00118 sang 00127 ngày 01/07/2024" in sentence(world, 1)
    assert world.verdict()["unit"] == "00127"

    # a merger that is taken back
    world.teams(team(2, n=3))
    world.score()
    assert "nhập vào" not in sentence(world, 1)


def test_teams_without_facts_are_told_apart_by_what_became_of_them(world: World) -> None:
    """What looks alike is judged once; a team that moved or began in the year does not look like the others."""
    world.teams(
        team(1), team(2, established_on=When("2024-06-15")),
        team(3, places=[
            TeamPlace(unit="00118", group="TDP số 3", valid_from=When("2010-01-01"), valid_to=When("2024-07-01")),
            TeamPlace(unit="00127", group="TDP số 3", valid_from=When("2024-07-01")),
        ]),
        team(4),
    )
    world.take(*everything(4))
    world.score()
    assert "thành lập" not in sentence(world, 1) and "chuyển" not in sentence(world, 1)
    assert "Tổ thành lập ngày 15/06/2024" in sentence(world, 2)
    assert "Tổ chuyển từ đơn vị" in sentence(world, 3)
