"""A ward's justice officer uploads the log that the ward keeps in Excel: a doubtful day is asked about, what is good goes in
once, what is not comes back with its reason; on a gateway of its own beside the district's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from shared.people import Held
from shared.people.file import Person, hashed, write
from tests.e2e.district import District
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.unit.registers.books import case, log

pytestmark = pytest.mark.browser

PASSWORD = "mật khẩu của tư pháp"
PARTY = "Đặng Thị Khuất"


@pytest.fixture
def desk(district: District, browser: Browser, tmp_path: Path) -> Iterator[tuple[str, Page, str]]:
    """The address, a page on a phone, signed in, and the officer's unit."""
    unit = min(team["unit"] for team in district.teams.values())
    people, key = tmp_path / "people.yaml", tmp_path / "references"
    key.write_bytes(secrets.token_bytes(32))
    write(people, {"an": Person("an", "Bà An", hashed(PASSWORD), (Held("justice_officer", unit=unit),))})
    with ServiceProcesses(district.environ, tmp_path) as run:
        url = run("gateway", NAMTOT_PEOPLE_FILE=str(people), NAMTOT_REFERENCE_KEY_FILE=str(key)).url
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN", accept_downloads=True)
        page = context.new_page()
        page.goto(f"{url}/sign-in")
        page.get_by_label("Tên đăng nhập").fill("an")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        yield url, page, unit
        context.close()


def send(page: Page, path: Path) -> None:
    page.get_by_label("Tệp Excel (.xlsx)").set_input_files(path)
    page.get_by_role("button", name="Gửi sổ").click()


def result(page: Page) -> str:
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    return page.get_by_role("status").inner_text()


def test_a_register_is_uploaded_asked_about_and_mended(
    desk: tuple[str, Page, str], district: District, tmp_path: Path
) -> None:
    url, page, unit = desk
    before = district.ask.call("intake", "flow")
    page.goto(f"{url}/cases")
    page.get_by_role("link", name="Nhập sổ Excel").click()
    send(page, log(tmp_path / "so.xlsx", case(1, "05/03/2025", party=PARTY), case(2, "06/03/2025"), case(3, "2025")))
    assert "Cần hỏi trước khi nhập" in page.locator("main").inner_text()
    page.get_by_label("Ngày trước, tháng sau").check()
    page.get_by_role("button", name="Tiếp tục").click()
    assert "3 dòng: 2 dòng đọc được, 1 dòng chưa nhận" in result(page), page.locator("main").inner_text()
    assert PARTY not in page.content()
    counted = district.ask.call("intake", "flow")
    assert counted["applied"] - before["applied"] == 2 and counted["refused"] == before["refused"]
    district.events += 2

    with page.expect_download() as download:
        page.get_by_role("link", name="Tải bản có ghi lý do").click()
    mended = tmp_path / "sua.xlsx"
    download.value.save_as(mended)
    book = load_workbook(mended)
    assert "chỉ có năm" in str(book.active.cell(7, 11).value)
    book.active.cell(7, 2, "27/03/2025")
    book.save(mended)
    send(page, mended)
    assert "Mọi dòng đã được nhận" in result(page), page.locator("main").inner_text()
    assert district.ask.call("intake", "flow")["applied"] - counted["applied"] == 1
    district.events += 1

    trail = eventually(lambda: [
        one for one in district.ask.call("intake", "audit", limit=200, seal=True)["entries"]
        if one["action"] == "import_register" and one["who"] == "an"
    ], 30)
    assert len(trail) == 3 and trail[0]["role"] == f"justice_officer@{unit}"
    page.goto(f"{url}/cases?show=over&unit={unit}")
    assert PARTY not in page.content()
