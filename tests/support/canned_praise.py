"""What evaluation may answer about commendation, communes and models: for looking at pages and for tests of their rendering."""

from __future__ import annotations

from typing import Any

from tests.support.canned import WARDS, both, league, teams_of

RECORD = "c0ffee" + "0" * 26
MEDIATOR = "hgv-118-05-2"
FORM = both("Giấy khen của Chủ tịch Ủy ban nhân dân phường, xã", "Certificate of merit of the commune chairman")


def award(which: int, state: str, **more: Any) -> dict[str, Any]:
    team = teams_of("00118")[which]
    return {
        "id": RECORD if which == 0 else f"{which:032x}", "subject": f"commendation://longbien.example/{which}", "n": 3,
        "unit": "00118", "unit_name": "Phường Ngọc Thụy", "team": team["code"], "team_name": team["name"], "mediator": None,
        "kind": "merit", "kind_words": both("Công trạng", "Merit"), "form": "giay_khen_commune", "form_words": FORM,
        "state": state, "state_words": both(state, state), "achievement": "recognition:2024", "year": 2024,
        "proposed_on": "2024-12-20", "decided_on": None, "given_on": None, "paid_on": None, "revoked_on": None, "number": None,
        "ordinal": None, "amount": 1404000, "days": 21, "due": "2025-01-06", "overdue": False, "flags": 0, "refused": 0,
        "waiting": 0, "outstanding": False, **more,
    }


def commendations(
    unit: str | None = None, year: int | None = None, state: str | None = None, team: str | None = None
) -> dict[str, Any]:
    items = [
        award(0, "suspended"), award(1, "paid", decided_on="2025-01-03", number="12/QĐ-UBND", ordinal=7, days=14),
        award(2, "submitted", overdue=True), award(3, "revoked", decided_on="2025-01-03", number="12/QĐ-UBND", ordinal=8),
        award(4, "proposed", mediator=MEDIATOR),
    ]
    return {"items": [item for item in items if team in (None, item["team"]) and unit in (None, item["unit"])]}


def commendation(id: str) -> dict[str, Any]:
    step = {"source": "https://thidua.example/", "entry": "e" * 32, "written_up": "2024-12-21T02:00:00+07:00", "id": "1"}
    return {
        **award(0, "suspended"),
        "flags": [{
            "code": "ordinal_taken", "article": "Số sổ vàng là số thứ tự trong quyết định", "entry": "e" * 32, "on": "2025-01-02",
            **both("Số sổ vàng 7 đã ghi cho tổ khác.", "Ordinal 7 is taken."),
        }],
        "refused": [{
            **step, "type": "commendation.decided", "code": "under_verification", "on": "2025-01-02",
            "article": "Luật Thi đua, khen thưởng 06/2022/QH15",
            **both("Đang xác minh khiếu nại nên chưa được khen thưởng.", "A complaint is being verified: no award meanwhile."),
        }],
        "waiting": [],
        "steps": [
            {**step, "type": "commendation.proposed", "on": "2024-12-20", "words": both("đề nghị khen thưởng", "proposal")},
            {**step, "type": "commendation.submitted", "on": "2024-12-21", "number": "7/TTr", "words": both("trình hồ sơ", "…")},
            {**step, "type": "verification.opened", "on": "2024-12-30", "words": both("mở xác minh", "verification opened")},
        ],
        "next": [{
            "code": "conclude", "type": "verification.closed", **both("Kết luận xác minh rồi mới xét tiếp", "Conclude first"),
        }, {"code": "pay", "type": "commendation.paid", **both("Chi tiền thưởng: 1.404.000 đồng", "Pay the reward")}],
        "verifications": [{
            "subject": "verification://thidua.example/3", "n": 1, "on": "2024-12-30", "matter": "complaint", "mediator": None,
            **both("khiếu nại, tố cáo", "complaint"),
        }],
        "gates": [
            {"code": "same_achievement", "passed": True, "effect": "bar", "article": "Luật Thi đua, khen thưởng 06/2022/QH15",
             **both("Thành tích này chưa được khen.", "Not commended before.")},
            {"code": "under_verification", "passed": False, "effect": "bar", "article": "NĐ 98/2023/NĐ-CP",
             **both("Đang xác minh khiếu nại.", "A complaint is being verified.")},
            {"code": "dossier", "passed": False, "effect": "wait", "article": "",
             **both("Chưa có biên bản xét.", "The minutes are missing.")},
        ],
        "submitted_on": "2024-12-21", "appraised_on": None, "law": "Luật Thi đua, khen thưởng 06/2022/QH15; NĐ 98/2023/NĐ-CP",
        "amount_computed": 1404000, "amount_decided": None, "amount_unverified": True, "paid": 0, "suspended": True,
        "amount_how": both("0,6 × 2.340.000 đồng", "0.6 × 2,340,000 đồng"), "recovery": {"certificate": True, "amount": 500000},
        "signed_by": "commune_chair",
    }


