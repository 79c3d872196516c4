"""Words, numbers and tables of the terminal: Vietnamese first, English second."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

VERDICTS = {
    "met": ("Đạt", "Met"), "not_met": ("Chưa đạt", "Not met"), "not_enough_evidence": ("Chưa đủ căn cứ", "Not enough evidence"),
    None: ("Không đánh giá", "Not evaluated"),
}
WORDS = {
    "team": ("Tổ hòa giải", "Team"), "verdict": ("Kết quả đo", "Measured"), "state": ("Công nhận", "Recognition"),
    "notes": ("Lưu ý", "Notes"), "unit": ("Phường, xã", "Commune"), "teams": ("Tổ", "Teams"),
    "meets": ("Đạt tiêu chí", "Meet the criteria"), "requested": ("Đã đề nghị", "Asked"),
    "recognised": ("Đã công nhận", "Recognised"), "share": ("Tỷ lệ", "Share"), "good": ("Làm tốt", "Does well"),
    "closed": ("Đã khóa sổ", "Closed"), "rate": ("Tỷ lệ hòa giải thành", "Settled rate"), "goal": ("Chỉ tiêu", "Target"),
    "id": ("Mã", "ID"), "due": ("Hạn", "Due"), "claim": ("Tình trạng", "State"),
    "item": ("Vụ việc, tháng", "Case, month"),
    "ended_on": ("Kết thúc", "Ended"), "amount": ("Số tiền", "Amount"), "basis": ("Căn cứ mức chi", "By"),
    "mediator": ("HGV", "Mediator"), "taken": ("Nhận trong năm", "Taken"), "in_hand": ("Đang giữ", "In hand"),
    "settled": ("Thành", "Settled"), "not_settled": ("Không thành", "Not settled"), "sessions": ("Buổi hòa giải", "Sessions"),
    "days": ("Số ngày", "Days"), "now": ("Hiện nay", "Now"), "reached": ("Đạt chỉ tiêu", "Reached"),
}
WHOLE = {"id", "due", "amount", "mediator"}
"""Columns that are never broken."""
YES = {True: ("Có", "Yes"), False: ("Không", "No"), None: ("-", "-")}


def share(parts: Sequence[int] | None, lang: str) -> str:
    """``parts``: part and whole."""
    if not parts or not parts[1]:
        return "-"
    from fractions import Fraction

    from services.evaluation.domain.rates import exact_percent

    return exact_percent(Fraction(*parts), lang)


def table(lang: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    drawn = Table(box=SIMPLE)
    for name in columns:
        drawn.add_column(pick(WORDS[name], lang), overflow="fold", no_wrap=name in WHOLE)
    for row in rows:
        drawn.add_row(*row)
    return drawn


def number(value: int, lang: str) -> str:
    return f"{value:,}".replace(",", ".") if lang == "vi" else f"{value:,}"


def day(text: str, lang: str) -> str:
    return "/".join(reversed(text.split("-"))) if lang == "vi" else text


def pick(pair: Sequence[str], lang: str) -> str:
    return pair[0] if lang == "vi" else pair[1]
