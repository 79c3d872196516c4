"""The strict loader: what it refuses, and that it says where and what to do."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from services.evaluation.domain.judge import year_rules
from services.evaluation.domain.rules import Scheme
from services.evaluation.rules import RulesError, load_scheme, rules_digest, shipped
from services.evaluation.rules.loader import SCHEMES

V2 = (SCHEMES / "hanoi-v2.yaml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> Scheme:
    path = tmp_path / "hanoi-v2.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scheme(path)


def refused(tmp_path: Path, text: str) -> RulesError:
    with pytest.raises(RulesError) as caught:
        load(tmp_path, text)
    return caught.value


@pytest.mark.parametrize(("old", "new", "problem", "remedy"), [
    ("kind: conjunctive", "kind: conjunctive\nkind: conjunctive", "stands twice", "keep one"),
    ("kind: conjunctive", "knd: conjunctive", "'kind' is missing", "add `kind: …`"),
    ("          value: 85%", "          vlaue: 85%", "'value' is missing", "add"),
    ("          value: 85%\n", "          value: 85%\n          cittion: x\n", "unknown key 'cittion'",
     "did you mean 'citation'"),
    ("          value: 85%", "          value: 0.85", "is not a share", "write 85% or 9/10"),
    ("          value: 85%", "          value: 185%", "more than the whole", "between 0% and 100%"),
    ("          value: 300_000", "          value: 300.000", "not a whole number", "300_000"),
    ("        - from: 2023-10-03", "        - from: 2023-13-03", "is not a day", "YYYY-MM-DD"),
    ("        - from: 2023-10-03", "        - from: 03/10/2023", "is not a day", "YYYY-MM-DD"),
    ('"11-15"', '"11-31"', "not a day of every year", "MM-DD"),
    ('"11-15"', '"02-29"', "not a day of every year", "MM-DD"),
    ("value: received_less_pending", "value: received", None, None),
    ("value: received_less_pending", "value: all", "'all' is not known", "received_less_pending"),
    ("    measure: funding", "    measure: fundng", "no measure 'fundng'", "use one of"),
    ("    duty: commune", "    duty: city", "'city' is not known", "team, commune"),
    ("    number: 1\n", "    number: 3\n", None, None),
    ("  - number: 2", "  - number: 3", "criteria are numbered 1, 3, 3, 4, 5", "number them from 1"),
    ("      starts_year_before: true", "      starts_year_before: false", "empty or longer than a year", "exactly if"),
    ("scheme: hanoi-v2", "scheme: hanoi-v3", "calls itself 'hanoi-v3'", "'hanoi-v2'"),
    ("  vi: Tổ hòa giải 5 tốt (tiêu chí thành phố Hà Nội)", "  vi: ", "the value is empty", "fill it in"),
    ("            - half_year", "            - halfyear", "'halfyear' is not known", "half_year"),
])
def test_refused(tmp_path: Path, old: str, new: str, problem: str | None, remedy: str | None) -> None:
    if problem is None:
        load(tmp_path, V2.replace(old, new))
        return
    assert old in V2
    error = refused(tmp_path, V2.replace(old, new, 1))
    assert problem in error.problem
    assert remedy is not None
    assert remedy in error.remedy
    assert re.match(r"hanoi-v2\.yaml:\d+: ", str(error))


def test_the_line_is_that_of_the_mistake(tmp_path: Path) -> None:
    line = V2.splitlines().index("          value: 85%") + 1
    error = refused(tmp_path, V2.replace("          value: 85%", "          value: much"))
    assert error.line == line
    assert error.where == "criteria[0].parameters.threshold[0].value"


def test_every_value_needs_a_citation(tmp_path: Path) -> None:
    """Take out each citation in turn."""
    lines = V2.splitlines()
    places = [i for i, line in enumerate(lines) if line.strip().startswith("citation:")]
    assert len(places) > 30
    for place in places:
        error = refused(tmp_path, "\n".join(lines[:place] + lines[place + 1:]))
        assert error.problem == "'citation' is missing"


def test_values_go_from_old_to_new(tmp_path: Path) -> None:
    text = V2.replace("        - from: 2023-10-03\n          value: 300_000", (
        "        - from: 2024-01-01\n          value: 310_000\n          mark: U\n          citation: x\n"
        "        - from: 2023-10-03\n          value: 300_000"
    ))
    assert "does not come after 2024-01-01" in refused(tmp_path, text).problem


@pytest.mark.parametrize("text", ["", "scheme: [", "- a\n- b\n", "? [a]\n: b\n", "scheme:\n  a: b\n"])
def test_what_is_no_scheme_at_all(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).remedy


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "hanoi-v2.yaml"
    path.write_bytes("scheme: hanoi-v2 \xe3".encode("latin-1"))
    with pytest.raises(RulesError, match="UTF-8"):
        load_scheme(path)


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
