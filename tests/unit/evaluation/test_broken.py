"""Rules files broken in many ways: each gives one error that names file, line and remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.evaluation.rules import RulesError, load_scheme
from services.evaluation.rules.examples import load_examples
from services.evaluation.rules.lint import lint
from services.evaluation.rules.loader import SCHEMES

POINTS = Path(__file__).parent / "points"
V2, LTIA, QD = "hanoi-v2.yaml", "ltia-2023.yaml", "qd-25-2021.yaml"
V2_EXAMPLES, LTIA_EXAMPLES = "hanoi-v2.examples.yaml", "ltia-2023.examples.yaml"

CONJUNCTIVE = [
    # keys
    ("kind: conjunctive", "kind: conjunctive\nkind: conjunctive", "stands twice", "keep one"),
    ("kind: conjunctive", "knd: conjunctive", "'kind' is missing", "add `kind: …`"),
    ("kind: conjunctive", "kind: conjunctive\ncolour: red", "unknown key 'colour'", "known here are"),
    ("          value: 85%", "          vlaue: 85%", "'value' is missing", "add `value: …`"),
    ("          value: 85%\n", "          value: 85%\n          cittion: x\n", "unknown key 'cittion'", "mean 'citation'"),
    ("          value: 85%\n          mark: F\n", "          value: 85%\n", "'mark' is missing", "add `mark: …`"),
    ("        - from: 2016-01-01\n          value: 85%", "        - value: 85%", "'from' is missing", "add `from: …`"),
    ("      threshold:", "      treshold:", "'threshold' is missing", "add `threshold: …`"),
    ("  moved:", "  moved_away:", "'moved' is missing", "add `moved: …`"),
    ("    measure: settled_rate", "    mesure: settled_rate", "'measure' is missing", "add `measure: …`"),
    ("  en: Five-good", "  fr: Five-good", "'en' is missing", "add `en: …`"),
    # values
    ("          value: 85%", "          value: 0.85", "is not a share", "write 85% or 9/10"),
    ("          value: 85%", "          value: 85,5%", "is not a share", "write 85% or 9/10"),
    ("          value: 85%", "          value: -5%", "is not a share", "write 85% or 9/10"),
    ("          value: 85%", "          value: 9/0", "is not a share", "write 85% or 9/10"),
    ("          value: 85%", "          value: 185%", "more than the whole", "between 0% and 100%"),
    ("          value: 85%", "          value:\n            - 85%", "a single value is expected", "one line"),
    ("          value: 85%", "          value:", "the value is empty", "fill it in"),
    ("          value: 85%", "          value: expected", "all are expected", "the value that holds until then"),
    ("          value: 300_000", "          value: 300.000", "not a whole number", "300_000"),
    ("          value: 300_000", "          value: 3_00", "not a whole number", "300_000"),
    ("          value: 300_000", "          value: -1", "not a whole number", "300_000"),
    ("        - from: 2023-10-03", "        - from: 2023-13-03", "is not a day", "YYYY-MM-DD"),
    ("        - from: 2023-10-03", "        - from: 03/10/2023", "is not a day", "YYYY-MM-DD"),
    ("        - from: 2023-10-03\n          value: 300_000", "        - from: 2023-10-03\n          value: 1\n          mark: U\n"
     "          citation: x\n        - from: 2023-10-03\n          value: 300_000", "does not come after 2023-10-03", "oldest"),
    ("        - from: 2023-10-03", "        - from: 20231003", "is not a day", "YYYY-MM-DD"),
    ('"11-15"', '"11-31"', "not a day of every year", "MM-DD"),
    ('"11-15"', '"02-29"', "not a day of every year", "MM-DD"),
    ('"11-15"', "15/11", "not a day of every year", "MM-DD"),
    ("value: received_less_pending", "value: all", "'all' is not known", "received_less_pending"),
    ("            - half_year", "            - halfyear", "'halfyear' is not known", "half_year"),
    ("          value:\n            - half_year", "          value: half_year", "a list is expected", "a dash"),
    ("          value:\n            - half_year", "          value: []", "the list is empty", "at least one"),
    ("    - from: 2016-01-01\n      value: own_days", "    - from: 2016-01-01\n      value: one_day", "is not known", "own_days"),
    ("      starts_year_before: true", "      starts_year_before: false", "empty or longer than a year", "exactly if"),
    ("      starts_year_before: true", "      starts_year_before: yes", "neither true nor false", "write true or false"),
    ('      first: "11-01"', '      frist: "11-01"', "'first' is missing", "add `first: …`"),
    ("          mark: F", "          mark: X", "'X' is not known", "F, I, U"),
    # what things are called
    ("    measure: funding", "    measure: fundng", "no measure 'fundng'", "use one of"),
    ("    duty: commune", "    duty: city", "'city' is not known", "team, commune"),
    ("    evidence: attested", "    evidence: hearsay", "'hearsay' is not known", "attested"),
    ("    id: coordination", "    id: settled_rate", "'settled_rate' is taken", "id of its own"),
    ("    id: coordination", "    id: policies", "'policies' is taken", "id of its own"),
    ("    id: coordination", "    id: Co-ordination", "is not an id", "small letters"),
    ("  - number: 2", "  - number: 3", "numbered 1, 3, 3, 4, 5", "number them from 1"),
    ("scheme: hanoi-v2", "scheme: hanoi-v3", "calls itself 'hanoi-v3'", "'hanoi-v2'"),
    ("kind: conjunctive", "kind: sum", "'sum' is not known", "conjunctive, points"),
    ("procedure: hanoi-1269", "procedure: hanoi-9999", "no procedure 'hanoi-9999'", "hanoi-1269"),
    # the file's shape
    ("  vi: Tổ hòa giải 5 tốt (tiêu chí thành phố Hà Nội)", "  vi: ", "the value is empty", "fill it in"),
    ("criteria:\n", "criteria: none\nrest:\n", "a list is expected", "a dash"),
    ("policies:\n", "policies: none\nrest:\n", "keys with values are expected", "key: value"),
    ("kind: conjunctive", "kind: conjunctive\n? [a, b]\n: c", "a key must be plain text", "key: value"),
    ("kind: conjunctive", "kind: [conjunctive", "not YAML", "indentation"),
    ("kind: conjunctive", "kind: conjunctive\n\tx: 1", "not YAML", "indentation"),
    ("kind: conjunctive", "kind: conjunctive\n---\nkind: points", "not YAML", "indentation"),
]

TABLE = [
    ("    rule: choices", "    rule: chances", "no rule 'chances'", "use one of"),
    ("        of: summons_in_time", "        of: summons_late", "no quantity 'summons_late'", "use one of"),
    ("        of: summons_in_time", "        of: record_book", "'record_book' is a word", "count or number"),
    ("        of: summons_in_time\n", "", "'of' is missing", "add `of: …`"),
    ("        to: summons\n", "        too: summons\n", "'to' is missing", "add `to: …`"),
    ("{at_least: 50%, points: 3}", "{at_least: 90%, points: 3}", "does not begin below", "from the highest down"),
    ("{at_least: 50%, points: 3}", "{at_least: 80%, points: 3}", "does not begin below", "from the highest down"),
    ("{at_least: 50%, points: 3}", "{at_least: half, points: 3}", "is not an amount", "80%"),
    ("{at_least: 50%, points: 3}", "{at_least: 50%, points: -3}", "not a number of points", "never less than 0"),
    ("{at_least: 50%, points: 3}", "{at_least: 50%, pints: 3}", "'points' is missing", "add `points: …`"),
    ("{at_least: 50%, points: 3}", "{at_least: 50%, points: 3, x: 1}", "unknown key 'x'", "known here are"),
    ("{word: một phần, points: 2.5}", "{word: đủ, points: 2.5}", "the word 'đủ' stands twice", "keep one"),
    ("value: not_enough_evidence", "value: enough", "neither points nor", "write a number"),
    ("      - id: summons_points", "      - id: efficiency", "'efficiency' is taken", "id of its own"),
    ("      - id: summons_points", "      - id: pass", "'pass' is taken", "id of its own"),
    ("  - {id: filed, kind: count", "  - {id: minutes, kind: count", "'minutes' stands twice", "keep one"),
    ("  - {id: filed, kind: count", "  - {id: idle, kind: count, title: {vi: x, en: y}}\n  - {id: filed, kind: count",
     "nothing asks for the quantity 'idle'", "take it out"),
    ("  - {id: filed, kind: count", "  - {id: filed, team: cases, kind: count", "no 'cases'", "cases_received"),
    ("  - {id: filed, kind: count", "  - {id: filed, team: meetings, kind: number", "give a count", "kind: count"),
    ("  - {id: filed, kind: count", "  - {id: filed, kind: counts", "'counts' is not known", "count, number"),
    ("  - number: 2", "  - number: 4", "numbered 1, 4, 3, 4, 5", "number them from 1"),
    ("    maximum:\n", "    maximal:\n", "unknown key 'maximal'", "did you mean 'maximum'"),
]

PASSING = [
    ("    quantity: disciplined", "    quantity: points_1", "'points_1' is a number", "yes_no"),
    ("  total:", "  totals:", "'total' is missing", "add `total: …`"),
    ("value: 80}", "value: 80 points}", "not a number of points", "write 5"),
    ("        rule: sheet", "        rule: sheet\n        deducts: true", "cannot deduct", "use the rule scored"),
]

SAID = [
    ("bộ tiêu chí: hanoi-v2", "bộ tiêu chí: hanoi-v9", "no scheme 'hanoi-v9'", "use one of"),
    ("    năm: 2024", "    năm: nay", "is not a year", "2024"),
    ("    năm: 2024\n", "", "'năm' is missing", "add `năm: …`"),
    ("    nền: hồ sơ đủ, một vụ việc thành", "    nền: hồ sơ thiếu", "there is no base", "use one of"),
    ("      chung: đạt", "      chung: tốt", "is not a verdict", "đạt, chưa đạt"),
    ("      chung: đạt", "      tiêu chí 6: đạt", "is not a criterion", "`tiêu chí 5`"),
    ("    còn thiếu: không", "    còn thiêu: không", "unknown key", "did you mean 'còn thiếu'"),
    ("      - họp tự đánh giá 15/11/2024", "      - họp tự kiểm điểm 15/11/2024", "cannot read", "one of these forms"),
    ("      - họp tự đánh giá 15/11/2024", "      - họp tự đánh giá 31/11/2024", "day is out of range", "one of these forms"),
    ("    chuyển đơn vị: 01/07/2024", "    chuyển đơn vị: giữa năm", "is not a day", "dd/mm/yyyy"),
    ("    ngày xét: 01/09/2024", "    ngày xét: 2024-09-01", "is not a day", "dd/mm/yyyy"),
    ("  - tên: Thiếu tài liệu nửa năm sau", "  - tên: Vắng một lớp được mời", "stands before", "name of its own"),
    ("    kết quả:\n      chung: đạt\n", "    kết quả: {}\n    xx:\n      chung: đạt\n", "no verdict is expected", "at least"),
    ("  - tên: Đủ năm tốt\n", "  - tên: Đủ năm tốt\n    số liệu: {filed: 1}\n", "facts or figures", "take one of them out"),
    ("  - tên: Đủ năm tốt\n", "  - tên: Đủ năm tốt\n    điểm: {tổng: 1}\n", "gives no points", "kết quả"),
]

FIGURES = [
    ("{record_book: đủ}\n", "{record_book: tốt}\n", "no word of the table", "một phần"),
    ("{record_book: đủ}\n", "{recordbook: đủ}\n", "no quantity 'recordbook'", "use one of"),
    ("{minutes: 11}", "{minutes: 11.5}", "is not a count", "write 25"),
    ("{techniques: hội đồng 10}", "{techniques: hội đồng mười}", "is not a number", "write 8"),
    ("điểm: {minutes_points: 6}", "điểm: {minute_points: 6}", "no part 'minute_points'", "use one of"),
    ("điểm: {minutes_points: 6}", "điểm: {minutes_points: sáu}", "are no points", "0 đến 10"),
    ("điểm: {minutes_points: 6}", "điểm: {}", "no points are expected", "at least one"),
    ("    điểm: {minutes_points: 6}\n", "", "'kết quả' is missing", "add `kết quả: …`"),
]

ALL = [
    (file, *broken)
    for file, listed in ((V2, CONJUNCTIVE), (LTIA, TABLE), (QD, PASSING), (V2_EXAMPLES, SAID), (LTIA_EXAMPLES, FIGURES))
    for broken in listed
]


def text_of(file: str) -> str:
    return ((SCHEMES if file.startswith("hanoi") else POINTS) / file).read_text(encoding="utf-8")


def put(folder: Path, file: str, text: str) -> Path:
    path = folder / file
    path.write_text(text, encoding="utf-8")
    if "examples" in file:
        scheme = file.replace(".examples", "")
        (folder / scheme).write_text(text_of(scheme), encoding="utf-8")
    return path


def test_there_are_many_ways() -> None:
    assert len(ALL) >= 100
    assert len({(file, new) for file, _, new, *_ in ALL}) == len(ALL)


@pytest.mark.parametrize(("file", "old", "new", "problem", "remedy"), ALL)
def test_one_clear_error_with_line_and_remedy(
    tmp_path: Path, file: str, old: str, new: str, problem: str, remedy: str
) -> None:
    text = text_of(file)
    assert old in text
    path = put(tmp_path, file, text.replace(old, new, 1))
    with pytest.raises(RulesError) as caught:
        (load_examples if "examples" in file else load_scheme)(path)
    error = caught.value
    assert problem in error.problem, error
    assert remedy in error.remedy, error
    assert re.match(rf"{re.escape(file)}:\d+: ", str(error))
    assert 1 <= error.line <= len(text.splitlines()) + 3


@pytest.mark.parametrize(("file", "old", "new"), [
    (V2, "          value: 85%", "          value: much"),
    (V2, '"11-15"', '"11-31"'),
    (V2, "    measure: funding", "    measure: fundng"),
    (LTIA, "    rule: choices", "    rule: chances"),
    (LTIA, "{at_least: 50%, points: 3}", "{at_least: 90%, points: 3}"),
    (V2_EXAMPLES, "      - họp tự đánh giá 15/11/2024", "      - họp tự kiểm điểm 15/11/2024"),
    (LTIA_EXAMPLES, "{minutes: 11}", "{minutes: x}"),
])
def test_the_line_is_that_of_the_mistake(tmp_path: Path, file: str, old: str, new: str) -> None:
    text = text_of(file)
    path = put(tmp_path, file, text.replace(old, new, 1))
    with pytest.raises(RulesError) as caught:
        (load_examples if "examples" in file else load_scheme)(path)
    error = caught.value
    assert error.line == text[: text.index(old)].count("\n") + 1
    # the finding of the command is the same one, and the only one
    assert [(f.kind, f.line, f.text, f.remedy) for f in lint(path)] == [("error", error.line, error.problem, error.remedy)]


@pytest.mark.parametrize("file", [V2, LTIA, QD])
def test_every_value_needs_its_citation_and_mark(tmp_path: Path, file: str) -> None:
    """Take out many in turn."""
    text = text_of(file)
    entry = r"(?:\n *|, )(citation|mark): [^,\n}]+(?:, [^a-z][^,\n}]*)*"
    places = [(match.start(), match.end(), match[1]) for match in re.finditer(entry, text)]
    assert len(places) > 20
    for start, end, key in places[::2 if file == V2 else 5]:
        with pytest.raises(RulesError) as caught:
            load_scheme(put(tmp_path, file, text[:start] + text[end:]))
        assert caught.value.problem == f"{key!r} is missing"


def test_a_file_without_end_and_one_in_another_encoding(tmp_path: Path) -> None:
    deep = put(tmp_path, V2, "scheme: " + "[" * 1_000)
    with pytest.raises(RulesError, match=r"without end|not YAML"):
        load_scheme(deep)
    (tmp_path / V2).write_bytes("scheme: hanoi-v2 \xe3".encode("latin-1"))
    with pytest.raises(RulesError, match="UTF-8"):
        load_scheme(tmp_path / V2)
    (tmp_path / V2).write_bytes(b"\xef\xbb\xbf" + text_of(V2).encode())  # as Windows' editor saves it
    assert load_scheme(tmp_path / V2).id == "hanoi-v2"
