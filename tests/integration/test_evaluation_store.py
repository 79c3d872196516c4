"""Facts, placement, generations and verdicts on a real MongoDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from services.evaluation import queries, scoring
from services.evaluation.rules import shipped
from services.evaluation.store import Db, directory, facts, generations, placing, rules, verdicts
from services.evaluation.store.replica import Replica, unit_names
from shared.contracts import When
from shared.contracts.outgoing import Place, TeamPlace, VerdictChanged
from tests.unit.evaluation.told import (
    SOURCE,
    UNIT,
    activity,
    case,
    code,
    declared,
    full_year,
    meeting,
    payment,
    subject_of,
    team,
    training,
    unit,
)

NOW = dt.datetime(2025, 3, 1, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2025, 3, 1)


class World:
    """Evaluation without its shell."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.replica = Replica()
        self.now = NOW
        self.today = TODAY
        self.heard: list[VerdictChanged] = []

    def take(self, *changes: Any) -> facts.Taken:
        return facts.take(self.db, self.replica, changes, self.now)

    def teams(self, *states: Any) -> None:
        directory.take(self.db, states, [unit()], self.now)
        placing.run_moves(self.db, self.replica, self.now)

    def score(self) -> int:
        rules.follow_periods(self.db, rules.periods(self.db, shipped().values(), self.today), self.now)
        return scoring.score_waiting(self.db, self.replica, shipped(), lambda: (self.now, self.today))

    def announce(self) -> list[VerdictChanged]:
        before = len(self.heard)
        verdicts.announce(self.db, lambda events: self.heard.extend(data for _, _, data in events))
        return self.heard[before:]

    def verdict(self, number: int = 1, scheme: str = "hanoi-v2", year: int = 2024) -> dict[str, Any]:
        found = self.db["verdicts"].find_one({"_id": f"{scheme}|{year}|{code(number)}"})
        assert found is not None
        return found

    def rate(self, number: int = 1, year: int = 2024) -> tuple[int, int]:
        found = self.verdict(number, year=year)
        return found["settled"], found["rated"]

    def generation(self, number: int = 1) -> int:
        found = self.db["generations"].find_one({"_id": code(number)})
        return 0 if found is None else found["generation"]


@pytest.fixture
def world(db: Db) -> World:
    return World(db)


def everything(number: int = 1) -> list[Any]:
    who = f"Tổ hòa giải {number}"
    own = case(number, place=Place(source=SOURCE, team=who))
    return [*full_year(number), own, payment(number, who, [own.subject], "2024-03-25", "2024-03-28")]


def test_a_team_with_a_full_year_is_met(world: World) -> None:
    world.teams(team(1))
    world.take(*everything())
    assert world.score() == 1
    found = world.verdict()
    assert (found["verdict"], found["lacking"], found["settled"], found["rated"]) == ("met", [], 1, 1), found
    assert found["unit"] == UNIT
    tree = queries.explain(world.db, shipped(), world.replica, "tổ hoà giải 01", "hanoi-v2", 2024)
    assert tree is not None
    assert tree["verdict"] == "met"
    assert tree["about"]["unit_name"] == "Bồ Đề"


# -- versions

def test_only_newer_versions_are_applied(world: World) -> None:
    world.teams(team(1))
    assert world.take(case(1, "settled", n=2)) == (1, 0)
    assert world.take(case(1, "not_settled", n=1)) == (0, 1)
    assert world.take(case(1, "not_settled", n=2)) == (0, 1)
    world.score()
    assert world.rate() == (1, 1)
    assert world.take(case(1, "not_settled", n=3), case(1, "settled", n=2), case(1, "received", n=1)) == (1, 2)
    world.score()
    assert world.rate() == (0, 1)


def test_a_replay_scores_nobody(world: World) -> None:
    world.teams(team(1))
    told = everything()
    world.take(*told)
    world.score()
    before = world.generation()
    assert world.take(*told) == (0, len(told))
    assert world.generation() == before
    assert world.score() == 0


def test_a_withdrawn_activity_leaves_its_team(world: World) -> None:
    world.teams(team(1))
    world.take(meeting(1, "half_year", "2024-06-10"))
    world.score()
    assert "meetings.half_year.missing" not in world.verdict()["lacking"]
    gone = meeting(1, "half_year", "2024-06-10", n=2)
    gone = type(gone)(record=gone.record, subject=gone.subject, n=2, entries=[])
    world.take(gone)
    world.score()
    assert "meetings.half_year.missing" in world.verdict()["lacking"]


