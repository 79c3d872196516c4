"""Closing a commune's year on a real MongoDB: frozen whole or not at all, never rewritten; whoever touches it is found out."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from bson.binary import Binary

from services.evaluation import praising, queries, recognising
from services.evaluation.chosen import Chosen
from services.evaluation.closing import PATIENCE, Closer
from services.evaluation.domain.closing.canonical import content_hash
from services.evaluation.domain.closing.comparing import FactChange
from services.evaluation.domain.rules import Dated, MonthDay, Window
from services.evaluation.queries import closing
from services.evaluation.rules import shipped
from services.evaluation.store import Db, closings, directory
from services.evaluation.verifying import YearCheck, verify_year
from shared.calendar import Span
from shared.contracts import When, record_id
from shared.contracts.outgoing import TeamPlace
from tests.integration.test_evaluation_store import World, everything
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, meeting, team, unit

DEFAULT = "hanoi-v2"


class Commune(World):
    """Two teams with a full year 2024, seen on 01/03/2025."""

    def closer(self) -> Closer:
        return Closer(db=self.db, replica=self.replica, schemes=shipped(), default=DEFAULT, now=self.now, today=self.today)

    def close(self, on: str = "2024-12-12", name: str = "khoa-so/2024", **more: Any) -> int:
        self.take(activity(name, "evaluation.closed", on, **{"unit": UNIT, "year": 2024, **more}))
        return self.settle()

    def correct(self, number: int, on: str = "2025-02-01") -> int:
        self.correct_only(number, on)
        return self.settle()

    def correct_only(self, number: int, on: str = "2025-02-01") -> None:
        self.take(activity(
            f"hieu-chinh/{number}", "evaluation.corrected", on, team="Tổ hòa giải 1", year=2024, reason="bổ sung vụ việc",
            by="cb-7",
        ))
        self.score()

    def settle(self) -> int:
        """Score who waits, then close and correct what is due; how many heads were written."""
        self.score()
        made = self.closer().run().made
        self.score()
        return made

    def closed(self, number: int = 1, revision: int = 0) -> dict[str, Any]:
        found = self.db["closed"].find_one({"_id": f"{UNIT}|2024|{code(number)}|{revision}"})
        assert found is not None
        return found

    def verify(self) -> YearCheck:
        return verify_year(self.db, self.replica, UNIT, 2024)

    def why(self) -> dict[int, str]:
        names = {code(n): n for n in (1, 2)}
        return {names[check.team]: check.found.why for check in self.verify().teams}

    def beside(self) -> dict[str, Any]:
        tree = queries.explain(self.db, shipped(), self.replica, code(1), DEFAULT, 2024)
        assert tree is not None
        found: dict[str, Any] = tree["about"]["closed"]
        return found


@pytest.fixture
def commune(db: Db) -> Commune:
    world = Commune(db)
    world.teams(team(1), team(2))
    world.take(*everything(1), *everything(2))
    return world


def late_case(status: str = "not_settled", n: int = 1) -> Any:
    return case(77, status, n, received="2024-10-01", ended="2024-10-20")


def test_what_was_closed_stays_and_only_a_recorded_correction_adds_to_it(commune: Commune) -> None:
    assert commune.close() == 1
    assert {commune.closed(n)["verdict"] for n in (1, 2)} == {"met"}
    assert commune.verify().ok
    assert commune.beside()["differs"] is False

    commune.take(late_case())
    commune.settle()
    assert (commune.verdict()["verdict"], commune.closed()["verdict"]) == ("not_met", "met")
    assert commune.beside()["differs"] is True
    check = commune.verify()
    assert not check.ok and commune.why() == {1: "facts", 2: "same"}
    found = next(c.found for c in check.teams if c.team == code(1))
    assert (found.closed, found.now) == ("met", "not_met")
    assert found.changes == (FactChange("case", late_case().case, "added"),)

    before = [commune.closed(n) for n in (1, 2)]
    assert commune.correct(1) == 1
    revised = commune.closed(revision=1)
    assert (revised["verdict"], revised["cause"]["reason"], revised["cause"]["by"]) == ("not_met", "bổ sung vụ việc", "cb-7")
    assert [commune.closed(n) for n in (1, 2)] == before, "earlier revisions stay as they were"
    assert commune.verify().ok and len(closings.heads_of(commune.db, UNIT, 2024)) == 2
    beside = commune.beside()
    assert (beside["verdict"], beside["differs"], len(beside["revisions"])) == ("not_met", False, 2)


def test_before_the_closing_everything_flows_through(commune: Commune) -> None:
    commune.settle()
    commune.take(late_case())
    commune.settle()
    commune.take(late_case("settled", n=2))
    assert commune.close() == 1
    assert commune.closed()["settled"] == 2
    assert commune.correct(1, on="2024-12-01") == 0, "written up before the closing there is nothing to correct"


def test_nothing_is_frozen_while_a_team_waits(commune: Commune) -> None:
    commune.take(activity("khoa-so/2024", "evaluation.closed", "2024-12-12", unit=UNIT, year=2024))
    commune.score()
    commune.take(meeting(5, "exchange", "2024-05-05"))
    assert commune.closer().run().made == 0
    assert commune.db["closed"].count_documents({}) == 0
    assert commune.settle() == 1
    assert commune.db["due"].count_documents({}) == 0, "empty at rest"


def test_a_closing_does_not_overtake_what_was_sent_before_it(commune: Commune) -> None:
    """Years of events come in at once, as when evaluation is built up again: the closing is there before the last facts are."""
    commune.take(activity("khoa-so/2024", "evaluation.closed", "2024-12-12", unit=UNIT, year=2024))
    commune.score()
    assert replace(commune.closer(), quiet=False).run() == (0, 0)
    commune.take(late_case())
    commune.teams(team(3))
    commune.score()
    commune.take(activity("hop/99", "meeting.held", "2024-05-05", team="Tổ hòa giải 3", kind="exchange"))
    assert commune.closer().run() == (0, 0), "somebody waits, if only for what another year is about"
    commune.score()
    assert commune.closer().run() == (1, 0)
    assert commune.closed()["rated"] == 2
    # a city in which something happens all the time closes its years too
    commune.correct_only(1)
    busy = replace(commune.closer(), quiet=False)
    assert busy.run() == (0, 0)
    assert replace(busy, now=busy.now + PATIENCE).run() == (1, 0)


def test_a_year_is_not_closed_before_its_window_is_over(commune: Commune) -> None:
    commune.today = dt.date(2024, 10, 31)
    assert commune.close(on="2024-10-30") == 0
    assert commune.closer().run().made == 0
    commune.today = dt.date(2024, 11, 1)
    assert commune.closer().run().made == 1
    assert commune.closed()["today"] == "2024-11-01"


def test_closed_twice_and_noted_again_is_closed_once(commune: Commune) -> None:
    assert commune.close() == 1
    before = list(commune.db["closed"].find()), list(commune.db["closings"].find())
    assert commune.close(name="khoa-so/2024-lan-2", on="2024-12-20") == 0
    closings.note(commune.db, {(UNIT, 2024): [code(1)]}, commune.now)
    assert commune.closer().run().made == 0
    assert (list(commune.db["closed"].find()), list(commune.db["closings"].find())) == before


def test_two_instances_close_at_once(commune: Commune) -> None:
    commune.take(activity("khoa-so/2024", "evaluation.closed", "2024-12-12", unit=UNIT, year=2024))
    commune.score()
    frozen = []
    freeze = closings.freeze

    def beaten(*given: Any) -> bool:
        frozen.append(freeze(*given))
        return freeze(*given)  # as the other one, a moment later

    closings.freeze = beaten  # type: ignore[assignment]
    try:
        commune.closer().run()
    finally:
        closings.freeze = freeze
    assert frozen == [True]
    assert commune.db["closings"].count_documents({}) == 1
    commune.score()
    assert commune.verify().ok


def test_a_team_that_changes_while_it_is_frozen(commune: Commune) -> None:
    """The fact comes between the reading and the writing."""
    commune.take(activity("khoa-so/2024", "evaluation.closed", "2024-12-12", unit=UNIT, year=2024))
    commune.score()
    freeze = closings.freeze

    def overtaken(*given: Any) -> bool:
        commune.take(late_case())
        return freeze(*given)

    closings.freeze = overtaken  # type: ignore[assignment]
    try:
        assert commune.closer().run().made == 0
    finally:
        closings.freeze = freeze
    assert commune.db["closed"].count_documents({}) == 0
    assert commune.settle() == 1
    assert commune.closed()["rated"] == 2 and commune.verify().ok


def decided_year(commune: Commune) -> Any:
    """Both teams' way to their recognition; the decision."""
    who = ["Tổ hòa giải 1", "Tổ hòa giải 2"]
    minutes = [{"kind": "minutes", "number": "1/BB"}]
    for n, name in enumerate(who):
        commune.take(
            activity(f"tu-danh-gia/{n}", "recognition.self-assessed", "2024-11-10", team=name, year=2024, members=1, present=1,
                     agreed=1, all_met=True, evidence=minutes),
            activity(f"de-nghi/{n}", "recognition.requested", "2024-11-20", team=name, year=2024,
                     evidence=[*minutes, {"kind": "report"}]),
        )
    commune.take(activity(
        "hop/2024", "recognition.reviewed", "2024-12-01", unit=UNIT, year=2024, chair="commune_leader", front_present=True,
        results=[{"team": name, "recognise": True} for name in who], evidence=minutes,
    ))
    assert commune.settle() == 0
    decision = activity(
        "quyet-dinh/2024", "recognition.decided", "2024-12-10", unit=UNIT, year=2024, number="12/QĐ-UBND",
        signed_by="commune_chair", recognised=who, declined=[],
    )
    commune.take(decision)
    return decision