def owed(unit: str | None = None) -> dict[str, Any]:
    items = []
    for number, code in enumerate(["00118", "00118", "00139", "00154"]):
        team = teams_of(code)[number % 3]
        items.append({
            "unit": code, "unit_name": f"Phường {WARDS[code]}", "team": team["code"], "team_name": team["name"],
            "mediator": MEDIATOR if number == 1 else None, "achievement": f"{'mediation' if number == 1 else 'recognition'}:2024",
            "year": 2024, "rule": "r", "kind": "merit", "form": "giay_khen_commune", "form_words": FORM, "since": "2024-12-12",
            "days": 711 - number, "record": RECORD if number == 2 else None, "state": "submitted" if number == 2 else None,
            **both(f"Được công nhận. Chờ khen {711 - number} ngày, từ 12/12/2024.", "Recognised. Praise is owed."),
        })
    return {"items": [item for item in items if unit in (None, item["unit"])]}


def timeliness(year: int, whole: bool = False) -> list[dict[str, Any]]:
    return [
        {"unit": "00118", "name": "Phường Ngọc Thụy", "n": 3, "median": 21, "p90": 60, "worst": 60, "owed": 2,
         "longest_wait": 711, "from_result": {"n": 3, "median": 70, "p90": 99, "worst": 99}},
        {"unit": "00154", "name": "Phường Cự Khối", "n": 0, "median": None, "p90": None, "worst": None, "owed": 1,
         "longest_wait": 708, "from_result": {"n": 0, "median": None, "p90": None, "worst": None}},
    ]


def proposals(unit: str, year: int) -> dict[str, Any]:
    items = []
    for number, choice in enumerate(("proposed", "tied", "no_place", "under_way", "answered")):
        team = teams_of(unit)[number]
        items.append({
            "team": team["code"], "team_name": team["name"], "mediator": MEDIATOR if number == 1 else None,
            "achievement": f"recognition:{year}", "rule": "recognised_team", "kind": "merit", "form": "giay_khen_commune",
            "form_words": FORM, "year": year, "choice": choice, "record": RECORD if number == 3 else None, "state": None,
            "women": [3, 6], "why": both("Được công nhận.", "Recognised."), **both("Được công nhận năm 2024.", "Recognised."),
            "gates": [{"code": "x", "passed": number != 0, "effect": "bar", "article": "", **both("Đang xác minh.", "…")}],
        })
    return {"unit": unit, "unit_name": f"Phường {WARDS[unit]}", "year": year, "rules": [], "items": items}


def mediator(team: str, ref: str) -> dict[str, Any]:
    return {
        "team": team, "ref": ref, "name": "Tổ hòa giải TDP số 5", "unit": "00118", "unit_name": "Phường Ngọc Thụy",
        "years": [
            {"ref": ref, "year": year, "first": "2023-11-01", "last": "2024-10-31", "years": year - 2019, "member": True,
             "leader": year == 2024, "sex": "female", "cases": 3, "settled": 2, "pending": 1, "trainings": 2, "case_ids": [],
             "training_ids": [], "deserves": None, "window_over": True}
            for year in (2024, 2023)
        ],
        "commendations": [award(4, "proposed", mediator=ref)],
    }


