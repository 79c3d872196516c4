"""What services may answer about periods, money and what waits: for looking at pages and for tests of their rendering."""

from __future__ import annotations

from typing import Any

from tests.support.canned import WARDS, teams_of

CASE = "c" * 32
PAYMENT = "ab" * 16
LINE = {
    "case": CASE, "subject": "case://x/1", "n": 3, "status": "settled", "team": "HG-118005AB",
    "team_name": "Tổ hòa giải TDP số 5", "unit": "00118", "unit_name": "Phường Ngọc Thụy", "dispute": "civil",
    "received_on": "2024-11-01",
}


def figure(*cases: str) -> dict[str, Any]:
    return {"value": len(cases), "cases": list(cases)}


def statistics(from_: str, to: str, unit: str | None = None, as_of: str | None = None, by: str = "unit") -> dict[str, Any]:
    columns = {"received": figure(CASE, "d" * 32, "e" * 32), "settled": figure(CASE, "d" * 32), "in_progress": figure("e" * 32),
               "not_settled": figure(), "not_handled": figure()}
    if by == "team":
        teams = teams_of(unit or "00118")[:3]
        rows = [{"team": one["code"], "name": one["name"], "unit": unit, "columns": columns} for one in teams]
    else:
        rows = [{"unit": code, "name": f"Phường {name}", "columns": columns} for code, name in WARDS.items()]
        rows.append({"unit": None, "name": "", "columns": columns})
    rates = [
        {"denominator": denominator, "rounding": rounding, "numerator": 2, "below": below, "percent": "66.66"}
        for denominator, below in (("received_less_pending", 2), ("received", 3)) for rounding in ("half_up", "truncate")
    ]
    name = f"Phường {WARDS[unit]}" if unit in WARDS else ""
    return {"unit": unit, "name": name, "from": from_, "to": to, "as_of": as_of or to, "columns": columns, "rows": rows,
            "rates": rates}


def payment(id: str = PAYMENT, team: str | None = None, state: str = "requested", **more: Any) -> dict[str, Any]:
    return {
        "id": id, "team": "HG-118005AB", "team_name": "Tổ hòa giải TDP số 5", "unit": "00118", "unit_name": "Phường Ngọc Thụy",
        "subject": "payment://x/1", "n": 2, "state": state, "on": "2026-11-02", "due": "2026-11-09", "overdue": True,
        "purpose": "case", "month": None, "amount_requested": 700_000, "amount_decided": None, "paid": None, "cases": [CASE],
        "state_words": {"vi": "Chờ quyết định", "en": "Waits for the decision"},
        "flags": [{"code": "decided_late", "article": "Thủ tục 2.002080", "vi": "Quá 5 ngày làm việc.",
                   "en": "Over 5 working days.", "entry": None}], "refused": [], **more,
    }


def one_payment(id: str, team: str | None = None) -> dict[str, Any]:
    return payment(
        id, papers=[{"type": "payment.requested", "on": "2026-11-02", "written_up": "2026-11-03", "entry": "e", "amount": 700_000,
                     "number": "04/ĐN", "reason": None, "purpose": "case", "month": None, "refused": False}],
        case_lines=[{"case": CASE, "subject": "case://x/1", "received_on": "2026-10-01", "ended_on": "2026-10-20",
                     "status": "settled"}],
    )


def payments(unit: str, year: int | None = None, state: str | None = None) -> dict[str, Any]:
    items = [payment(), payment("cd" * 16, state="paid", overdue=False, paid=300_000, state_words={"vi": "Đã chi", "en": "Paid"})]
    return {"unit": unit, "unit_name": f"Phường {WARDS[unit]}", "totals": {},
            "items": [one for one in items if state in (None, one["state"])]}


def proposals(unit: str, year: int) -> dict[str, Any]:
    return {"unit": unit, "year": year, "amount": 850_000, "teams": [{
        "team": "HG-118005AB", "team_name": "Tổ hòa giải TDP số 5", "amount": 850_000, "items": [], "requests": [
            {"on": "2026-11-23", "team": "HG-118005AB", "purpose": "case", "amount": 700_000,
             "cases": ["case://x/1", "case://x/2"]},
            {"on": "2026-11-23", "team": "HG-118005AB", "purpose": "monthly", "amount": 150_000, "month": "2026-10"},
        ],
    }]}


