"""The pages of a commune's year: what they show, where they lead, and what they never do."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.gateway.rpc import NoAnswer
from tests.support import canned, canned_console, canned_praise
from tests.support.site import Elements, Site

TEAM = "/teams/HG-118005AB?year=2024"


def links(text: str, begin: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Paths that begin so, with their queries."""
    found = [urlsplit(str(a.get("href"))) for a in Elements(text).all("a")]
    return [(one.path, parse_qs(one.query)) for one in found if one.path.startswith(begin)]


class TestBoard:
    path = "/units/00118/recognition?year=2024"

    def test_three_counts_and_each_teams_state_with_what_is_next(self) -> None:
        text = Site().get(self.path).text
        for said in ("Đủ tiêu chí", "Đã đề nghị", "Được công nhận", "Ba con số khác nhau", "14/11/2024"):
            assert said in text
        (wanted,) = [q for p, q in links(text, "/act/recognition.requested") if q["team"] == ["HG-118003AB"]]
        assert wanted["year"] == ["2024"] and urlsplit(wanted["_back"][0]).path == "/units/00118/recognition"
        decide = links(text, "/act/recognition.decided")
        assert len(decide) == 1 and decide[0][1]["unit"] == ["00118"], "a decision names many teams and stands above them"

    def test_only_the_teams_of_a_state(self) -> None:
        text = Site().get(f"{self.path}&state=eligible").text
        assert text.count('<li class="card">') == 2
        assert Site().get(f"{self.path}&state=nonsense").text.count('<li class="card">') == 20

    def test_a_communes_own_criteria_are_named_and_one_step_away(self) -> None:
        board = lambda unit, year: {**canned_console.recognitions(unit, year), "scheme": "hanoi-v1+531fdee20f"}  # noqa: E731
        text = Site(evaluation__recognitions=board).get(self.path).text
        assert "có sửa đổi của phường, xã" in text
        assert ("/units/00118", {"scheme": ["hanoi-v1+531fdee20f"], "year": ["2024"]}) in links(text, "/units/00118")
        assert Site().get("/units/00118?year=2024&scheme=hanoi-v1%2B531fdee20f").status_code == 200
        for odd in ("hanoi-v9%2Babc", "hanoi-v1%2B", "hanoi-v1%2BA%2Fb", "hanoi-v1+abc"):
            assert Site().get(f"/units/00118?year=2024&scheme={odd}").status_code == 400

    def test_a_unit_without_teams(self) -> None:
        empty = lambda unit, year: {**canned_console.recognitions("00118", year), "teams": []}  # noqa: E731
        assert Site(evaluation__recognitions=empty).get(self.path).status_code == 404


class TestTeam:
    def test_its_way_with_flags_remarks_and_what_has_no_effect(self) -> None:
        text = Site().get(TEAM).text
        order = [text.index(part) for part in (
            "Công nhận năm 2024", "Đang xét", "UBND ra quyết định công nhận.", "08/11/2024", "Ghi vào hệ thống ngày 20/11/2024",
            "Bản ghi không có hiệu lực", "3/6 hòa giải viên đồng ý", "Đang chờ giấy tờ", "sau hạn 29/11/2024",
            "Số liệu và ý kiến khác nhau ở đâu", "Từng tiêu chí",
        )]
        assert order == sorted(order)

    def test_what_was_closed_stands_beside_todays_verdict(self) -> None:
        text = Site().get(TEAM).text
        assert "Kết quả đã khóa, tính đến ngày 09/12/2024" in text and "chỉ thay đổi khi có bản ghi xét lại" in text
        assert "Biên bản đến muộn" in text and links(text, "/act/evaluation.corrected")

    def test_it_does_without_what_is_not_answered(self) -> None:
        away = NoAnswer("evaluation", "recognition", "silent", "…")
        response = Site(evaluation__recognition=away, evaluation__commendations=away).get(TEAM)
        assert response.status_code == 200 and "Công nhận năm" not in response.text and "Từng tiêu chí" in response.text

    def test_a_points_scheme_shows_its_points(self) -> None:
        tree = {**canned.explanation("HG-118005AB", "hanoi-v2", 2024), "value": "62–71", "threshold": "≥ 80"}
        tree["children"] = [canned.node("efficiency", ("Hiệu quả", "Efficiency"), None, value="30–36/42", threshold="≥ 21")]
        text = Site(evaluation__explain=tree).get(TEAM).text
        assert "62–71" in text and "≥ 80" in text and "30–36/42" in text


