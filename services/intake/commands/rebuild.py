"""``namtot rebuild intake``. Opens MongoDB itself: the service has other things to do."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.commands.asking import say, settings
from shared.commands.rebuild import opened, plain, progress, rebuild_app, tell_differences

if TYPE_CHECKING:
    from services.intake.refolding import Checked, Range
    from shared.storage import Document

AT_ONCE = 10
"""Ranges given to a process at a time."""
ALONE = 20_000
"""Log entries for which a second process does not pay."""


def register(app: typer.Typer) -> None:
    """The group is added by ``shared.commands.rebuild``."""


@rebuild_app.command("intake")
def intake(
    mend: Annotated[bool, typer.Option(help="Write what differs; without it nothing is changed.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
    processes: Annotated[int | None, typer.Option(min=1, max=64, help="As many as there are cores, two at most.")] = None,
) -> None:
    """Fold each record again from its log entries and compare it with what is stored, field by field. A record that changes
    meanwhile is looked at again."""
    from services.intake import refolding

    began = perf_counter()
    total = refolding.Checked()
    with opened("intake") as db:
        entries = db["log"].estimated_document_count()
        parts = refolding.ranges(entries)
        count = processes or (1 if entries < ALONE else min(2, os.cpu_count() or 1))
        with progress("folding", entries, json_) as advance:
            for found in _checked(parts, count):
                total.records, total.entries = total.records + found.records, total.entries + found.entries
                total.different += found.different
                advance(found.entries)
        if mend:
            refolding.mend(db, sorted({one.id for one in total.different if one.collection == "records"}))
    seconds = max(perf_counter() - began, 1e-6)
    answer: dict[str, Any] = {
        "records": total.records, "entries": total.entries, "differences": len(total.different),
        "different": plain(total.different), "mended": mend,
        "seconds": round(seconds, 2), "entries_per_s": round(total.entries / seconds),
    }
    if json_:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        _tell(answer, total)
    if total.different:
        raise typer.Exit(1)


def _tell(answer: dict[str, Any], total: Checked) -> None:
    say(f"{answer['records']:,} records folded again from {answer['entries']:,} log entries in {answer['seconds']} s "
        f"({answer['entries_per_s']:,} entries/s).")
    if not total.different:
        say("Every record equals what its log says.")
        return
    tell_differences(total.different)
    say("They were mended." if answer["mended"] else "Next: `namtot rebuild intake --mend` writes what the log says.", error=True)


def _checked(parts: list[Range], processes: int) -> Iterable[Checked]:
    from services.intake.refolding import check_apart

    given = settings()
    pieces = [parts[start:start + AT_ONCE] for start in range(0, len(parts), AT_ONCE)]
    if processes == 1:
        yield from (check_apart(given, piece) for piece in pieces)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(check_apart, given, piece) for piece in pieces]):
            yield done.result()


@rebuild_app.command("states", hidden=True)
def states() -> None:
    """For another service's rebuild: answers queries on record ids, one JSON object a line, with the events that intake would
    announce of them now, one a line, and an empty line after them."""
    from services.intake.refolding import told

    with opened("intake") as db:
        for line in sys.stdin:
            which: Document = json.loads(line)
            sys.stdout.buffer.write(b"".join(body + b"\n" for body in told(db, which)) + b"\n")
            sys.stdout.buffer.flush()