def rollup(year: int) -> dict[str, Any]:
    units = []
    for row in league("hanoi-v2", year)["units"]:
        recognised = row["met"] // 2
        units.append({
            "unit": row["unit"], "name": row["name"], "teams": row["teams"], "meets": row["met"], "requested": row["met"] - 1,
            "recognised": recognised, "share": [recognised, row["teams"]], "good": recognised * 2 >= row["teams"],
            "closed": row["met"] % 2 == 0,
        })
    rule = {"at_least": [1, 2], "citation": "Tiêu chí của thành phố", "mark": "F"}
    return {"year": year, "units": units, "good_commune": rule, "city": {"communes": 14, "good": 3, "targets": [
        {"id": "settled", "title": both("Tỷ lệ hòa giải thành", "Settled rate"), "at_least": [9, 10], "by_year": 2030,
         "share": [94, 100], "reached": True, "citation": "KH 183/KH-UBND, 10/07/2025", "note": ""},
        {"id": "good", "title": both("Phường, xã đạt mô hình", "Communes that meet the models"), "at_least": [3, 5],
         "by_year": None, "share": [3, 14], "reached": False, "citation": "KH 183/KH-UBND, 10/07/2025", "note": ""},
        {"id": "new", "title": both("Hòa giải viên mới được bồi dưỡng trong 6 tháng", "New mediators trained"),
         "at_least": [1, 1], "by_year": None, "share": None, "reached": None, "citation": "KH 183/KH-UBND",
         "note": "Chưa có số liệu."},
    ]}}


def result_sheet(unit: str, year: int) -> dict[str, Any]:
    def count(n: int) -> dict[str, Any]:
        return {"n": n, "ids": [f"x{i}" for i in range(n)]}

    item = {"team": "HG-118005AB", "id": "funding.late", "ids": [], **both("Chi chậm 7 ngày.", "Paid 7 days late.")}
    return {
        "unit": unit, "unit_name": f"Phường {WARDS[unit]}", "year": year, "scheme": "hanoi-v2", "closed": "2024-12-31",
        "head": "ab" * 32,
        "window": [f"{year - 1}-11-01", f"{year}-10-31"], "names": {"HG-118005AB": "Tổ hòa giải TDP số 5"},
        "cases": {n: count(c) for n, c in (
            ("received", 15), ("carried", 1), ("settled", 11), ("not_settled", 2), ("pending", 2), ("left_out", 1),
        )},
        "settled_rate": {
            "numerator": 11, "denominator": 13, "exact": both("84,615%", "84.615%"), "shown": both("84,6%", "84.6%"),
        },
        "teams": {n: count(c) for n, c in (("teams", 20), ("meets", 12), ("requested", 9), ("recognised", 8))},
        "duties": {"funding": {
            "met": {"n": 9, "items": []}, "not_met": {"n": 1, "items": [item]},
            "not_enough_evidence": {"n": 0, "items": []},
        }},
        "decisions": {"decided": count(9), "late": count(1), "undecided": count(0), "entries": ["e" * 32]},
    }


def registry(scheme: str, year: int, unit: str | None = None) -> dict[str, Any]:
    group = {"teams": 8, "above": 20, "below": 8}
    return {
        "scheme": scheme, "year": year, "unit": unit, "window": [], "basis": "recognised", "teams": {"good": 8, "others": 12},
        "practices": [{
            "code": "meetings", "title": both("Số cuộc họp", "Meetings"), "kind": "mean", "good": group, "others": group,
            "enough": enough, "difference": [1, 2], "words": both("Tổ tốt họp 2,5 lần, tổ khác 1,1 lần.", "2.5 against 1.1."),
        } for enough in (True, False)],
        "models": [{
            "team": "HG-118005AB", "name": "Tổ hòa giải TDP số 5", "unit": "00118", "unit_name": "Phường Ngọc Thụy",
            "group": None, "good": True, "on": "2024-11-30", "title": "Họp trao đổi hằng tháng",
            "practice": "Mỗi tháng tổ họp một lần ở nhà văn hóa.",
        }],
    }


def answers() -> dict[str, Any]:
    return {
        "evaluation.commendations": commendations, "evaluation.commendation": commendation, "evaluation.owed": owed,
        "evaluation.timeliness": timeliness, "evaluation.proposals": proposals, "evaluation.mediator": mediator,
        "evaluation.rollup": rollup, "evaluation.result_sheet": result_sheet, "evaluation.registry": registry,
        "evaluation.verify": {"ok": False, "teams": [{"team": "HG-118005AB", "same": False, "why": "facts"}]},
        "evaluation.papers_data": {}, "evaluation.forms": [
            {"id": "giay_khen_commune", "title": FORM, "mark": "F", "until": None, "authority": "commune_chair"},
        ],
    }