def test_a_case_and_an_activity_may_share_a_subject(world: World) -> None:
    world.teams(team(1))
    shared = case(1)
    asked = activity("x", "coordination.requested", "2024-03-05", team="Tổ hòa giải 1", agency="Công an")
    world.take(shared, type(asked)(record=shared.case, subject=shared.subject, n=shared.n, entries=asked.entries))
    world.score()
    assert world.rate() == (1, 1)
    assert "coordination.answer.missing" in world.verdict()["lacking"]


# -- placement

def test_facts_wait_for_their_team(world: World) -> None:
    world.take(*everything())
    assert world.score() == 0
    rows = queries.unplaced(world.db)
    assert {row["team"] for row in rows} == {"Tổ hòa giải 1"}
    assert len(rows) == len(everything())
    world.teams(team(1))
    assert queries.unplaced(world.db) == []
    assert world.score() == 1
    assert world.verdict()["verdict"] == "met"


def test_a_confirmed_name_moves_facts_from_team_to_team(world: World) -> None:
    world.teams(team(1), team(2))
    world.take(case(1, place=Place(source=SOURCE, team="Tổ của ông Sáu")))
    assert [row["kind"] for row in queries.unplaced(world.db)] == ["case"]
    world.teams(team(1, n=2, names=("Tổ hòa giải 1", "Tổ của ông Sáu")))
    world.score()
    assert world.rate(1) == (1, 1)
    before = world.generation(1), world.generation(2)
    world.teams(team(1, n=3))
    world.teams(team(2, n=2, names=("Tổ hòa giải 2", "to cua ong sau")))
    assert world.generation(1) > before[0]
    assert world.generation(2) > before[1]
    world.score()
    assert world.rate(1) == (0, 0)
    assert world.rate(2) == (1, 1)


def test_unit_and_group_place_by_the_day(world: World) -> None:
    """A team that moved in mid-year: the group's cases follow whoever works there on the day."""
    moved = team(1, places=[
        TeamPlace(unit=UNIT, group="TDP 5", valid_from=When("2010-01-01"), valid_to=When("2024-06-01")),
        TeamPlace(unit="00127", group="TDP 9", valid_from=When("2024-06-01")),
    ])
    after = team(2, places=[TeamPlace(unit=UNIT, group="TDP 5", valid_from=When("2024-06-01"))])
    world.teams(moved, after)
    there = Place(source="urn:app", unit=UNIT, group="Tổ dân phố số 05")
    world.take(case(1, place=there, received="2024-05-31", ended="2024-06-20"), case(2, place=there, received="2024-06-01"))
    world.score()
    assert world.rate(1) == (1, 1)
    assert world.rate(2) == (1, 1)
    assert world.verdict(1)["unit"] == "00127"


def test_one_class_touches_every_team_that_it_names(world: World) -> None:
    world.teams(*(team(n) for n in range(1, 6)))
    world.score()
    before = [world.generation(n) for n in range(1, 6)]
    world.take(training(1, tuple(f"Tổ hòa giải {n}" for n in range(1, 5))))
    assert [world.generation(n) - b for n, b in enumerate(before, 1)] == [1, 1, 1, 1, 0]


def test_a_team_merged_away_hands_on_what_comes_later(world: World) -> None:
    world.teams(team(1), team(2), team(3))
    world.take(case(1), case(2, received="2024-08-01", ended="2024-08-20"))
    world.score()
    assert world.rate(1) == (2, 2)
    world.teams(team(1, n=2, ended_on=When("2024-07-01"), merged_into=code(2)))
    world.score()
    assert world.rate(2) == (1, 1)
    assert world.db["verdicts"].find_one({"team": code(1), "year": 2024}) is None
    # and its heir's heir inherits what named the first
    world.teams(team(2, n=2, ended_on=When("2024-07-15"), merged_into=code(3)))
    world.score()
    assert world.rate(3) == (1, 1)


def test_a_change_of_members_moves_nothing(world: World) -> None:
    world.teams(team(1))
    directory.take(world.db, [team(1, n=2, members=[])], [], NOW)
    assert world.db["moves"].count_documents({}) == 0
    assert world.score() == 1