class TestCommendations:
    def test_by_state_and_unit(self) -> None:
        text = Site().get("/commendations").text
        assert text.count('<li class="card">') == 5 and "Tạm dừng xét (đang xác minh) (1)" in text
        assert Site().get("/commendations?state=paid").text.count('<li class="card">') == 1
        site = Site()
        site.get("/commendations?unit=00139&year=2024")
        assert site.rpc.asked[-1] == ("evaluation.commendations", {"unit": "00139", "year": 2024})
        assert "Chưa có hồ sơ khen thưởng nào" in site.get("/commendations?unit=00139").text

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "٣"])
    def test_odd_pages(self, page: str) -> None:
        assert Site().get(f"/commendations?page={page}").status_code == 200

    def test_one_with_its_gates_and_the_forms_that_continue_it(self) -> None:
        text = Site().get(f"/commendations/{canned_praise.RECORD}").text
        for said in ("Đang xác minh khiếu nại", "1.404.000 đ", "0,6 × 2.340.000 đồng", "Còn phải thu hồi", "NĐ 98/2023/NĐ-CP"):
            assert said in text
        (_, paid), = links(text, "/act/commendation.paid")
        assert paid["_subject"] == ["commendation://longbien.example/0"] and paid["_n"] == ["3"] and paid["amount"] == ["1404000"]

    def test_a_verification_is_concluded_in_its_own_record(self) -> None:
        text = Site().get(f"/commendations/{canned_praise.RECORD}").text
        (_, concluded), = links(text, "/act/verification.closed")
        assert concluded["_subject"] == ["verification://thidua.example/3"] and concluded["_n"] == ["1"]
        assert [query.get("_subject") for _, query in links(text, "/act/verification.opened")] == [None], "a new one begins"

    def test_one_that_does_not_exist(self) -> None:
        unknown = NoAnswer("evaluation", "commendation", "failed", "…", "UnknownCommendation")
        assert Site(evaluation__commendation=unknown).get("/commendations/abc").status_code == 404

    def test_who_is_owed_praise_by_unit_with_a_form_that_knows_what_for(self) -> None:
        text = Site().get("/owed?year=2024").text
        units = re.findall(r'<h2 id="u-(\d+)">', text)
        assert units == ["00139", "00154", "00118"], "in alphabetical order"
        proposed = links(text, "/act/commendation.proposed")
        assert len(proposed) == 3 and "/commendations/" + canned_praise.RECORD in text
        assert proposed[0][1]["achievement"] == ["recognition:2024"] and proposed[0][1]["form"] == ["giay_khen_commune"]

    def test_proposals_keep_the_order_that_says_nothing(self) -> None:
        text = Site().get("/units/00118/proposals?year=2024").text
        codes = re.findall(r'<h3><a href="/teams/([^"?]+)', text)
        assert codes == [item["team"] for item in canned_praise.proposals("00118", 2024)["items"]]
        assert "Ngang nhau, hội nghị xét quyết định" in text
        assert len(links(text, "/act/commendation.proposed")) == 2, "where there is a place, or people decide between equals"


class TestPersons:
    def test_a_mediators_record_is_their_own(self) -> None:
        text = Site().get(f"/teams/HG-118005AB/mediators/{canned_praise.MEDIATOR}").text
        assert "Không dùng để so sánh" in text and "%" not in re.sub(r"%2F|%3A", "", text.split("<main")[1])
        unknown = NoAnswer("evaluation", "mediator", "failed", "…", "UnknownMediator")
        assert Site(evaluation__mediator=unknown).get("/teams/HG-118005AB/mediators/x").status_code == 404

    @pytest.mark.parametrize("path", ["/", "/units/00118?year=2024", "/communes?year=2024", "/models?year=2024", "/flow"])
    def test_no_list_of_persons_leads_there(self, path: str) -> None:
        text = Site().get(path).text
        assert "mediators" not in text and canned_praise.MEDIATOR not in text


def test_communes_stand_in_alphabetical_order_with_exact_shares() -> None:
    text = Site().get("/communes?year=2024").text
    names = re.findall(r">Phường ([^<]+)</a>", text)
    assert names[:4] == ["Bồ Đề", "Cự Khối", "Đức Giang", "Gia Thụy"]
    assert "(3/14)" in text and "Chưa có số liệu" in text and "không phải xếp hạng" in text


def test_the_result_sheet_says_what_was_closed_and_whether_it_still_holds() -> None:
    text = Site().get("/units/00118/sheet?year=2024").text
    assert "11/13 vụ" in text and "84,615%" in text and "Đã khóa ngày 31/12/2024" in text
    assert "Có 1 tổ mà số liệu hiện nay khác" in text and "Tổ hòa giải TDP số 5</a>: Chi chậm 7 ngày." in text
    silent: Any = NoAnswer("evaluation", "verify", "silent", "…")
    assert Site(evaluation__verify=silent).get("/units/00118/sheet?year=2024").status_code == 200
    assert Site(evaluation__result_sheet=None).get("/units/00118/sheet?year=2024").status_code == 404
