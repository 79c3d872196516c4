"""Nhật ký truy cập: for whom it opens, and that it is told in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.people import Held
from tests.support.site import Site
from tests.unit.gateway.test_signing import LEADER, sign_in, site

KEEPER = Held("data_protection")
CASE = "0123456789abcdef" * 2


def entry(seq: int, **others: Any) -> dict[str, Any]:
    return {"seq": seq, "at": "2026-11-23T02:30:00.000+00:00", "who": "an", "role": "team_leader", "action": "read_case",
            "purpose": "mediate: hẹn các bên", "about": [CASE], "prev": "0" * 64, "hash": "f" * 64, **others}


def trail(*entries: dict[str, Any], unsealed: int = 0) -> Any:
    head = {"seq": len(entries), "hash": "e" * 64, "unsealed": unsealed, "appended": len(entries) + unsealed}

    def audit(after: int, limit: int, seal: bool = False) -> dict[str, Any]:
        return {"entries": [one for one in entries if one["seq"] > after][:limit], "head": head}

    return audit


def seen(tmp_path: Path, *entries: dict[str, Any], path: str = "/audit", role: Held = KEEPER, **others: Any) -> str:
    here = site(tmp_path, role, intake__audit=trail(*entries, **others))
    sign_in(here)
    answer = here.get(path)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return answer.text


def test_only_who_guards_the_data_opens_it(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER, Held("operator"), Held("chair", unit="00118"), intake__audit=trail(entry(1)))
    assert here.get("/audit").headers["location"].startswith("/sign-in")
    sign_in(here)
    assert here.get("/audit").status_code == 403 and 'href="/audit"' not in here.get("/account").text
    assert not [name for name, _ in here.rpc.asked if name == "intake.audit"]


def test_where_nobody_signs_in_there_is_no_such_page() -> None:
    assert Site(intake__audit=trail(entry(1))).get("/audit").status_code == 404


def test_a_reading_is_told_in_words(tmp_path: Path) -> None:
    page = seen(tmp_path, entry(1), unsealed=2)
    for said in ("Xem thông tin riêng của vụ việc", "09:30 23/11/2026", "Tổ trưởng tổ hòa giải",
                 "Tiến hành hòa giải: hẹn các bên",
                 "Vụ việc có mã 01234567…", "2 lần vừa xảy ra", f"1:{'e' * 64}"):
        assert said in page, said
    assert "read_case" not in page and "team_leader" not in page and CASE not in page


@pytest.mark.parametrize("action", [
    "read_case", "read_case_refused", "read_contact", "read_contact_refused", "read_contact_unknown", "find_person",
    "export_person", "erase_person", "erase_person_refused", "erase", "rotate", "rotate_refused", "retention",
    "retention_refused", "log_book", "sign_in_refused", "what_a_later_version_does",
])
def test_no_action_is_shown_by_its_code(tmp_path: Path, action: str) -> None:
    page = seen(tmp_path, entry(1, action=action, role="notification", purpose="notify", about=["person:" + "a" * 32]))
    assert action not in page and "notif" not in page and "person:" not in page
    assert "1 mục (không hiện tên)" in page


def test_the_latest_stand_first_and_every_entry_on_one_page(tmp_path: Path) -> None:
    entries = [entry(n, who=f"người-{n}.") for n in range(1, 61)]
    found = [who for page in (1, 2, 3) for who in _whos(seen(tmp_path, *entries, path=f"/audit?page={page}"))]
    assert found == [f"người-{n}." for n in range(60, 0, -1)]
    assert "Chưa có lần truy cập nào" in seen(tmp_path, *entries, path="/audit?page=4")
    assert "Chưa có lần truy cập nào" in seen(tmp_path)


def test_what_somebody_typed_as_a_name_or_purpose_is_text(tmp_path: Path) -> None:
    page = seen(tmp_path, entry(1, who="<script>x</script>", purpose="other: <b>", role=""))
    assert "<script>x" not in page and "<b>" not in page and "Mục đích khác (ghi rõ): &lt;b&gt;" in page


def _whos(page: str) -> list[str]:
    return [part.partition("<br>")[0] for part in page.split("<dd>") if part.startswith("người-")]
