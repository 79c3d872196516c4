"""A team leader signs in on a phone, sees what is due, enters a case with its parties, and finds them nowhere in the open: on a
gateway of its own that has a people file, beside the district's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from shared.people import Held
from shared.people.file import Person, hashed, write
from tests.e2e.district import District
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses

pytestmark = pytest.mark.browser

PASSWORD = "mật khẩu của tổ trưởng"
PARTY = "Đặng Văn Giấu"


@pytest.fixture
def guarded(district: District, tmp_path: Path) -> Iterator[str]:
    code = min(district.teams)
    people = tmp_path / "people.yaml"
    write(people, {"an": Person("an", "Bà An", hashed(PASSWORD), (Held("team_leader", team=code),))})
    with ServiceProcesses(district.environ, tmp_path) as run:
        yield run("gateway", NAMTOT_PEOPLE_FILE=str(people)).url


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    yield context.new_page()
    context.close()


def readings(district: District) -> list[dict[str, Any]]:
    """The readings of cases in the sealed trail."""
    entries: list[dict[str, Any]] = district.ask.call("intake", "audit", limit=100, seal=True)["entries"]
    return [entry for entry in entries if entry["action"] == "read_case"]


def narrow(page: Page) -> None:
    """Nothing stands out of the screen to the side."""
    page.locator("footer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def test_from_signing_in_to_a_case_that_keeps_its_parties(guarded: str, phone: Page, district: District) -> None:
    page = phone
    page.goto(f"{guarded}/cases")
    narrow(page)
    page.get_by_label("Tên đăng nhập").fill("an")
    page.get_by_label("Mật khẩu").fill("sai rồi nhé")
    page.get_by_role("button", name="Đăng nhập").click()
    assert "không đúng" in page.get_by_role("alert").inner_text()
    page.get_by_label("Tên đăng nhập").fill("an")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    assert page.url == f"{guarded}/cases"
    narrow(page)

    page.get_by_role("link", name="Ghi vụ việc mới").click()
    narrow(page)
    page.get_by_label("Ngày", exact=True).fill("2026-11-20")
    page.get_by_label("Tranh chấp dân sự").check()
    page.get_by_label("Một bên hoặc các bên yêu cầu").check()
    page.get_by_label("Có nguy cơ bạo lực").check()
    page.get_by_label("Họ và tên").first.fill(PARTY)
    page.get_by_label("Tư cách").first.select_option("party")
    page.get_by_role("button", name="Ghi nhận", exact=True).last.click()
    assert page.get_by_role("status").inner_text().startswith("Đã ghi nhận"), page.locator("main").inner_text()
    district.events += 1

    def listed() -> bool:
        page.goto(f"{guarded}/today")
        return page.get_by_role("link", name="Tranh chấp dân sự").count() > 0

    eventually(listed, 30)
    narrow(page)
    page.get_by_role("link", name="Tranh chấp dân sự").first.click()
    narrow(page)
    assert "Khẩn" in page.locator("main").inner_text() and PARTY not in page.content()
    case = page.url

    page.get_by_label("Tiến hành hòa giải").check()
    page.get_by_role("button", name="Xem", exact=True).click()
    assert PARTY in page.locator("main").inner_text() and "nhật ký truy cập" in page.locator("main").inner_text()
    narrow(page)
    (entry,) = eventually(lambda: readings(district), 30)
    assert (entry["who"], entry["role"], entry["purpose"]) == ("an", "team_leader", "mediate")
    page.goto(case)
    assert PARTY not in page.content()

    page.get_by_role("link", name="Đã phân công hòa giải viên").click()
    assert "/act/case.assigned" in page.url
    page.goto(f"{guarded}/account")
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto(case)
    assert "/sign-in" in page.url
