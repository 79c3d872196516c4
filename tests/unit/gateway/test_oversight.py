"""How teams stand, a month's lock, forms and the log book: for whom, and what is read for them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from services.gateway.rpc import NoAnswer
from shared.people import Held
from tests.support import canned_records as records
from tests.support.site import Site
from tests.unit.gateway.test_counted import OTHER, TEAM, UNIT, links, site

SECRET = "Trần Thị Kín"
BOOK = {
    "team": None, "team_name": None, "unit": UNIT, "unit_name": "Phường Ngọc Thụy", "from": "2026-01-01", "to": "2026-11-23",
    "layout": {
        "title": {"vi": "SỔ THEO DÕI", "en": "LOG"}, "cite": "TT", "part": {"vi": "Phần I", "en": "I"},
        "tally": {"vi": "Phần II", "en": "II"}, "signatures": [{"vi": "Tổ trưởng", "en": "Leader"}],
        "columns": [{"shows": name, "title": {"vi": name, "en": name}, "width": 20} for name in ("number", "parties")],
    },
    "cases": [{"case": records.CASE, "received_on": "2026-10-01", "status": "settled", "status_on": "2026-10-20",
               "mediator": None, "invited": 0, "team_name": "Tổ 5", "carried": False, "reopened": False, "performance": None,
               "court": None}],
    "tally": [],
}
REVEALED = {"cases": {records.CASE: {"parties": [{"name": SECRET, "role": "party"}]}}}
OFFICER = Held("justice_officer", unit=UNIT)


class TestStanding:
    def test_what_lacks_by_article_and_groups_without_a_team(self, tmp_path: Path) -> None:
        text = site(tmp_path, OFFICER).get("/standing").text
        assert "Tổ phải có hòa giải viên nữ." in text and "Điều 12" in text and "Tổ dân phố số 21" in text
        assert "Chưa có nữ (7)" in text and text.count('class="card flagged"') == 7 and "hgv/52" in text
        assert links(text, "/act/directory.review.held")

    def test_all_teams_or_those_with_one_lack(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER)
        assert here.get("/standing?show=all").text.count("<h3><a") == 20
        assert here.get("/standing?show=no_leader").text.count("<h3><a") == 0

    def test_a_leader_sees_the_own_team_only(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("team_leader", team=TEAM)).get("/standing?show=all").text
        assert text.count("<h3><a") == 1 and "Tổ dân phố số 21" not in text and not links(text, "/act/directory.review.held")

    def test_another_commune_is_not_ones_own(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("justice_officer", unit=OTHER))
        assert here.get(f"/standing?unit={UNIT}").status_code == 404
        assert site(tmp_path, Held("mediator", team=TEAM)).get("/standing").status_code == 403


class TestMonth:
    def test_who_has_not_submitted_what_was_locked_and_what_changed_since(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER)
        text = here.get("/statistics/month").text
        assert dict(here.rpc.asked)["evaluation.statistics_lock"] == {"unit": UNIT, "period": "2026-10"}
        assert "Đã chốt ngày 05/11/2026" in text and "khi chốt là 1, nay là 2." in text and "3/20 tổ chưa báo đủ" in text
        assert len(links(text, "/act/statistics.submitted")) == 3
        ((_, lock),) = links(text, "/act/statistics.locked")
        assert (lock["unit"], lock["month"]) == ([UNIT], ["2026-10"])

    def test_a_leader_submits_for_the_own_team_and_locks_nothing(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("team_leader", team="HG-118002AB")).get("/statistics/month").text
        ((_, submit),) = links(text, "/act/statistics.submitted")
        assert submit["team"] == ["HG-118002AB"] and not links(text, "/act/statistics.locked")


class TestPrints:
    def form(self, here: Site, **given: str) -> dict[str, str]:
        page = here.get("/prints").text
        token = page.split('name="form_token" value="')[1].split('"')[0]
        return {"form_token": token, "where": UNIT, "from": "2026-01-01", "to": "2026-11-23", "format": "xlsx", **given}

    def cells(self, body: bytes) -> str:
        book = load_workbook(io.BytesIO(body))
        return " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)

    def test_a_log_book_with_names_is_a_reading_of_every_case_in_it(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER, evaluation__log_book=BOOK, intake__reveal_cases=REVEALED)
        answer = here.post("/prints/log-book", data=self.form(here, names="yes"))
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store", answer.text
        assert SECRET in self.cells(answer.content)
        asked = dict(here.rpc.asked)["intake.reveal_cases"]
        assert asked == {"cases": [records.CASE], "who": "an", "role": "justice_officer",
                         "purpose": f"log_book: {UNIT} 2026-01-01 2026-11-23"}

    def test_without_names_nothing_private_is_asked_for(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER, evaluation__log_book=BOOK, intake__reveal_cases=REVEALED)
        answer = here.post("/prints/log-book", data=self.form(here))
        assert answer.status_code == 200 and SECRET not in self.cells(answer.content)
        assert "intake.reveal_cases" not in dict(here.rpc.asked)

    @pytest.mark.parametrize(("role", "status"), [
        (Held("city_department"), 403), (Held("front", unit=UNIT), 403), (Held("justice_officer", unit=OTHER), 404),
    ])
    def test_nobody_else_gets_the_names(self, tmp_path: Path, role: Held, status: int) -> None:
        here = site(tmp_path, role, evaluation__log_book=BOOK, intake__reveal_cases=REVEALED)
        assert here.post("/prints/log-book", data=self.form(here, names="yes")).status_code == status
        assert "intake.reveal_cases" not in dict(here.rpc.asked)

    def test_a_book_is_whole_or_not_made(self, tmp_path: Path) -> None:
        away = NoAnswer("intake", "reveal_cases", "silent", "…")
        here = site(tmp_path, OFFICER, evaluation__log_book=BOOK, intake__reveal_cases=away)
        assert here.post("/prints/log-book", data=self.form(here, names="yes")).status_code == 503

    def test_a_form_of_another_site_prints_nothing(self, tmp_path: Path) -> None:
        here = site(tmp_path, OFFICER, evaluation__log_book=BOOK, intake__reveal_cases=REVEALED)
        answer = here.post("/prints/log-book", data=self.form(here, names="yes", form_token="x" * 43))
        assert answer.status_code == 403 and "evaluation.log_book" not in dict(here.rpc.asked)

    def test_a_statistical_form_is_asked_for_by_unit_and_period(self, tmp_path: Path) -> None:
        bad = NoAnswer("evaluation", "report_form", "failed", "…", "BadQuestion")
        here = site(tmp_path, OFFICER, evaluation__report_form=bad)
        assert here.get(f"/prints/form?form=form-12&unit={UNIT}&period=h1&year=2026&format=pdf").status_code == 404
        assert dict(here.rpc.asked)["evaluation.report_form"] == {"form": "form-12", "unit": UNIT, "period": "2026-h1"}
        assert here.get(f"/prints/form?form=form-12&unit={OTHER}&period=h1&year=2026").status_code == 404


def test_what_the_directory_bars_is_asked_of_the_directory(tmp_path: Path) -> None:
    barred: dict[str, Any] = {"allowed": False, "flags": [], "refusals": [
        {"code": "not_elected", "field": "", "article": "Luật 35/2013/QH13, Điều 8", "vi": "Chưa có bầu cử.", "en": "No vote."}]}
    here = site(tmp_path, OFFICER, directory__check=barred)
    token = here.get("/act/directory.mediator.recognised").text.split('name="form_token" value="')[1].split('"')[0]
    answer = here.post("/act/directory.mediator.recognised", data={
        "form_token": token, "_key": "k", "on": "2026-11-02", "team": TEAM, "number": "5/QĐ", "mediators.0.ref": "hgv/1",
        "mediators.0.sex": "female",
    })
    assert answer.status_code == 422 and "Chưa có bầu cử." in answer.text and "Điều 8" in answer.text
    assert here.forward.sent == []