NAMES = [{
    "source": "https://congdan.example/phan-anh", "name": "THG tổ 5 B.Đề", "kind": "team", "unit": "00118", "group": "TDP 5",
    "own": None, "seen": 7, "since": "2026-10-01",
    "suggestions": [{"code": "HG-118005AB", "name": "Tổ hòa giải TDP số 5", "score": 80}],
}]
UNPLACED = [
    {"kind": "case", "id": CASE, "subject": "case://x/1", "source": "https://congdan.example/phan-anh", "team": "THG tổ 5 B.Đề",
     "unit": "00118", "group": None, "on": "2026-10-12"},
    {"kind": "activity", "id": "f" * 32, "subject": "activity://x/2", "source": "https://so.example", "team": None,
     "unit": "00118", "group": None, "on": "2026-10-13"},
]


PROBLEM = {"code": "no_woman", "article": "Luật 35/2013/QH13, Điều 12", "mark": "F", "vi": "Tổ phải có hòa giải viên nữ.",
           "en": "A woman must be among its mediators."}


def standing(unit: str | None = None, on: str | None = None) -> dict[str, Any]:
    rows = [
        {**{key: one[key] for key in ("code", "name", "unit", "group")}, "mediators": 5, "women": number % 3,
         "problems": [] if number % 3 else [PROBLEM], "last_review": "2025-10-02", "review_due": "2026-10-02"}
        for number, one in enumerate(teams_of(unit or "00118"))
    ]
    return {"on": on or "2026-11-23", "teams": rows, "unchecked": {}, "groups_without_team": [
        {"unit": unit, "group": "Tổ dân phố số 21", "article": "Luật 35/2013/QH13, Điều 12", "mark": "F"}]}


def doubles(on: str | None = None) -> list[dict[str, Any]]:
    places = [{key: one[key] for key in ("code", "name", "unit")} for one in teams_of("00118")[:2]]
    return [{"source": "https://so.example", "ref": "hgv/52", "teams": places}]


REMARK = {"code": "not_elected", "article": "Luật 35/2013/QH13, Điều 8", "vi": "Người này chưa được bầu.", "en": "Nobody voted.",
          "ref": "hgv/9"}


def elections(unit: str | None = None, team: str | None = None, on: str | None = None) -> list[dict[str, Any]]:
    def result(number: int, votes: int, outcome: str) -> dict[str, Any]:
        return {"ref": f"hgv/{number}", "votes": votes, "outcome": outcome}

    return [{
        "team": team, "name": "Tổ hòa giải TDP số 5", "unit": "00118", "group": "Tổ dân phố số 5",
        "elections": [{"id": "a", "on": "2026-09-01", "households": 84, "present": 60, "seats": 3, "missing": 1,
                       "results": [result(1, 58, "elected"), result(2, 44, "elected"), result(3, 20, "not_elected")]}],
        "leaders": [{"id": "b", "on": "2026-09-20", "mediators": 2, "results": [result(1, 1, "tied"), result(2, 1, "tied")]}],
        "decisions": [{"id": "c", "on": "2026-09-10", "number": "45/QĐ-UBND", "recognised": [{"ref": "hgv/1", "sex": "female"}],
                       "refused": [REMARK]}],
        "ceased": [{"id": "d", "on": "2026-08-01", "ref": "hgv/8", "reason": "own_wish"}],
        "next": [{"code": "supplementary", "vi": "Tổ chức bầu bổ sung.", "en": "Hold a supplementary vote."},
                 {"code": "leader", "vi": "Bầu lại tổ trưởng.", "en": "Vote on the leader again."}],
    }]


def candidates(unit: str | None = None, team: str | None = None, on: str | None = None) -> list[dict[str, Any]]:
    return [{"team": team, "name": "Tổ", "unit": "00118", "group": None, "candidates": [
        {"ref": "hgv/1", "agreed_on": "2026-08-20", "state": "recognised", "on": "2026-09-10", "votes": 58, "households": 84,
         "decision": "45/QĐ-UBND"},
        {"ref": "hgv/3", "agreed_on": None, "state": "not_elected", "on": "2026-09-01", "votes": 20, "households": 84},
    ]}]


def training(unit: str, year: int, on: str | None = None) -> dict[str, Any]:
    here = teams_of(unit)
    needed = [
        {"team": one["code"], "name": one["name"], "ref": f"hgv/{number}", "source": "https://so.example", "since": "2026-02-01",
         "why": "new", "due": "2026-08-01", "overdue": True} for number, one in enumerate(here[:4])
    ]
    return {"unit": unit, "year": year, "on": "2026-11-23", "needed": needed,
            "new": {"joined": 5, "in_time": 1, "open": 0, "missed": 4}, "classes": [
                {"record": "1" * 32, "subject": "training://so.example/7", "n": 1, "title": "Kỹ năng hòa giải",
                 "organiser": "Sở Tư pháp", "held_on": "2026-06-12", "hours": 8, "invited": [one["code"] for one in here],
                 "absent": [one["code"] for one in here[:3]],
                 "attended": [{"team": here[4]["code"], "present": 4, "mediators": []}]},
                {"record": "2" * 32, "held_on": "2026-07-01", "invited": [], "absent": [], "attended": []},
            ]}


