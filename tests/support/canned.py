"""A small district's answers, as the services give them, for looking at pages and for tests of their rendering. The figures are
made up; 14 wards and 222 teams are Long Biên's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

WARDS = {
    "00115": "Thượng Thanh", "00118": "Ngọc Thụy", "00121": "Giang Biên", "00124": "Đức Giang", "00127": "Việt Hưng",
    "00130": "Gia Thụy", "00133": "Ngọc Lâm", "00136": "Phúc Lợi", "00139": "Bồ Đề", "00142": "Sài Đồng", "00145": "Long Biên",
    "00148": "Thạch Bàn", "00151": "Phúc Đồng", "00154": "Cự Khối",
}
SIZES = (28, 20, 12, 22, 18, 14, 16, 15, 22, 12, 13, 14, 10, 6)
VERDICTS = ("met", "met", "met", "not_enough_evidence", "met", "not_met", "met")
TITLES = {
    "settled_rate": ("Tỷ lệ hòa giải thành từ 85% trở lên", "Settled rate of 85% or more"),
    "coordination": ("Phối hợp tốt với các cơ quan, đoàn thể", "Co-ordinates well with agencies and unions"),
    "documents_training": (
        "Được cấp tài liệu và tham gia đầy đủ các lớp tập huấn", "Is given documents and attends all training",
    ),
    "funding": ("Kinh phí được chi đúng quy định, kịp thời", "Funding is paid right and on time"),
    "meetings": ("Họp 6 tháng, cả năm, trao đổi kinh nghiệm", "Meets every six months and yearly, exchanges experience"),
}
REFUSAL = "1f0c6e2d9a7b4c3e8d5f6a7b8c9d0e1f"


def teams_of(unit: str) -> list[dict[str, Any]]:
    start = list(WARDS).index(unit)
    return [_team(unit, number, (start * 3 + number) % 7) for number in range(1, SIZES[start] + 1)]


def _team(unit: str, number: int, draw: int) -> dict[str, Any]:
    verdict = VERDICTS[draw]
    rated = (0, 1, 2, 0, 0, 13, 3)[draw]
    settled = 11 if rated == 13 else rated
    criteria = dict.fromkeys(TITLES, "met")
    if verdict == "not_met":
        criteria["settled_rate"] = "not_met"
    if verdict == "not_enough_evidence":
        criteria |= {"coordination": "not_enough_evidence", "funding": "not_enough_evidence"}
    return {
        "code": f"HG-{unit[2:]}{number:03d}AB"[:11], "name": f"Tổ hòa giải TDP số {number}", "unit": unit,
        "group": f"Tổ dân phố số {number}", "verdict": verdict, "settled": settled, "rated": rated, "criteria": criteria,
        "lacking": [] if verdict == "met" else ["settle-more"] if verdict == "not_met" else ["attestation", "payment-request"],
    }


def league(scheme: str, year: int, unit: str | None = None) -> dict[str, Any]:
    units = []
    for code, name in WARDS.items():
        teams = teams_of(code)
        units.append({
            "unit": code, "name": f"Phường {name}", "teams": len(teams),
            **{v: sum(t["verdict"] == v for t in teams) for v in ("met", "not_met", "not_enough_evidence")},
            "settled": sum(t["settled"] for t in teams), "rated": sum(t["rated"] for t in teams),
        })
    shown = [u for u in units if unit in (None, u["unit"])] if year == 2024 else []
    return {
        "scheme": scheme, "year": year, "window": [f"{year - 1}-11-01", f"{year}-10-31"], "units": shown,
        "teams": [t for u in shown for t in teams_of(u["unit"])],
    }


def counts(scheme: str, year: int) -> dict[str, Any]:
    units = league(scheme, year)["units"]
    return {
        **{v: sum(u[v] for u in units) for v in ("met", "not_met", "not_enough_evidence", "teams")},
        "settled_rate": {"numerator": sum(u["settled"] for u in units), "denominator": sum(u["rated"] for u in units)},
    }


def both(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def node(id: str, title: tuple[str, str], verdict: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "title": both(*title), "verdict": verdict, "sentence": both("", ""), "value": None, "threshold": None,
        "inputs": [], "citation": "", "evidence": "rule", "duty": "team", "changes": [], "children": [], **more,
    }


def change(code: str, vi: str, en: str) -> dict[str, str]:
    return {"code": code, "vi": vi, "en": en}


def explanation(team: str, scheme: str, year: int) -> dict[str, Any]:
    """One criterion failed by the team, one that the commune owes, one short of papers, two met."""
    children = [_rate(), _joint(), _papers(), _money(), _meetings()]
    about = {
        "team": team, "name": "Tổ hòa giải TDP số 5", "unit": "00118", "unit_name": "Phường Ngọc Thụy",
        "group": "Tổ dân phố số 5", "as_of": f"{year}-11-23", "scored_at": f"{year}-11-23T08:15:00+00:00",
        "closed": {"verdict": "met", "scheme": "hanoi-v2", "as_of": "2024-12-09", "hash": "ab", "differs": True, "revisions": [
            {"revision": 1, "verdict": "not_met", "on": "2024-12-09", "reason": None},
            {"revision": 2, "verdict": "met", "on": "2025-01-03", "reason": "Biên bản đến muộn"},
        ]},
    }
    return node(
        "hanoi-v2", ("Tổ hòa giải 5 tốt", "Mediation team of five goods"), "not_met", children=children, about=about,
        sentence=both("Hai tiêu chí chưa đạt, một tiêu chí chưa đủ căn cứ.", "Two criteria are not met, one lacks evidence."),
    )


def _rate() -> dict[str, Any]:
    cases = [
        {"kind": "case", "id": f"case://ubnd.longbien.example/2024/{n}", "on": f"2024-0{n % 9 + 1}-12"} for n in range(1, 14)
    ]
    return node(
        "settled_rate", TITLES["settled_rate"], "not_met", value="11/13", threshold="≥ 85%", evidence="computed", inputs=cases,
        citation="Báo Pháp luật Việt Nam, bài 353260, tiêu chí 1",
        sentence=both(
            "Hòa giải thành 11 trong 13 vụ (84,6%), dưới mức 85%. Với 13 vụ, cần ít nhất 12 vụ thành.",
            "11 of 13 cases were settled (84.6%), below 85%. With 13 cases at least 12 must be settled.",
        ),
        changes=[change("settle-more", "Thêm 1 vụ hòa giải thành trong kỳ", "One more case settled within the period")],
    )


def _joint() -> dict[str, Any]:
    half = node(
        "coordination/records", ("Mỗi nửa năm có phối hợp", "Co-ordination in each half-year"), "met", value="3",
        threshold="≥ 1", evidence="recorded", inputs=[_input("coordination", 8, "2024-03-02")],
    )
    word = node(
        "coordination/attested", ("Ban công tác Mặt trận xác nhận", "Vouched for by the Front committee"), "not_enough_evidence",
        evidence="attested",
        sentence=both("Chưa có xác nhận của Ban công tác Mặt trận.", "The Front committee's word is missing."),
        changes=[change(
            "attestation", "Đề nghị Ban công tác Mặt trận xác nhận việc phối hợp, có ngày và số văn bản",
            "Ask the Front committee to vouch for the co-ordination, with a date and the paper's number",
        )],
    )
    return node(
        "coordination", TITLES["coordination"], "not_enough_evidence", evidence="attested", children=[half, word],
        citation="Báo Pháp luật Việt Nam, bài 353260, tiêu chí 2",
        sentence=both(
            "Có phối hợp nhưng chưa có xác nhận của Ban công tác Mặt trận.",
            "There was co-ordination; the Front committee's word is missing.",
        ),
    )


def _papers() -> dict[str, Any]:
    return node(
        "documents_training", TITLES["documents_training"], "met", evidence="recorded", value="2 + 3/3",
        inputs=[_input("training", 1, "2024-04-20")],
        sentence=both(
            "Được cấp tài liệu cả hai nửa năm và có người dự mọi lớp được mời.",
            "Documents came in both half-years, and somebody attended every class.",
        ),
    )


def _money() -> dict[str, Any]:
    return node(
        "funding", TITLES["funding"], "not_met", evidence="recorded", duty="commune", value="12", threshold="≤ 5",
        citation="Thủ tục 2.002080; Thông tư 56/2023/TT-BTC", inputs=[_input("payment", 77, "2024-06-03")],
        sentence=both(
            "Một đề nghị thanh toán ngày 03/06/2024 đến ngày 19/06/2024 mới có quyết định (12 ngày làm việc).",
            "A request of 2024-06-03 was decided on 2024-06-19 only (12 working days).",
        ),
        changes=[change(
            "pay-late", "UBND phường giải trình và chi đúng hạn các đề nghị sau",
            "The People's Committee explains, and pays later requests in time",
        )],
    )


def _meetings() -> dict[str, Any]:
    return node(
        "meetings", TITLES["meetings"], "met", evidence="recorded", value="2", inputs=[_input("meeting", 3, "2024-06-15")],
        threshold="01/05-31/07, 01/10-14/11",
        sentence=both("Đã họp sơ kết và họp cả năm.", "The half-year and the yearly meeting were held."),
    )


def _input(kind: str, number: int, on: str) -> dict[str, str]:
    return {"kind": kind, "id": f"{kind}://longbien.example/{number}", "on": on}


def refused(limit: int = 50, skip: int = 0, status: str | None = "open") -> dict[str, Any]:
    unreadable = {
        **refusal("a" * 32), "code": "unreadable", "field": "", "type": None, "source": None, "event_id": None, "times": 12,
        "people": "Không đọc được nội dung", "reason": "not JSON in UTF-8: character 14",
    }
    return {"total": 2, "items": [refusal(REFUSAL), unreadable][skip:skip + limit]}


def refusal(id: str) -> dict[str, Any]:
    return {
        "id": id, "code": "data", "field": "data.on", "reason": "not a date: use YYYY-MM-DD",
        "people": "Trường dữ liệu thiếu hoặc sai",
        "source": "https://motcua.longbien.example/hoso", "event_id": "hs-2024-00731", "type": "vn.namtot.payment.requested.v1",
        "first_seen": "2024-06-03T02:15:00+00:00", "last_seen": "2024-06-04T08:40:00+00:00", "times": 3, "status": "open",
        "size": 812, "truncated": False, "encoding": "utf-8",
        "body": '{"data": {"private": {"parties": [{"name": "Nguyễn Văn Kín"}]}}}',
    }


FLOW = {
    "received": 4317, "applied": 4288, "duplicate": 15, "refused": 14, "redelivered": 2, "parked": 3, "balanced": True,
    "refused_open": 2, "outbox": 0, "queued": {"intake": 0, "intake.urgent": 0, "intake.dead": 0},
    "by_type": {
        "case.reported": {"applied": 104, "duplicate": 2, "refused": 1}, "case.settled": {"applied": 97, "duplicate": 1},
        "meeting.held": {"applied": 431, "duplicate": 4, "refused": 2}, "payment.requested": {"applied": 118, "refused": 9},
        "training.attended": {"applied": 1290, "duplicate": 8}, "unknown": {"refused": 2},
    },
}


def answers(**others: Any) -> dict[str, Any | Callable[..., Any]]:
    """By method; ``others``: with ``__`` for the dot."""
    from tests.support import canned_console, canned_praise, canned_records  # they build on the teams above

    return {
        "evaluation.league": league, "evaluation.counts": counts, "evaluation.explain": explanation,
        "evaluation.lag": {"waiting": 0, "oldest_seconds": 0},
        "directory.totals": lambda on=None: {"units": 14, "groups": 222, "teams": 222, "mediators": 1315},
        "directory.team": lambda code, on=None: {
            "code": code, "name": "Tổ hòa giải TDP số 5", "unit": "00118", "group": "Tổ dân phố số 5",
            "members": 6, "women": 2, "ended_on": None,
        },
        "directory.units": lambda on=None: [{"code": code, "name": f"Phường {name}"} for code, name in WARDS.items()],
        "directory.names_to_confirm": [],
        "intake.flow": FLOW, "intake.refused": refused, "intake.refused_show": refusal,
        "intake.refused_replay": lambda id, body=None: {"id": id, "status": "replayed"},
        **canned_console.answers(), **canned_records.answers(), **canned_praise.answers(),
        **{name.replace("__", "."): answer for name, answer in others.items()},
    }
