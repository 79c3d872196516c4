"""Names in every spelling, and what is left when one is taken out."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.names import ERASED, composed, redacted, same_name, spans, without

NAME = "Đỗ Thị Hoà Bình"


@pytest.mark.parametrize("spelling", [
    NAME, NAME.upper(), NAME.lower(), unicodedata.normalize("NFD", NAME), "Do Thi Hoa Binh", "ĐỖ  THỊ\nHÒA BÌNH",
])
def test_a_name_is_found_in_every_spelling(spelling: str) -> None:
    assert same_name(NAME, spelling)
    assert redacted(f"Bà {spelling}, tổ 5", [NAME]) == f"Bà {ERASED}, tổ 5"


@pytest.mark.parametrize("other", ["Đỗ Thị Hoá Bình", "Đỗ Thị Bình", "Đỗ Thị Hoà Bìnhs", "Thị Hoà Bình"])
def test_another_name_is_left(other: str) -> None:
    assert not same_name(NAME, other)
    assert redacted(other, [NAME]) is other


def test_what_goes_with_the_name_goes_and_a_namesake_of_another_year_stays() -> None:
    party: dict[str, Any] = {"name": NAME, "born": 1960, "phone": "0912 345 678", "address": "Số 5 ngõ 10", "role": "party"}
    value = {"parties": [party, {**party, "born": 1990}], "content": "Gọi 0912 345 678; Do Thi Hoa Binh ở Số 5 ngõ 10."}
    taken = without(value, NAME, 1960)
    assert taken.people == [party]
    assert taken.value["parties"] == [{"name": ERASED, "role": "party"}, {**party, "born": 1990}]
    assert taken.value["content"] == f"Gọi {ERASED}; {ERASED} ở {ERASED}."
    assert without({"parties": [{**party, "born": 1990}], "content": NAME}, NAME, 1960).people == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_else_of_a_text_changes(before: str, after: str) -> None:
    text = composed(f"{before} | {NAME} | {after}")
    left = redacted(text, [NAME])
    assert not spans(composed(left), NAME)
    assert left.replace(ERASED, "").strip() in text.replace(NAME, "") or ERASED in left
