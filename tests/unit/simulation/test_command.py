"""``namtot simulate`` as it is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from shared.commands import simulate as command
from tests.support.processes import ROOT
from tests.unit.simulation.reading import events

SMALL = ("--teams", "6")


def call(*arguments: str) -> Result:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, arguments)


def test_events_go_to_standard_output() -> None:
    done = call(*SMALL)
    assert done.exit_code == 0
    assert len(events(done.stdout_bytes.splitlines())) > 100


def test_a_file_is_written_and_told_of(tmp_path: Path) -> None:
    out = tmp_path / "year.jsonl"
    done = call(*SMALL, "--out", str(out), "--json")
    told = json.loads(done.stdout)
    assert told["events"] == len(events(out.read_bytes().splitlines()))
    assert told["bytes"] == out.stat().st_size
    assert (told["teams"], told["simulated"]) == (6, True)
    assert [p.name for p in tmp_path.iterdir()] == ["year.jsonl"], "nothing half written stays"


def test_a_person_is_told_that_it_is_simulated_and_what_comes_next(tmp_path: Path) -> None:
    out = tmp_path / "year.jsonl"
    done = call(*SMALL, "--out", str(out))
    assert "All simulated" in done.stdout
    assert f"namtot publish {out}" in done.stdout


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.extend(pipe.read_bytes().splitlines()))
    reader.start()
    assert call(*SMALL, "--out", str(pipe)).exit_code == 0
    reader.join()
    assert len(read) > 100
    assert pipe.is_fifo()


@pytest.mark.parametrize(("arguments", "words"), [
    (("--year", "2099"), "lies ahead"), (("--json",), "--out"), (("--cases-per-team", "many"), "such as 0.48"),
    (("--cases-per-team", "1/0"), "such as 0.48"), (("--teams", "500000"), "400,000"), (("--year", "1990"), "1990"),
])
def test_a_mistake_is_one_clear_sentence(arguments: tuple[str, ...], words: str) -> None:
    done = call(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not done.stdout


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = call(*SMALL, "--out", str(tmp_path / "none" / "year.jsonl"))
    assert done.exit_code == 1
    assert "none/year.jsonl cannot be written" in done.stderr


def test_who_reads_only_the_first_lines_sees_no_error() -> None:
    script = "import typer; from shared.commands import simulate; app = typer.Typer(); simulate.register(app); app()"
    done = subprocess.run(
        f"{sys.executable} -c '{script}' | head -n 2 | wc -l", shell=True, cwd=ROOT, capture_output=True, text=True, check=True,
    )
    assert (done.stdout.strip(), done.stderr) == ("2", "")


MEASURED = """
import resource
from shared.simulation import Plan, simulate
def most(teams):
    for _ in simulate(Plan(year=2024, teams=teams)): pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
most(10)
print(most(900), most(2700))
"""


def test_three_times_the_teams_need_no_more_memory() -> None:
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=ROOT, capture_output=True, text=True, check=True)
    smaller, larger = map(int, done.stdout.split())
    assert larger < 1.1 * smaller
