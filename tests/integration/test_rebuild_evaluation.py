"""Evaluation derived again and compared, on a real MongoDB: each kind of damage is named, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from services.evaluation import locking, rederiving
from services.evaluation.rules import shipped
from services.evaluation.store import generations
from shared.contracts import write
from shared.contracts.outgoing import ACTIVITY_CHANGED, CASE_CHANGED, CaseChanged
from tests.integration.test_evaluation_store import NOW, TODAY, World
from tests.unit.evaluation.told import UNIT, activity, case, code, full_year, team

ALL = {"$gt": ""}
KNOWN = [case(1), *full_year(1), *full_year(2)]


def intake(*changes: Any) -> Callable[[dict[str, Any]], Iterable[bytes]]:
    """Announces these, whatever is asked."""
    bodies = []
    for change in changes:
        type, id = (CASE_CHANGED, change.case) if isinstance(change, CaseChanged) else (ACTIVITY_CHANGED, change.record)
        bodies.append(write(type=type, source="namtot://intake", id=f"{id}-{change.n}", subject=change.subject, data=change))
    return lambda which: bodies


@pytest.fixture
def world(db: Any) -> World:
    found = World(db)
    found.teams(team(1), team(2))
    found.take(*KNOWN)
    while found.score():
        pass
    return found


def derived(world: World) -> rederiving.Compared:
    return rederiving.derived(world.db, world.replica, shipped(), rederiving.teams(world.db), TODAY, "hanoi-v2")


def facts(world: World, *changes: Any) -> list[tuple[str, str]]:
    found = rederiving.facts(world.db, world.replica, intake(*changes), ALL)
    return [(one.collection, one.field) for one in found.different]


def test_what_is_stored_equals_what_is_derived_again(world: World) -> None:
    found = derived(world)
    assert (found.different, found.unsettled) == ([], [])
    assert found.checked >= 4, "two teams, under more than one scheme"


def test_an_altered_verdict_is_named_and_mended(world: World) -> None:
    key = f"hanoi-v2|2024|{code(1)}"
    world.db["verdicts"].update_one({"_id": key}, {"$set": {"verdict": "not_met"}})
    world.db["verdicts"].delete_one({"_id": f"hanoi-v2|2024|{code(2)}"})
    found = derived(world)
    assert {(one.id, one.field) for one in found.different} == {(key, "verdict"), (f"hanoi-v2|2024|{code(2)}", "")}
    assert rederiving.mend(world.db, found.different, NOW) == 2
    assert set(derived(world).unsettled) == {code(1), code(2)}, "they wait, so nothing is said of them"
    while world.score():
        pass
    assert derived(world).different == []


def test_an_altered_explanation_is_found_though_the_verdict_stands(world: World) -> None:
    key, other = (f"hanoi-v2|2024|{code(number)}" for number in (1, 2))
    body = world.db["verdicts"].find_one({"_id": other})
    assert body is not None
    world.db["verdicts"].update_one({"_id": key}, {"$set": {"body": body["body"]}})
    fields = {one.field.partition(".")[0] for one in derived(world).different if one.id == key}
    assert fields == {"body"}


def test_a_team_that_changes_meanwhile_is_left_for_later(world: World) -> None:
    world.db["verdicts"].update_many({}, {"$set": {"verdict": "not_met"}})
    generations.bump(world.db, [code(1)], NOW)
    found = derived(world)
    assert found.unsettled == [code(1)]
    assert all(one.id.endswith(code(2)) for one in found.different) and found.different


def test_facts_are_compared_with_what_intake_says(world: World) -> None:
    known = KNOWN
    assert facts(world, *known) == []
    cases = [change for change in known if isinstance(change, CaseChanged)]
    world.db["cases"].update_one({"_id": cases[0].case}, {"$set": {"state.status": "referred"}})
    assert facts(world, *known) == [("cases", "state.status")]
    assert ("activities", "") in facts(world, *known[:-1]), "one of which intake knows nothing"
    assert ("cases", "") in facts(world, *known, case(99))


def test_a_frozen_month_that_was_edited_or_is_missing_is_named_and_only_the_missing_one_mended(world: World) -> None:
    told = [activity(name, "statistics.locked", "2024-04-02", unit=UNIT, month=month) for name, month in (
        ("chot/3", "2024-03"), ("chot/2", "2024-02"),
    )]
    world.take(*told)
    locking.freeze(world.db, world.replica, told, NOW)
    assert (rederiving.frozen(world.db).checked, rederiving.frozen(world.db).different) == (2, [])
    world.db["locks"].update_one({"month": "2024-03"}, {"$set": {"body.figures.settled": ["x"]}})
    world.db["locks"].delete_one({"month": "2024-02"})
    found = rederiving.frozen(world.db)
    assert [(one.collection, one.field) for one in found.different] == [("locks", "hash"), ("activities", "")]
    rederiving.mend(world.db, found.different, NOW)
    world.take(*told)
    locking.freeze(world.db, world.replica, told, NOW)
    assert [one.collection for one in rederiving.frozen(world.db).different] == ["locks"], "nothing can tell what it was"