def test_a_decision_on_recognition_closes_the_year(commune: Commune) -> None:
    decided_year(commune)
    assert commune.settle() == 1
    head = closings.heads_of(commune.db, UNIT, 2024)[0][0]
    assert (head.cause.type, head.cause.number) == ("recognition.decided", "12/QĐ-UBND")
    assert {commune.closed(n)["state"] for n in (1, 2)} == {"recognised"}


def undone(commune: Commune) -> set[tuple[str | None, ...]]:
    """What is told of it where anybody looks."""
    scheme = closing.scheme_of(commune.db, shipped(), DEFAULT, UNIT, 2024)["closed"]
    board = queries.recognitions(commune.db, shipped(), DEFAULT, UNIT, 2024, commune.today)
    sheet = queries.result_sheet(commune.db, shipped(), DEFAULT, UNIT, 2024, commune.today)
    assert sheet is not None
    told = (scheme["undone"], board["undone"], sheet["closing"]["undone"], commune.beside()["undone"])
    return {(None,) if one is None else (one["code"], one["vi"], one["en"]) for one in told}


def again(told: Any, n: int, **data: Any) -> Any:
    """The same record when its entry was corrected, or (without data) withdrawn."""
    entries = [msgspec.structs.replace(entry, data={**entry.data, **data}, on=When(data["on"])) for entry in told.entries if data]
    return msgspec.structs.replace(told, n=n, entries=entries)


