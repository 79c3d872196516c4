"""Sheets, what-if and models on a real MongoDB: everything that is remembered is as new as what it came from."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from services.evaluation import queries, scoring, whatif
from services.evaluation.domain.variant import tried, vary
from services.evaluation.rules import shipped
from services.evaluation.store import Db, directory, facts, generations, placing, rules, sheets, standing, verdicts
from services.evaluation.store.gathering import read_facts
from services.evaluation.store.replica import Replica
from shared import commands
from shared.contracts.outgoing import Place
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, full_year, meeting, payment, subject_of, team, unit

NOW = dt.datetime(2025, 3, 1, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2025, 3, 1)
V2 = shipped()["hanoi-v2"]


def tell(db: Db, *changes: Any) -> None:
    facts.take(db, Replica(), changes, NOW)


def ward(db: Db, count: int = 3) -> None:
    """Teams 1 to ``count``, each with a full year; number 1 has 7 of 8 cases settled."""
    directory.take(db, [team(n) for n in range(1, count + 1)], [unit()], NOW)
    placing.run_moves(db, Replica(), NOW)
    for n in range(1, count + 1):
        tell(db, *full_year(n))
        who = f"Tổ hòa giải {n}"
        own = [case(10 * n + k, "not_settled" if (n, k) == (1, 0) else "settled", place=Place(source=SOURCE, team=who))
               for k in range(8)]
        tell(db, *own, payment(n, who, [subject_of(10 * n + k) for k in range(8)], "2024-03-25", "2024-03-28"))


def score(db: Db) -> None:
    replica = Replica()
    rules.follow_periods(db, rules.periods(db, shipped().values(), TODAY), NOW)
    while scoring.score_waiting(db, replica, shipped(), lambda: (NOW, TODAY)):
        pass


def stored(db: Db) -> list[Any]:
    return [list(db[name].find({}).sort("_id", 1)) for name in sorted(db.list_collection_names())]


# -- sheets

def test_a_sheet_is_used_until_a_fact_of_its_team_changes(db: Db) -> None:
    ward(db)
    everybody = [code(n) for n in (1, 2, 3)]
    assert sheets.facts_of(db, everybody) == read_facts(db, everybody)
    assert db["sheets"].count_documents({}) == 3
    # what is on a sheet is not read from its records
    db["sheets"].update_one({"_id": code(1)}, {"$set": {"sheet": db["sheets"].find_one({"_id": code(2)})["sheet"]}})  # type: ignore[index]
    assert sheets.facts_of(db, [code(1)])[code(1)] == read_facts(db, [code(2)])[code(2)]
    tell(db, meeting(1, "exchange", "2024-02-02"))
    assert sheets.facts_of(db, everybody) == read_facts(db, everybody)


def test_new_rules_leave_sheets_alone(db: Db) -> None:
    ward(db, 1)
    sheets.facts_of(db, [code(1)])
    before = db["sheets"].find_one({"_id": code(1)})
    generations.bump_all(db, NOW)
    assert before is not None
    db["sheets"].update_one({"_id": code(1)}, {"$set": {"mark": True}})
    sheets.facts_of(db, [code(1)])
    assert "mark" in (db["sheets"].find_one({"_id": code(1)}) or {}), "not written again"


def test_a_sheet_of_another_release_is_left_aside(db: Db) -> None:
    ward(db, 1)
    sheets.facts_of(db, [code(1)])
    db["sheets"].update_one({"_id": code(1)}, {"$set": {"reader": "another", "sheet": b"\xc0"}})
    assert sheets.facts_of(db, [code(1)]) == read_facts(db, [code(1)])


def test_a_slow_reader_cannot_put_an_old_sheet_in_place_of_a_new_one(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    ward(db, 1)
    slow = sheets.read_facts

    def overtaken(db: Db, teams: Any) -> Any:
        found = slow(db, teams)
        monkeypatch.setattr(sheets, "read_facts", slow)
        tell(db, meeting(1, "exchange", "2024-02-02"))
        sheets.facts_of(db, [code(1)])
        return found

    monkeypatch.setattr(sheets, "read_facts", overtaken)
    sheets.facts_of(db, [code(1)])
    assert sheets.facts_of(db, [code(1)]) == read_facts(db, [code(1)])


def test_each_team_has_its_own_part_of_what_names_many(db: Db) -> None:
    ward(db, 2)
    tell(db, activity(
        "class", "training.attended", "2024-05-05",
        attendance=[{"team": f"Tổ hòa giải {n}", "present": n, "mediators": []} for n in (1, 2)], evidence=[],
    ))
    found = read_facts(db, [code(1), code(2)])
    for n in (1, 2):
        for held in found[code(n)].trainings:
            assert held.sheets.keys() <= {code(n)}
            assert held.invited <= {code(n)}


# -- writing whole documents

def test_a_verdict_written_meanwhile_by_another_is_not_written_over(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    ward(db, 1)
    score(db)
    claimed = {code(1): 90}
    old = scoring.score(db, Replica(), shipped(), [code(1)], TODAY)
    changed = [replace(one, judgement=replace(one.judgement, settled=0)) for one in old]
    newer = [replace(one, judgement=replace(one.judgement, settled=1)) for one in old]
    put = standing.Standing._put

    def overtaken(self: Any, db: Db, heads: Any, documents: Any) -> None:
        monkeypatch.setattr(standing.Standing, "_put", put)
        verdicts.write(db, {code(1): 91}, newer, TODAY, NOW)
        put(self, db, heads, documents)

    monkeypatch.setattr(standing.Standing, "_put", overtaken)
    verdicts.write(db, claimed, changed, TODAY, NOW)
    assert {(d["generation"], d["settled"]) for d in db["verdicts"].find({})} == {(91, 1)}


def test_what_did_not_change_stands_for_the_newer_generation_and_is_not_told_again(db: Db) -> None:
    ward(db, 1)
    score(db)
    heard: list[Any] = []
    verdicts.announce(db, heard.extend)
    assert heard
    before = {d["_id"]: d["digest"] for d in db["verdicts"].find({})}
    generations.bump_all(db, NOW)
    score(db)
    assert {d["_id"]: d["digest"] for d in db["verdicts"].find({})} == before
    generation = (db["generations"].find_one({"_id": code(1)}) or {})["generation"]
    assert {d["generation"] for d in db["verdicts"].find({})} == {generation}
    again: list[Any] = []
    assert verdicts.announce(db, again.extend) == 0


# -- what-if

def test_a_higher_bar_flips_the_team_that_it_bars_and_changes_nothing_stored(db: Db) -> None:
    ward(db)
    score(db)
    before = stored(db)
    found = whatif.compare(db, V2, vary(V2, tried(V2, ["settled_rate=0.90"])), [2023, 2024], TODAY)
    assert stored(db) == before
    year = found["years"][1]
    assert (year["before"]["met"], year["after"]["met"], year["flips"]) == (3, 2, 1)
    (row,) = year["units"]
    assert (row["unit"], row["name"], row["teams"], row["met"]) == (UNIT, "Bồ Đề", 3, [3, 2])
    (flipped,) = row["flips"]
    assert (flipped["team"], flipped["before"], flipped["after"]) == (code(1), "met", "not_met")
    assert [part["id"] for part in flipped["deciding"]] == ["settled_rate"]
    assert "7/8" in flipped["deciding"][0]["sentence"]["vi"]
    # nobody of them lived through another year with anything on record
    assert found["years"][0]["flips"] == 0


def test_without_sheets_a_comparison_reads_the_records_and_still_writes_nothing(db: Db) -> None:
    ward(db, 1)
    before = stored(db)
    whatif.compare(db, shipped()["hanoi-v1"], V2, [2024], TODAY)
    assert stored(db) == before
    assert db["sheets"].count_documents({}) == 0


def test_a_unit_alone(db: Db) -> None:
    ward(db, 1)
    assert whatif.compare(db, V2, shipped()["hanoi-v1"], [2024], TODAY, unit="none")["years"][0]["teams"] == 0
    assert whatif.compare(db, V2, shipped()["hanoi-v1"], [2024], TODAY, unit=UNIT)["years"][0]["teams"] == 1


def test_a_year_before_a_scheme_is_not_compared(db: Db) -> None:
    ward(db, 1)
    (year,) = whatif.compare(db, shipped()["hanoi-v1"], V2, [2014], TODAY)["years"]
    assert not year["comparable"]
    assert year["flips"] == 0


def test_the_commands(db: Db, settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    ward(db)
    score(db)
    for name, value in settings_env.items():
        monkeypatch.setenv(name, value)
    asked = ["scheme", "simulate", "--years", "2023..2024", "--change", "settled_rate=0.90"]
    done = run(*asked, "--json")
    answer = json.loads(done.stdout)
    assert [year["flips"] for year in answer["years"]] == [0, 1]
    assert answer["changes"] == ["settled_rate=0.90"]
    assert "7/8" in run(*asked).output
    models = json.loads(run("scheme", "models", "--year", "2024", "--json").stdout)
    assert models["basis"] == "met"
    assert models["teams"] == {"good": 3, "others": 0}
    for wrong, text in (
        (["scheme", "simulate", "--years", "2024"], "both sides are the same"),
        (["scheme", "simulate", "--years", "24", "--change", "settled_rate=0.90"], "--years 24"),
        (["scheme", "simulate", "--years", "2024", "--change", "settled_rte=0.90"], "did you mean settled_rate"),
        (["scheme", "models", "--year", "2024", "--scheme", "x"], "there is no scheme 'x'"),
    ):
        failed = run(*wrong, code=2)
        assert text in failed.output, failed.output


def run(*arguments: str, code: int = 0) -> Any:
    for name in ("scheme", "scheme_simulate"):
        __import__(f"services.evaluation.commands.{name}")
    from services.evaluation.commands import scheme as module

    if not any(group.name == "scheme" for group in commands.app.registered_groups):
        module.register(commands.app)
    done = CliRunner().invoke(commands.app, list(arguments))
    assert done.exit_code == code, done.output
    return done


# -- models

def test_models_are_those_that_were_recognised_where_some_are(db: Db) -> None:
    ward(db, 2)
    tell(db, activity(
        "practice", "practice.noted", "2024-12-20", team="Tổ hòa giải 2", title="Sổ tay từng ngõ", practice="Ghi mỗi tuần.",
    ))
    score(db)
    replica = Replica()
    found = queries.registry(db, shipped(), replica, "hanoi-v2", 2024, fewest=1)
    assert found["basis"] == "met"
    db["recognitions"].insert_one({"_id": "x", "team": code(2), "year": 2024, "state": "recognised"})
    found = queries.registry(db, shipped(), replica, "hanoi-v2", 2024, fewest=1)
    assert (found["basis"], found["teams"]) == ("recognised", {"good": 1, "others": 1})
    (model,) = found["models"]
    assert (model["team"], model["good"], model["unit_name"], model["practice"]) == (code(2), True, "Bồ Đề", "Ghi mỗi tuần.")
    classes = next(p for p in found["practices"] if p["code"] == "classes")
    assert classes["enough"]
    assert classes["difference"] == [0, 1]
    assert queries.registry(db, shipped(), replica, "hanoi-v2", 2024, unit="none")["teams"] == {"good": 0, "others": 0}
    with pytest.raises(queries.UnknownScheme):
        queries.registry(db, shipped(), replica, "x", 2024)
