"""What evaluation may answer about recognition and commendation: for looking at pages and for tests of their rendering."""

from __future__ import annotations

from typing import Any

from tests.support.canned import VERDICTS, WARDS, both, teams_of

STATES = (
    "recognised", "under_review", "eligible", "not_assessed", "requested", "not_recognised", "under_review", "returned",
    "assessed", "revoked",
)
DEADLINES = [
    {"step": "self_assessment", "before": "2024-11-15", "last_day": "2024-11-14", "done_on": "2024-11-08", "late": False},
    {"step": "request", "before": "2024-11-30", "last_day": "2024-11-29", "done_on": "2024-12-02", "late": True},
    {"step": "decision", "before": "2024-12-15", "last_day": "2024-12-14", "done_on": None, "late": False},
]
NEXT = {
    "not_assessed": (
        "self_assess", "recognition.self-assessed", "Tổ họp tự đánh giá và bỏ phiếu.", "The team meets and votes.",
    ),
    "eligible": (
        "request", "recognition.requested", "Tổ trưởng gửi đề nghị công nhận.", "The leader asks for recognition.",
    ),
    "requested": (
        "review", "recognition.reviewed", "UBND và Mặt trận họp đánh giá.", "The People's Committee and the Front meet.",
    ),
    "under_review": (
        "decide", "recognition.decided", "UBND ra quyết định công nhận.", "The People's Committee decides.",
    ),
    "returned": (
        "request", "recognition.requested", "Tổ bổ sung giấy tờ rồi gửi lại.", "The team completes the papers and asks again.",
    ),
}


def next_of(state: str) -> list[dict[str, str]]:
    found = NEXT.get(state)
    return [dict(zip(("code", "type", "vi", "en"), found, strict=True))] if found else []


def recognitions(unit: str, year: int) -> dict[str, Any]:
    teams = []
    for number, team in enumerate(teams_of(unit)):
        state = STATES[number % len(STATES)]
        teams.append({
            "code": team["code"], "name": team["name"], "group": team["group"], "state": state, "verdict": team["verdict"],
            "recognised": state == "recognised", "reviewed": number % 3 != 0 if state == "under_review" else None,
            "flags": number % 3, "refused": int(number == 4), "waiting": int(number == 5),
        })
    return {
        "unit": unit, "unit_name": f"Phường {WARDS[unit]}", "year": year, "scheme": "hanoi-v2", "closed": None,
        "deadlines": [{**deadline, "done_on": None, "late": False} for deadline in DEADLINES],
        "counts": {
            "teams": len(teams), "meets": sum(t["verdict"] == "met" for t in teams),
            "requested": sum(t["state"] in ("requested", "returned", "under_review", "recognised") for t in teams),
            "recognised": sum(t["recognised"] for t in teams),
        },
        "teams": teams,
    }


def recognition(team: str, year: int) -> dict[str, Any]:
    def step(type: str, on: str, written: str, number: str | None = None) -> dict[str, Any]:
        return {
            "type": type, "on": on, "written_up": written, "entry": "e" * 32, "source": "https://tuphap.longbien.example/",
            "id": f"{type}-{on}", "number": number, "words": None, "effect": "done", "record": "b" * 32,
            "subject": f"recognition://tuphap.longbien.example/{team}/{year}", "n": 3,
        }

    return {
        "team": team, "name": "Tổ hòa giải TDP số 5", "unit": "00118", "unit_name": "Phường Ngọc Thụy", "year": year,
        "scheme": "hanoi-v2", "state": "under_review", "verdict": VERDICTS[5], "members": 6,
        "steps": [
            step("recognition.self-assessed", "2024-11-08", "2024-11-20T02:00:00+00:00"),
            step("recognition.requested", "2024-12-02", "2024-12-02T03:00:00+00:00", "05/ĐN"),
            step("recognition.reviewed", "2024-12-10", "2024-12-11T03:00:00+00:00"),
        ],
        "flags": [{
            "code": "request-late", "article": "Hướng dẫn 1269/TP-MTTQ", "on": "2024-12-02",
            **both("Đề nghị gửi ngày 02/12/2024, sau hạn 29/11/2024.", "The request of 2024-12-02 came after 2024-11-29."),
        }],
        "remarks": [{
            "code": "measured-not-met", **both(
                "Số liệu cho thấy chưa đạt tiêu chí 1, cuộc họp của tổ cho là đạt.",
                "The figures say that criterion 1 is not met; the team's meeting said it is.",
            ),
        }],
        "refused": [{
            "entry": "f" * 32, "source": "https://tuphap.longbien.example/", "id": "qd-1", "type": "recognition.decided",
            "code": "vote", "article": "Hướng dẫn 1269/TP-MTTQ", **both(
                "Chưa công nhận được: 3/6 hòa giải viên đồng ý, chưa quá một nửa.",
                "It cannot be recognised: 3 of 6 members agreed, not more than half.",
            ),
        }],
        "waiting": [{
            "entry": "a" * 32, "type": "recognition.decided",
            **both("Quyết định chờ biên bản họp.", "The decision waits for the minutes."),
        }],
        "deadlines": DEADLINES, "next": next_of("under_review"),
    }


ALLOWED: dict[str, Any] = {"allowed": True, "refusals": [], "flags": []}
BARRED: dict[str, Any] = {"allowed": False, "flags": [], "refusals": [{
    "code": "vote", "field": "data.team", "article": "Hướng dẫn 1269/TP-MTTQ", **both(
        "Chưa đề nghị được: 3/6 hòa giải viên đồng ý, chưa quá một nửa tổng số.",
        "It cannot be asked for: 3 of 6 members agreed, not more than half of all.",
    ),
}]}
FLAGGED: dict[str, Any] = {"allowed": True, "refusals": [], "flags": [{
    "code": "request-late", "field": "", "article": "Hướng dẫn 1269/TP-MTTQ",
    **both("Đề nghị gửi sau hạn 29/11/2024.", "The request came after 2024-11-29."),
}]}


def answers() -> dict[str, Any]:
    return {
        "evaluation.check": ALLOWED, "intake.check": ALLOWED, "directory.check": ALLOWED,
        "intake.imported": {"items": [], "next": None},
        "evaluation.recognitions": recognitions,
        "evaluation.recognition": recognition,
        "evaluation.scheme_of": lambda unit, year: {
            "unit": unit, "year": year, "scheme": "hanoi-v1+531fdee20f", "base": "hanoi-v1", "chosen_on": "2023-11-20",
            "number": "15/KH-UBND",
            "refused": [{"code": "scheme.unknown", "field": "scheme", **both("Không có bộ tiêu chí này.", "No such criteria.")}],
        },
        "intake.outcome": {"outcome": "unknown"},
    }
