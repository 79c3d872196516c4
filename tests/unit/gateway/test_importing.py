"""Uploading a register: who may, what is sent, what is asked first, what comes back; with the real worker process. The same over
real servers is in tests/e2e."""

from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from services.gateway import outcomes, words
from services.gateway.outcomes import Told
from services.gateway.registers.shelf import SECONDS, Shelf
from shared.contracts import record_id, short
from shared.people import Held
from shared.people.file import Person, write
from tests.support.site import SETTINGS, Site
from tests.unit.gateway.test_signing import HASH, sign_in, token
from tests.unit.registers.books import case, log, save

UNIT = "00118"
ROWS = [case(i, f"{i + 12}/03/2025") for i in range(1, 4)]
LISTED = "import sys, services.gateway.app; print('\\n'.join(sorted(sys.modules)))"


def site(tmp_path: Path, *roles: Held, **others: Any) -> Site:
    key = tmp_path / "references"
    key.write_bytes(b"k" * 64)
    settings = dataclasses.replace(SETTINGS, reference_key_file=str(key))
    answers: dict[str, Any] = {"intake__note": {"noted": True}, **others}
    if roles:
        people = tmp_path / "people.yaml"
        write(people, {"an": Person("an", "Bà An", HASH, roles)})
        settings = dataclasses.replace(settings, people_file=str(people))
    return Site(settings, **answers)


def upload(here: Site, path: Path | bytes, **fields: str) -> httpx.Response:
    body = path if isinstance(path, bytes) else path.read_bytes()
    data = {"form_token": token(here, "/import"), "unit": UNIT, **fields}
    return here.post("/import", data=data, files={"file": ("sổ 2025.xlsx", body)})


def sent(here: Site) -> list[dict[str, Any]]:
    return [json.loads(message.body) for message in here.forward.sent]


def test_a_register_is_sent_row_by_row_and_names_go_into_the_events_alone(tmp_path: Path) -> None:
    here = site(tmp_path)
    answer = upload(here, log(tmp_path / "so.xlsx", *ROWS))
    assert answer.status_code == 200, answer.text
    assert len(sent(here)) == 3 and {one["source"] for one in sent(here)} == {f"http://namtot.example/console/so/{UNIT}"}
    assert "Mọi dòng đã được nhận" in answer.text and "Sổ theo dõi vụ việc" in answer.text
    assert "Trần Thị A" not in answer.text and "Trần Thị A" in json.dumps(sent(here), ensure_ascii=False)
    assert "Trần Thị A" not in str(here.rpc.asked)
    ids = [one["id"] for one in sent(here)]
    upload(here, tmp_path / "so.xlsx")
    assert [one["id"] for one in sent(here)] == ids * 2, "the same rows are the same events"
    here.rpc.answers["intake.imported"] = held(here)
    again = upload(here, tmp_path / "so.xlsx")
    assert len(sent(here)) == 6 and "Mọi dòng đã được nhận" in again.text, "what intake has is not sent again"


def test_rows_that_cannot_be_taken_in_come_back_with_the_reason_beside_them(tmp_path: Path) -> None:
    here = site(tmp_path)
    told = Told("refused", code="future", field="data.on", reason="lies in the future")
    refused = outcomes.told(words.load(), told, None, None)
    here.forward.replies = [refused, here.forward.replies[0]]
    answer = upload(here, log(tmp_path / "so.xlsx", *ROWS, case(9, "2025")))
    assert "4 dòng" in answer.text and "Các dòng chưa nhận" in answer.text
    (target,) = [part.split('"')[0] for part in answer.text.split('href="') if part.startswith("/import/marked/")]
    copy = here.get(target)
    assert copy.headers["content-disposition"] == 'attachment; filename="s-2025.can-sua.xlsx"'
    sheet = load_workbook(io.BytesIO(copy.content)).active
    reasons = {row[0].value: str(row[10].value) for row in sheet.iter_rows(min_row=5)}
    assert "2025" in reasons[9] and "tương lai" in reasons[1], reasons
    assert reasons[2] == "None", "a good row has no reason"
    here.cookies.clear()
    assert here.get(target).status_code == 404, "another browser does not get it"


