"""The log book's lines: who may see what, and how a case stood at the end of the period."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.evaluation.queries.logbook import laid
from services.evaluation.rules.reports import shipped_book
from shared.papers.listing import Listing
from shared.papers.logbook import DENIED, log_book

PRIVATE = {"c": {
    "parties": [
        {"name": "Nguyễn Văn Bằng", "born": 1961, "address": "ngõ 45"}, {"name": "Trần Thị Hoa", "role": "related"},
        {"name": "Lê Thị Mời", "role": "invited"},
    ],
    "content": "Tranh chấp ngõ đi", "agreement": "Trả lại ngõ",
}}


def public(status: str | None = "settled", team: str | None = "HG-1", **more: Any) -> dict[str, Any]:
    case = {
        "case": "c", "subject": "s", "received_on": "2024-03-04", "team": "HG-1", "team_name": "Tổ 5", "mediator": "hgv-1",
        "invited": 2, "status": status, "status_on": "2024-03-20", "performance": "fulfilled", "court": None, "carried": False,
        "reopened": False, **more,
    }
    return {
        "team": team, "team_name": team and "Tổ 5", "unit": "00118", "unit_name": "Phường Bồ Đề", "from": "2024-01-01",
        "to": "2024-12-31", "layout": laid(shipped_book()), "cases": [case],
        "tally": [{"title": msgspec.to_builtins(line.title), "cases": ["c"]} for line in shipped_book().lines],
    }


def line(listing: Listing) -> dict[str, Any]:
    (row,) = listing.tables[0].rows
    return dict(zip((column.shows for column in shipped_book().columns), row, strict=True))


def test_all_that_the_law_s_columns_ask_for() -> None:
    told = line(log_book(public(), PRIVATE))
    assert told == {
        "number": 1, "received": "04/03/2024", "mediator": "hgv-1\nMời: Lê Thị Mời",
        "parties": "Nguyễn Văn Bằng, sinh năm 1961, ngõ 45\nTrần Thị Hoa (người liên quan)", "content": "Tranh chấp ngõ đi",
        "agreement": "Trả lại ngõ", "settled": "X\n20/03/2024", "not_settled": "", "signatures": "",
        "notes": "Đã thực hiện xong thỏa thuận\nMã: c",
    }


def test_who_may_not_see_it_reads_so_in_each_private_column() -> None:
    told = line(log_book(public(), None))
    assert {told[name] for name in ("parties", "content", "agreement")} == {DENIED}
    assert told["mediator"] == "hgv-1\nMời: 2 người"
    assert not any(word in str(told) for word in ("Bằng", "Hoa", "ngõ"))


@pytest.mark.parametrize(("status", "column", "note"), [
    ("not_settled", "not_settled", "Mã: c"), ("ended_by_party", "not_settled", "Chấm dứt theo yêu cầu của các bên\nMã: c"),
    ("mediating", None, "Đang hòa giải\nMã: c"), (None, None, "Mới tiếp nhận\nMã: c"),
    ("out_of_scope", None, "Không thuộc phạm vi hòa giải ở cơ sở (đã hướng dẫn)\nMã: c"),
])
def test_a_case_stands_as_it_did_and_a_later_agreement_is_not_in_it(status: str | None, column: str | None, note: str) -> None:
    told = line(log_book(public(status), PRIVATE))
    assert (told["settled"], told["agreement"], told["notes"]) == ("", "", note)
    assert told["not_settled"] == ("X\n20/03/2024" if column else "")


def test_in_a_unit_s_book_each_case_names_its_team() -> None:
    assert line(log_book(public(team=None, carried=True), None))["notes"].startswith("Tổ 5\nKỳ trước chuyển sang")


def test_the_tally_counts_cases() -> None:
    assert {row[1] for row in log_book(public(), None).tables[1].rows} == {1}
