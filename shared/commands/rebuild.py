"""``namtot rebuild``: fold everything again from the log, beside the running system."""

from __future__ import annotations

import json
from enum import StrEnum
from time import monotonic
from typing import Annotated, Any

import typer

from shared.commands.asking import ask, say


class What(StrEnum):
    intake = "intake"
    evaluation = "evaluation"


def register(app: typer.Typer) -> None:
    app.command("rebuild")(rebuild)


def rebuild(
    what: What,
    mend: Annotated[bool, typer.Option(help="intake: write what differs; without it nothing is changed.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
) -> None:
    """intake: fold each record from its log entries and compare with what is stored. evaluation: announce every record's
    present state again, so that every subscriber catches up."""
    answer = _intake(mend, json_) if what is What.intake else _announce(json_)
    if json_:
        print(json.dumps(answer))
    if answer.get("different"):
        raise typer.Exit(1)


def _intake(mend: bool, quiet: bool) -> dict[str, Any]:
    checked = entries = 0
    different: list[str] = []
    began = monotonic()
    for part in _walk("refold", "folding", quiet, mend=mend):
        checked, entries = checked + part["checked"], entries + part["entries"]
        different += part["different"]
    answer = {"records": checked, "entries": entries, "different": different, "seconds": round(monotonic() - began, 2)}
    if not quiet:
        say(f"{checked} records folded again from {entries} log entries in {answer['seconds']} s.")
        if different:
            say(f"{len(different)} differ: {', '.join(different[:10])}" + (" …" if len(different) > 10 else ""), error=True)
            say("They were mended." if mend else "Next: `namtot rebuild intake --mend` writes what the log says.", error=True)
        else:
            say("Every record equals what its log says.")
    return answer


def _announce(quiet: bool) -> dict[str, Any]:
    began = monotonic()
    announced = sum(part["announced"] for part in _walk("announce", "announcing", quiet))
    answer = {"announced": announced, "seconds": round(monotonic() - began, 2)}
    if not quiet:
        say(f"{announced} states announced again in {answer['seconds']} s; subscribers apply what is newer than what they hold.")
        say("Next: `namtot status` shows when the evaluation has caught up.")
    return answer


def _walk(method: str, doing: str, quiet: bool, **arguments: Any) -> Any:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    total = ask("intake", "totals")["records"]
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task(doing, total=total)
        after: str | None = ""
        while after is not None:
            part = ask("intake", method, timeout=120, after=after, limit=500, **arguments)
            after = part["next"]
            progress.advance(task, part.get("checked", 500))
            yield part
