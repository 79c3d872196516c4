"""The log book's pages from what evaluation tells of a team's or unit's cases (``log_book``) and what intake reveals of them
(``reveal_cases``). Pure. Whoever prints it holds the names of people: the caller says who and why, and intake keeps that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shared.papers import wording
from shared.papers.listing.data import Cell, Column, Listing, Signature, Table

DENIED = "(không có quyền xem)"
NOTHING = "Không phát sinh"
STANDS = {
    "received": "Mới tiếp nhận", "scope_review": "Đang xem xét phạm vi", "chosen": "Các bên đã chọn hòa giải viên",
    "assigned": "Đã phân công hòa giải viên", "mediating": "Đang hòa giải", "paused": "Tạm dừng",
    "reopened": "Tiếp tục hòa giải", "ended_by_party": "Chấm dứt theo yêu cầu của các bên",
    "out_of_scope": "Không thuộc phạm vi hòa giải ở cơ sở (đã hướng dẫn)", "referred": "Đã chuyển cơ quan có thẩm quyền",
}
PERFORMED = {"fulfilled": "Đã thực hiện xong thỏa thuận", "broken": "Không thực hiện thỏa thuận"}
COURT = {"asked": "Đã yêu cầu Tòa án công nhận", "granted": "Tòa án đã công nhận", "refused": "Tòa án không công nhận"}
CENTRED = frozenset({"number", "received", "settled", "not_settled"})

Private = Mapping[str, Mapping[str, Any]]


def log_book(public: Mapping[str, Any], private: Private | None, notice: str = "") -> Listing:
    """``private``: by case id {parties?, content?, agreement?}; None if the reader may not see it. A part that the reader's role
    does not reveal is missing in every case, and printed so."""
    layout = public["layout"]
    of_unit = public["team"] is None
    rows = [
        [_SHOWN[column["shows"]](_Line(number, case, private, of_unit)) for column in layout["columns"]]
        for number, case in enumerate(public["cases"], 1)
    ]
    remarks = [
        f"{layout['cite']}. Mỗi vụ việc ghi theo kết quả đến hết ngày {day(public['to'])}; vụ việc trùng nhau ghi một lần.",
        *([f"Người in sổ không có quyền xem tên các bên, nội dung và thỏa thuận: “{DENIED}”."] if private is None else []),
    ]
    return Listing(
        title=layout["title"]["vi"], notice=notice, authority=_authority(public),
        place=wording.place(public["unit_name"]) if public["unit_name"] else "",
        lines=[f"Từ ngày {day(public['from'])} đến ngày {day(public['to'])}"],
        tables=[
            Table(
                heading=layout["part"]["vi"], empty=NOTHING, rows=rows,
                columns=[
                    Column(
                        title=column["title"]["vi"], number=str(number), width=column["width"],
                        align="center" if column["shows"] in CENTRED else "left",
                    )
                    for number, column in enumerate(layout["columns"], 1)
                ],
            ),
            Table(
                heading=layout["tally"]["vi"],
                columns=[Column(title="Nội dung", width=180), Column(title="Số vụ việc", width=40, align="center")],
                rows=[[line["title"]["vi"], len(line["cases"])] for line in public["tally"]],
            ),
        ],
        remarks=remarks, signatures=[Signature(caption=words["vi"]) for words in layout["signatures"]],
    )


def day(iso: str) -> str:
    return "/".join(reversed(iso[:10].split("-")))


def _authority(public: Mapping[str, Any]) -> list[str]:
    lines = [public["unit_name"].upper() or public["unit"], *([] if public["team"] is None else [public["team_name"].upper()])]
    return [line for line in lines if line]


class _Line:
    """One case, with what its reader may see."""

    def __init__(self, number: int, case: Mapping[str, Any], private: Private | None, of_unit: bool) -> None:
        self.number, self.case, self.of_unit = number, case, of_unit
        self.told: Mapping[str, Any] | None = None if private is None else private.get(case["case"], {})

    def people(self, *roles: str) -> list[Mapping[str, Any]]:
        return [one for one in (self.told or {}).get("parties", ()) if one.get("role", "party") in roles]

    def words(self, part: str) -> str:
        return DENIED if self.told is None else self.told.get(part) or ""


def _mediator(line: _Line) -> str:
    invited = [one["name"] for one in line.people("invited")]
    told = ", ".join(invited) if invited else f"{line.case['invited']} người" if line.case["invited"] else ""
    return "\n".join(filter(None, (line.case["mediator"] or "", f"Mời: {told}" if told else "")))


def _parties(line: _Line) -> str:
    if line.told is None:
        return DENIED
    return "\n".join(
        _person(one) + (" (người liên quan)" if one.get("role") == "related" else "") for one in line.people("party", "related")
    )


def _person(one: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (one["name"], one.get("born") and f"sinh năm {one['born']}", one.get("address"))))


def _agreement(line: _Line) -> str:
    """An agreement that came after the period is not in its book."""
    return line.words("agreement") if line.case["status"] == "settled" or line.told is None else ""


def _ticked(*statuses: str) -> Callable[[_Line], Cell]:
    def tick(line: _Line) -> Cell:
        return f"X\n{day(line.case['status_on'])}" if line.case["status"] in statuses else ""

    return tick


def _notes(line: _Line) -> str:
    case = line.case
    settled = case["status"] == "settled"
    return "\n".join(filter(None, (
        case["team_name"] if line.of_unit else "", "Kỳ trước chuyển sang" if case["carried"] else "",
        "Tiếp tục hòa giải trong kỳ" if case["reopened"] else "", STANDS.get(case["status"] or "received", ""),
        PERFORMED.get(case["performance"] or "", "") if settled else "", COURT.get(case["court"] or "", "") if settled else "",
        f"Mã: {case['case'][:8]}",
    )))


_SHOWN: dict[str, Callable[[_Line], Cell]] = {
    "number": lambda line: line.number, "received": lambda line: day(line.case["received_on"] or ""), "mediator": _mediator,
    "parties": _parties, "content": lambda line: line.words("content"), "agreement": _agreement, "settled": _ticked("settled"),
    "not_settled": _ticked("not_settled", "ended_by_party"), "signatures": lambda line: "", "notes": _notes,
}
