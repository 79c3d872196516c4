"""A clerk's way from the board to a decision and a commendation, in a real browser on the whole running system: what is entered
is an event like any other, what the law forbids is not sent, and pressing twice counts once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.district import District, Visit
from tests.support.eventually import eventually

pytestmark = pytest.mark.browser


def rows(district: District, *states: str) -> list[dict[str, Any]]:
    """Teams of open units in one of these states, with their unit."""
    found = []
    for unit in sorted({team["unit"] for team in district.teams.values()}):
        board = district.ask.call("evaluation", "recognitions", unit=unit, year=2024)
        found += [{**team, "unit": unit} for team in board["teams"] if team["state"] in states]
    return found


def state(district: District, code: str) -> str:
    return str(district.ask.call("evaluation", "recognition", team=code, year=2024)["state"])


def record(page: Page, district: District) -> str:
    """Press the button, confirm what is flagged, and wait for the outcome; the event's id."""
    page.get_by_role("button", name="Ghi nhận", exact=True).last.click()
    confirm = page.get_by_role("button", name="Vẫn ghi nhận")
    if confirm.count():
        confirm.click()
    assert page.get_by_role("status").inner_text().startswith("Đã ghi nhận"), page.locator("main").inner_text()
    district.events += 1
    return str(page.url.split("/sent/")[1].split("?")[0])