def test_a_move_that_a_crash_left_behind_is_done_later(world: World) -> None:
    world.take(case(1))
    directory.take(world.db, [team(1)], [], NOW)      # and then nothing: the process died
    assert world.db["moves"].count_documents({}) == 1
    assert placing.run_moves(world.db, world.replica, NOW, before=NOW) == 0
    later = NOW + dt.timedelta(minutes=1)
    assert placing.run_moves(world.db, world.replica, later, before=later - placing.LEFT_OVER) == 1
    assert world.db["moves"].count_documents({}) == 0
    world.score()
    assert world.rate() == (1, 1)


def test_a_fact_stored_beside_a_directory_change_is_placed_when_it_is_delivered_again(world: World) -> None:
    """Its transaction did not see the team, the team's did not see it, and the process died before looking again."""
    stale = Replica()
    change = case(1)
    stale.refresh(world.db)
    directory.take(world.db, [team(1)], [], NOW)
    placing.run_moves(world.db, world.replica, NOW)
    document = facts.document_of(change, stale)
    world.db["cases"].insert_one({"_id": change.case, **document})
    world.db["days"].insert_one({"_id": "2024-03-04"})
    assert len(queries.unplaced(world.db)) == 1
    assert world.take(change) == (0, 1)
    assert queries.unplaced(world.db) == []
    world.score()
    assert world.rate() == (1, 1)


# -- links

def test_a_linked_case_counts_where_its_primary_does(world: World) -> None:
    world.teams(team(1), team(2))
    world.take(case(1, linked_to=subject_of(2)))
    world.score()
    assert world.rate(1) == (1, 1), "its primary is unknown, so it counts in its place"
    world.take(case(2, place=Place(source=SOURCE, team="Tổ hòa giải 2")))
    world.score()
    assert world.rate(1) == (0, 0)
    assert world.rate(2) == (1, 1)


def test_two_links_to_an_unknown_case_count_once(world: World) -> None:
    world.teams(team(1), team(2))
    world.take(case(1, linked_to=subject_of(9), received="2024-03-05"))
    world.score()
    world.take(case(2, linked_to=subject_of(9), place=Place(source=SOURCE, team="Tổ hòa giải 2")))
    world.score()
    assert (world.rate(1), world.rate(2)) == ((0, 0), (1, 1))
    # and when the earlier one is unlinked, both count
    world.take(case(2, n=2, place=Place(source=SOURCE, team="Tổ hòa giải 2")))
    world.score()
    assert (world.rate(1), world.rate(2)) == ((1, 1), (1, 1))


# -- generations

def test_older_data_can_never_win(world: World) -> None:
    world.teams(team(1))
    world.take(case(1, "not_settled"))
    rules.follow_periods(world.db, rules.periods(world.db, shipped().values(), TODAY), NOW)
    slow = generations.claim(world.db, 10, NOW)
    old = scoring.score(world.db, world.replica, shipped(), sorted(slow), TODAY)
    world.take(case(1, "settled", n=2))
    later = NOW + generations.CLAIM
    fast = generations.claim(world.db, 10, later)
    assert fast[code(1)] > slow[code(1)]
    new = scoring.score(world.db, world.replica, shipped(), sorted(fast), TODAY)
    verdicts.write(world.db, fast, new, TODAY, later)
    generations.scored(world.db, fast, later)
    verdicts.write(world.db, slow, old, TODAY, later)
    generations.scored(world.db, slow, NOW)
    assert world.rate() == (1, 1)
    assert world.verdict()["generation"] == fast[code(1)]
    assert generations.lag(world.db, later) == (0, 0.0)


def test_what_changes_while_it_is_scored_waits_on(world: World) -> None:
    world.teams(team(1))
    claimed = generations.claim(world.db, 10, NOW)
    world.take(case(1))
    generations.scored(world.db, claimed, NOW)
    assert generations.lag(world.db, NOW + dt.timedelta(seconds=7)) == (1, 7.0)
    world.score()
    assert world.rate() == (1, 1)


def test_a_claim_runs_out_with_its_owner(world: World) -> None:
    world.teams(team(1))
    assert generations.claim(world.db, 10, NOW)
    assert generations.claim(world.db, 10, NOW) == {}
    assert generations.claim(world.db, 10, NOW + generations.CLAIM)


def test_a_burst_is_scored_once(world: World) -> None:
    world.teams(team(1))
    for n in range(1, 21):
        world.take(case(n))
    assert world.score() == 1
    assert world.rate() == (20, 20)


