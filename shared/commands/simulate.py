"""``namtot simulate``: a year of a district or of the city, as a file of events."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from shared.commands.asking import say
from shared.contracts import VIETNAM

if TYPE_CHECKING:
    from shared.simulation import Plan


def register(app: typer.Typer) -> None:
    app.command("simulate")(simulate)


def simulate(
    year: Annotated[int, typer.Option(help="The scheme's year: from 1 November of the year before to 31 October.")] = 2024,
    seed: Annotated[int, typer.Option(help="The same seed gives the same events, byte for byte.")] = 1,
    out: Annotated[str, typer.Option(help="File to write, one event a line; - writes to standard output.")] = "-",
    teams: Annotated[int, typer.Option(help="How many teams; 0: 222, or 5,111 with --city.")] = 0,
    cases_per_team: Annotated[str, typer.Option(help="Cases a team, on average: a decimal or a fraction.")] = "0.48",
    city: Annotated[bool, typer.Option("--city", help="126 communes with 5,111 teams instead of Long Biên's 14 wards.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Tell what was written as JSON on standard output.")] = False,
) -> None:
    """Write a simulated year as CloudEvents, one structured JSON event a line. Every event is labelled as simulated.

    Nothing in it is about a real person, team or dispute. Send it with `namtot publish FILE`.
    """
    if json_ and out == "-":
        _fail("--json and the events cannot both go to standard output: name a file with --out")
    plan = plan_of(year, seed, teams, cases_per_team, city)
    now = dt.datetime.now(dt.UTC)
    if out == "-":
        _to_standard_output(plan, now)
    else:
        told = write_file(plan, Path(out), now)
        if json_:
            print(json.dumps(told))
        else:
            say(
                f"{told['events']:,} events ({told['bytes'] / 1e6:,.1f} MB) in {out}: "
                f"{plan.teams:,} teams, {plan.mediators:,} mediators, {plan.cases:,} cases. All simulated."
            )
            say(f"Send them with: namtot publish {out}")


def plan_of(year: int, seed: int, teams: int, cases_per_team: str, city: bool) -> Plan:
    """The plan that the options mean; a mistake ends the command with one sentence and exit code 2."""
    from shared.simulation.plan import Plan, PlanError

    try:
        plan = Plan(year=year, seed=seed, teams=teams, cases_per_team=_fraction(cases_per_team), city=city)
    except PlanError as error:
        _fail(str(error))
    if plan.start > dt.datetime.now(VIETNAM).date():
        _fail(f"year {year} begins on {plan.start:%d/%m/%Y}, which lies ahead: facts cannot lie in the future")
    return plan


def write_file(plan: Plan, path: Path, until: dt.datetime) -> dict[str, Any]:
    """Write a plan's events up to a moment; what was written, as JSON values. Typer's Exit with a clear word if it cannot be."""
    from shared.simulation import simulate as events

    began = time.monotonic()
    count = size = 0
    # what is no plain file, a pipe or a device, is written to as it is and never replaced
    special = path.exists() and not path.is_file()
    half = path if special else path.with_name(f"{path.name}.part")
    with _clear_about(path):
        try:
            with half.open("wb") as file:
                for line in events(plan, until):
                    count += 1
                    size += file.write(line + b"\n")
            if not special:
                os.replace(half, path)
        finally:
            if not special:
                half.unlink(missing_ok=True)
    return {
        "file": str(path), "events": count, "bytes": size, "year": plan.year, "seed": plan.seed, "teams": plan.teams,
        "mediators": plan.mediators, "cases": plan.cases, "simulated": True, "seconds": round(time.monotonic() - began, 3),
    }


def _to_standard_output(plan: Plan, until: dt.datetime) -> None:
    from shared.simulation import simulate as events

    stream: IO[bytes] = sys.stdout.buffer
    try:
        for line in events(plan, until):
            stream.write(line + b"\n")
        stream.flush()
    except BrokenPipeError:
        # the reader has seen enough; nothing may be flushed into the closed pipe at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


@contextmanager
def _clear_about(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _fail(f"{path} cannot be written: {error.strerror or error}", code=1)


def _fraction(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        _fail(f"--cases-per-team {text}: a number such as 0.48 or 12/25 is needed")


def _fail(text: str, code: int = 2) -> NoReturn:
    say(text, error=True)
    raise typer.Exit(code)
