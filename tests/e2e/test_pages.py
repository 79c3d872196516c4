"""Every page of the whole running system in a real browser: a small simulated district goes through RabbitMQ and all services,
and what the pages show agrees with what the services say."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Browser

from tests.e2e.district import PHONE, SCHEME, WIDE, District, Visit
from tests.support.eventually import eventually

pytestmark = pytest.mark.browser

LOWEST_CONTRAST = """() => {
  const rgb = text => { const m = text.match(/[\\d.]+/g).map(Number); return [m[0], m[1], m[2], m.length > 3 ? m[3] : 1]; };
  const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => {
    for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > .99) return c; }
    return [255, 255, 255, 1]; };
  let worst = [99, ''];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const it = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !it.offsetParent || it.closest('.skip')) continue;
    const a = light(rgb(getComputedStyle(it).color).slice(0, 3)), b = light(behind(it).slice(0, 3));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < worst[0]) worst = [ratio, it.outerHTML.slice(0, 120)];
  }
  return worst;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
    'nav a, h2 a, h3 a, th a, button, .button, select, summary, .chips a, .lacks a, .tick')]
  .filter(it => it.offsetParent && !it.classList.contains('away') && it.getBoundingClientRect().height < 43.5)
  .map(it => it.outerHTML.slice(0, 120))"""


def number(text: str) -> int:
    return int(text.replace(".", ""))


def pages(district: District) -> list[str]:
    code = next(iter(sorted(district.teams)))
    unit = district.teams[code]["unit"]
    return [
        "/", "/?year=2024&scheme=hanoi-v1", "/?year=2023", f"/units/{unit}?year=2024", f"/teams/{code}?year=2024",
        f"/teams/{code}?year=2024&lang=en", f"/teams/{code}?year=2024&scheme=hanoi-v1", "/flow", "/refused", "/refused?show=all",
        f"/refused/{district.refusal}",
        f"/units/{unit}/recognition?year=2024", f"/units/{unit}/sheet?year=2024", f"/units/{unit}/proposals?year=2024",
        f"/units/{unit}?year=2024&lang=en", "/communes?year=2024", "/models?year=2024", "/commendations", "/owed?year=2024",
        f"/commendations/{district.commendation}", f"/papers?team={code}&year=2024",
        f"/act/recognition.self-assessed?team={code}&year=2024", f"/act/recognition.decided?unit={unit}&year=2024",
        "/statistics?from=2024-01-01&to=2024-12-31", f"/statistics?from=2024-01-01&to=2024-12-31&unit={unit}&by=team",
        "/statistics/cases?from=2024-01-01&to=2024-12-31&column=settled",
        f"/statistics/month?unit={unit}&month=2024-10", "/prints",
        f"/payments?unit={unit}&year=2024", "/data", f"/standing?unit={unit}&show=all", "/import", "/enter", "/cases",
        f"/act/evaluation.scheme-chosen?unit={unit}&year=2024", f"/act/commendation.proposed?team={code}&unit={unit}",
    ]


def test_every_page_on_a_phone_and_on_a_desk(visit: Visit, district: District) -> None:
    for size in (PHONE, WIDE):
        visit.page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in pages(district):
            page = visit.go(path)
            assert page.locator("h1").inner_text().strip()
            for details in page.locator("details").all():
                details.evaluate("it => it.open = true")
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{path} is {over} px too wide at {size['width']}"
            ratio, where = page.evaluate(LOWEST_CONTRAST)
            assert ratio >= 5.5, f"{path}: contrast {ratio:.1f} at {where}"
            if size == PHONE:
                assert page.evaluate(SMALL_TARGETS) == [], path


def test_no_page_names_a_party(visit: Visit, district: District) -> None:
    units = {team["unit"] for team in district.teams.values()}
    paths = [*pages(district), *(f"/units/{u}?year=2024" for u in units), *(f"/teams/{c}?year=2024" for c in district.teams)]
    with httpx.Client(base_url=district.url, timeout=30) as client:
        for path in paths:
            text = client.get(path).text
            assert not [name for name in district.parties if name in text], path


def test_wards_and_league(visit: Visit, district: District) -> None:
    page = visit.go("/")
    assert page.locator("h1").inner_text() == "Tổ hòa giải 5\u00a0tốt năm 2024"
    rows = page.locator("table.league tbody tr")
    league = district.ask.call("evaluation", "league", scheme=SCHEME, year=2024)
    by_name = {unit["name"]: unit for unit in league["units"]}
    shown = [row.locator("th").inner_text() for row in rows.all()]
    assert len(shown) == 14 and set(shown) == set(by_name)
    for row in rows.all():
        unit = by_name[row.locator("th").inner_text()]
        cells = [cell.inner_text() for cell in row.locator("td.n").all()]
        assert [number(c) for c in cells[:4]] == [unit["teams"], unit["met"], unit["not_met"], unit["not_enough_evidence"]]
        assert cells[5] == (f"{unit['settled']}/{unit['rated']}" if unit["rated"] else "0")
        assert cells[4] == "Không phát sinh vụ việc" if not unit["rated"] else re.fullmatch(r"\d{1,3},\d%", cells[4])
    totals = district.ask.call("directory", "totals", on="2024-10-31")
    assert f"{totals['teams']} tổ hòa giải · {totals['mediators']} hòa giải viên" in page.locator("main").inner_text()


def test_from_the_league_to_one_team_and_what_it_lacks(visit: Visit, district: District) -> None:
    lacking = next(team for team in district.teams.values() if team["lacking"])
    page = visit.go("/?year=2024")
    page.locator(f"a[href^='/units/{lacking['unit']}?']").click()
    page.locator(f"h3 a[href^='/teams/{lacking['code']}?']").click()
    assert page.locator("h1").inner_text() == lacking["name"]
    headings = [h.inner_text() for h in page.locator("h2").all()]
    assert headings[0] == "Còn thiếu gì" and "Công nhận năm 2024" in headings and "Từng tiêu chí" in headings
    assert page.locator("article.criterion").count() == 5
    words = {"met": "Đạt", "not_met": "Chưa đạt", "not_enough_evidence": "Chưa đủ căn cứ"}
    badges = page.locator("article.criterion > .team-head .badge")
    assert [b.inner_text() for b in badges.all()] == [words[v] for v in lacking["criteria"].values()]
    assert page.locator(".verdict .badge.big").inner_text() == words[lacking["verdict"]]
    assert page.locator(".todo li").count() >= 1
    details = page.locator("article.criterion details").first
    details.locator("> summary").click()
    assert details.locator("> :not(summary)").first.is_visible()


def test_every_team_can_be_shown(district: District) -> None:
    with httpx.Client(base_url=district.url, timeout=30) as client:
        for code, team in district.teams.items():
            for scheme in ("hanoi-v1", "hanoi-v2"):
                answer = client.get(f"/teams/{code}", params={"year": 2024, "scheme": scheme})
                assert answer.status_code == 200 and team["name"] in answer.text


def test_a_units_teams_can_be_narrowed_down(visit: Visit, district: District) -> None:
    unit = next(team["unit"] for team in district.teams.values() if team["verdict"] != "met")
    page = visit.go(f"/units/{unit}?year=2024")
    everyone = page.locator(".teams > li").count()
    assert everyone == sum(team["unit"] == unit for team in district.teams.values())
    page.locator(".chips a.met").click()
    assert page.locator(".teams > li").count() == sum(
        team["unit"] == unit and team["verdict"] == "met" for team in district.teams.values()
    )


def test_the_flow_is_an_equation_that_holds(visit: Visit, district: District) -> None:
    page = visit.go("/flow")
    received, applied, duplicate, refused = (number(term.inner_text()) for term in page.locator(".equation b").all())
    assert received == applied + duplicate + refused == district.events + 1
    assert refused >= 1
    assert "Khớp: không mất thông điệp nào" in page.locator(".balance").inner_text()


def test_a_refused_message_and_its_replay(visit: Visit, district: District) -> None:
    page = visit.go("/refused")
    page.get_by_role("link", name="Trường dữ liệu thiếu hoặc sai").first.click()
    page = visit.go(f"/refused/{district.refusal}")
    facts = page.locator("dl.facts").inner_text()
    assert "data.on" in facts and "https://motcua.example" in facts and "sai-ngay-1" in facts
    assert "Sửa trường sai rồi gửi lại" in page.locator("main").inner_text()
    before = district.ask.call("intake", "refused_show", id=district.refusal)["times"]
    page.get_by_role("button", name="Xử lý lại").click()
    assert "Đã đưa vào lại hàng đợi" in page.get_by_role("status").inner_text()

    def again() -> bool:
        item = district.ask.call("intake", "refused_show", id=district.refusal)
        return bool(item["times"] == before + 1 and item["status"] == "open")

    eventually(again, 30)
    page.reload()  # the same bytes are refused for the same reason, and a reload does not send them once more
    assert district.ask.call("intake", "refused_show", id=district.refusal)["times"] == before + 1
    district.events += 1


def test_a_replay_from_another_site_is_turned_away(district: District) -> None:
    answer = httpx.post(
        f"{district.url}/refused/{district.refusal}/replay", data={"form_token": "x" * 43}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_english_and_back(visit: Visit) -> None:
    page = visit.go("/?year=2024")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text().startswith("Mediation teams")
    page.get_by_role("link", name="Data to mend").click()
    page.get_by_role("link", name="Flow of data").click()
    assert page.locator("h1").inner_text() == "Flow of data"
    page.get_by_role("link", name="Tiếng Việt").click()
    assert page.locator("h1").inner_text() == "Luồng dữ liệu"


def test_year_and_scheme_are_picked_with_a_form(visit: Visit) -> None:
    page = visit.go("/?year=2024")
    page.get_by_label("Bộ tiêu chí", exact=True).select_option("hanoi-v1")
    page.get_by_label("Năm đánh giá").select_option("2023")
    page.get_by_role("button", name="Xem").click()
    assert "scheme=hanoi-v1" in page.url and "year=2023" in page.url
    assert page.locator("h1").inner_text().endswith("2023")


def test_the_keyboard_reaches_the_content(visit: Visit) -> None:
    page = visit.go("/flow")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["height"] > 20  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_an_address_that_does_not_exist(browser: Browser, district: District) -> None:
    page = browser.new_page()
    wrong = {"/nowhere": "Không có trang này", "/teams/HG-XXXXXXXX": "Không có tổ hòa giải", "/?year=1999": "không hợp lệ"}
    for path, words in wrong.items():
        response = page.goto(district.url + path)
        assert response is not None and response.status in (400, 404)
        assert words in page.locator("main").inner_text()
        assert page.get_by_role("link", name="Về trang đầu").is_visible()
    page.close()