def test_teams_in_many_chunks(world: World) -> None:
    world.teams(*(team(n) for n in range(1, 31)))
    world.take(*(case(n, place=Place(source=SOURCE, team=f"Tổ hòa giải {n}")) for n in range(1, 31)))
    done: list[str] = []
    scoring.score_waiting(world.db, world.replica, shipped(), lambda: (NOW, TODAY), done.extend, chunk=7)
    assert sorted(done) == sorted(code(n) for n in range(1, 31))
    assert all(world.rate(n) == (1, 1) for n in range(1, 31))


# -- announcements

def test_a_verdict_is_announced_when_it_or_what_is_lacking_changes(world: World) -> None:
    world.teams(team(1))
    world.take(*everything()[:-2])
    world.score()
    first = {(v.scheme, v.year): v for v in world.announce()}
    assert first["hanoi-v2", 2024].verdict == "not_enough_evidence"
    assert "declaration.missing" in first["hanoi-v2", 2024].lacking
    assert world.announce() == []
    world.take(declared(1, "Tổ hòa giải 1"))
    world.score()
    again = {(v.scheme, v.year): v for v in world.announce()}
    assert again["hanoi-v2", 2024].lacking != first["hanoi-v2", 2024].lacking
    assert again["hanoi-v2", 2024].generation > first["hanoi-v2", 2024].generation
    # a fact that changes neither is not told
    world.take(activity("tuyen-truyen", "outreach.held", "2024-05-01", team="Tổ hòa giải 1", title="Luật"))
    assert world.score() == 1
    assert world.announce() == []


def test_an_announcement_that_failed_is_made_again(world: World) -> None:
    world.teams(team(1))
    world.score()

    def broken(events: Sequence[Any]) -> None:
        raise ConnectionError("the broker is away")

    with pytest.raises(ConnectionError):
        verdicts.announce(world.db, broken)
    assert world.announce()
    assert world.announce() == []


def test_a_change_during_an_announcement_is_announced_after_it(world: World) -> None:
    world.teams(team(1))
    world.take(*everything()[:-2])
    world.score()

    def publish(events: Sequence[Any]) -> None:
        if not world.heard:
            world.take(declared(1, "Tổ hòa giải 1"))
            world.score()
        world.heard.extend(data for _, _, data in events)

    verdicts.announce(world.db, publish)
    of_v2 = [v for v in world.heard if (v.scheme, v.year) == ("hanoi-v2", 2024)]
    assert len(of_v2) == 2
    assert of_v2[0].generation < of_v2[1].generation


# -- years, rules, time

def test_every_year_with_a_fact_is_scored_and_the_present_one(world: World) -> None:
    world.teams(team(1))
    world.score()
    assert {d["year"] for d in world.db["verdicts"].find({})} == {2025}
    world.teams(team(2))
    world.take(case(1, received="2021-05-01", ended="2021-05-20"))
    world.score()
    years = {(d["team"], d["scheme"], d["year"]) for d in world.db["verdicts"].find({})}
    assert years == {(code(n), s, y) for n in (1, 2) for s in shipped() for y in (2021, 2025)}


def test_a_scheme_is_not_applied_before_it_began(world: World) -> None:
    world.teams(team(1))
    world.take(case(1, received="2012-05-01", ended="2012-05-20"))
    world.score()
    assert {d["scheme"] for d in world.db["verdicts"].find({"year": 2012})} == {"hanoi-v1"}


def test_time_alone_can_change_a_verdict(world: World) -> None:
    world.today = dt.date(2024, 7, 31)
    world.teams(team(1))
    world.take(case(1))
    world.score()
    first = world.verdict(1)
    assert "coordination.attestation.missing" not in first["lacking"]
    assert verdicts.due_for_a_look(world.db, world.today) == []
    world.today = dt.date(2024, 11, 20)
    due = verdicts.due_for_a_look(world.db, world.today)
    assert due == [code(1)]
    assert generations.bump_idle(world.db, due, NOW) == 1
    assert generations.bump_idle(world.db, due, NOW) == 0
    world.score()
    assert "coordination.attestation.missing" in world.verdict(1)["lacking"]
    assert verdicts.due_for_a_look(world.db, world.today) == []


def test_other_rules_take_over_when_nobody_holds_the_old_ones(world: World) -> None:
    world.teams(team(1))
    assert rules.hold(world.db, "old", NOW)
    world.score()
    assert rules.hold(world.db, "old", NOW + dt.timedelta(seconds=5))
    assert not rules.hold(world.db, "new", NOW + dt.timedelta(seconds=6))
    assert generations.lag(world.db, NOW)[0] == 0
    late = NOW + rules.HELD + dt.timedelta(seconds=6)
    assert rules.hold(world.db, "new", late)
    assert generations.lag(world.db, late)[0] == 1, "every team is scored again"
    assert not rules.hold(world.db, "old", late)
    world.score()
    rules.hold(world.db, "new", late)
    assert generations.lag(world.db, late)[0] == 0, "once"
    rules.release(world.db, "new")
    assert rules.hold(world.db, "old", late)