def test_an_ambiguous_day_is_asked_and_nothing_is_sent_before(tmp_path: Path) -> None:
    here = site(tmp_path)
    answer = upload(here, log(tmp_path / "so.xlsx", case(1, "05/03/2025")))
    assert answer.status_code == 200 and sent(here) == []
    assert "Cần hỏi trước khi nhập" in answer.text and "Tháng trước, ngày sau" in answer.text
    shelved = answer.text.split('name="shelved" value="')[1].split('"')[0]
    form = {"form_token": token(here, "/import"), "unit": UNIT, "shelved": shelved, "day-order": "dmy"}
    done = here.post("/import", data=form, files={"nothing": ("", b"")})
    assert done.status_code == 200 and len(sent(here)) == 1
    assert sent(here)[0]["data"]["received_on"] == "2025-03-05"
    stale = here.post("/import", data={**form, "shelved": "x"}, files={"nothing": ("", b"")})
    assert stale.status_code == 422 and "Chọn lại tệp" in stale.text


def held(here: Site) -> dict[str, Any]:
    """Intake's answer about what was sent: each as it was taken in."""
    items = [
        {"id": one["id"], "type": short(one["type"]), "record": record_id(one["subject"]), "subject": one["subject"],
         "now": one["data"]["ext"]["row"][0], "marks": one["data"]["ext"]["row"][1:], "turn": 1, "withdrawn_by": ""}
        for one in sent(here)
    ]
    return {"items": items, "next": None}


def test_a_mended_row_is_a_correction_only_if_a_person_says_so(tmp_path: Path) -> None:
    here = site(tmp_path)
    upload(here, log(tmp_path / "so.xlsx", *ROWS))
    here.rpc.answers["intake.imported"] = held(here)
    answer = upload(here, log(tmp_path / "so2.xlsx", *ROWS[:2], case(3, "15/03/2025", settled=None, failed="x")))
    assert len(sent(here)) == 3, "nothing was sent unasked"
    assert "1 dòng khác với lần nhập trước" in answer.text and "Là vụ việc khác" not in answer.text
    shelved = answer.text.split('name="shelved" value="')[1].split('"')[0]
    form = {"form_token": token(here, "/import"), "unit": UNIT, "shelved": shelved}
    left = here.post("/import", data={**form, "changed": "leave"}, files={"nothing": ("", b"")})
    assert "được để nguyên" in left.text and len(sent(here)) == 3
    done = here.post("/import", data={**form, "changed": "correct"}, files={"nothing": ("", b"")})
    assert "1 dòng đã gửi đính chính" in done.text, done.text
    (event,) = sent(here)[3:]
    assert event["type"] == "vn.namtot.record.corrected.v1" and event["data"]["by"] == f"console/{UNIT}"
    assert event["data"]["target"]["id"] == sent(here)[2]["id"] and event["data"]["data"]["outcome"] == "not_settled"


def test_a_broker_that_goes_away_stops_it_and_the_file_can_be_sent_again(tmp_path: Path) -> None:
    here = site(tmp_path)
    here.forward.replies = [outcomes.not_accepted(words.load(), None, None)]
    answer = upload(here, log(tmp_path / "so.xlsx", *ROWS))
    assert answer.status_code == 200 and "mất liên lạc giữa chừng" in answer.text


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 half", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600])
def test_what_is_no_workbook_is_said_so(tmp_path: Path, body: bytes) -> None:
    here = site(tmp_path)
    answer = upload(here, body)
    assert answer.status_code == 422 and 'role="alert"' in answer.text and sent(here) == []


def test_too_large_a_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    assert upload(site(tmp_path), b"0" * (11 * 1024 * 1024)).status_code == 413


def test_a_form_of_another_site_imports_nothing(tmp_path: Path) -> None:
    here = site(tmp_path)
    body = log(tmp_path / "so.xlsx", *ROWS).read_bytes()
    answer = here.post("/import", data={"form_token": "x" * 43, "unit": UNIT}, files={"file": ("so.xlsx", body)})
    assert answer.status_code == 403 and sent(here) == []


