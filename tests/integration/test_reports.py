"""Forms and the log book on real servers: what is not known is not 0, rows add up, names come only to who may read them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

from services.evaluation.commands import report_app, report_forms, report_logbook
from services.evaluation.queries.logbook import log_book
from services.evaluation.queries.reports import report_form, traced
from services.evaluation.queries.statistics import BadQuestion
from services.evaluation.store import Db
from shared.contracts import When, record_id
from shared.contracts.outgoing import Membership, Place
from shared.messaging.rpc import RpcClient
from shared.papers.listing.data import UNKNOWN
from shared.papers.logbook import DENIED
from tests.integration.test_evaluation_store import World
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.support.sending import PLANTED, event, sender
from tests.support.sending import SOURCE as SENDER
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, declared, team

assert report_forms and report_logbook
YEAR = ("2024-01-01", "2024-12-31")


def member(ref: str, sex: str = "female", **more: Any) -> Membership:
    return Membership(ref=ref, source=SOURCE, sex=sex, valid_from=When("2010-01-01"), **more)


@pytest.fixture
def ward(db: Db) -> World:
    """Team 1 has two cases, team 2 declared that nothing arose, team 3 said nothing; a case names only the ward."""
    world = World(db)
    world.teams(
        team(1, members=[member("a", "male", law_qualified=True), member("b"), member("c")]), team(2), team(3),
    )
    world.take(
        case(1), case(2, "not_settled"), case(3, place=Place(source=SOURCE, unit=UNIT)),
        declared(2, "Tổ hòa giải 2", *YEAR),
        activity("lop/1", "training.attended", "2024-05-06", attendance=[
            {"team": "Tổ hòa giải 1", "present": 2, "mediators": ["a", "b"]},
        ]),
    )
    return world


def filled(world: World, form: str, **more: Any) -> dict[str, Any]:
    first, last = ("", "") if "named" in more else YEAR
    return report_form(world.db, world.replica, form, UNIT, first, last, **more)


def values(row: dict[str, Any]) -> list[int | None]:
    return [cell["value"] for cell in row["cells"].values()]


def test_a_team_that_said_nothing_is_not_known_to_have_had_nothing(ward: World) -> None:
    found = filled(ward, "form-12")
    rows = {row["id"]: values(row) for row in found["rows"]}
    assert rows == {
        code(1): [2, 0, 0, 2, 1, 0, 0, 1, 1, 0, 0], code(2): [0] * 11, code(3): [None] * 11,
        "no-team": [1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0],
    }
    assert values(found["total"]) == [3, 0, 0, 3, 2, 0, 0, 2, 1, 0, 0]
    assert set(found["total"]["unknown"].values()) == {1}
    assert sorted(traced(found, "1")) == sorted(record_id(f"{SOURCE}/vu-viec/{n}") for n in (1, 2, 3))
    assert traced(found, f"{code(1)}:5") == [record_id(f"{SOURCE}/vu-viec/1")]
    with pytest.raises(BadQuestion, match="trace"):
        traced(found, "99")


def test_the_roster_is_counted_by_person_and_what_nobody_bears_was_not_told(ward: World) -> None:
    found = filled(ward, "form-10")
    (row,) = found["rows"]
    assert values(row) == [3, 5, 1, 4, 1, 4, None, 2]
    assert traced(found, "8") == [f"{code(1)} a", f"{code(1)} b"] and row["broken"] == []
    ward.take(activity("lop/2", "training.attended", "2024-06-06", attendance=[{"team": "Tổ hòa giải 2", "present": 1}]))
    assert filled(ward, "form-10")["total"]["cells"]["8"]["value"] is None, "a sheet without names"


def test_what_people_estimate_stands_beside_what_was_counted(ward: World) -> None:
    found = filled(ward, "form-12", named="2024-h1", estimates={code(1): {"1": 4, "2": 1}}, estimated_by="An")
    assert (found["to"], found["counted_to"]) == ("2024-06-30", "2024-05-31")
    assert found["rows"][0]["estimates"] == {"1": 4, "2": 1} and found["rows"][0]["cells"]["1"]["value"] == 2
    for wrong, words in (
        ({"named": "2024-h2"}, "period"), ({"named": "2024-h1", "estimates": {"HG-9": {"1": 1}}, "estimated_by": "An"}, "HG-9"),
        ({"named": "2024-official", "estimates": {"total": {"1": 1}}, "estimated_by": "An"}, "wholly counted"),
        ({"named": "2024-h1", "estimates": {"total": {"1": 1}}}, "estimated_by"),
    ):
        with pytest.raises(BadQuestion, match=words):
            filled(ward, "form-12", **wrong)
    with pytest.raises(BadQuestion, match="form-99"):
        filled(ward, "form-99")
    with pytest.raises(BadQuestion, match="no unit '99999' is known"):
        report_form(ward.db, ward.replica, "form-12", "99999", *YEAR)


def test_the_book_and_the_figures_agree_and_a_later_end_is_not_in_it(ward: World) -> None:
    until = log_book(ward.db, ward.replica, "tổ hòa giải 1", "2024-01-01", "2024-03-10")
    assert [one["status"] for one in until["cases"]] == ["mediating", "mediating"]
    whole = log_book(ward.db, ward.replica, UNIT, *YEAR)
    assert [one["team_name"] for one in whole["cases"]].count("Tổ hòa giải 1") == 2 and len(whole["cases"]) == 3
    assert len(whole["tally"][0]["cases"]) == len(filled(ward, "form-12")["total"]["cells"]["1"]["ids"]) == 3
    assert log_book(ward.db, ward.replica, code(3), *YEAR)["cases"] == []
    with pytest.raises(BadQuestion, match="nor is 'Tổ 99' a unit's code"):
        log_book(ward.db, ward.replica, "Tổ 99", *YEAR)


def test_the_commands_list_make_trace_and_refuse(
    ward: World, settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in settings_env.items():
        monkeypatch.setenv(name, value)
    run = CliRunner()
    listed = run.invoke(report_app, ["list"]).stdout
    assert "TT 17/2025/TT-BTP, 24/10/2025: hiện hành; chưa có biểu mẫu" in listed and "biểu cũ" in listed
    guess = tmp_path / "uoc-tinh.yaml"
    guess.write_text(f"by: An\nrows:\n  {code(1)}: {{\"1\": 4, \"2\": 1, \"3\": 1, \"4\": 1}}\n", encoding="utf-8")
    half = ["make", "form-12", "--unit", UNIT, "--period", "2024-h1"]
    out = tmp_path / "bieu.xlsx"
    told = run.invoke(report_app, [*half, "--estimates", str(guess), "--out", str(out)])
    assert told.exit_code == 0 and "không khớp" in told.stdout, told.output
    rows = [[cell.value for cell in row] for row in load_workbook(out).worksheets[0].iter_rows()]
    assert ["1", "Tổ hòa giải 1", 2] in [row[:3] for row in rows] and ["", "Cộng cả ước tính", 6] in [
        [row[0] or "", *row[1:3]] for row in rows
    ]
    assert any(UNKNOWN in row for row in rows)
    pdf = tmp_path / "bieu.pdf"
    assert run.invoke(report_app, [*half, "--out", str(pdf)]).exit_code == 0
    assert "chưa nhập số ước tính" in " ".join(PdfReader(io.BytesIO(pdf.read_bytes())).pages[0].extract_text().split())
    assert json.loads(run.invoke(report_app, [*half, "--json"]).stdout)["total"]["cells"]["1"]["value"] == 3
    assert len(run.invoke(report_app, [*half, "--trace", "1"]).stdout.split()) == 3
    guess.write_text("by: An\nrows:\n  total: {\"44\": 4}\n", encoding="utf-8")
    for wrong in (
        [*half], [*half, "--out", "x.doc"], [*half, "--from", "2024-01-01", "--json"], [*half, "--trace", "1:1:1"],
        [*half, "--estimates", str(guess), "--json"], [*half, "--estimates", str(tmp_path / "none"), "--json"],
        ["make", "form-9", "--period", "2024-h1", "--json"], ["logbook", "Tổ 99", "--from", "x", "--to", "y", "--out", "b.pdf"],
    ):
        assert run.invoke(report_app, wrong).exit_code == 2, wrong
    assert run.invoke(report_app, [*half, "--out", str(out)]).exit_code == 1, "what is there is kept"


def test_the_log_book_names_people_only_to_who_may_read_them_and_each_reading_is_kept(
    run_service: ServiceProcesses, amqp_uri: str, db: Db, settings_env: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    intake, evaluation = (run_service(name, wait=False) for name in ("intake", "evaluation"))
    World(db).teams(msgspec.structs.replace(team(5), names=[(SENDER, "Tổ hòa giải số 5")]))
    for name, value in settings_env.items():
        monkeypatch.setenv(name, value)
    intake.wait_ready()
    evaluation.wait_ready()
    with sender(amqp_uri) as outside, RpcClient(amqp_uri) as ask:
        outside.send([
            event("case.reported", "so-1"),
            event("case.settled", "so-2", "case://so.example/so-1", on="2024-03-09", private={"agreement": "=Hai bên giảng hòa"}),
        ])
        case_id = record_id("case://so.example/so-1")

        def taken() -> bool:
            found: dict[str, Any] = ask.call("evaluation", "log_book", where=UNIT, from_=YEAR[0], to=YEAR[1])
            assert [(one["case"], one["status"], one["team"]) for one in found["cases"]] == [(case_id, "settled", code(5))]
            assert PLANTED not in json.dumps(found, ensure_ascii=False)
            return True

        eventually(taken)
        filled = ask.call("evaluation", "report_form", form="form-12", unit=UNIT, period="2024-official")
        assert filled["total"]["cells"]["5"] == {"value": 1, "ids": [case_id]}
        assert {one["id"] for one in ask.call("evaluation", "report_forms")["forms"]} == {"form-10", "form-12"}
        run = CliRunner()
        period = ["--from", YEAR[0], "--to", YEAR[1]]

        def book(role: str, out: str) -> str:
            path = tmp_path / out
            done = run.invoke(report_app, ["logbook", code(5), *period, "--out", str(path), "--who", "an", "--role", role])
            assert done.exit_code == 0, done.output
            assert path.stat().st_mode & 0o077 == 0
            if out.endswith(".pdf"):
                return " ".join(PdfReader(path).pages[0].extract_text().replace("\u200b", "").split())
            cells = (cell.value for row in load_workbook(path).worksheets[0].iter_rows() for cell in row)
            return "\n".join(str(value) for value in cells if value is not None)

        for out in ("so.xlsx", "so.pdf"):
            told = book("team_leader", out)
            assert PLANTED in told and "=Hai bên giảng hòa" in told and DENIED not in told
        for role in ("", "operator"):
            told = book(role, f"{role or 'khong'}.xlsx")
            assert PLANTED not in told and "giảng hòa" not in told and told.count(DENIED) >= 3
        trail = outside.ask("audit", seal=True)["entries"]
        assert all(e["who"].startswith("an (login ") for e in trail)
        assert [("an", e["action"], e["role"]) for e in trail] == [
            ("an", "read_case", "team_leader"), ("an", "read_case", "team_leader"), ("an", "read_case_refused", "operator"),
        ]
        assert all(e["purpose"].startswith("log_book: HG-") and e["about"] == [case_id] for e in trail)
        intake.stop()
        gone = run.invoke(report_app, [
            "logbook", UNIT, *period, "--out", str(tmp_path / "x.pdf"), "--role", "team_leader", "--timeout", "1",
        ])
        assert gone.exit_code == 1 and not (tmp_path / "x.pdf").exists(), "no answer is an error, not an emptier book"