def test_a_crash_while_taking_over_does_not_forget_the_teams(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.teams(team(1))
    world.score()

    def crash(*_: Any) -> None:
        raise OperationFailure("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(rules, "bump_all", crash)
        with pytest.raises(OperationFailure):
            rules.hold(world.db, "new", NOW)
    assert rules.hold(world.db, "new", NOW)
    assert generations.lag(world.db, NOW)[0] == 1


# -- questions

def test_league_and_counts(world: World) -> None:
    world.teams(team(1), team(2), team(3, places=[TeamPlace(unit="00127", group="TDP 3", valid_from=When("2010-01-01"))]))
    world.take(*everything(1), case(2, "not_settled", place=Place(source=SOURCE, team="Tổ hòa giải 2")))
    world.score()
    league = queries.league(world.db, shipped(), "hanoi-v2", 2024)
    assert league["window"] == ["2023-11-01", "2024-10-31"]
    nothing = {"met": 0, "not_met": 0, "not_enough_evidence": 0, "settled": 0, "rated": 0}
    assert league["units"] == [
        {**nothing, "unit": "00118", "name": "Bồ Đề", "teams": 2, "met": 1, "not_met": 1, "settled": 1, "rated": 2},
        {**nothing, "unit": "00127", "name": "00127", "teams": 1, "not_enough_evidence": 1},
    ]
    assert [row["code"] for row in league["teams"]] == [code(1), code(2), code(3)]
    assert league["teams"][0]["criteria"] == dict.fromkeys(
        ("settled_rate", "coordination", "documents_training", "funding", "meetings"), "met"
    )
    assert queries.league(world.db, shipped(), "hanoi-v2", 2024, "00127")["teams"][0]["code"] == code(3)
    assert queries.counts(world.db, shipped(), "hanoi-v2", 2024) == {
        "met": 1, "not_met": 1, "not_enough_evidence": 1, "settled_rate": {"numerator": 1, "denominator": 2}, "teams": 3,
    }
    assert queries.league(world.db, shipped(), "hanoi-v2", 2010)["window"] == []
    assert queries.counts(world.db, shipped(), "hanoi-v2", 2010)["teams"] == 0
    assert queries.teams_by_verdict(world.db, [2024])["hanoi-v2", 2024, "met"] == 1


def test_a_reused_unit_code_has_the_name_of_the_day(world: World) -> None:
    before, after = unit(name="Ngọc Thụy", valid_to="2025-07-01"), unit(name="Bồ Đề", valid_from="2025-07-01")
    directory.take(world.db, [], [before, after], NOW)
    assert unit_names(world.db, dt.date(2024, 10, 31)) == {"00118": "Ngọc Thụy"}
    assert unit_names(world.db, dt.date(2025, 10, 31)) == {"00118": "Bồ Đề"}


def test_questions_about_nobody(world: World) -> None:
    world.teams(team(1), team(2, names=("Tổ hòa giải 2", "Tổ hòa giải 1")))
    with pytest.raises(queries.UnknownScheme, match="hanoi-v1, hanoi-v2"):
        queries.league(world.db, shipped(), "hanoi-v9", 2024)
    with pytest.raises(queries.UnknownTeam, match="2 teams are called"):
        queries.explain(world.db, shipped(), world.replica, "Tổ hòa giải 1", "hanoi-v2", 2024)
    with pytest.raises(queries.UnknownTeam, match="no team is called"):
        queries.explain(world.db, shipped(), world.replica, "Tổ nào", "hanoi-v2", 2024)
    assert queries.explain(world.db, shipped(), world.replica, code(1), "hanoi-v2", 2024) is None


def test_the_wards_queue(world: World) -> None:
    world.take(
        case(1, place=Place(source="urn:app", unit=UNIT)), case(2, place=Place(source="urn:app", unit="00127", group="TDP 9")),
    )
    assert len(queries.unplaced(world.db)) == 2
    (row,) = queries.unplaced(world.db, "00127")
    assert (row["unit"], row["group"], row["subject"]) == ("00127", "TDP 9", subject_of(2))
    assert queries.unplaced_count(world.db) == 2
