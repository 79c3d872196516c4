"""The explanation on a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from shared.commands.explain import drawn
from tests.unit.evaluation.builders import FULL, having, judged, settled


def shown(tree: dict[str, Any], lang: str) -> str:
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(drawn(tree, lang))
    return out.getvalue()


def tree(**changes: object) -> dict[str, Any]:
    return {**judged(having(**changes)).tree.as_json(), "about": {
        "team": "HG-TEST0000", "name": "Tổ hòa giải TDP số 5", "group": "TDP số 5", "unit": "00118", "unit_name": "Bồ Đề",
        "year": 2024, "as_of": "2025-03-01",
    }}


def test_in_vietnamese() -> None:
    text = shown(tree(meetings=FULL.meetings[1:]), "vi")
    for part in (
        "Tổ hòa giải TDP số 5 (HG-TEST0000)", "TDP số 5, Bồ Đề", "? 5. Họp 6 tháng, cả năm, trao đổi kinh nghiệm: Chưa đủ căn cứ",
        "✔ 1. Tỷ lệ hòa giải thành từ 85% trở lên: Đạt [3/3 = 100%, mức ≥ 85%]", "Căn cứ: Báo Pháp luật Việt Nam", "Còn thiếu:",
        "Còn thiếu biên bản họp 6 tháng", "(trách nhiệm của phường, xã)",
    ):
        assert part in text, text


def test_in_english() -> None:
    text = shown(tree(cases=(settled("a", status="not_settled"),)), "en")
    assert "✘ 1. Settled rate of 85% or more: Not met [0/1 = 0%, required ≥ 85%]" in text
    assert "the commune's duty" in text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_markup_in_names_is_only_text(lang: str) -> None:
    given = tree()
    given["about"]["name"] = "[bold]Tổ[/bold]"
    assert "[bold]Tổ[/bold]" in shown(given, lang)