def test_a_closing_that_is_taken_back_later_is_told_and_undoes_nothing(commune: Commune) -> None:
    notice = activity("khoa-so/2024", "evaluation.closed", "2024-12-12", unit=UNIT, year=2024, number="7/TB-UBND")
    commune.take(notice)
    commune.settle()
    before = commune.closed()
    assert undone(commune) == {(None,)}

    commune.take(again(notice, 2, on="2024-12-13"))
    commune.settle()
    ((code_, vi, en),) = undone(commune)
    assert code_ == "closing.changed" and "7/TB-UBND ngày 12/12/2024" in str(vi) and "corrected since" in str(en)

    commune.take(again(notice, 3))
    commune.settle()
    ((code_, vi, en),) = undone(commune)
    assert code_ == "closing.withdrawn" and "sau đó đã bị rút" in str(vi) and "What was frozen stays" in str(en)
    assert commune.closed() == before and commune.verify().ok

    commune.take(again(notice, 4, on="2024-12-12"))
    assert undone(commune) == {(None,)}, "a withdrawal may itself be withdrawn"


def test_a_decision_that_closed_the_year_may_be_withdrawn_while_its_team_waits_or_has_moved(commune: Commune) -> None:
    decision = decided_year(commune)
    commune.settle()
    commune.take(late_case())
    assert undone(commune) == {(None,)}, "a team that waits to be scored proves nothing"
    commune.teams(*(team(n, n=2, places=[
        TeamPlace(unit=UNIT, group=f"TDP số {n}", valid_from=When("2010-01-01"), valid_to=When("2024-06-01")),
        TeamPlace(unit="00130", group=f"TDP số {n}", valid_from=When("2024-06-01")),
    ]) for n in (1, 2)))
    commune.score()
    head = closings.first_heads(commune.db, [UNIT])[UNIT, 2024]
    assert closing.undone_since(commune.db, head) is None, "the directory's change is no withdrawal"
    commune.take(again(decision, 2))
    told = closing.undone_since(commune.db, head)
    assert told is not None and told["code"] == "closing.withdrawn" and "quyết định về công nhận số 12/QĐ-UBND" in told["vi"]


