"""``namtot contract``: documents on standard output or in files, plain words when they cannot be written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer
import yaml
from typer.testing import CliRunner

from shared import contracts
from shared.commands import contract
from shared.contracts import outgoing
from shared.contracts.asyncapi import document
from shared.contracts.schemas import files


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    contract.register(app)
    app.command("other")(lambda: None)  # with one command typer would leave its name out
    return app


def run(app: typer.Typer, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["contract", *arguments])
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_asyncapi_as_yaml_and_as_json_say_the_same(app: typer.Typer, tmp_path: Path) -> None:
    wanted = json.loads(json.dumps(document()))
    text = run(app, "asyncapi")
    assert yaml.safe_load(text) == wanted
    assert not re.search(r"^\s*\S+: [&*]id\d", text, re.MULTILINE), "no YAML anchors: not every reader knows them"
    assert json.loads(run(app, "asyncapi", "--json")) == wanted
    run(app, "asyncapi", "--out", str(tmp_path / "new" / "namtot.json"))
    assert json.loads((tmp_path / "new" / "namtot.json").read_text("utf-8")) == wanted
    run(app, "asyncapi", "--out", str(tmp_path / "namtot.yaml"))
    assert (tmp_path / "namtot.yaml").read_text("utf-8") == text
    assert "hòa giải" in text


def test_schemas_as_files_and_as_one_object(app: typer.Typer, tmp_path: Path) -> None:
    run(app, "schemas", "--out", str(tmp_path))
    found = {path.name: json.loads(path.read_text("utf-8")) for path in tmp_path.iterdir()}
    assert found == files() == json.loads(run(app, "schemas"))


def test_types_for_people_and_for_programs(app: typer.Typer) -> None:
    rows = json.loads(run(app, "types", "--json"))
    assert [row["type"] for row in rows] == [*contracts.TYPES, *outgoing.EVENTS]
    assert {row["direction"] for row in rows} == {"in", "out"}
    lines = run(app, "types").splitlines()
    assert len(lines) == len(rows)
    for row, line in zip(rows, lines, strict=True):
        assert line.split() == [row["direction"], row["type"], row["about"], *row["summary"].split()]


@pytest.mark.parametrize("command", ["asyncapi", "schemas"])
def test_a_place_that_cannot_be_written_is_named(app: typer.Typer, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("")
    told = run(app, command, "--out", str(tmp_path / "file" / "x"), code=1)
    assert "cannot be written" in told and "Traceback" not in told
