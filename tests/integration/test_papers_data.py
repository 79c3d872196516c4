"""What stands in official papers, from facts on a real MongoDB; and the command that writes them, through the services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.evaluation import queries
from services.evaluation.domain.facts import Step
from services.evaluation.rules import shipped
from shared.contracts import record_id
from shared.papers import KINDS
from shared.papers.render import read, render
from tests.integration.test_commendation import READY, Commune, Office, commune, office  # noqa: F401 - fixtures
from tests.support.eventually import eventually
from tests.support.processes import namtot
from tests.unit.evaluation.commendation.builders import appraised, decided, proposed, submitted, uri
from tests.unit.evaluation.told import SOURCE, UNIT, activity, case, code, full_year, payment, team
from tests.unit.papers.reading import rows_of, text_of

A, B = record_id(uri("a")), record_id(uri("b"))


class Clerk:
    """Asks for papers as the service does, and reads what is printed."""

    def __init__(self, world: Office) -> None:
        self.office = world

    def data(self, kind: str, **of: Any) -> dict[str, Any] | None:
        desk = queries.Desk(
            db=self.office.db, schemes=shipped(), default="hanoi-v2", replica=self.office.replica, today=self.office.today
        )
        found: dict[str, Any] | None = json.loads(json.dumps(queries.papers_data(desk, kind, **of)))
        if found is not None:
            read(KINDS[kind], found)
        return found

    def known(self, kind: str, **of: Any) -> dict[str, Any]:
        found = self.data(kind, **of)
        assert found is not None
        return found

    def printed(self, kind: str, **of: Any) -> str:
        return text_of(render(KINDS[kind], self.known(kind, **of)))


@pytest.fixture
def clerk(office: Office) -> Clerk:  # noqa: F811
    office.take(*full_year(1), payment(1, "Tổ hòa giải 1", [case(1).subject], "2024-03-25", "2024-03-28"), case(2, "not_settled"))
    office.score()
    return Clerk(office)


YEAR = {"team": code(1), "year": 2024}
WARD = {"unit": UNIT, "year": 2024}


def test_before_anything_happened_the_minutes_are_a_form_with_the_teams_figures(clerk: Clerk) -> None:
    data = clerk.known("self-assessment-minutes", **YEAR)
    assert (data["team_name"], data["unit_name"], data["group"], data["members"]) == ("Tổ hòa giải 1", "Bồ Đề", "TDP số 1", 1)
    rate = data["criteria"][0]
    assert (rate["title"], rate["measured"], rate.get("self_met")) == ("Tỷ lệ hòa giải thành từ 85% trở lên", "not_met", None)
    assert "1/2" in rate["finding"]
    assert data["vote"] == {"vote_rule": "trên 50% tổng số hòa giải viên của tổ, kể cả người vắng mặt"}
    printed = clerk.printed("self-assessment-minutes", **YEAR)
    assert "Tán thành: …… trên tổng số 1 hòa giải viên" in printed


def test_a_vote_is_printed_as_it_was_taken(clerk: Clerk) -> None:
    for agreed, passed in ((3, False), (4, True)):
        clerk.office.take(activity(
            f"tu-danh-gia/{agreed}", "recognition.self-assessed", f"2024-11-0{agreed}", team="Tổ hòa giải 1", year=2024,
            members=6, present=5, agreed=agreed, all_met=True,
        ))
        clerk.office.score()
        vote = clerk.known("self-assessment-minutes", **YEAR)["vote"]
        assert (vote["agreed_share"], vote["absent"], vote["not_agreed"], vote["passed"]) == ([agreed, 6], 1, 5 - agreed, passed)


def test_the_yearly_report_counts_what_is_on_record(clerk: Clerk) -> None:
    clerk.office.take(
        activity("cach-lam", "practice.noted", "2024-05-02", team="Tổ hòa giải 1", title="Gặp sớm", practice="Gặp ngay."),
        activity("nam-sau", "practice.noted", "2025-01-02", team="Tổ hòa giải 1", title="Khác", practice="Năm sau."),
    )
    data = clerk.known("yearly-report", **YEAR)
    assert (data["received"], data["settled"], data["not_settled"], data["open"]) == (2, 1, 1, 0)
    assert (data["settled_share"], data["paid"], data["women"]) == ([1, 2], 400_000, 1)
    assert data["classes"] == [{"title": "Luật", "on": "2024-03-10", "present": 3}]
    assert [one["on"] for one in data["documents"]] == ["2024-01-10", "2024-07-10"]
    assert (data["first"], data["last"]) == ("2023-11-01", "2024-10-31")
    assert data["practice"] == "Gặp sớm: Gặp ngay."
    printed = clerk.printed("yearly-report", **YEAR)
    assert "Tỷ lệ hòa giải thành: 50% (1/2)" in printed and "400.000 đồng (Bốn trăm nghìn đồng)" in printed


def test_from_the_request_to_the_decision_and_the_certificate(clerk: Clerk) -> None:
    assert clerk.data("review-minutes", **WARD) is None
    assert clerk.data("recognition-decision", **WARD) is None
    assert clerk.data("recognition-certificate", **YEAR) is None
    clerk.office.recognise(2, 1)
    request = clerk.known("recognition-request", **YEAR)
    assert (request["dated"], request["vote"]["passed"]) == ("2024-11-20", True)
    assert request["attachments"] == ["Biên bản họp tự đánh giá", "Báo cáo kết quả hoạt động năm 2024 của tổ"]
    review = clerk.known("review-minutes", **WARD)
    assert (review["teams"], review["requested"], review["favoured"], review["met_on"]) == (3, 2, 2, "2024-12-05")
    assert [(row["team_name"], row["vote_share"], row["recognise"]) for row in review["rows"]] == [
        ("Tổ hòa giải 1", [5, 5], True), ("Tổ hòa giải 2", [5, 5], True),
    ]
    decision = clerk.known("recognition-decision", **WARD)
    assert (decision["number"], decision["dated"], decision["signed_by"], decision["recognised"]) == (
        "9/QĐ-UBND", "2024-12-10", "commune_chair", 2,
    )
    assert [row["team_name"] for row in decision["rows"]] == ["Tổ hòa giải 2", "Tổ hòa giải 1"], "in the order of its own list"
    assert decision["grounds"][0] == "Luật Hòa giải ở cơ sở số 35/2013/QH13"
    content = render(KINDS["recognition-decision"], decision)
    assert rows_of(content, 2)[1][:2] == ["1", "Tổ hòa giải 2"]
    certificate = clerk.known("recognition-certificate", **YEAR)
    assert (certificate["decision"], certificate["ordinal"], certificate["recipient"]) == ("9/QĐ-UBND", 2, "Tổ hòa giải 1")
    clerk.office.take(activity(
        "huy", "recognition.revoked", "2025-01-15", team="Tổ hòa giải 1", year=2024, number="2/QĐ", reason="Sai",
    ))
    clerk.office.score()
    assert clerk.data("recognition-certificate", **YEAR) is None, "what was taken back is not printed"
    assert [row["team_name"] for row in clerk.known("recognition-decision", **WARD)["rows"]] == ["Tổ hòa giải 2"]


def test_before_the_decision_its_draft_names_whom_the_meeting_was_for(clerk: Clerk) -> None:
    clerk.office.take(activity(
        "hop-xet", "recognition.reviewed", "2024-12-05", unit=UNIT, year=2024, chair="commune_leader", front_present=True,
        results=[
            {"team": "Tổ hòa giải 1", "recognise": True}, {"team": "Tổ hòa giải 3", "recognise": False, "remark": "thiếu giấy"},
        ],
    ))
    clerk.office.score()
    draft = clerk.known("recognition-decision", **WARD)
    assert [row["team_name"] for row in draft["rows"]] == ["Tổ hòa giải 1"]
    assert "number" not in draft and "dated" not in draft and "signed_by" not in draft
    assert "Số: ……/QĐ-UBND" in clerk.printed("recognition-decision", **WARD)
    assert clerk.known("review-minutes", **WARD)["rows"][1]["remark"] == "thiếu giấy"


def test_teams_stand_in_the_order_of_their_numbers(clerk: Clerk) -> None:
    clerk.office.teams(team(11), team(3, 2))
    clerk.office.recognise(11, 3, 1)
    rows = clerk.known("review-minutes", **WARD)["rows"]
    assert [row["team_name"] for row in rows] == ["Tổ hòa giải 1", "Tổ hòa giải 3", "Tổ hòa giải 11"]


def test_the_papers_of_a_commendation(clerk: Clerk) -> None:
    clerk.office.recognise(1)
    clerk.office.record("a", 3, proposed(), submitted(), appraised(agreed=6, votes=7))
    sent = clerk.known("commendation-submission", **WARD)
    assert (sent["number"], sent["dated"], sent["collectives"], sent["individuals"]) == ("1/TTr", "2024-12-13", 1, 0)
    assert sent["grounds"] == ["Luật Thi đua, khen thưởng 06/2022/QH15", "Nghị định số 98/2023/NĐ-CP"]
    (row,) = clerk.known("commendation-minutes", commendation=A)["rows"]
    assert (row["agreed"], row["votes"], row["favourable"], row["form"]) == (6, 7, True, "Giấy khen")
    assert clerk.data("certificate", commendation=A) is None and clerk.data("commendation-notice", commendation=A) is None
    report = clerk.known("achievement-report", commendation=A)
    assert (report["recognised_number"], report["recognised_on"], report["settled"]) == ("9/QĐ-UBND", "2024-12-10", 1)
    clerk.office.record("a", 4, *READY, decided(number="125/QĐ-UBND", ordinal=1))
    printed = clerk.printed("commendation-decision", commendation=A)
    assert "Tặng Giấy khen cho 1 tập thể, 0 cá nhân" in printed
    assert "1.404.000 đồng (Một triệu bốn trăm linh bốn nghìn đồng)" in printed and "Tờ trình số 1/TTr" in printed
    data = clerk.known("certificate", commendation=A)
    assert (data["recipient"], data["achievement"], data["decision"], data["ordinal"], data["signed_by"]) == (
        "Tổ hòa giải 1", "Đạt “Tổ hòa giải 5 tốt” năm 2024", "125/QĐ-UBND", 1, "commune_chair",
    )
    assert render(KINDS["certificate"], data).startswith(b"%PDF")


def test_a_decision_and_its_notice_name_every_award_of_it_and_no_person(clerk: Clerk) -> None:
    clerk.office.record("a", 4, *READY, decided(number="125/QĐ-UBND", ordinal=2))
    person: list[Step] = [proposed("b", mediator="m1", achievement="mediation:2024"), submitted("b"), appraised("b")]
    clerk.office.record("b", 4, *person, decided("b", number="125/QĐ-UBND", ordinal=1))
    for of in ({"commendation": A}, {"commendation": B}, WARD):
        decision = clerk.known("commendation-decision", **of)
        assert [(row["ordinal"], row.get("recipient"), row.get("reference")) for row in decision["rows"]] == [
            (1, None, "m1"), (2, "Tổ hòa giải 1", None),
        ]
        assert decision["total"] == 1_404_000 + 702_000
        notice = clerk.known("commendation-notice", **of)
        assert "m1" not in json.dumps(notice) and "amount" not in json.dumps(notice)
    certificate = clerk.known("certificate", commendation=B)
    assert "recipient" not in certificate and certificate["belongs_to"] == "Tổ hòa giải 1"


def test_no_case_and_no_source_is_in_any_paper(clerk: Clerk) -> None:
    clerk.office.recognise(1)
    clerk.office.record("a", 4, *READY, decided(number="125/QĐ-UBND", ordinal=1))
    claim = {"payment": record_id(payment(1, "", [], "2024-03-25", "2024-03-28").subject)}
    of = {"team": YEAR, "unit": WARD, "commendation": {"commendation": A}, "payment": claim}
    for kind in KINDS.values():
        if kind.id == "payment-refusal":
            continue  # this claim was paid
        told = json.dumps(clerk.known(kind.id, **of[kind.about]), ensure_ascii=False)
        assert SOURCE not in told and case(1).case not in told and case(1).subject not in told, kind.id


def test_what_is_unknown_is_said(clerk: Clerk) -> None:
    with pytest.raises(queries.UnknownPaper, match="there are: self-assessment-minutes"):
        clerk.data("nothing", **YEAR)
    with pytest.raises(queries.UnknownPaper, match="is about a team: say which, and the year"):
        clerk.data("yearly-report", **WARD)
    with pytest.raises(queries.UnknownPaper, match="say which"):
        clerk.data("certificate", **WARD)
    with pytest.raises(queries.UnknownTeam):
        clerk.data("yearly-report", team="Tổ không có", year=2024)
    with pytest.raises(queries.UnknownCommendation):
        clerk.data("certificate", commendation="nowhere")


def test_a_year_s_papers_are_written_through_the_services(
    commune: Commune, settings_env: dict[str, str], tmp_path: Path  # noqa: F811
) -> None:
    commune.send(*READY, decided(number="125/QĐ-UBND", ordinal=1))
    eventually(lambda: commune.state() == "decided", timeout=90)
    environ = {**settings_env, "NAMTOT_NOTICE": "MÔ PHỎNG"}
    arguments = ("papers", "make", "--all", "--unit", UNIT, "--year", "2024", "--out", str(tmp_path), "--json")
    done = namtot(*arguments, environ=environ)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["made"], told["kept"]) == (3 + 4 + 2, 0)
    assert {one["kind"] for one in told["files"] if one["state"] == "nothing"} == {
        "recognition-certificate", "review-minutes", "recognition-decision",
    }
    decision = tmp_path / f"quyet-dinh-khen-thuong_{UNIT}_2024.docx"
    printed = text_of(decision.read_bytes())
    assert printed.startswith("MÔ PHỎNG\n") and "Số: 125/QĐ-UBND" in printed
    decision.write_bytes(b"filled in by hand")
    again = json.loads(namtot(*arguments, environ=environ).stdout)
    assert (again["made"], again["kept"]) == (0, 9)
    assert decision.read_bytes() == b"filled in by hand"
    missing = namtot("papers", "make", "yearly-report", "--team", "HG-không có", "--year", "2024", environ=environ)
    assert missing.returncode == 1 and "no team is called" in missing.stderr
