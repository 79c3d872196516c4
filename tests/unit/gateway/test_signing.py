"""Signing in as a browser does it: what is closed without it, what it opens, and what it must not do for strangers."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway import edge
from shared.people import Held
from shared.people.file import Person, hashed, write
from tests.support.site import SETTINGS, Elements, Site

TEAM, UNIT, CASE = "HG-11111111", "00118", "c" * 32
PASSWORD = "một mật khẩu dài"
HASH = hashed(PASSWORD)
LINE = {"case": CASE, "subject": "case://x/1", "n": 3, "status": "assigned", "team": TEAM, "team_name": "Tổ 5", "unit": UNIT,
        "unit_name": "Bồ Đề", "dispute": "civil", "received_on": "2026-11-01", "urgent": ["violence_risk"],
        "due": [{"code": "start", "last_day": "2026-11-20"}]}
STATE = {"status": "assigned", "dispute": "civil", "flags": [{"code": "late_start", "article": "Art. 20.2"}],
         "history": [{"on": "2026-11-01", "status": "received", "by": "case.reported"}]}
SECRET = "Trần Thị Kín"


def site(tmp_path: Path, *roles: Held, **others: Any) -> Site:
    path = tmp_path / "people.yaml"
    write(path, {"an": Person("an", "Bà An", HASH, roles)})
    answers: dict[str, Any] = {
        "evaluation__cases": {"total": 1, "items": [LINE]},
        "intake__case": {"case": CASE, "subject": "case://x/1", "n": 3, "state": STATE},
        "intake__reveal_cases": {"cases": {CASE: {"parties": [{"name": SECRET, "role": "party"}], "content": "ranh giới đất"}}},
        "intake__note": None,
    }
    return Site(dataclasses.replace(SETTINGS, people_file=str(path)), **{**answers, **others})


def token(here: Site, path: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', here.get(path).text)
    assert found
    return found[1]


def sign_in(here: Site, target: str = "", password: str = PASSWORD) -> httpx.Response:
    data = {"form_token": token(here, "/sign-in"), "name": "an", "password": password, "next": target}
    return here.post("/sign-in", data=data)


LEADER = Held("team_leader", team=TEAM)


@pytest.mark.parametrize("path", ["/cases", "/today", f"/cases/{CASE}", "/refused", "/papers?unit=00118", "/act/practice.noted"])
def test_what_is_not_public_asks_who_one_is_and_comes_back_there(tmp_path: Path, path: str) -> None:
    answer = site(tmp_path, LEADER).get(path)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=%2F")
    assert answer.headers["cache-control"] == "no-store"


def test_public_boards_need_no_sign_in(tmp_path: Path) -> None:
    for path in ("/", "/units/00118?year=2024", "/communes?year=2024"):
        assert site(tmp_path).get(path).status_code == 200


def test_without_people_nobody_signs_in_and_no_private_part_is_offered() -> None:
    here = Site(evaluation__cases={"total": 1, "items": [LINE]},
                intake__case={"case": CASE, "subject": "case://x/1", "n": 3, "state": STATE})
    assert here.get("/sign-in").status_code == 404
    page = here.get(f"/cases/{CASE}")
    assert page.status_code == 200 and "reveal" not in page.text
    assert here.post(f"/cases/{CASE}/reveal", data={"form_token": "x", "purpose": "mediate"}).status_code == 403


def test_the_session_is_closed_to_scripts_and_other_sites_and_new_at_each_sign_in(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    here.cookies.set("namtot_session", "planted.value")
    answer = sign_in(here, "/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("namtot_session")]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower() and "planted" not in cookie
    assert here.get("/cases").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere_after_signing_in(tmp_path: Path, target: str) -> None:
    assert sign_in(site(tmp_path, LEADER), target).headers["location"] == "/today"


def test_a_wrong_password_and_a_wrong_name_are_told_alike_and_soon_must_wait(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    told = {sign_in(here, password="sai").status_code for _ in range(5)}
    assert told == {403}
    late = sign_in(here)
    assert late.status_code == 429 and int(late.headers["retry-after"]) > 0
    assert here.get("/cases").status_code == 303


def test_a_form_of_another_site_signs_nobody_in(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    data = {"form_token": "x" * 43, "name": "an", "password": PASSWORD}
    assert here.post("/sign-in", data=data).status_code == 403
    good = {"form_token": token(here, "/sign-in"), "name": "an", "password": PASSWORD}
    assert here.post("/sign-in", data=good, headers={"origin": "https://evil.example"}).status_code == 403


def test_who_is_taken_out_of_the_file_or_gets_another_password_is_out_at_once(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    sign_in(here)
    assert here.get("/cases").status_code == 200
    write(tmp_path / "people.yaml", {"an": Person("an", "Bà An", hashed("mật khẩu mới"), (LEADER,))})
    assert here.get("/cases").status_code == 303


def test_signing_out_ends_the_session_even_where_its_cookie_was_copied(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    sign_in(here)
    copied = here.cookies["namtot_session"]
    here.post("/account/sign-out", data={"form_token": token(here, "/account")})
    here.cookies.set("namtot_session", copied)
    assert here.get("/cases").status_code == 303


def test_only_the_places_of_ones_roles_are_asked_for(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    sign_in(here)
    page = here.get("/cases")
    assert Elements(page.text).open == [] and "quá hạn 3 ngày" in page.text
    (asked,) = [kwargs for method, kwargs in here.rpc.asked if method == "evaluation.cases"]
    assert (asked["units"], asked["teams"]) == ([], [TEAM])


def test_the_case_of_another_team_is_not_there(tmp_path: Path) -> None:
    here = site(tmp_path, Held("team_leader", team="HG-22222222"))
    sign_in(here)
    assert here.get(f"/cases/{CASE}").status_code == 404


def test_private_parts_are_shown_once_for_a_purpose_and_kept_nowhere(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER)
    sign_in(here)
    page = here.get(f"/cases/{CASE}")
    assert SECRET not in page.text and Elements(page.text).open == []
    form = {"form_token": token(here, f"/cases/{CASE}")}
    assert here.post(f"/cases/{CASE}/reveal", data=form).status_code == 422
    assert here.post(f"/cases/{CASE}/reveal", data={**form, "purpose": "other"}).status_code == 422
    assert "intake.reveal_cases" not in [method for method, _ in here.rpc.asked]
    shown = here.post(f"/cases/{CASE}/reveal", data={**form, "purpose": "mediate"})
    assert shown.status_code == 200 and SECRET in shown.text and shown.headers["cache-control"] == "no-store"
    claim = "không hiện tên, địa chỉ"
    assert claim in page.text and claim not in shown.text, "the foot of the page says what the page does"
    (asked,) = [kwargs for method, kwargs in here.rpc.asked if method == "intake.reveal_cases"]
    assert asked == {"cases": [CASE], "who": "an", "role": "team_leader", "purpose": "mediate"}
    assert SECRET not in here.get(f"/cases/{CASE}").text


@pytest.mark.parametrize("role", [Held("city_department"), Held("front", UNIT)])
def test_who_sees_a_case_may_still_not_see_its_parties(tmp_path: Path, role: Held) -> None:
    here = site(tmp_path, role)
    sign_in(here)
    assert here.get(f"/cases/{CASE}").status_code == 200
    data = {"form_token": token(here, "/account"), "purpose": "mediate"}
    answer = here.post(f"/cases/{CASE}/reveal", data=data)
    assert answer.status_code == 403 and SECRET not in answer.text
    assert "intake.reveal_cases" not in [method for method, _ in here.rpc.asked]


def test_nothing_is_entered_for_another_team(tmp_path: Path) -> None:
    here = site(tmp_path, Held("team_leader", team="HG-22222222"))
    sign_in(here)
    path = f"/act/practice.noted?team={TEAM}"
    data = {"form_token": token(here, path), "team": TEAM, "on": "2026-11-01", "title": "x", "practice": "y", "_key": "k"}
    assert here.post("/act/practice.noted", data=data).status_code == 403
    assert here.forward.sent == []


@pytest.mark.parametrize("host", ["[", "a b", "x@y", "a/b", "evil.example:port", ""])
def test_a_host_that_cannot_be_one_is_turned_away(host: str) -> None:
    assert Site().get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(("host", "path", "status"), [
    ("namtot.example", "/", 404), ("NAMTOT.example", "/", 404), ("evil.example", "/", 400),
    ("10.0.0.7:8000", "/health/live", 404),
])
def test_only_the_address_that_is_set_is_answered_for(host: str, path: str, status: int) -> None:
    guarded = edge.Edge(FastAPI(), host=edge.host_of("https://Namtot.example/"))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guarded), base_url="http://x") as client:
            return await client.get(path, headers={"host": host})

    assert asyncio.run(ask()).status_code == status


def test_parties_go_into_the_event_and_to_nobody_else(tmp_path: Path) -> None:
    here = site(tmp_path, LEADER, intake__check={"allowed": True}, intake__outcome={"outcome": "unknown"},
                directory__team={"code": TEAM, "name": "Tổ 5", "unit": UNIT, "group": "TDP 5", "members": 4})
    sign_in(here)
    data = {
        "form_token": token(here, f"/act/case.reported?team={TEAM}"), "_key": "k", "team": TEAM, "on": "2026-11-01",
        "dispute": "civil", "ground": "party_request", "urgent": "violence_risk", "private.parties.0.name": SECRET,
        "private.parties.0.role": "party",
    }
    answer = here.post("/act/case.reported", data=data)
    assert answer.status_code == 303, answer.text
    (sent,) = here.forward.sent
    assert SECRET.encode() in sent.body and sent.routing_key == "urgent"
    assert SECRET not in str(here.rpc.asked) and SECRET not in answer.headers["location"]
