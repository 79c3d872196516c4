"""Setting right what was written about a case, what a step would be flagged with, and changing the language midway."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.gateway.forms import acts, reading
from services.gateway.forms.posted import Posted
from shared.contracts import TYPES, record_id, short
from shared.contracts.examples import load as examples
from tests.support import canned
from tests.support.site import Elements, Site

SUBJECT = "case://so.example/12"
CASE = record_id(SUBJECT)
SAID = {"on": "2024-03-12", "written": True, "items": ["grounds", "parties"], "evidence": [{"kind": "minutes", "number": "3/BB"}]}
ENTRIES = [
    {"type": "case.reported", "on": "2024-03-01", "entry": "a" * 32, "source": "https://so.example", "id": "1", "data": {}},
    {"type": "case.settled", "on": "2024-03-12", "entry": "b" * 32, "source": "https://so.example", "id": "2", "data": SAID},
]
FOUND = {"case": CASE, "subject": SUBJECT, "n": 4, "state": {"status": "settled"}, "entries": ENTRIES}
FORM = f"/act/record.corrected?of=case.settled&_subject={SUBJECT}&_n=4&target.source=https://so.example&target.id=2"
FLAGS = {"allowed": True, "flags": [{"code": "out_of_order", "article": "Luật 35/2013/QH13, Điều 20", "on": "2024-03-12"}]}


def entered(site: Site, path: str) -> dict[str, Any]:
    """What a browser would send of that form as it stands."""
    return sent_by(site.get(path).text)


def sent_by(html: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    chosen = ""
    for tag, told in Elements(html).seen:
        if tag == "input" and told.get("type") == "file":
            continue
        if tag == "select":
            chosen = str(told["name"])
        if tag == "input" and (told.get("type") not in ("radio", "checkbox") or "checked" in told):
            found.setdefault(str(told["name"]), []).append(told.get("value") or "")
        if tag == "option" and "selected" in told:
            found[chosen] = [str(told["value"])]
    return found


def test_a_correction_begins_with_what_was_said_and_sends_it_anew() -> None:
    site = Site(intake__case=FOUND)
    form = entered(site, FORM)
    assert form["data.on"] == ["2024-03-12"] and form["data.evidence.0.number"] == ["3/BB"] and form["data.written"] == ["yes"]
    form |= {"data.on": "2024-03-11", "on": "2024-03-20", "reason": "nhầm ngày"}
    answer = site.post("/act/record.corrected?of=case.settled", data=form)
    assert answer.status_code == 303, answer.text
    event = json.loads(site.forward.sent[-1].body)
    assert (event["type"], event["subject"], event["expectedversion"]) == ("vn.namtot.record.corrected.v1", SUBJECT, 4)
    assert event["data"] == {
        "on": "2024-03-20", "reason": "nhầm ngày", "target": {"source": "https://so.example", "id": "2"},
        "of": "vn.namtot.case.settled.v1", "data": {**SAID, "on": "2024-03-11"},
    }
    asked = dict(site.rpc.asked)["intake.check"]
    assert asked["type"] == "record.corrected" and asked["subject"] == SUBJECT


def test_what_was_corrected_before_is_corrected_as_it_stands_now() -> None:
    again = {"type": "record.corrected", "on": "2024-03-20", "entry": "d" * 32, "source": "https://so.example", "id": "3",
             "data": {"target": "b" * 32, "of": "case.settled", "data": {**SAID, "on": "2024-03-11"}, "reason": "nhầm"}}
    entries = [ENTRIES[0], {**ENTRIES[1], "corrected_by": "d" * 32}, again]
    site = Site(intake__case={**FOUND, "entries": entries}, evaluation__cases={"total": 1, "items": [
        {"case": CASE, "status": "settled", "subject": SUBJECT, "n": 4}]})
    assert entered(site, FORM)["data.on"] == ["2024-03-11"]
    links = [str(a["href"]) for a in Elements(site.get(f"/cases/{CASE}").text).all("a")]
    found = [one for one in links if one.startswith("/act/record.corrected")]
    assert len(found) == 2 and "of=case.settled" in found[1] and "target.id=2" in found[1]


def test_names_of_parties_are_not_shown_again_and_go_to_nobody_else() -> None:
    site = Site(intake__case=FOUND)
    form = entered(site, FORM) | {"on": "2024-03-20", "reason": "thiếu tên", "data.private.parties.0.name": "Trần Thị Kín"}
    assert site.post("/act/record.corrected?of=case.settled", data=form).status_code == 303
    assert "Trần Thị Kín" in site.forward.sent[-1].body.decode()
    assert "Trần Thị Kín" not in json.dumps(dict(site.rpc.asked)["intake.check"], ensure_ascii=False)


def test_a_fault_inside_the_correction_is_told_at_its_field() -> None:
    site = Site(intake__case=FOUND)
    form = entered(site, FORM)
    for filled, at in (({"reason": ""}, "f-reason"), ({"reason": "nhầm", "on": "2024-03-20", "data.on": "ba mươi"}, "f-data-on")):
        answer = site.post("/act/record.corrected?of=case.settled", data={**form, **filled})
        assert answer.status_code == 422 and site.forward.sent == []
        assert f'href="#{at}"' in answer.text


@pytest.mark.parametrize("of", ["", "record.corrected", "recognition.decided", "team.founded"])
def test_only_facts_of_a_case_are_corrected_here(of: str) -> None:
    assert Site().get(f"/act/record.corrected?of={of}").status_code == 404


@pytest.mark.parametrize("name", [name for name in sorted(TYPES) if acts.find(short(name))])
def test_a_form_shows_all_that_an_event_says(name: str) -> None:
    fields = acts.find(short(name)).fields  # type: ignore[union-attr]
    data = {key: value for key, value in examples()[name]["data"].items() if key != "ext"}
    again = reading.read(fields, Posted(reading.written(fields, data)))
    assert again.data == data and again.missing == []


def test_what_a_step_of_a_case_would_be_flagged_with_is_confirmed_first() -> None:
    site = Site(intake__check=FLAGS)
    path = f"/act/case.mediation-held?_subject={SUBJECT}&_n=4"
    answer = site.post("/act/case.mediation-held", data={**entered(site, path), "on": "2024-03-12"})
    assert answer.status_code == 200 and site.forward.sent == []
    assert "Trái trình tự" in answer.text and "Điều 20" in answer.text
    assert site.post("/act/case.mediation-held", data=sent_by(answer.text)).status_code == 303


def test_the_other_language_keeps_what_was_entered() -> None:
    site = Site()
    path = "/act/recognition.requested?team=HG-118005AB&year=2024"
    faulty = site.post("/act/recognition.requested", data={**entered(site, path), "evidence.0.number": "05/ĐN"})
    assert faulty.status_code == 422
    answer = site.post("/act/recognition.requested", data={**sent_by(faulty.text), "_do": "speak:en"})
    assert answer.status_code == 200 and site.forward.sent == [] and 'lang="en"' in answer.text
    assert 'value="05/ĐN"' in answer.text and "namtot_lang=en" in answer.headers["set-cookie"]
    assert site.post("/act/recognition.requested", data={**sent_by(faulty.text), "_do": "speak:fr"}).text.startswith(
        '<!doctype html>\n<html lang="en">'), "a language that nobody speaks changes nothing"


AWARD = "/act/commendation.decided?_subject=commendation://x/1&_n=4"


def test_the_next_free_ordinal_of_a_decision_is_proposed_and_may_be_left_empty() -> None:
    book = {"unit": "00118", "number": "12/QĐ", "items": [{"ordinal": 1, "proposed": 1}, {"ordinal": None, "proposed": 2}]}
    site = Site(evaluation__golden_book=book)
    form = {**entered(site, AWARD), "on": "2026-11-20", "team": "HG-118005AB", "number": "12/QĐ", "form": "giay_khen_commune",
            "signed_by": "commune_chair"}
    answer = site.post("/act/commendation.decided", data=form)
    assert answer.status_code == 200 and site.forward.sent == [] and "Số sổ vàng còn trống" in answer.text
    assert dict(site.rpc.asked)["evaluation.golden_book"] == {"unit": "00118", "number": "12/QĐ", "year": 2026}
    proposed = sent_by(answer.text)
    assert proposed["ordinal"] == ["2"] and proposed["_confirmed"] == ["ordinal"]
    assert site.post("/act/commendation.decided", data=proposed).status_code == 303
    assert json.loads(site.forward.sent[-1].body)["data"]["ordinal"] == 2
    assert site.post("/act/commendation.decided", data={**proposed, "ordinal": ""}).status_code == 303
    assert "ordinal" not in json.loads(site.forward.sent[-1].body)["data"]


def test_a_reason_of_the_contract_is_told_in_the_readers_language() -> None:
    refused = f"/refused/{canned.REFUSAL}"
    assert "Chưa đọc được ngày" in Site().get(refused).text and "not a date" not in Site().get(refused).text
    assert "not a date: use YYYY-MM-DD" in Site().get(f"{refused}?lang=en").text


def test_a_communes_page_opens_with_the_criteria_that_it_chose() -> None:
    site = Site()
    site.get("/units/00118?year=2024")
    site.get("/units/00118?year=2024&scheme=hanoi-v2")
    asked = [given["scheme"] for method, given in site.rpc.asked if method == "evaluation.league"]
    assert asked == ["hanoi-v1+531fdee20f", "hanoi-v2"]