def month(unit: str, period: str) -> dict[str, Any]:
    lock = {"on": "2026-11-05", "by": "chair", "number": "12/BC", "hash": "ab" * 32, "state": "standing",
            "figures": {name: figure(CASE) for name in ("received", "settled")}, "flags": [], "differing": [], "changed": []}
    return {
        "unit": unit, "name": f"Phường {WARDS[unit]}", "period": period, "teams": 20, "submitted": [],
        "missing": [{"team": one["code"], "name": one["name"], "unit": unit} for one in teams_of(unit)[:3]],
        "locked": lock, "locks": [lock, {**lock, "state": "replaced"}],
        "corrections": [{"figure": "settled", "locked": 1, "now": 2, "cases_in": ["d" * 32], "cases_out": [], "written_at": {}},
                        {"figure": "settled_civil", "locked": 1, "now": 2, "cases_in": ["d" * 32], "cases_out": [],
                         "written_at": {}}],
    }


def months(period: str, unit: str | None = None) -> dict[str, Any]:
    lines = [
        {"unit": code, "name": f"Phường {name}", "teams": 20, "submitted": 20 - number % 3, "missing": number % 3,
         "locked_on": "2026-11-05" if number % 2 else None, "number": "12/BC" if number % 2 else None, "corrections": number % 4,
         "flags": [], "withdrawn": 0}
        for number, (code, name) in enumerate(WARDS.items())
    ]
    return {"unit": unit, "period": period, "from": f"{period}-01", "to": f"{period}-28", "units": lines,
            "not_locked": [line["unit"] for line in lines if not line["locked_on"]]}


def workload(year: int, unit: str | None = None, team: str | None = None) -> dict[str, Any]:
    def load(number: int, in_hand: int) -> dict[str, Any]:
        return {"ref": f"hgv/{number}", "member": number != 4, "leader": number == 1, "taken": 3, "in_hand": in_hand,
                "settled": 2, "not_settled": 1, "sessions": 4, "days": 3, "case_ids": [CASE]}

    teams = [one for one in teams_of(unit or "00118") if team in (None, one["code"])][:2]
    return {"year": year, "from": f"{year}-01-01", "to": f"{year}-11-23", "teams": [
        {"team": one["code"], "team_name": one["name"], "unit": one["unit"], "unit_name": "Phường Ngọc Thụy",
         "mediators": [load(1, 4), load(2, 1), load(3, 4), load(4, 0)], "least": ["hgv/2"], "unassigned": 2} for one in teams
    ]}


def report_forms() -> dict[str, Any]:
    def named(id: str, vi: str) -> dict[str, Any]:
        return {"id": id, "title": {"vi": vi, "en": id}, "note": "biểu cũ" if id == "form-10" else ""}

    forms = [named("form-10", "Tổ hòa giải và hòa giải viên (biểu 10)"), named("form-12", "Kết quả (biểu 12)")]
    return {"regimes": [], "forms": forms,
            "periods": [named("h1", "Báo cáo 6 tháng"), named("official", "Báo cáo năm chính thức")]}


def answers() -> dict[str, Any]:
    return {
        "evaluation.statistics_odd": {"odd": [{
            "code": "all_settled", "vi": "Mọi vụ việc đều thành ở 14 phường.", "en": "All settled everywhere.", "cases": [CASE],
        }]},
        "directory.elections": elections, "directory.candidates": candidates, "directory.training": training,
        "directory.standing": standing, "directory.doubles": doubles, "evaluation.statistics_lock": month,
        "evaluation.statistics_locks": months, "evaluation.workload": workload,
        "evaluation.report_forms": report_forms(),
        "evaluation.statistics": statistics, "evaluation.payments": payments, "evaluation.payment": one_payment,
        "evaluation.payment_proposals": proposals, "evaluation.unplaced": lambda unit=None: UNPLACED,
        "evaluation.cases": lambda **asked: {"total": 1, "items": [LINE]},
        "directory.teams": lambda unit=None, on=None: [
            {**{key: one[key] for key in ("code", "name", "unit", "group")}, "members": 5} for one in teams_of(unit or "00118")
        ],
    }
