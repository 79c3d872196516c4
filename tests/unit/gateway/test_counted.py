"""Figures of a period, money, what waits, and what may be entered: what is shown to whom, and where it leads."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.gateway.identity import policy
from services.gateway.pages.entering import GROUPS
from services.gateway.rpc import NoAnswer
from shared.people import Held
from shared.people.file import Person, write
from tests.support import canned_records as records
from tests.support.site import SETTINGS, TODAY, Elements, Site
from tests.unit.gateway.test_signing import HASH, sign_in

UNIT, OTHER, TEAM = "00118", "00139", "HG-118005AB"


def site(tmp_path: Path, *roles: Held, **others: Any) -> Site:
    people = tmp_path / "people.yaml"
    write(people, {"an": Person("an", "Bà An", HASH, roles)})
    here = Site(dataclasses.replace(SETTINGS, people_file=str(people)), **{"intake__note": None, **others})
    sign_in(here)
    return here


def links(text: str, begin: str) -> list[tuple[str, dict[str, list[str]]]]:
    found = [urlsplit(str(one.get("href"))) for one in Elements(text).all("a")]
    return [(one.path, parse_qs(one.query)) for one in found if one.path.startswith(begin)]


class TestStatistics:
    def test_each_number_leads_to_its_cases_and_every_denominator_is_given(self) -> None:
        here = Site()
        text = here.get(f"/statistics?from=2024-01-01&to=2024-12-31&unit={UNIT}").text
        assert "66,7%" in text and "(2/3)" in text and "100,0%" in text and "(2/2)" in text
        traced = [query for path, query in links(text, "/statistics/cases") if query["column"] == ["settled"]]
        assert {"from": ["2024-01-01"], "to": ["2024-12-31"], "unit": [UNIT], "by": ["unit"], "column": ["settled"]} in traced
        asked = dict(here.rpc.asked)["evaluation.statistics"]
        assert asked == {"from_": "2024-01-01", "to": "2024-12-31", "unit": UNIT, "as_of": None, "by": "unit"}
        page = here.get("/statistics/cases?from=2024-01-01&to=2024-12-31&column=settled").text
        assert f"/cases/{records.CASE}" in page and "Hòa giải thành: 2" in page

    def test_figures_are_open_and_the_cases_behind_them_are_not(self, tmp_path: Path) -> None:
        people = tmp_path / "people.yaml"
        write(people, {"an": Person("an", "Bà An", HASH, (Held("team_leader", team="HG-22222222"),))})
        here = Site(dataclasses.replace(SETTINGS, people_file=str(people)))
        text = here.get("/statistics").text
        assert "Tỷ lệ hòa giải thành" in text and not links(text, "/statistics/cases")
        assert here.get("/statistics/cases?column=settled").status_code == 303
        sign_in(here)
        page = here.get("/statistics/cases?column=settled").text
        assert records.CASE not in page and "nơi khác mà Ông/Bà không phụ trách" in page

    def test_what_looks_wrong_is_pointed_out_to_whoever_reports(self, tmp_path: Path) -> None:
        assert "Mọi vụ việc đều thành" in site(tmp_path, Held("justice_officer", unit=UNIT)).get("/statistics").text
        for role in (Held("mediator", team=TEAM), Held("operator")):
            here = site(tmp_path, role)
            assert "Mọi vụ việc đều thành" not in here.get("/statistics").text
            assert "evaluation.statistics_odd" not in dict(here.rpc.asked)

    def test_a_period_that_cannot_be_read_is_said_so(self) -> None:
        bad = NoAnswer("evaluation", "statistics", "failed", "to: …", "BadQuestion")
        answer = Site(evaluation__statistics=bad).get("/statistics?from=2025-01-01&to=2024-01-01")
        assert answer.status_code == 404 and "Chưa đọc được kỳ" in answer.text

    def test_days_may_be_typed_as_in_vietnam_and_begin_with_this_year(self) -> None:
        here = Site()
        here.get("/statistics?from=1/2/2024&to=29/2/2024")
        here.get("/statistics")
        first, second = (asked for method, asked in here.rpc.asked if method == "evaluation.statistics")
        assert (first["from_"], first["to"]) == ("2024-02-01", "2024-02-29")
        assert (second["from_"], second["to"]) == ("2026-01-01", TODAY.date().isoformat())


class TestMoney:
    def test_claims_with_their_last_day_and_what_may_still_be_asked_for(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("justice_officer", unit=UNIT)).get("/payments").text
        assert "700.000 đ" in text and "quá hạn 14 ngày" in text
        (cases, month) = [query for _, query in links(text, "/act/payment.requested")]
        assert cases["cases"] == ["case://x/1\ncase://x/2"] and cases["amount"] == ["700000"] and month["month"] == ["2026-10"]

    def test_a_claim_with_its_papers_and_what_comes_next(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("justice_officer", unit=UNIT))
        text = here.get(f"/payments/{records.PAYMENT}?team={TEAM}").text
        assert "Quá 5 ngày làm việc." in text and "04/ĐN" in text and f"/cases/{records.CASE}" in text
        (decide,) = [query for _, query in links(text, "/act/payment.decided")]
        assert decide["_subject"] == ["payment://x/1"] and decide["_n"] == ["2"] and decide["amount"] == ["700000"]
        (paper,) = links(text, "/papers/payment-request")
        assert paper[1] == {"payment": [records.PAYMENT], "team": [TEAM]}

    def test_a_leader_asks_and_does_not_decide(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("team_leader", team=TEAM))
        assert links(here.get("/payments").text, "/act/payment.requested")
        assert not links(here.get(f"/payments/{records.PAYMENT}").text, "/act/")

    @pytest.mark.parametrize("role", [Held("team_leader", team="HG-22222222"), Held("justice_officer", unit=OTHER)])
    def test_nobody_elses_money_is_shown(self, tmp_path: Path, role: Held) -> None:
        here = site(tmp_path, role)
        assert here.get(f"/payments?unit={UNIT}").status_code == (404 if role.unit else 200)
        assert "700.000" not in here.get(f"/payments?unit={UNIT}").text
        assert here.get(f"/payments/{records.PAYMENT}").status_code == 404

    def test_who_has_nothing_to_do_with_money_is_turned_away(self, tmp_path: Path) -> None:
        assert site(tmp_path, Held("mediator", team=TEAM)).get("/payments").status_code == 403

    def test_a_papers_data_are_asked_for_by_claim_and_team(self) -> None:
        here = Site(evaluation__papers_data=None)
        assert here.get(f"/papers/payment-request?payment={records.PAYMENT}&team={TEAM}").status_code == 404
        asked = dict(here.rpc.asked)["evaluation.papers_data"]
        assert asked == {"kind": "payment-request", "payment": records.PAYMENT, "team": TEAM}
        assert here.get(f"/papers/yearly-report?payment={records.PAYMENT}&team={TEAM}").status_code == 404


class TestWaiting:
    def test_one_queue_with_what_to_do_about_each(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("justice_officer", unit=UNIT), directory__names_to_confirm=records.NAMES)
        text = here.get("/data").text
        assert "THG tổ 5 B.Đề" in text and "không nêu tổ dân phố" in text and f"/cases/{records.CASE}" in text
        near, other = [query for _, query in links(text, "/act/directory.name.confirmed")]
        assert near["code"] == [TEAM] and near["name"] == ["THG tổ 5 B.Đề"] and "code" not in other
        assert dict(here.rpc.asked)["evaluation.unplaced"] == {"unit": UNIT}

    def test_a_name_of_another_commune_is_not_ones_own_to_confirm(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("justice_officer", unit=OTHER), directory__names_to_confirm=records.NAMES).get("/data").text
        assert "THG tổ 5 B.Đề”</h3>" not in text

    def test_an_operator_sees_it_and_confirms_nothing(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("operator"), directory__names_to_confirm=records.NAMES).get("/data").text
        assert "THG tổ 5 B.Đề" in text and not links(text, "/act/")

    def test_who_is_silent_is_named(self, tmp_path: Path) -> None:
        away = NoAnswer("directory", "names_to_confirm", "silent", "…")
        text = site(tmp_path, Held("operator"), directory__names_to_confirm=away).get("/data").text
        assert "Danh bạ (directory) chưa trả lời" in text

    def test_the_team_of_a_name_is_picked_from_ones_own(self, tmp_path: Path) -> None:
        here = site(tmp_path, Held("justice_officer", unit=UNIT))
        text = here.get("/act/directory.name.confirmed?source=https://x.example&name=THG+5").text
        assert f'<option value="{TEAM}"' in text and "Xác nhận tên tổ của nguồn" in text


class TestEntering:
    def test_a_leader_is_offered_what_leaders_enter_with_the_team_filled_in(self, tmp_path: Path) -> None:
        text = site(tmp_path, Held("team_leader", team=TEAM)).get("/enter").text
        offered = dict(links(text, "/act/"))
        assert offered["/act/meeting.held"]["team"] == [TEAM] and "/act/payment.requested" in offered
        assert not {"/act/documents.distributed", "/act/directory.team.ended", "/act/commendation.decided"} & offered.keys()

    def test_every_offered_type_begins_something_and_every_role_finds_what_it_may(self) -> None:
        from services.gateway.forms.acts import find

        listed = [name for types in GROUPS.values() for name in types]
        assert len(listed) == len(set(listed))
        assert not [name for name in listed if (found := find(name)) is not None and found.continues]
        day = TODAY.date()
        for role in sorted(policy.PAGES["enter"]):
            held = [Held(role, unit=UNIT)]
            assert [name for name in listed if policy.anywhere(name, held, day)], role

    def test_teams_named_in_a_list_must_all_be_ones_own(self, tmp_path: Path) -> None:
        where = {TEAM: UNIT, "HG-22222222": OTHER}
        here = site(tmp_path, Held("justice_officer", unit=UNIT), directory__team=lambda code, on=None: {
            "code": code, "name": "Tổ", "unit": where[code], "group": "TDP"})
        token = here.get("/act/documents.distributed").text.split('name="form_token" value="')[1].split('"')[0]
        form = {"form_token": token, "_key": "k", "on": "2026-11-02", "title": "Sổ tay"}
        for teams, status in (([TEAM, "HG-22222222"], 403), ([TEAM], 303)):
            assert here.post("/act/documents.distributed", data={**form, "teams": teams}).status_code == status
        other = here.post("/act/documents.distributed", data={**form, "_key": "l", "all_of": OTHER})
        assert other.status_code == 403
