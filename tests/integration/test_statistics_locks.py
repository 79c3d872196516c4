"""A month that is locked stays as it was counted; what comes later stands beside it, on real servers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from services.evaluation import locking
from services.evaluation.commands import report_odd
from services.evaluation.queries import Asked, check
from services.evaluation.queries.locks import statistics_lock, statistics_locks
from services.evaluation.queries.odd import statistics_odd
from services.evaluation.rules import shipped
from services.evaluation.store import Db, directory, locks
from shared.contracts import When, record_id
from shared.contracts.outgoing import Place, RecordChanged
from tests.integration.test_evaluation_service import Wire, ask, wire  # noqa: F401 - fixtures
from tests.integration.test_evaluation_store import World
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses, namtot
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, subject_of, team, unit

MONTH = "2024-03"
TWO = Place(source=SOURCE, team="Tổ hòa giải 2")


class Ward(World):
    def take(self, *changes: Any) -> Any:
        taken = super().take(*changes)
        locking.freeze(self.db, self.replica, changes, self.now)
        return taken

    def status(self, code: str = UNIT, period: str = MONTH) -> dict[str, Any]:
        return statistics_lock(self.db, self.replica, code, period)


@pytest.fixture
def ward(db: Db) -> Ward:
    world = Ward(db)
    directory.take(db, [team(1), team(2)], [unit()], world.now)
    return world


def lock(name: str = "chot", on: str = "2024-04-02", n: int = 1, **more: Any) -> RecordChanged:
    return activity(name, "statistics.locked", on, n, **{"unit": UNIT, "month": MONTH, **more})


def submitted(number: int, on: str = "2024-04-01", **more: Any) -> RecordChanged:
    return activity(f"nop/{number}", "statistics.submitted", on, team=f"Tổ hòa giải {number}", month=MONTH, **more)


def ids(*numbers: int) -> list[str]:
    return sorted(record_id(subject_of(number)) for number in numbers)


def moved(status: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {one["figure"]: (one["locked"], one["now"]) for one in status["corrections"]}


def test_what_comes_after_the_lock_is_a_correction_and_the_lock_stays(ward: Ward) -> None:
    ward.take(case(1), case(2, "not_settled"), submitted(1), lock(number="41/BC", by_role="chair"))
    before = ward.status()
    assert [one["team"] for one in before["missing"]] == [code(2)] and [one["team"] for one in before["submitted"]] == [code(1)]
    assert before["locked"]["figures"]["received"] == {"value": 2, "cases": ids(1, 2)} and before["corrections"] == []
    assert (before["locked"]["number"], before["locked"]["flags"]) == ("41/BC", ["teams_missing"])
    late = case(3, place=TWO)
    ward.take(msgspec.structs.replace(late, state=msgspec.structs.replace(late.state, logged_on=When("2024-05-20"))))
    ward.take(case(2, "settled", n=2))
    after = ward.status()
    assert after["locked"] == before["locked"], "the lock never changes"
    assert moved(after) | {"received": (2, 3), "settled": (1, 3), "not_settled": (1, 0)} == moved(after)
    received, = (one for one in after["corrections"] if one["figure"] == "received")
    assert (received["cases_in"], received["cases_out"], received["written_at"]) == (ids(3), [], {ids(3)[0]: "2024-05-20"})
    assert ward.status(period="2024-04")["locked"] is None, "another month is not locked by it"


def test_a_second_lock_stands_beside_the_first_and_taking_it_back_brings_the_first_to_stand(ward: Ward) -> None:
    ward.take(case(1), lock())
    ward.take(case(2), lock("chot-lai", "2024-05-02"))
    both = ward.status()
    assert [one["state"] for one in both["locks"]] == ["replaced", "standing"] and both["corrections"] == []
    assert {one["figure"] for one in both["locks"][1]["changed"]} >= {"received", "settled"}
    assert "again" in both["locked"]["flags"] and "again" not in both["locks"][0]["flags"]
    assert [one["figures"]["received"]["value"] for one in both["locks"]] == [1, 2]
    again = lock("chot-lai", "2024-05-02", n=2)
    ward.take(msgspec.structs.replace(again, entries=[]))
    one = ward.status()
    assert [each["state"] for each in one["locks"]] == ["standing", "withdrawn"], "both are told"
    assert one["locked"]["on"] == "2024-04-02" and moved(one)["received"] == (1, 2)


def test_frozen_once_however_often_it_is_told_and_an_edit_is_found_out(ward: Ward) -> None:
    told = lock()
    ward.take(case(1), told)
    first = ward.status()["locked"]
    ward.take(case(2))
    ward.now += dt.timedelta(days=1)
    ward.take(told, told)
    assert ward.status()["locked"] == first and ward.db["locks"].count_documents({}) == 1
    frozen = [one for one, _, _ in locks.of(ward.db, [MONTH])]
    assert locks.freeze(ward.db, frozen, ward.now) == 0, "another instance was quicker"
    assert locks.unsound(ward.db) == []
    ward.db["locks"].update_one({}, {"$set": {"body.figures.received": []}})
    assert "touched" in ward.status()["locked"]["flags"] and len(locks.unsound(ward.db)) == 1


def test_a_lock_before_its_facts_of_an_unknown_unit_or_a_month_of_last_year_is_kept_and_told(ward: Ward) -> None:
    ward.take(lock())
    ward.take(case(1), lock("la", unit="99999"), lock("chot/12", "2025-01-05", month="2024-12"))
    assert moved(ward.status())["received"] == (0, 1), "what it was locked before is a correction"
    found = ward.status("99999")
    assert found["locked"]["flags"] == ["unit_unknown"] and found["locked"]["figures"]["received"]["value"] == 0
    assert ward.status(period="2024-12")["locked"]["on"] == "2025-01-05"
    assert all(d["_id"] < "2025" for d in ward.db["days"].find()), "a lock in January opens no year"


def test_a_month_in_which_the_unit_was_merged_counts_by_its_last_day(ward: Ward) -> None:
    old = unit("00133", "Ngọc Lâm", valid_to="2024-03-15")
    directory.take(ward.db, [], [old], ward.now)
    ward.take(case(1), lock("cu", unit="00133"), lock("moi"))
    assert "unit_not_then" in ward.status("00133")["locked"]["flags"]
    assert ward.status()["locked"]["figures"]["received"]["value"] == 1


def test_before_it_is_published_a_lock_is_told_what_would_be_noted_and_is_never_refused(ward: Ward) -> None:
    def asked(type: str, **data: Any) -> list[str]:
        answer = check(Asked(
            db=ward.db, replica=ward.replica, schemes=shipped(), default="hanoi-v2", type=type, data={"on": "2024-04-02", **data},
            subject="", source=SOURCE, now=ward.now, today=ward.today,
        ))
        assert answer["allowed"]
        return [one["code"] for one in answer["flags"]]

    ward.take(case(1), submitted(1), submitted(2))
    assert asked("statistics.locked", unit=UNIT, month=MONTH, figures={"received": 1}) == []
    ward.take(submitted(2, figures={}), lock())
    assert asked("statistics.locked", unit=UNIT, month=MONTH, figures={"received": 2}) == ["stated_differs", "again"]
    assert asked("statistics.locked", unit=UNIT, month="2024-04") == ["month_not_over", "teams_missing"]
    assert asked("statistics.locked", unit="99999", month=MONTH) == ["unit_unknown"]
    assert asked("statistics.submitted", team="Tổ hòa giải 1", month=MONTH) == []
    assert asked("statistics.submitted", team="Tổ lạ", month=MONTH) == ["team.unknown"]


def test_stated_figures_are_compared_and_a_lock_before_the_months_end_is_flagged(ward: Ward) -> None:
    ward.take(case(1), lock(on="2024-03-31", figures={"received": 2, "settled": 1}))
    locked = ward.status()["locked"]
    assert locked["flags"] == ["month_not_over", "teams_missing", "stated_differs"]
    assert locked["differing"] == [{"figure": "received", "stated": 2, "counted": 1, "cases": ids(1)}]
    assert locked["figures"]["received"]["value"] == 1, "nothing is taken from the sender"


def test_the_line_of_each_unit_says_who_is_late(ward: Ward) -> None:
    directory.take(ward.db, [team(3, places=[msgspec.structs.replace(team(3).places[0], unit="00127")])],
                   [unit("00127", "Gia Thụy")], ward.now)
    ward.take(case(1), submitted(1), lock())
    ward.take(case(2))
    found = statistics_locks(ward.db, ward.replica, MONTH)
    lines = {line["unit"]: line for line in found["units"]}
    assert found["not_locked"] == ["00127"] and lines[UNIT]["locked_on"] == "2024-04-02"
    assert (lines[UNIT]["submitted"], lines[UNIT]["missing"]) == (1, 1) and lines[UNIT]["corrections"] > 0
    one = next(line for line in statistics_locks(ward.db, ward.replica, MONTH, UNIT)["units"])
    assert one == lines[UNIT], "a unit's line is the same alone and among all"


def test_what_looks_wrong_is_told_with_its_cases_and_by_the_command(
    ward: Ward, settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = activity("khai/1", "period.declared", "2024-04-01", team="Tổ hòa giải 1", period_from="2024-03-01",
                      period_to="2024-03-31")
    earlier = [case(20 + n, received=f"2024-02-{n + 1:02}", ended="2024-02-25", place=TWO) for n in range(6)]
    later = [case(n, received=f"2024-03-{n:02}", ended="2024-03-25", place=TWO) for n in range(1, 7)]
    ward.take(*earlier, *later, case(9, received="2024-04-02", ended="2024-04-03"), silent, submitted(2, figures={"received": 5}))
    found = statistics_odd(ward.db, ward.replica, UNIT, "2024-03-01", "2024-03-31")
    assert [(one["code"], one["team"]) for one in found["odd"]] == [("copied", None), ("stated_differs", code(2))]
    assert found["odd"][0]["cases"] == ids(*range(1, 7), *range(20, 26)) and found["odd"][1]["cases"] == ids(*range(1, 7))
    assert statistics_odd(ward.db, ward.replica, None, "2024-03-01", "2024-03-31")["odd"] == found["odd"]
    ward.take(case(8))
    both = statistics_odd(ward.db, ward.replica, UNIT, "2024-03-01", "2024-03-31")["odd"]
    assert [(one["code"], one["team"], one["cases"]) for one in both if one["team"] == code(1)] == [
        ("declared_nothing", code(1), ids(8)),
    ]
    for name, value in settings_env.items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke(report_odd.report_app, ["odd", "--unit", UNIT, "--from", "2024-03-01", "--to", "2024-03-31"])
    assert run.exit_code == 0 and "Tổ khai không phát sinh" in run.stdout and "không số nào bị sửa" in run.stdout


def test_submit_lock_late_case_correction_withdrawn_through_the_running_service(
    run_service: ServiceProcesses, wire: Wire, ask: Callable[..., Any], settings_env: dict[str, str],  # noqa: F811
) -> None:
    run_service("evaluation")
    wire.tell(unit(), team(1), team(2), case(1), submitted(1), submitted(2))
    eventually(lambda: ask("statistics_lock", unit=UNIT, period=MONTH)["missing"] == []
               and ask("statistics", from_="2024-03-01", to="2024-03-31", unit=UNIT)["columns"]["received"]["value"] == 1)
    wire.tell(lock(number="41/BC-UBND"))
    eventually(lambda: ask("statistics_lock", unit=UNIT, period=MONTH)["locked"] is not None)
    wire.tell(case(2))
    eventually(lambda: ask("statistics_lock", unit=UNIT, period=MONTH)["corrections"])

    def run(*arguments: str) -> str:
        done = namtot(*arguments, environ=settings_env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    shown = run("report", "lock-status", UNIT, MONTH)
    assert "Đã nộp: 2/2 tổ" in shown and "41/BC-UBND" in shown and f"1 → 2: +{ids(2)[0][:8]}" in shown
    assert ask("statistics_locks", period=MONTH)["not_locked"] == []
    wire.tell(RecordChanged(record=record_id(f"{SOURCE}/chot"), subject=f"{SOURCE}/chot", n=2, entries=[]))
    eventually(lambda: ask("statistics_lock", unit=UNIT, period=MONTH)["locked"] is None)
    told = ask("statistics_lock", unit=UNIT, period=MONTH)
    assert [one["state"] for one in told["locks"]] == ["withdrawn"] and told["corrections"] == []
