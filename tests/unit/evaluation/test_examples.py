"""The golden examples beside each scheme, one test each."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.evaluation.domain.rules import Scheme
from services.evaluation.rules import RulesError, shipped
from services.evaluation.rules.examples import Example, check, load_examples
from services.evaluation.rules.loader import SCHEMES

POINTS = Path(__file__).parent / "points"
FILES = [*sorted(SCHEMES.glob("*.examples.yaml")), *sorted(POINTS.glob("*.examples.yaml"))]
CASES = [
    pytest.param(golden.scheme, example, id=f"{golden.scheme.id}:{example.line}")
    for golden in map(load_examples, FILES) for example in golden.examples
]


@pytest.mark.parametrize(("scheme", "example"), CASES)
def test_example(scheme: Scheme, example: Example) -> None:
    problems = check(example, scheme)
    assert not problems, f"{example.name}:\n" + "\n".join(problems)


def test_every_scheme_has_examples() -> None:
    assert {load_examples(path).scheme.id for path in FILES if path.parent == SCHEMES} == set(shipped())


def test_a_wrong_expectation_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x.examples.yaml"
    path.write_text(
        "bộ tiêu chí: hanoi-v2\nví dụ:\n  - tên: sai\n    năm: 2024\n    kết quả: {chung: đạt}\n    còn thiếu: [x]\n"
        "    giải thích: [câu không có]\n"
    )
    golden = load_examples(path)
    problems = check(golden.examples[0], golden.scheme)
    assert len(problems) == 3
    assert "expected met, found not_enough_evidence" in problems[0]


@pytest.mark.parametrize(("text", "says"), [
    ("    sự việc: [3 con mèo]\n    kết quả: {chung: đạt}\n", "cannot read '3 con mèo'"),
    ("    kết quả: {tiêu chí mười: đạt}\n", "is not a criterion"),
    ("    kết quả: {chung: tốt}\n", "is not a verdict"),
    ("    nền: không có\n    kết quả: {chung: đạt}\n", "there is no base"),
    ("    kết qua: {chung: đạt}\n", "'kết quả' is missing"),
])
def test_what_cannot_be_read_says_so(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "x.examples.yaml"
    path.write_text("bộ tiêu chí: hanoi-v2\nví dụ:\n  - tên: sai\n    năm: 2024\n" + text)
    with pytest.raises(RulesError, match=says):
        load_examples(path)