def test_a_commune_is_the_unit_on_the_windows_last_day(commune: Commune) -> None:
    moved = team(2, n=2, places=[
        TeamPlace(unit="00127", group="TDP số 2", valid_from=When("2010-01-01"), valid_to=When("2024-07-01")),
        TeamPlace(unit=UNIT, group="TDP số 2", valid_from=When("2024-07-01"), valid_to=When("2024-12-01")),
        TeamPlace(unit="00130", group="TDP số 2", valid_from=When("2024-12-01")),
    ])
    commune.teams(moved)
    commune.close()
    assert {d["team"] for d in commune.db["closed"].find({"unit": UNIT})} == {code(1), code(2)}
    commune.close(name="khoa-so/00130", unit="00130")
    assert commune.db["closed"].count_documents({"unit": "00130"}) == 0


# -- criteria of one's own

def chose(name: str, on: str, **more: Any) -> Any:
    return activity(f"bo-tieu-chi/{name}", "evaluation.scheme-chosen", on, **{
        "unit": UNIT, "year": 2024, "scheme": "hanoi-v2", "changes": [], "additions": [], **more,
    })


RATE = [{"at": "settled_rate.threshold", "value": "95%", "citation": "NQ 12/NQ-HĐND phường"}]


def test_a_commune_with_values_of_its_own(commune: Commune) -> None:
    commune.take(chose("1", "2024-01-10", changes=RATE, number="05/KH-UBND"), late_case())
    commune.take(*(case(n, received="2024-05-01", ended="2024-05-09") for n in range(80, 90)))
    commune.settle()
    found = closing.scheme_of(commune.db, shipped(), DEFAULT, UNIT, 2024)
    own = found["scheme"]
    assert (found["base"], found["variant"], found["number"]) == ("hanoi-v2", own, "05/KH-UBND") and own.startswith("hanoi-v2+")
    assert commune.rate() == (11, 12)
    assert (commune.verdict(scheme=own)["criteria"]["settled_rate"], commune.verdict()["criteria"]["settled_rate"]) == (
        "not_met", "met",
    )
    assert commune.verdict(scheme=own)["base"] == "hanoi-v2"
    told = {(one.scheme, one.counts) for one in commune.announce() if one.team == code(1) and one.year == 2024}
    assert told == {(own, True), ("hanoi-v2", False), ("hanoi-v1", False)}, "a team is told what it lacks under its commune's"
    league = queries.league(commune.db, shipped(), own, 2024)
    assert {row["code"] for row in league["teams"]} == {code(1), code(2)} and league["window"]
    explained = queries.explain(commune.db, shipped(), commune.replica, code(1), own, 2024)
    assert explained is not None and "95%" in str(explained["children"][0]["threshold"])

    commune.close()
    assert commune.closed()["scheme"] == own
    commune.take(chose("2", "2024-12-20"))
    commune.settle()
    after = closing.scheme_of(commune.db, shipped(), DEFAULT, UNIT, 2024)
    assert after["scheme"] == own and [r["code"] for r in after["refused"]] == ["scheme.closed"]
    assert after["closed"]["scheme"] == own
    assert commune.why() == {1: "same", 2: "same"}, "the closed scheme is read back from the text that was frozen"