def test_from_the_request_to_the_decision_and_a_commendation(visit: Visit, district: District) -> None:
    team = rows(district, "eligible")[0]
    code, unit = team["code"], team["unit"]
    board = f"/units/{unit}/recognition?year=2024"
    page = visit.go(board)
    card = page.locator(".teams > li", has=page.locator(f"a[href*='{code}']"))
    assert card.locator(".state").inner_text() == "Đủ tiêu chí, chưa đề nghị"
    card.get_by_role("link", name="Đề nghị công nhận").click()
    assert page.locator(".settled").inner_text().count(code) == 1
    page.get_by_label("Ngày gửi đề nghị").fill("2024-12-03")
    page.get_by_label("Loại giấy").select_option("request")
    page.get_by_label("Tệp").set_input_files({"name": "dn.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    record(page, district)
    eventually(lambda: state(district, code) == "requested", 30)

    page.get_by_role("link", name="Về trang trước").click()
    assert card.locator(".state").inner_text() == "Đã đề nghị"
    page.get_by_role("link", name="Họp đánh giá của UBND và Mặt trận").click()
    page.get_by_label("Ngày họp đánh giá").fill("2024-12-10")
    page.get_by_label("Lãnh đạo UBND cấp xã").check()
    page.get_by_role("group", name="Mặt trận Tổ quốc có dự họp?").get_by_label("Có").check()
    line = page.locator(".row", has=page.locator(f"input[value='{code}']"))
    line.get_by_label("Đề nghị công nhận?").select_option("yes")
    page.get_by_label("Loại giấy").select_option("minutes")
    record(page, district)
    eventually(lambda: state(district, code) == "under_review", 30)

    page = visit.go(board)
    page.get_by_role("link", name="Quyết định công nhận", exact=True).click()
    assert page.locator(f"input[name=recognised][value='{code}']").is_checked()
    for box in page.locator("input[name=recognised]:checked").all():
        if box.get_attribute("value") != code:
            box.uncheck()
    page.get_by_label("Ngày ký quyết định").fill("2024-12-13")
    page.get_by_label("Số quyết định").fill("901/QĐ-UBND")
    page.get_by_label("Chủ tịch UBND cấp xã", exact=True).check()
    record(page, district)
    eventually(lambda: state(district, code) == "recognised", 30)

    page = visit.go(f"/teams/{code}?year=2024")
    way = page.locator(".way")
    assert way.locator(".state").inner_text() == "Đã công nhận"
    assert "901/QĐ-UBND" in way.inner_text() and "Muộn" in way.inner_text()
    way.get_by_role("link", name="Đề xuất khen thưởng").click()
    page.get_by_label("Ngày đề xuất").fill("2024-12-20")
    page.get_by_label("Công trạng").check()
    page.get_by_label("Hình thức khen thưởng").select_option("giay_khen_commune")
    record(page, district)

    def proposed() -> list[dict[str, Any]]:
        items = district.ask.call("evaluation", "commendations", team=code)["items"]
        return [item for item in items if item["achievement"] == "recognition:2024"]

    (dossier,) = eventually(proposed, 30)
    page = visit.go(f"/commendations/{dossier['id']}")
    page.get_by_role("link", name="Trình hồ sơ khen thưởng").click()
    page.get_by_label("Ngày trình").fill("2024-12-21")
    record(page, district)
    eventually(lambda: proposed()[0]["state"] == "submitted", 30)
    assert proposed()[0]["n"] == 2, "the step went to the dossier that it was opened from"


def test_what_was_entered_by_mistake_is_taken_back(visit: Visit, district: District) -> None:
    code = rows(district, "not_assessed")[0]["code"]
    page = visit.go(f"/act/recognition.self-assessed?team={code}&year=2024&_back=/teams/{code}%3Fyear%3D2024")
    members = district.ask.call("directory", "team", code=code, on="2024-11-08")["members"]
    page.get_by_label("Ngày tổ họp").fill("2024-11-08")
    for label in ("Tổng số hòa giải viên", "Số người dự họp", "Số người đồng ý"):
        page.get_by_label(label).fill(str(members))
    page.get_by_role("group", name="Tổ tự đánh giá đạt cả năm tiêu chí?").get_by_label("Có").check()
    record(page, district)
    eventually(lambda: state(district, code) == "eligible", 30)
    page.get_by_role("link", name="Về trang trước").click()
    page.get_by_role("link", name="Nhập nhầm? Rút bản ghi này").click()
    page.get_by_label("Ngày rút").fill("2024-11-09")
    page.get_by_label("Vì sao rút").fill("Nhập nhầm tổ")
    record(page, district)
    eventually(lambda: state(district, code) == "not_assessed", 30)


def test_what_the_law_forbids_is_not_sent(visit: Visit, district: District) -> None:
    team = next(row for row in rows(district, "assessed") if not row["recognised"])
    before = district.ask.call("intake", "flow")["received"]
    page = visit.go(f"/act/recognition.requested?team={team['code']}&year=2024")
    page.get_by_label("Ngày gửi đề nghị").fill("2024-12-03")
    visit.refusals = 1
    page.get_by_role("button", name="Ghi nhận", exact=True).last.click()
    told = page.get_by_role("alert").inner_text()
    assert "pháp luật không cho phép" in told and "Căn cứ" in told
    assert page.get_by_label("Ngày gửi đề nghị").input_value() == "2024-12-03"
    assert district.ask.call("intake", "flow")["received"] == before


def test_pressed_twice_it_counts_once(visit: Visit, district: District) -> None:
    code = min(district.teams)
    page = visit.go(f"/act/practice.noted?team={code}")
    page.get_by_label("Ngày ghi", exact=True).fill("2024-11-30")
    page.get_by_label("Tên cách làm").fill("Họp tổ hằng tháng")
    page.get_by_label("Cách làm", exact=True).fill("Mỗi tháng tổ họp một lần.")
    before = practices(district)
    received = district.ask.call("intake", "flow")["received"]
    page.get_by_role("button", name="Ghi nhận", exact=True).last.dblclick()
    page.wait_for_url("**/sent/**")
    assert re.match("Đã ghi nhận|Trùng, đã có|Đã nhận vào hàng đợi", page.get_by_role("status").inner_text())
    eventually(lambda: practices(district)["applied"] == before["applied"] + 1, 30)
    after = eventually(lambda: settled(district), 30)
    assert practices(district)["refused"] == before["refused"]
    district.events += after["received"] - received


def practices(district: District) -> dict[str, int]:
    tallies = district.ask.call("intake", "flow")["by_type"].get("practice.noted", {})
    return {name: tallies.get(name, 0) for name in ("applied", "duplicate", "refused")}


def settled(district: District) -> dict[str, Any] | None:
    """The flow once nothing is on its way."""
    flow: dict[str, Any] = district.ask.call("intake", "flow")
    return flow if flow["balanced"] and not flow["outbox"] and not any(flow["queued"].values()) else None


def test_faults_are_told_at_their_fields(visit: Visit, district: District) -> None:
    page = visit.go(f"/act/recognition.self-assessed?team={min(district.teams)}&year=2024")
    page.get_by_label("Tổng số hòa giải viên").fill("sáu")
    visit.refusals = 1
    page.get_by_role("button", name="Ghi nhận", exact=True).last.click()
    assert re.match(r"Có \d chỗ cần sửa", page.get_by_role("alert").inner_text())
    page.get_by_role("alert").get_by_role("link", name="Số người dự họp").click()
    assert page.url.endswith("#f-present")
