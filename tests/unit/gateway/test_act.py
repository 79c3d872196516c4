"""Acting in the console: what is sent, what is not, and how often. Broker and services are stood in for; the same over real ones
is in tests/e2e."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from services.gateway import outcomes, words
from services.gateway.forms import acts
from services.gateway.outcomes import Told
from services.gateway.pages import act
from services.gateway.rpc import NoAnswer
from shared.contracts import STRUCTURED
from shared.settings import Settings
from tests.support import canned_console
from tests.support.site import Elements, Site

REQUEST = "/act/recognition.requested"
OPEN = f"{REQUEST}?team=HG-118005AB&year=2024&_back=/teams/HG-118005AB"
VOTE = {"on": "2024-11-08", "members": "6", "present": "5", "agreed": "4", "all_met": "yes"}


def hidden(site: Site, path: str) -> dict[str, Any]:
    """The fields that a form sends by itself, those of the same name together."""
    found: dict[str, Any] = {}
    for field in Elements(site.get(path).text).all("input"):
        if field.get("type") == "hidden":
            found.setdefault(str(field["name"]), []).append(field.get("value") or "")
    return found


def fill(site: Site, path: str = OPEN, **filled: Any) -> dict[str, Any]:
    return {**hidden(site, path), "on": "2024-12-02", **filled}


def event(site: Site, number: int = -1) -> dict[str, Any]:
    message = site.forward.sent[number]
    assert message.content_type == STRUCTURED
    found: dict[str, Any] = json.loads(message.body)
    return found


@pytest.mark.parametrize("name", [a.name for a in acts.every()])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_form_is_well_formed_and_can_be_used_without_a_mouse(name: str, language: str) -> None:
    response = Site().get(f"/act/{name}?team=HG-118005AB&unit=00118&year=2024&lang={language}")
    assert response.status_code == 200 and response.headers["cache-control"] == "no-store"
    html = Elements(response.text)
    assert html.open == [] and len(html.all("h1")) == 1
    labelled = {label.get("for") for label in html.all("label")}
    ids = [attributes["id"] for _, attributes in html.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    for control in [*html.all("select"), *html.all("textarea"), *html.all("input")]:
        if control.get("type") not in ("hidden", "radio", "checkbox"):
            assert control["id"] in labelled
    assert not html.all("script") and not [a for _, a in html.seen if "style" in a]


def test_a_forms_own_label_is_not_lent_to_the_papers_attached() -> None:
    text = Site().get("/act/recognition.decided?unit=00118&year=2024").text
    assert re.search(r'for="f-number">Số quyết định\s*<', text)
    assert re.search(r'for="f-evidence-0-number">Số, ký hiệu văn bản', text)
    text = Site().get("/act/commendation.proposed?team=HG-118005AB").text
    assert "Loại khen thưởng" in text and re.search(r'for="f-evidence-0-kind">Loại giấy', text)


def test_what_is_not_entered_by_people_has_no_form() -> None:
    for name in ("team.founded", "record.corrected", "nothing", "recognition.requested.v1"):
        assert Site().get(f"/act/{name}").status_code == 404


def test_a_request_is_the_event_that_another_system_would_send() -> None:
    site = Site()
    response = site.post(REQUEST, data=fill(site, **{"evidence.0.kind": "request", "evidence.0.number": "05/ĐN"}))
    assert response.status_code == 303
    sent = event(site)
    assert sent["type"] == "vn.namtot.recognition.requested.v1" and sent["source"] == "http://namtot.example/console"
    assert sent["subject"] == "recognition://namtot.example/HG-118005AB/2024" and "expectedversion" not in sent
    assert sent["data"] == {
        "on": "2024-12-02", "team": "HG-118005AB", "year": 2024, "evidence": [{"kind": "request", "number": "05/ĐN"}],
    }
    where = response.headers["location"]
    assert where.startswith(f"/sent/{sent['id']}?") and "%2Fteams%2FHG-118005AB" in where
    asked = dict(site.rpc.asked)["evaluation.check"]
    assert asked == {
        "type": "recognition.requested", "data": sent["data"], "subject": sent["subject"], "source": sent["source"],
    }


def test_the_source_can_be_set() -> None:
    site = Site(Settings(amqp_uri="a", mongo_uri="m", console="https://tuphap.example/console"))
    site.post(REQUEST, data=fill(site))
    assert event(site)["source"] == "https://tuphap.example/console"
    assert event(site)["subject"].startswith("recognition://tuphap.example/")


def test_pressed_twice_it_is_the_same_event_byte_by_byte() -> None:
    site = Site()
    form = fill(site)
    for _ in range(2):
        assert site.post(REQUEST, data=form).status_code == 303
    assert len({message.body for message in site.forward.sent}) == 1
    site.post(REQUEST, data=fill(site))  # another form, another event
    other = Site()
    other.post(REQUEST, data={**form, **fill(other), "_key": form["_key"]})  # the same key in another browser
    assert len({event(site, 0)["id"], event(site, 2)["id"], event(other)["id"]}) == 3


def test_what_the_ledger_has_is_not_forbidden_any_more_by_what_it_brought_about() -> None:
    site = Site(evaluation__check=canned_console.BARRED, intake__outcome={"outcome": "applied", "record": "r", "n": 1})
    site.forward.replies = [outcomes.told(words.load(), Told("duplicate"), None, None)]
    response = site.post(REQUEST, data=fill(site))
    assert response.status_code == 303 and "done=duplicate" in response.headers["location"]
    assert "Trùng, đã có" in site.get(response.headers["location"]).text


def test_what_the_law_forbids_is_not_sent_and_says_why() -> None:
    site = Site(evaluation__check=canned_console.BARRED)
    response = site.post(REQUEST, data=fill(site, **{"evidence.0.number": "05/ĐN", "evidence.0.kind": "request"}))
    assert response.status_code == 422 and site.forward.sent == []
    assert "3/6 hòa giải viên đồng ý" in response.text and "Hướng dẫn 1269/TP-MTTQ" in response.text
    assert 'value="2024-12-02"' in response.text and 'value="05/ĐN"' in response.text, "what was entered is still there"


def test_flags_are_confirmed_first_and_each_of_them() -> None:
    site = Site(evaluation__check=canned_console.FLAGGED)
    response = site.post(REQUEST, data=fill(site))
    assert response.status_code == 200 and site.forward.sent == []
    assert "sau hạn 29/11/2024" in response.text and "Vẫn ghi nhận" in response.text
    again: dict[str, Any] = {}
    for field in Elements(response.text).all("input"):
        again.setdefault(str(field["name"]), []).append(field["value"])
    edited = site.post(REQUEST, data={**again, "_do": "edit"})
    assert edited.status_code == 200 and site.forward.sent == [] and 'type="date"' in edited.text
    site.rpc.answers["evaluation.check"] = {**canned_console.FLAGGED, "flags": [
        *canned_console.FLAGGED["flags"], {"code": "members-differ", "vi": "Số hòa giải viên khác danh bạ.", "en": "…"},
    ]}
    unseen = site.post(REQUEST, data=again)
    assert unseen.status_code == 200 and site.forward.sent == [] and "khác danh bạ" in unseen.text
    site.rpc.answers["evaluation.check"] = canned_console.FLAGGED
    assert site.post(REQUEST, data=again).status_code == 303
    assert event(site)["data"] == {"on": "2024-12-02", "team": "HG-118005AB", "year": 2024}


def test_every_fault_is_told_at_its_field_and_nothing_is_sent() -> None:
    site = Site()
    path = "/act/recognition.self-assessed"
    response = site.post(path, data=fill(site, f"{path}?team=HG-118005AB&year=2024", on="", members="sáu"))
    assert response.status_code == 422 and site.forward.sent == []
    for place in ("f-on", "f-present", "f-agreed", "f-all_met"):
        assert f'href="#{place}"' in response.text and f'id="{place}"' in response.text
    assert "Có 4 chỗ cần sửa" in response.text
    response = site.post(path, data=fill(site, f"{path}?team=HG-118005AB&year=2024", **{**VOTE, "members": "sáu"}))
    assert "Tổng số hòa giải viên của tổ</a>: Nhập một số nguyên" in response.text and 'value="sáu"' in response.text
    assert 'aria-invalid="true" aria-describedby="f-members-fault"' in response.text
    response = site.post(path, data=fill(site, f"{path}?team=HG-118005AB&year=2024", **{**VOTE, "agreed": "6"}))
    assert "không thể nhiều hơn số người dự họp" in response.text
    response = site.post(path, data=fill(site, f"{path}?team=HG-118005AB&year=2024", **{**VOTE, "on": "2026-12-31"}))
    assert "ở tương lai" in response.text and site.forward.sent == []


def test_a_decision_ticks_the_teams_of_the_unit() -> None:
    site = Site()
    path = "/act/recognition.decided?unit=00118&year=2024"
    boxes = [i for i in Elements(site.get(path).text).all("input") if i.get("name") == "recognised"]
    assert len(boxes) == 20
    ticked = [str(box["value"]) for box in boxes if "checked" in box]
    states = {t["code"]: t for t in canned_console.recognitions("00118", 2024)["teams"]}
    assert ticked and all(states[c]["state"] == "under_review" and states[c]["reviewed"] for c in ticked)
    none = next(code for code, team in states.items() if team["state"] == "under_review" and code not in ticked)
    number = next(k.split(".")[1] for k, v in hidden(site, path).items() if k.endswith(".team") and v == [none])
    response = site.post("/act/recognition.decided", data=fill(
        site, path, on="2024-12-12", number="45/QĐ-UBND", signed_by="commune_chair", recognised=ticked,
        **{f"declined.{number}.reason": "Chưa đủ phiếu"},
    ))
    assert response.status_code == 303
    sent = event(site)
    assert sent["data"]["recognised"] == ticked and sent["data"]["declined"] == [{"team": none, "reason": "Chưa đủ phiếu"}]
    assert re.fullmatch(r"decision://namtot\.example/00118/2024/[0-9a-f]{32}", sent["subject"])


def test_a_meeting_shows_the_teams_that_wait_and_takes_others() -> None:
    site = Site()
    path = "/act/recognition.reviewed?unit=00118&year=2024"
    form = fill(site, path, on="2024-12-10", chair="commune_leader", front_present="yes")
    waits = [t["code"] for t in canned_console.recognitions("00118", 2024)["teams"]
             if t["state"] in ("requested", "returned", "under_review")]
    rows = {v[0]: k for k, v in form.items() if k.startswith("results.") and k.endswith(".team")}
    assert sorted(rows) == sorted(waits)
    text = site.post("/act/recognition.reviewed", data={
        **form, rows[waits[0]].replace("team", "recognise"): "yes", "_do": "more:results",
    }).text
    typed = next(i["name"] for i in Elements(text).all("input")
                 if str(i.get("name")).startswith("results.") and str(i["name"]).endswith(".team") and i.get("type") == "text")
    response = site.post("/act/recognition.reviewed", data={
        **form, "_do": "", rows[waits[0]].replace("team", "recognise"): "yes", str(typed): "Tổ 21",
        str(typed).replace("team", "recognise"): "no",
    })
    assert response.status_code == 303
    assert event(site)["data"]["results"] == [{"team": waits[0], "recognise": True}, {"team": "Tổ 21", "recognise": False}]


def test_unticking_everything_is_not_ticked_again_when_the_form_comes_back() -> None:
    site = Site()
    response = site.post("/act/recognition.decided", data=fill(site, "/act/recognition.decided?unit=00118&year=2024"))
    assert response.status_code == 422
    assert not [i for i in Elements(response.text).all("input") if i.get("name") == "recognised" and "checked" in i]


def test_a_paper_is_kept_as_its_hash_and_only_that() -> None:
    site = Site()
    paper = b"%PDF-1.7 " + b"x" * 2_000_000
    form = fill(site, **{"evidence.0.kind": "minutes", "_do": "more:evidence"})
    response = site.post(REQUEST, data=form, files={"evidence.0.file": ("bb.pdf", paper, "application/pdf")})
    digest = hashlib.sha256(paper).hexdigest()
    assert f'name="evidence.0.sha256" value="{digest}"' in response.text, "one more line, and the paper is not forgotten"
    assert 'name="evidence.1.kind"' in response.text and site.forward.sent == []
    site.post(REQUEST, data={**form, "_do": "", "evidence.0.sha256": digest})
    assert event(site)["data"]["evidence"] == [{"kind": "minutes", "sha256": digest}]


def test_a_file_that_is_too_large_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.forms.posted.FORM_BYTES", 100_000)
    site = Site()
    response = site.post(REQUEST, data=fill(site), files={"evidence.0.file": ("a", b"x" * 200_000)})
    assert response.status_code == 413 and "quá lớn" in response.text and site.forward.sent == []

    async def drip() -> Any:
        for _ in range(50):
            yield b"x" * 10_000

    response = site.post(REQUEST, content=drip(), headers={"content-type": "multipart/form-data; boundary=b"})
    assert response.status_code == 413 and site.forward.sent == []


@pytest.mark.parametrize(("body", "kind"), [
    (b"\xff\xfe", "application/x-www-form-urlencoded"), (b"--b\r\nbroken", "multipart/form-data; boundary=b"),
    (b"{}", "application/json"), (b"", "multipart/form-data"), (b"a=%ff&b=%00", "application/x-www-form-urlencoded"),
])
def test_what_is_no_form_at_all_sends_nothing(body: bytes, kind: str) -> None:
    site = Site()
    assert site.post(REQUEST, content=body, headers={"content-type": kind}).status_code in (403, 413)
    assert site.forward.sent == []


def test_a_form_from_elsewhere_is_turned_away_and_keeps_what_was_entered() -> None:
    site = Site()
    form = fill(site)
    for changed, headers in (({"form_token": "x" * 43}, {}), ({}, {"origin": "https://evil.example"})):
        response = site.post(REQUEST, data={**form, **changed}, headers=headers)
        assert response.status_code == 403 and site.forward.sent == []
        assert 'value="2024-12-02"' in response.text


def test_the_operators_token_is_asked_for_where_one_is_set() -> None:
    site = Site(Settings(amqp_uri="a", mongo_uri="m", gateway_token="bí mật"))
    assert 'type="password"' in site.get(OPEN).text
    response = site.post(REQUEST, data=fill(site, token="sai"))
    assert response.status_code == 403 and site.forward.sent == [] and "sai" not in response.text.replace("Sai", "")
    assert site.post(REQUEST, data=fill(site, token="bí mật")).status_code == 303


def test_without_an_answer_nothing_is_sent_and_nothing_is_lost() -> None:
    for trouble, error in (("silent", ""), ("failed", "MethodNotFound")):
        site = Site(evaluation__check=NoAnswer("evaluation", "check", trouble, "…", error))  # type: ignore[arg-type]
        response = site.post(REQUEST, data=fill(site))
        assert response.status_code == 503 and site.forward.sent == []
        assert "Bộ phận đánh giá (evaluation) chưa trả lời" in response.text and 'value="2024-12-02"' in response.text


def test_intake_has_the_last_word() -> None:
    site = Site()
    told = words.load()
    site.forward.replies = [outcomes.told(told, Told("refused", code="data", field="data.on", reason="not a date"), None, None)]
    response = site.post(REQUEST, data=fill(site))
    assert response.status_code == 422 and 'href="#f-on"' in response.text
    form = fill(site)
    site.forward.replies = [outcomes.told(told, Told("refused", code="id_reused", field="id", reason="…"), None, None)]
    response = site.post(REQUEST, data=form)
    assert response.status_code == 422 and "bản trước đã được ghi nhận" in response.text
    assert form["_key"][0] not in response.text, "what is sent next is another event"
    site.forward.replies = [outcomes.not_accepted(told, None, None)]
    response = site.post(REQUEST, data=form)
    assert response.status_code == 503 and form["_key"][0] in response.text and "chưa gửi được" in response.text
    site.forward.replies = [outcomes.pending(told, "s:1", "1")]
    assert "done=pending" in site.post(REQUEST, data=form).headers["location"]


def test_what_became_of_it_is_asked_of_the_ledger() -> None:
    site = Site()
    page = "/sent/abc?type=recognition.requested&done=applied&_back=/teams/HG-118005AB"
    assert "chưa có kết quả" in site.get(page).text, "the reply was a hint only"
    assert site.rpc.asked[-1] == ("intake.outcome", {"source": "http://namtot.example/console", "id": "abc"})
    for outcome, words_ in (
        ({"outcome": "applied"}, "Đã ghi nhận"), ({"outcome": "applied", "parked": True}, "đang chờ dữ liệu trước đó"),
        ({"outcome": "refused", "code": "not_allowed", "field": "source", "reason": "…"}, "Nguồn không có quyền"),
    ):
        text = Site(intake__outcome=outcome).get(page).text
        assert words_ in text and 'href="/teams/HG-118005AB"' in text
    assert "chưa biết kết quả" in Site(intake__outcome=NoAnswer("intake", "outcome", "silent", "…")).get(page).text


@pytest.mark.parametrize("back", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "else",
])
def test_a_form_leads_nowhere_else(back: str) -> None:
    assert act.safe(back) == ""
    site = Site()
    for path in ("/sent/x", REQUEST):
        html = Elements(site.get(path, params={"_back": back}).text)
        assert back not in [a.get("href") for a in html.all("a")] + [i.get("value") for i in html.all("input")]


def test_a_step_is_sent_to_what_it_continues_at_the_version_that_was_seen() -> None:
    site = Site()
    path = act.link("commendation.paid", "/commendations/1", team="HG-118005AB", subject="commendation://a.example/7", n=4)
    assert site.post("/act/commendation.paid", data=fill(site, path, amount="1.404.000")).status_code == 303
    sent = event(site)
    assert (sent["subject"], sent["expectedversion"], sent["data"]["amount"]) == ("commendation://a.example/7", 4, 1404000)
    response = site.post("/act/commendation.paid", data=fill(site, "/act/commendation.paid?team=HG-118005AB", amount="1404000"))
    assert response.status_code == 422 and "phải mở từ trang của hồ sơ" in response.text


def test_what_was_entered_by_mistake_is_taken_back_where_it_stands() -> None:
    site = Site()
    text = site.get("/teams/HG-118005AB?year=2024").text
    path = next(str(a["href"]) for a in Elements(text).all("a") if str(a.get("href")).startswith("/act/record.withdrawn"))
    response = site.post("/act/record.withdrawn", data=fill(site, path, on="2024-12-05", reason="Nhập nhầm ngày"))
    assert response.status_code == 303
    sent = event(site)
    assert sent["subject"] == "recognition://tuphap.longbien.example/HG-118005AB/2024" and sent["expectedversion"] == 3
    assert sent["data"] == {"on": "2024-12-05", "reason": "Nhập nhầm ngày", "target": {
        "source": "https://tuphap.longbien.example/", "id": "recognition.self-assessed-2024-11-08",
    }}
    response = site.post("/act/record.withdrawn", data=fill(site, "/act/record.withdrawn", reason="…"))
    assert response.status_code == 422 and "Bản ghi bị rút" in response.text


def test_hostile_values_from_the_address_are_shown_as_text() -> None:
    text = Site().get("/act/practice.noted", params={
        "title": "<script>alert(1)</script>", "practice": "</textarea><script>", "team": "\"><img src=x>",
    }).text
    assert "<script" not in text and "<img src=x" not in text and "&lt;script&gt;" in text


def multipart(fields: dict[str, Any], *after: tuple[str, str | None, str]) -> tuple[bytes, str]:
    """A body whose parts stand in the order in which a browser sends them. ``after``: name, file name if it is one, content."""
    mark = "namtot-test"
    parts = [(name, None, one) for name, given in fields.items() for one in (given if isinstance(given, list) else [given])]
    body = ""
    for name, file, text in [*parts, *after]:
        called = "" if file is None else f'; filename="{file}"'
        body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{called}\r\n\r\n{text}\r\n'
    return f"{body}--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def test_a_file_that_is_picked_anew_replaces_the_hash_of_the_one_before() -> None:
    site = Site()
    body, kind = multipart(
        {**fill(site), "evidence.0.kind": "minutes"}, ("evidence.0.file", "moi.pdf", "new"), ("evidence.0.sha256", None, "a" * 64)
    )
    assert site.post(REQUEST, content=body, headers={"content-type": kind}).status_code == 303
    assert [paper["sha256"] for paper in event(site)["data"]["evidence"]] == [hashlib.sha256(b"new").hexdigest()]


@pytest.mark.parametrize("charset", ["unicode_escape", "punycode", "utf-7"])
def test_a_form_in_another_charset_is_none_of_ours(charset: str) -> None:
    site = Site()
    body, kind = multipart(fill(site))
    answer = site.post(REQUEST, content=body, headers={"content-type": f"{kind}; charset={charset}"})
    assert answer.status_code == 413 and site.forward.sent == []


@pytest.mark.parametrize("back", ["//[", "/\\[", "https://x.example/", "//x.example", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else_and_breaks_nothing(back: str) -> None:
    page = Site().get("/sent/x", params={"_back": back})
    assert page.status_code in (200, 404) and f'href="{back}"' not in page.text


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "-1", "\u0663"])
def test_a_version_that_is_none_is_left_out(number: str) -> None:
    site = Site()
    assert site.post(REQUEST, data=fill(site, _n=number)).status_code == 303
    assert "expectedversion" not in event(site)


def test_an_origin_that_cannot_be_read_is_not_ours() -> None:
    site = Site()
    assert site.post(REQUEST, data=fill(site), headers={"origin": "http://["}).status_code == 403