def test_a_choice_that_cannot_be_followed(commune: Commune) -> None:
    commune.take(chose("1", "2024-01-10", changes=[{"at": "settled_rate.treshold", "value": "95%", "citation": "x"}]))
    commune.take(chose("2", "2024-01-11", scheme="hanoi-v9"))
    commune.settle()
    found = closing.scheme_of(commune.db, shipped(), DEFAULT, UNIT, 2024)
    assert (found["scheme"], found["chosen_on"]) == (DEFAULT, None)
    assert [(r["code"], r["field"]) for r in found["refused"]] == [
        ("scheme.bad_value", "changes[0].at"), ("scheme.unknown_scheme", "scheme"),
    ]
    assert "settled_rate.threshold" in found["refused"][0]["en"]


def test_another_commune_keeps_the_default(commune: Commune) -> None:
    commune.take(chose("1", "2024-01-10", scheme="hanoi-v1"))
    chosen = Chosen(commune.db, shipped(), DEFAULT, [UNIT, "00127"])
    assert (chosen.of(UNIT, 2024).scheme.id, chosen.of(UNIT, 2023).scheme.id) == ("hanoi-v1", DEFAULT)
    assert chosen.of("00127", 2024).scheme.id == DEFAULT


def test_what_an_earlier_unit_of_the_same_code_decided_is_nothing_to_the_one_that_bears_it_now(commune: Commune) -> None:
    """00118 was Ngọc Thụy until 01/07/2025, and is Bồ Đề since."""
    commune.take(chose("cu", "2025-02-10", year=2025, scheme="hanoi-v1"), chose("nam-truoc", "2024-02-10", scheme="hanoi-v1"))
    assert Chosen(commune.db, shipped(), DEFAULT, [UNIT]).of(UNIT, 2025).scheme.id == "hanoi-v1"
    before, now = unit(n=2, valid_to="2025-07-01"), unit(name="Bồ Đề mới", valid_from="2025-07-01")
    directory.take(commune.db, [], [before, now], commune.now)
    chosen = Chosen(commune.db, shipped(), DEFAULT, [UNIT])
    assert (chosen.of(UNIT, 2025).scheme.id, chosen.of(UNIT, 2024).scheme.id) == (DEFAULT, "hanoi-v1")
    commune.take(chose("moi", "2025-08-01", year=2025, scheme="hanoi-v1"))
    assert Chosen(commune.db, shipped(), DEFAULT, [UNIT]).of(UNIT, 2025).scheme.id == "hanoi-v1"


