"""Rendering at its edges: hostile names, long names, nothing at all, services that are silent. The services are stood in for at
the RPC's edge; the same pages over a real broker are in tests/integration."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.gateway import app as gateway_app
from services.gateway.rpc import NoAnswer
from shared.settings import Settings
from tests.support import canned, canned_praise
from tests.support.site import Elements, Site

HOSTILE = "<script>alert('x')</script>\"'&{{ 7*7 }}"
ALL = [
    "/", "/?lang=en", "/?year=2024&scheme=hanoi-v1", "/units/00118?year=2024", "/units/00118?year=2024&show=not_met", "/flow",
    "/refused", "/teams/HG-118005AB?year=2024", "/teams/HG-118005AB?year=2024&lang=en", f"/refused/{canned.REFUSAL}",
    "/units/00118/recognition?year=2024", "/units/00118/recognition?year=2024&state=eligible&lang=en",
    "/units/00118/sheet?year=2024", "/units/00118/proposals?year=2024", "/teams/HG-118005AB/mediators/hgv-118-05-2",
    "/communes?year=2024", "/communes?year=2024&lang=en", "/models?year=2024", "/commendations",
    "/commendations?lang=en&unit=00118",
    f"/commendations/{canned_praise.RECORD}", "/owed?year=2024", "/papers?unit=00118", "/papers?commendation=x",
    "/papers?team=HG-118005AB&unit=00118",
]


@pytest.mark.parametrize("path", ALL)
def test_every_page_is_well_formed_and_can_be_used_without_a_mouse(path: str) -> None:
    response = Site().get(path)
    assert response.status_code == 200
    html = Elements(response.text)
    assert html.open == []
    assert html.all("html") == [{"lang": "en" if "lang=en" in path else "vi"}]
    assert len(html.all("h1")) == 1 and len(html.all("main")) == 1
    assert "#content" in [a.get("href") for a in html.all("a")]
    ids = [attributes["id"] for _, attributes in html.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in html.all("label")}
    for field in [*html.all("select"), *(i for i in html.all("input") if i.get("type") != "hidden")]:
        assert field["id"] in labelled
    assert all("alt" in image for image in html.all("img"))
    assert not html.all("script") and not [a for _, a in html.seen if "style" in a or any(k.startswith("on") for k in a)]
    outside = [a.get("src") or a.get("href") or "" for tag in ("img", "link", "script") for a in html.all(tag)]
    assert not [url for url in outside if "//" in url]


@pytest.mark.parametrize("path", ALL)
def test_every_page_is_closed_to_other_sites(path: str) -> None:
    headers = Site().get(path).headers
    assert "script-src" not in headers["content-security-policy"] and "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-store" if path.startswith("/refused") else "no-cache")


def test_hostile_names_are_shown_as_text() -> None:
    told = {
        "name", "group", "vi", "en", "value", "threshold", "citation", "reason", "source", "event_id", "type", "people", "field",
        "unit_name", "team_name", "article", "number", "title", "practice", "law", "note", "mediator", "ref", "code_words",
    }

    def hostile(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: HOSTILE if k in told and isinstance(v, str) else hostile(v) for k, v in value.items()}
        return [hostile(v) for v in value] if isinstance(value, list) else value

    site = Site()
    for method, answer in list(site.rpc.answers.items()):
        site.rpc.answers[method] = lambda answer=answer, **k: hostile(answer(**k) if callable(answer) else answer)
    for path in ALL:
        text = site.get(path).text
        assert "<script" not in text and "49" not in re.findall(r"{{ 7\*7 }}|\b49\b", text), path
        if path != "/flow" and not path.startswith("/papers"):
            assert "&lt;script&gt;alert" in text, path


def test_a_code_from_the_address_is_shown_as_text() -> None:
    site = Site(directory__team=None, evaluation__explain=None)
    response = site.get("/teams/%3Cscript%3Ealert(1)?year=2024")
    assert response.status_code == 404
    assert "<script" not in response.text and "&lt;script&gt;" in response.text


def test_the_body_of_a_refused_message_never_reaches_a_page() -> None:
    site = Site()
    for path in ("/refused", f"/refused/{canned.REFUSAL}"):
        assert "Nguyễn Văn Kín" not in site.get(path).text
    assert "namtot refused show" in site.get(f"/refused/{canned.REFUSAL}").text


def test_nothing_yet_says_what_to_do_next() -> None:
    empty_flow = {"received": 0, "applied": 0, "duplicate": 0, "refused": 0, "balanced": True}
    site = Site(intake__flow=empty_flow, intake__refused={"total": 0, "items": []}, evaluation__explain=None)
    assert "namtot publish" in site.get("/?year=2023").text
    assert "namtot publish" in site.get("/flow").text
    assert "Không có thông điệp nào cần xử lý" in site.get("/refused").text
    assert "chưa được xét trong năm 2024" in site.get("/teams/HG-118005AB?year=2024").text


def test_a_team_without_cases_has_no_rate_at_all() -> None:
    text = Site().get("/units/00118?year=2024").text
    assert "Không phát sinh vụ việc" in text
    assert "0/0" not in text


def test_the_rate_carries_its_exact_fraction() -> None:
    text = Site().get("/units/00118?year=2024").text
    assert 'title="11/13">84,6%' in text


def test_units_stand_in_vietnamese_order() -> None:
    names = re.findall(r">Phường ([^<]+)</a>", Site().get("/?year=2024").text)
    assert names[:5] == ["Bồ Đề", "Cự Khối", "Đức Giang", "Gia Thụy", "Giang Biên"]
    assert len(names) == 14


def test_the_first_year_shown_is_the_newest_with_cases() -> None:
    site = Site()
    assert "năm 2024" in site.get("/").text
    assert {k["year"] for m, k in site.rpc.asked if m == "evaluation.counts"} == {2022, 2023, 2024, 2025, 2026, 2027}
    site = Site(evaluation__counts=lambda scheme, year: {
        "met": 0, "not_met": 0, "not_enough_evidence": 0, "teams": 0, "settled_rate": {"numerator": 0, "denominator": 0},
    })
    assert "năm 2027" in site.get("/").text  # 23/11/2026 lies in the window of 2027


@pytest.mark.parametrize("query", [
    "year=abc", "year=2013", "year=2028", "year=20244", "scheme=hanoi-v9", "year=٢٠٢٤", "scheme=<script>",
])
def test_a_choice_that_does_not_exist(query: str) -> None:
    response = Site().get(f"/?{query}")
    assert response.status_code == 400
    assert "Lựa chọn không hợp lệ" in response.text and "<script" not in response.text


def test_links_keep_the_choice() -> None:
    text = Site().get("/?year=2024&scheme=hanoi-v1").text
    assert "/units/00118?scheme=hanoi-v1&amp;year=2024" in text


def test_the_language_is_remembered() -> None:
    site = Site()
    assert "Mediation teams" in site.get("/?year=2024&lang=en").text
    assert "Mediation teams" in site.get("/?year=2024").text
    assert "Tổ hòa giải" in site.get("/?year=2024&lang=vi").text
    assert "Tổ hòa giải" in site.get("/?year=2024&lang=xx").text


def test_what_a_team_lacks_stands_before_its_criteria_and_the_communes_part_apart() -> None:
    text = Site().get("/teams/HG-118005AB?year=2024").text
    order = [text.index(part) for part in (
        "Còn thiếu gì", "Tổ cần làm", "Thêm 1 vụ", "UBND cấp xã cần làm", "UBND phường giải trình", "Từng tiêu chí",
    )]
    assert order == sorted(order)
    assert "không tính là lỗi của tổ" in text


def test_a_verdict_is_word_and_shape_as_well_as_colour() -> None:
    text = Site().get("/teams/HG-118005AB?year=2024").text
    for verdict, word in (("met", "Đạt"), ("not_met", "Chưa đạt"), ("not_enough_evidence", "Chưa đủ căn cứ")):
        badges = re.findall(rf'<span class="badge {verdict}(?: big)?">(.*?)</span></span>', text)
        assert badges and all("<svg" in badge and badge.endswith(f"<span>{word}") for badge in badges)


@pytest.mark.parametrize(("trouble", "words_"), [
    ("broker", "RabbitMQ"), ("absent", "chưa được khởi động"), ("silent", "chưa trả lời kịp"), ("failed", "gặp lỗi"),
    ("unreadable", "khác phiên bản"),
])
def test_a_silent_service_is_named_with_what_to_do(trouble: Any, words_: str) -> None:
    response = Site(intake__flow=NoAnswer("intake", "flow", trouble, "…")).get("/flow")
    assert (response.status_code, response.headers["retry-after"]) == (503, "10")
    assert words_ in response.text and "Bộ phận tiếp nhận (intake)" in response.text
    assert "namtot status" in response.text and "Thử lại" in response.text


def test_a_page_does_without_what_it_can_do_without() -> None:
    away = NoAnswer("directory", "team", "silent", "…")
    site = Site(directory__team=away, directory__totals=away, evaluation__lag=NoAnswer("evaluation", "lag", "silent", "…"))
    assert "Danh bạ (directory) chưa trả lời" in site.get("/?year=2024").text
    assert "Danh bạ (directory) chưa trả lời" in site.get("/teams/HG-118005AB?year=2024").text
    assert "Bộ phận đánh giá (evaluation) chưa trả lời" in site.get("/flow").text
    text = Site(directory__names_to_confirm=away).get("/flow").text
    assert "Danh bạ (directory) chưa trả lời" in text
    text = Site(directory__names_to_confirm=[{"source": "s:1", "name": "Tổ 5"}] * 7).get("/flow").text
    assert "namtot directory names" in text and "Tổ 5" not in text


def test_what_does_not_exist() -> None:
    unknown = NoAnswer("evaluation", "explain", "failed", "no such team", "KeyError")
    assert Site(evaluation__explain=None, directory__team=None).get("/teams/HG-NOBODY?year=2024").status_code == 404
    assert "HG-NOBODY" in Site(evaluation__explain=unknown, directory__team=None).get("/teams/HG-NOBODY?year=2024").text
    assert Site().get("/units/99999?year=2024").status_code == 404
    assert Site(intake__refused_show=None).get("/refused/nobody").status_code == 404


def test_a_team_asked_for_by_its_name_has_one_address() -> None:
    site = Site(evaluation__explain=lambda team, scheme, year: canned.explanation("HG-118005AB", scheme, year))
    response = site.get("/teams/T%E1%BB%95%205?year=2024")
    assert (response.status_code, response.headers["location"]) == (302, "/teams/HG-118005AB?scheme=hanoi-v2&year=2024")


def test_a_team_that_was_not_judged_is_still_shown_as_the_directory_has_it() -> None:
    text = Site(evaluation__explain=None).get("/teams/HG-118005AB?year=2024").text
    assert "Tổ hòa giải TDP số 5" in text and "chưa được xét trong năm 2024" in text


def test_a_notice_heads_every_page() -> None:
    site = Site(Settings(amqp_uri="a", mongo_uri="m", notice="Dữ liệu mô phỏng <2024>"))
    for path in ALL:
        assert '<p class="banner" role="note">Dữ liệu mô phỏng &lt;2024&gt;</p>' in site.get(path).text
    assert "banner" not in Site().get("/flow").text


def test_an_unbalanced_flow_is_said_to_be_unbalanced() -> None:
    text = Site(intake__flow={**canned.FLOW, "received": 4320, "balanced": False}).get("/flow").text
    assert "lệch 3 thông điệp" in text and "namtot reconcile" in text


def test_a_queue_whose_depth_is_not_known() -> None:
    assert "—" in Site(intake__flow={**canned.FLOW, "queued": {"intake": None}}).get("/flow").text


def test_long_lists_are_cut_and_say_so() -> None:
    tree = canned.explanation("HG-118005AB", "hanoi-v2", 2024)
    tree["children"][0]["inputs"] = [{"kind": "case", "id": f"case://x/{n}", "on": None} for n in range(1500)]
    text = Site(evaluation__explain=tree).get("/teams/HG-118005AB?year=2024").text
    assert text.count("case://x/") == 20 and "và 1.480 mục nữa" in text


def test_refusals_are_paged() -> None:
    site = Site(intake__refused=lambda limit, skip, status: {"total": 120, "items": canned.refused()["items"]})
    assert "Trang sau" in site.get("/refused").text
    last = site.get("/refused?page=3&show=all").text
    assert "Trang trước" in last and "Trang sau" not in last
    assert site.rpc.asked[-1] == ("intake.refused", {"limit": 50, "skip": 100, "status": None})
    for odd in ("0", "-1", "x", "9999999999", "٣"):
        site.get(f"/refused?page={odd}")
        assert site.rpc.asked[-1][1]["skip"] == 0


class TestReplay:
    path = f"/refused/{canned.REFUSAL}/replay"

    def form(self, site: Site) -> dict[str, str]:
        html = Elements(site.get(f"/refused/{canned.REFUSAL}").text)
        (hidden,) = (i for i in html.all("input") if i.get("type") == "hidden")
        return {str(hidden["name"]): str(hidden["value"])}

    def replays(self, site: Site) -> int:
        return sum(method == "intake.refused_replay" for method, _ in site.rpc.asked)

    def test_once_and_not_again_on_reload(self) -> None:
        site = Site()
        response = site.post(self.path, data=self.form(site))
        assert (response.status_code, response.headers["location"]) == (303, f"/refused/{canned.REFUSAL}?done=sent")
        assert "Đã đưa vào lại hàng đợi" in site.get(response.headers["location"]).text
        assert self.replays(site) == 1

    @pytest.mark.parametrize("data", [{}, {"form_token": "x" * 43}, {"form_token": ""}, {"junk": "y" * 9000}])
    def test_not_without_our_form(self, data: dict[str, str]) -> None:
        site = Site()
        self.form(site)
        response = site.post(self.path, data=data)
        assert response.status_code == 403 and self.replays(site) == 0
        assert "Bấm “Xử lý lại” một lần nữa" in response.text

    def test_not_from_another_site(self) -> None:
        site = Site()
        response = site.post(self.path, data=self.form(site), headers={"origin": "https://evil.example"})
        assert response.status_code == 403 and self.replays(site) == 0

    def test_the_token_is_asked_for_where_one_is_set(self) -> None:
        site = Site(Settings(amqp_uri="a", mongo_uri="m", gateway_token="s3cret"))
        form = self.form(site)
        assert site.post(self.path, data={**form, "token": "wrong"}).status_code == 403
        assert site.post(self.path, data=form).status_code == 403
        assert self.replays(site) == 0
        assert site.post(self.path, data={**form, "token": "s3cret"}).status_code == 303

    def test_not_where_only_the_beginning_was_kept(self) -> None:
        cut = {**canned.refusal(canned.REFUSAL), "truncated": True}
        text = Site(intake__refused_show=cut).get(f"/refused/{canned.REFUSAL}").text
        assert "<button" not in text and "nguồn gửi lại" in text

    def test_of_a_message_that_is_gone(self) -> None:
        site = Site(intake__refused_replay=NoAnswer("intake", "refused_replay", "failed", "…", "Unknown"))
        assert site.post(self.path, data=self.form(site)).status_code == 404


def test_files_are_kept_by_browsers_only_under_their_hash() -> None:
    site = Site()
    url = re.search(r'href="(/static/style.css\?v=[0-9a-f]{12})"', site.get("/flow").text)
    assert url is not None
    assert "immutable" in site.get(url[1]).headers["cache-control"]
    assert site.get("/static/style.css?v=other").headers["cache-control"] == "no-cache"
    assert (gateway_app.STATIC / "style.css").read_text().count("http") == 0
