"""``namtot scheme lint|diff|test``: no server, one answer, an exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from services.evaluation.commands.scheme import register
from services.evaluation.rules import load_scheme, shipped
from services.evaluation.rules.differ import differences
from services.evaluation.rules.lint import lint
from services.evaluation.rules.loader import SCHEMES

POINTS = Path(__file__).parent / "points"
V2 = (SCHEMES / "hanoi-v2.yaml").read_text(encoding="utf-8")


def run(*arguments: str, code: int = 0) -> str:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    found = CliRunner().invoke(app, ["scheme", *arguments])
    assert found.exit_code == code, found.output
    return found.output


def as_json(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code))


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    text = V2
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "hanoi-v2.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# -- lint


def test_what_ships_has_no_mistake() -> None:
    found = as_json("lint")
    assert {row["kind"] for row in found} <= {"unverified", "no_value", "placeholder"}
    assert {Path(row["file"]).name for row in found} >= {"hanoi-v1.yaml", "hanoi-v2.yaml", "vietnam.yaml"}
    assert " files: 0 with a mistake" in run("lint")


def test_a_file_that_says_not_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("title: x\n")
    assert "begin it with one of: scheme, procedure, rules, targets" in run("lint", str(tmp_path / "x.yaml"), code=1)


def test_every_unverified_value_is_listed_with_its_line() -> None:
    found = [f for f in lint(SCHEMES / "hanoi-v2.yaml") if f.kind == "unverified"]
    lines = [number for number, line in enumerate(V2.splitlines(), 1) if line.strip() == "mark: U"]
    assert [f.line for f in found] == lines
    assert "TT 56/2023/TT-BTC" in found[0].text


def test_a_placeholder_is_listed(tmp_path: Path) -> None:
    old = "          value: 85%\n          mark: F\n"
    path = changed(tmp_path, (old, old + (
        "          citation: x\n        - from: 2026-01-01\n          value: expected\n          mark: I\n"
    )))
    found = [f for f in lint(path) if f.kind == "placeholder"]
    assert [(f.where, f.line) for f in found] == [
        ("criteria[0].parameters.threshold[1]", path.read_text().splitlines().index("          value: expected") + 1)
    ]
    assert "expected from 2026-01-01" in run("lint", str(path))


def test_years_without_a_value_are_listed(tmp_path: Path) -> None:
    old = "        - from: 2016-01-01\n          value: 85%"
    path = changed(tmp_path, (old, old.replace("2016", "2018")))
    found = {f.where: f.text for f in lint(path) if f.kind == "no_value"}
    assert found["settled_rate.threshold"] == "nothing from 2016-01-01 to 2017-12-31: the scheme is not in force there"
    assert found["funding.case_max"].endswith("not compared with anything there")


@pytest.mark.parametrize(("old", "new", "kind", "where", "text"), [
    ("{at_least: 100%, points: 10}", "{at_least: 12, points: 10}", "unreachable", "settled_points.rows", "no ratio reaches 12"),
    ("{at_least: 1, points: 1}, {at_least: 0, points: 0}", "{at_least: 1, points: 1}", "gap", "minutes_points.rows", "below 1"),
    (", {at_least: 1%, points: 2}, {at_least: 0%, points: 0}", "", "gap", "summons_points.rows", "below 50%"),
    ("value: 42}", "value: 45}", "maximum", "efficiency.maximum", "45 stated, indicators add up to 42"),
])
def test_bands_and_maxima_that_do_not_add_up(tmp_path: Path, old: str, new: str, kind: str, where: str, text: str) -> None:
    path = tmp_path / "ltia-2023.yaml"
    content = (POINTS / "ltia-2023.yaml").read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    found = [(f.kind, f.where) for f in lint(path)]
    assert found == [(kind, where)]
    assert text in run("lint", str(path))
    assert lint(POINTS / "ltia-2023.yaml") == []


def test_a_mistake_is_told_with_line_and_remedy(tmp_path: Path) -> None:
    path = changed(tmp_path, ("          value: 85%", "          value: much"))
    line = V2.splitlines().index("          value: 85%") + 1
    said = run("lint", str(path), code=1)
    assert f"hanoi-v2.yaml:{line}: cannot be used" in said
    assert "write 85% or 9/10" in said
    (row,) = as_json("lint", str(path), code=1)
    assert (row["kind"], row["line"], row["file"]) == ("error", line, str(path))


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "6 files: 0 with a mistake" in run("lint", str(POINTS))
    assert "name a file" in run("lint", str(tmp_path / "no.yaml"), code=2)
    assert "no *.yaml" in run("lint", str(tmp_path), code=2)


# -- diff


def test_the_two_shipped_schemes_differ_in_their_threshold() -> None:
    rows = {row["at"]: row for row in as_json("diff", "hanoi-v1", "hanoi-v2")["differences"]}
    threshold = rows["settled_rate.threshold"]
    assert ([v["text"] for v in threshold["left"]], [v["text"] for v in threshold["right"]]) == (["80%"], ["85%"])
    assert threshold["right"][0]["mark"] == "F"
    assert rows["detection.log_days"]["right"] == []
    assert "coordination.answer_days" not in rows  # the same, though it began in another year
    said = run("diff", "hanoi-v1", "hanoi-v2")
    assert "settled_rate: Hòa giải thành từ 80% số vụ việc trở lên" in said
    assert "Lao động Thủ đô" in said


def test_a_file_against_what_ships_on_a_day(tmp_path: Path) -> None:
    old = "          value: 85%\n          mark: F\n"
    path = changed(tmp_path, (old, old + (
        "          citation: x\n        - from: 2025-01-01\n          value: 90%\n          mark: I\n"
    )))
    assert [row["at"] for row in as_json("diff", "hanoi-v2", str(path))["differences"]] == ["settled_rate.threshold"]
    assert as_json("diff", "hanoi-v2", str(path), "--on", "2024-12-31")["differences"] == []
    (row,) = as_json("diff", "hanoi-v2", str(path), "--on", "2025-01-01")["differences"]
    assert [v["text"] for v in row["right"]] == ["90%"]
    assert "no value differs" in run("diff", "hanoi-v2", "hanoi-v2")


def test_an_announced_value_is_a_difference(tmp_path: Path) -> None:
    old = "          value: 85%\n          mark: F\n"
    path = changed(tmp_path, (old, old + (
        "          citation: x\n        - from: 2026-01-01\n          value: expected\n          mark: I\n"
    )))
    (difference,) = differences(shipped()["hanoi-v2"], load_scheme(path))
    assert [value.text for value in difference.right] == ["85%", None]
    assert "expected from 2026-01-01" in run("diff", "hanoi-v2", str(path))


def test_the_same_value_said_again_by_another_paper_is_no_difference(tmp_path: Path) -> None:
    old = "          value: 85%\n          mark: F\n"
    path = changed(tmp_path, (old, old + (
        "          citation: x\n        - from: 2025-01-01\n          value: 85%\n          mark: F\n"
    )))
    assert differences(shipped()["hanoi-v2"], load_scheme(path)) == []


def test_points_tables_are_compared_too(tmp_path: Path) -> None:
    path = tmp_path / "ltia-2023.yaml"
    text = (POINTS / "ltia-2023.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("{at_least: 50%, points: 3}", "{at_least: 60%, points: 3}", 1), encoding="utf-8")
    (difference,) = differences(load_scheme(POINTS / "ltia-2023.yaml"), load_scheme(path))
    assert difference.at == "summons_points.rows"
    assert difference.right[0].text == "from 80%: 5, from 60%: 3, from 1%: 2, from 0%: 0"


@pytest.mark.parametrize(("arguments", "says"), [
    (("hanoi-v1", "hanoi-v9"), "there is no scheme 'hanoi-v9'"), (("hanoi-v1", "nothing.yaml"), "nothing.yaml"),
    (("hanoi-v1", "hanoi-v2", "--on", "today"), "write it as 2024-10-31"),
])
def test_what_cannot_be_compared(arguments: tuple[str, ...], says: str) -> None:
    assert says in run("diff", *arguments, code=2)


# -- test


def test_the_golden_examples_of_one_scheme_and_of_a_file() -> None:
    said = run("test", "hanoi-v1")
    assert said.startswith("\nhanoi-v1\n")
    assert ", 0 not" in said
    rows = as_json("test", str(POINTS / "qd-25-2021.yaml"), str(POINTS / "ltia-older.examples.yaml"))
    assert {row["scheme"] for row in rows} == {"qd-25-2021", "ltia-older"}
    assert not any(row["problems"] for row in rows)


def test_an_example_that_does_not_come_out_fails(tmp_path: Path) -> None:
    changed(tmp_path, ("          value: 85%", "          value: 80%"))
    path = tmp_path / "hanoi-v2.examples.yaml"
    path.write_text((SCHEMES / path.name).read_text(encoding="utf-8"), encoding="utf-8")
    said = run("test", str(tmp_path / "hanoi-v2.yaml"), code=1)
    assert "✘ 11 trên 13 vụ việc hiển thị 85% nhưng chưa đạt" in said
    assert "tiêu chí 1: expected not_met, found met" in said
    assert "✔ 17 trên 20 vụ việc là đúng 85%, đạt" in said


def test_examples_that_are_not_there(tmp_path: Path) -> None:
    assert "hanoi-v9.examples.yaml" in run("test", "hanoi-v9", code=2)
    (tmp_path / "x.examples.yaml").write_text("bộ tiêu chí: hanoi-v2\nví dụ: []\n")
    assert "at least one" in run("test", str(tmp_path / "x.examples.yaml"), code=2)


@pytest.mark.parametrize("command", ["lint", "diff", "test"])
def test_each_explains_itself(command: str) -> None:
    assert "--json" in run(command, "--help")