def test_only_the_communes_own_justice_officer_imports_and_the_trail_says_so(tmp_path: Path) -> None:
    officer = site(tmp_path, Held("justice_officer", unit=UNIT))
    assert officer.get("/import").status_code == 303, "who does not sign in is asked to"
    sign_in(officer)
    page = officer.get("/import").text
    assert "Ngọc Thụy" in page and "Bồ Đề" not in page
    path = log(tmp_path / "so.xlsx", *ROWS)
    assert upload(officer, path, unit="00139").status_code == 422 and sent(officer) == []
    assert upload(officer, path).status_code == 200 and len(sent(officer)) == 3
    (noted,) = [asked for method, asked in officer.rpc.asked if method == "intake.note"]
    assert (noted["who"], noted["role"], noted["action"]) == ("an", f"justice_officer@{UNIT}", "import_register")
    assert noted["about"][0] == f"unit:{UNIT}" and noted["about"][1].startswith("sha256:")


@pytest.mark.parametrize("role", ["team_leader", "chair", "city_department"])
def test_nobody_else_does(tmp_path: Path, role: str) -> None:
    here = site(tmp_path, Held(role, unit=UNIT))
    sign_in(here)
    assert here.get("/import").status_code == 403 and "/import" not in here.get("/").text


def test_without_the_trail_nothing_is_read(tmp_path: Path) -> None:
    from services.gateway.rpc import NoAnswer

    here = site(tmp_path, intake__note=NoAnswer("intake", "note", "silent", "…"))
    assert upload(here, log(tmp_path / "so.xlsx", *ROWS)).status_code == 503 and sent(here) == []


def test_a_roster_is_one_event_of_the_unit_as_the_directory_knows_it(tmp_path: Path) -> None:
    rows = [["Tổ hòa giải", "Họ và tên", "Giới tính"], ["Tổ 5", "Trần Văn Hòa", "Nam"], ["Tổ 5", "Lê Thị Giải", "Nữ"]]
    here = site(tmp_path, directory__units=lambda on=None: [
        {"code": UNIT, "name": "Phường Bồ Đề", "valid_from": "2025-07-01"}])
    answer = upload(here, save(tmp_path / "ds.xlsx", rows), on="30/12/2025")
    assert answer.status_code == 200, answer.text
    (event,) = sent(here)
    assert event["data"]["unit_name"] == "Phường Bồ Đề" and event["data"]["on"] == "2025-12-30"


def test_templates_are_workbooks_and_have_the_kinds_that_are_read(tmp_path: Path) -> None:
    here = site(tmp_path)
    book = load_workbook(io.BytesIO(here.get("/import/templates/log").content))
    assert book.active["A1"].value == "SỔ THEO DÕI HOẠT ĐỘNG HÒA GIẢI Ở CƠ SỞ"
    assert here.get("/import/templates/other").status_code == 404


def test_a_server_without_the_key_of_references_says_what_is_missing(tmp_path: Path) -> None:
    here = site(tmp_path)
    (tmp_path / "references").unlink()
    answer = upload(here, log(tmp_path / "so.xlsx", *ROWS))
    assert answer.status_code == 422 and "NAMTOT_REFERENCE_KEY_FILE" in answer.text and sent(here) == []


def test_the_gateway_itself_loads_no_reader_of_workbooks() -> None:
    loaded = subprocess.run([sys.executable, "-c", LISTED], capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert not [m for m in loaded if m.split(".")[0] in ("python_calamine", "openpyxl") or m.startswith("shared.registers")]


def test_a_shelf_forgets_and_keeps_what_is_whose() -> None:
    now = [0.0]
    shelf = Shelf(lambda: now[0], most=10)
    first = shelf.put(b"123456", "a", "an")
    assert shelf.get(first, "an") is not None and shelf.get(first, "binh") is None
    second = shelf.put(b"654321", "b", "an")
    assert shelf.get(first, "an") is None and shelf.get(second, "an") is not None, "the oldest makes room"
    assert shelf.put(b"x" * 11, "c", "an") == ""
    now[0] = SECONDS + 1
    assert shelf.get(second, "an") is None