def test_the_window_of_the_chosen_scheme_says_where_a_team_belongs(commune: Commune) -> None:
    base = shipped()["hanoi-v1"]
    window = replace(base.window.values[0], value=Window(first=MonthDay(1, 1), last=MonthDay(12, 31), starts_year_before=False))
    schemes = {**shipped(), "theo-lich": replace(base, id="theo-lich", window=Dated((window,)))}
    commune.take(*(chose(at, "2024-01-10", unit=at, scheme="theo-lich") for at in (UNIT, "00130")))
    commune.teams(team(2, n=2, places=[
        TeamPlace(unit=UNIT, group="TDP số 2", valid_from=When("2010-01-01"), valid_to=When("2024-11-15")),
        TeamPlace(unit="00130", group="TDP số 2", valid_from=When("2024-11-15")),
    ]))
    commune.replica.refresh(commune.db)
    chosen = Chosen(commune.db, schemes, DEFAULT, [UNIT, "00130"])
    assert recognising.window(commune.replica, chosen, code(2), 2024) == Span(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert recognising.find(commune.replica, chosen, code(2), 2024, [], {}, commune.today).seat.unit == "00130"
    assert recognising.last_day(commune.replica, chosen, code(2), 2023) == dt.date(2023, 10, 31), "chosen for 2024 only"
    assert praising.spans_of(commune.replica, chosen, code(1), [2024])[2024].last == dt.date(2024, 12, 31)

    # a unit that bears the code on the last day of that window, though not on that of the usual one, decides for itself
    before, now = unit(n=2, valid_to="2024-12-01"), unit(name="Bồ Đề mới", valid_from="2024-12-01")
    directory.take(commune.db, [], [before, now], commune.now)
    assert Chosen(commune.db, schemes, DEFAULT, [UNIT]).of(UNIT, 2024).scheme.id == DEFAULT


# -- what it comes to

def test_a_commune_and_the_city_count_what_was_closed(commune: Commune) -> None:
    def roll(year: int = 2024) -> dict[str, Any]:
        return queries.rollup(commune.db, shipped(), DEFAULT, commune.replica, year, commune.today)

    def sheet() -> dict[str, Any]:
        found = queries.result_sheet(commune.db, shipped(), DEFAULT, UNIT, 2024, commune.today)
        assert found is not None
        return found

    commune.settle()
    (row,) = roll()["units"]
    assert (row["unit"], row["name"], row["teams"], row["meets"], row["recognised"]) == (UNIT, "Bồ Đề", 2, 2, 0)
    assert (row["share"], row["good"], row["closed"]) == ([0, 2], False, False)
    open_sheet = sheet()
    assert open_sheet["cases"]["settled"]["n"] == 2 and open_sheet["head"] is None and open_sheet["closed"] is None

    commune.close()
    commune.take(late_case())
    commune.settle()
    (row,) = roll()["units"]
    assert (row["meets"], row["settled_rate"]["numerator"], row["settled_rate"]["denominator"], row["closed"]) == (2, 2, 2, True)
    closed = sheet()
    assert closed["cases"]["settled"] == open_sheet["cases"]["settled"]
    assert (closed["closed"], len(closed["head"])) == ("2024-12-12", 64)
    assert closed["teams"]["meets"]["ids"] == sorted([code(1), code(2)])
    commune.correct(1)
    (row,) = roll()["units"]
    assert (row["meets"], row["settled_rate"]["denominator"]) == (1, 3)
    assert sheet()["head"] != closed["head"] and sheet()["corrections"] == 1
    assert queries.result_sheet(commune.db, shipped(), DEFAULT, "99999", 2024, commune.today) is None
    assert roll(1990)["units"] == []


def test_what_would_have_no_effect_is_said_beforehand(commune: Commune) -> None:
    def check(type: str, **data: Any) -> tuple[list[str], list[str]]:
        found = queries.check(queries.Asked(
            db=commune.db, replica=commune.replica, schemes=shipped(), default=DEFAULT, type=f"evaluation.{type}",
            data={"on": "2025-02-01", "year": 2024, **data}, subject="", source=SOURCE, now=commune.now, today=commune.today,
        ))
        assert found["allowed"] is not bool(found["refusals"])
        return [f"{one['field']}: {one['code']}" for one in found["refusals"]], [one["code"] for one in found["flags"]]

    own = {"unit": UNIT, "scheme": "hanoi-v2"}
    commune.settle()
    assert check("scheme-chosen", **own) == ([], [])
    assert check("scheme-chosen", **{**own, "scheme": "hanoi-v9"}) == (["scheme: scheme.unknown_scheme"], [])
    bad = [{"at": "settled_rate.threshold", "value": "much", "citation": "x"}]
    assert check("scheme-chosen", **own, changes=bad) == (["changes[0].value: scheme.bad_value"], [])
    assert check("closed", unit=UNIT) == ([], [])
    assert check("closed", unit=UNIT, year=2025) == ([], ["closing.waits"])
    wrong = {"team": "Tổ hòa giải 1", "reason": "bổ sung"}
    assert check("corrected", **wrong) == (["year: correction.open"], [])
    commune.close()
    assert check("corrected", **wrong) == ([], [])
    assert check("closed", unit=UNIT) == ([], ["closing.again"])
    assert check("scheme-chosen", **own) == (["year: scheme.closed"], [])


# -- edits by hand

def edit(commune: Commune, what: str) -> str:
    """Change one thing as somebody could who has the database's password; the key under which it is found out."""
    closed, document = commune.db["closed"], commune.closed()
    key = str(document["_id"])
    match what:
        case "the verdict":
            closed.update_one({"_id": key}, {"$set": {"verdict": "not_met"}})
        case "who corrected it":
            closed.update_one({"_id": key}, {"$set": {"cause.by": "cb-9"}})
        case "the explanation":
            tree = zlib.decompress(document["tree"]).replace(b"1/1", b"9/9", 1)
            closed.update_one({"_id": key}, {"$set": {"tree": Binary(zlib.compress(tree))}})
        case "the facts":
            text = zlib.decompress(document["facts"]).replace(b"half_year", b"year", 1)
            closed.update_one({"_id": key}, {"$set": {"facts": Binary(zlib.compress(text))}})
        case "the verdict with its own hash":
            sealed = closings.stored(document).sealed
            assert sealed is not None
            forged = msgspec.structs.replace(sealed, verdict="not_met")
            closed.update_one({"_id": key}, {"$set": {"verdict": "not_met", "hash": content_hash(forged)}})
        case "taken out":
            closed.delete_one({"_id": key})
        case "put in":
            key = key[:-1] + "1"
            closed.insert_one({**document, "_id": key, "revision": 1})
        case "the head":
            commune.db["closings"].update_one({}, {"$set": {"cause.on": "2024-12-30"}})
            key = f"{UNIT}|2024|0"
        case "the scheme":
            commune.db["closings"].update_one({}, {"$set": {"scheme.number": "9/KH"}})
            key = f"{UNIT}|2024|0"
    return key


def test_edits_by_hand_are_found_out(commune: Commune) -> None:
    commune.close()
    before = {name: list(commune.db[name].find()) for name in ("closed", "closings")}
    found = {}
    for what in ("the verdict", "who corrected it", "the explanation", "the facts", "the verdict with its own hash", "taken out",
                 "put in", "the head", "the scheme"):
        key = edit(commune, what)
        check = commune.verify()
        found[what] = check.flaws.get(key)
        assert not check.ok and not closing.verify(commune.db, shipped(), DEFAULT, UNIT, 2024)["ok"], what
        told = {code(1): "same", code(2): "same"} | {one.team: one.found.why for one in check.teams}
        assert told[code(2)] == "same", "the neighbour is not blamed"
        for name, documents in before.items():
            commune.db[name].delete_many({})
            commune.db[name].insert_many(documents)
    assert found == {
        "the verdict": "content", "who corrected it": "content", "the explanation": "tree", "the facts": "facts",
        "the verdict with its own hash": "content", "taken out": "missing", "put in": "content", "the head": "head",
        "the scheme": "head",
    }
    assert commune.verify().ok


def test_a_fact_edited_in_the_database_behind_everybodys_back(commune: Commune) -> None:
    """No generation was bumped, so the live verdict still stands: only judging anew finds it."""
    commune.close()
    record = meeting(10, "half_year", "2024-06-10").record
    assert record == record_id("https://phuong.example/so-theo-doi/hop/10")
    commune.db["activities"].update_one({"_id": record}, {"$set": {"entries.0.data.kind": "other"}})
    assert commune.verdict()["verdict"] == "met"
    check = commune.verify()
    found = next(c.found for c in check.teams if c.team == code(1))
    assert (found.why, found.changes) == ("facts", (FactChange("meeting", record, "changed"),))


def test_an_unreadable_head_keeps_nobody_else_waiting(commune: Commune) -> None:
    commune.close()
    commune.db["closings"].update_one({}, {"$unset": {"cause": ""}})
    closings.note(commune.db, {(UNIT, 2024): [code(1)]}, commune.now)
    commune.take(activity("khoa-so/2023", "evaluation.closed", "2024-12-12", unit=UNIT, year=2023))
    commune.score()
    assert commune.closer().run() == (1, 1)


def test_another_release_says_so(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    commune.close()
    assert commune.verify().new_code is False
    monkeypatch.setattr("services.evaluation.verifying.rules_digest", lambda: "of another release")
    check = commune.verify()
    assert check.new_code and check.ok, "other code that comes to the same is no difference"
