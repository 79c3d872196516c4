"""The loader: what a file becomes. What it refuses is in ``test_broken``."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from pathlib import Path

import pytest

from services.evaluation.domain.judge import year_rules
from services.evaluation.domain.rules import Scheme
from services.evaluation.rules import RulesError, load_scheme, rules_digest, shipped
from services.evaluation.rules.loader import SCHEMES, scheme_of

V2 = (SCHEMES / "hanoi-v2.yaml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> Scheme:
    path = tmp_path / "hanoi-v2.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scheme(path)


def refused(tmp_path: Path, text: str) -> RulesError:
    with pytest.raises(RulesError) as caught:
        load(tmp_path, text)
    return caught.value


def test_values_go_from_old_to_new(tmp_path: Path) -> None:
    text = V2.replace("        - from: 2023-10-03\n          value: 300_000", (
        "        - from: 2024-01-01\n          value: 310_000\n          mark: U\n          citation: x\n"
        "        - from: 2023-10-03\n          value: 300_000"
    ))
    assert "does not come after 2024-01-01" in refused(tmp_path, text).problem


@pytest.mark.parametrize("text", ["", "scheme: [", "- a\n- b\n", "? [a]\n: b\n", "scheme:\n  a: b\n"])
def test_what_is_no_scheme_at_all(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).remedy


def test_the_value_in_force_is_found_by_date(tmp_path: Path) -> None:
    text = V2.replace("          value: 85%\n          mark: F\n", (
        "          value: 85%\n          mark: F\n          citation: x\n"
        "        - from: 2024-10-31\n          value: 9/10\n          mark: U\n"
    ), 1)
    scheme = load(tmp_path, text)
    found = {
        year: rules.criteria[0][1].threshold.value for year in (2016, 2023, 2024)
        if (rules := year_rules(scheme, year)) is not None
    }
    assert {year: str(value) for year, value in found.items()} == {2016: "17/20", 2023: "17/20", 2024: "9/10"}


def test_a_scheme_has_no_year_before_it_began() -> None:
    assert year_rules(shipped()["hanoi-v2"], 2015) is None
    assert year_rules(shipped()["hanoi-v1"], 2015) is not None


def test_the_shipped_schemes() -> None:
    schemes = shipped()
    assert set(schemes) == {"hanoi-v1", "hanoi-v2"}
    for scheme in schemes.values():
        assert [c.number for c in scheme.criteria] == [1, 2, 3, 4, 5]
        assert scheme.span(2024) is not None
        assert scheme.year_of(dt.date(2023, 11, 1)) == 2024
        assert scheme.year_of(dt.date(2024, 10, 31)) == 2024
        assert scheme.year_of(dt.date(2024, 11, 1)) == 2025
    titles = [c.title.vi for c in schemes["hanoi-v2"].criteria]
    assert titles == [
        "Tỷ lệ hòa giải thành từ 85% trở lên", "Phối hợp tốt với các cơ quan, đoàn thể",
        "Được cấp tài liệu và tham gia đầy đủ các lớp tập huấn", "Kinh phí được chi đúng quy định, kịp thời",
        "Họp 6 tháng, cả năm, trao đổi kinh nghiệm",
    ]


def test_nothing_that_was_not_found_is_marked_found() -> None:
    """Only the criteria's own words, the thresholds and the three days of Art. 20 come from a source."""
    found = {
        (scheme.id, criterion.id, name)
        for scheme in shipped().values() for criterion in scheme.criteria
        for name, dated in criterion.parameters.items() for cited in dated.values if cited.mark == "F"
    }
    assert found == {
        ("hanoi-v1", "settled_rate", "threshold"), ("hanoi-v2", "settled_rate", "threshold"),
        ("hanoi-v1", "detection", "start_days"),
    }


def test_the_digest_is_stable_within_a_release() -> None:
    assert rules_digest() == rules_digest()
    assert re.fullmatch(r"[0-9a-f]{64}", rules_digest())


def test_what_is_expected_has_no_effect_until_it_has_a_value(tmp_path: Path) -> None:
    old = "          value: 85%\n          mark: F\n"
    text = V2.replace(old, old + (
        "          citation: x\n"
        "        - from: 2026-01-01\n          value: expected\n          mark: U\n"
    ), 1)
    scheme = load(tmp_path, text)
    threshold = scheme.criteria[0].parameters["threshold"]
    assert [(e.value, str(e.since), e.mark) for e in threshold.expected] == [(None, "2026-01-01", "U")]
    for year in (2024, 2026, 2030):
        rules = year_rules(scheme, year)
        assert rules is not None
        assert rules.criteria[0][1].threshold.value == Fraction(17, 20)
    (tmp_path / "hanoi-v2.yaml").write_text(text.replace("value: expected", "value: 90%"), encoding="utf-8")
    after = year_rules(load_scheme(tmp_path / "hanoi-v2.yaml"), 2026)
    assert after is not None
    assert after.criteria[0][1].threshold.value == Fraction(9, 10)


def test_a_scheme_names_its_procedure() -> None:
    assert {scheme.procedure for scheme in shipped().values()} == {"hanoi-1269"}


def test_a_scheme_is_read_from_its_text_as_from_its_file() -> None:
    path = SCHEMES / "hanoi-v2.yaml"
    assert scheme_of(path.read_text(encoding="utf-8"), path) == load_scheme(path)
