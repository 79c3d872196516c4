"""``namtot rebuild``: derive everything again, beside the running system, and compare. Each service adds what it derives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from shared.commands.asking import ask, say, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pymongo.database import Database

    from shared.storage.differing import Difference

SHOWN = 10
KEPT = 1_000
"""Differences named in the answer; all of them are counted."""

rebuild_app = typer.Typer(
    no_args_is_help=True,
    help="Derive everything again, beside the running system, and compare with what is stored. Exits with 1 on a difference.",
)


def register(app: typer.Typer) -> None:
    app.add_typer(rebuild_app, name="rebuild")


@rebuild_app.command("announce")
def announce(json_: bool = typer.Option(False, "--json", help="For programs: plain JSON on standard output.")) -> None:
    """Tell every record's present state again, so that every subscriber catches up."""
    announced = announce_all(json_)
    if json_:
        typer.echo(json.dumps({"announced": announced}))
    else:
        say(f"{announced} states announced again; subscribers apply what is newer than what they hold.")


def announce_all(quiet: bool) -> int:
    """How many states intake announced."""
    announced = 0
    after: str | None = ""
    with progress("announcing", ask("intake", "totals")["records"], quiet) as advance:
        while after is not None:
            part = ask("intake", "announce", timeout=120, after=after, limit=500)
            after = part["next"]
            announced += part["announced"]
            advance(part["announced"])
    return announced


@contextmanager
def progress(doing: str, total: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Yields what is to be told how far it went."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda count: bar.advance(task, count)


@contextmanager
def opened(service: str) -> Iterator[Database[dict[str, Any]]]:
    """The service's database; if MongoDB does not answer, one sentence and exit code 1."""
    from pymongo.errors import PyMongoError

    from shared.storage import Unavailable, connect, database

    given = settings()
    client = connect(given)
    try:
        yield database(client, given, service)
    except PyMongoError as error:
        say(f"MongoDB does not answer: {Unavailable(error)}. Next: `namtot status`.", error=True)
        raise typer.Exit(1) from None
    finally:
        client.close()


def tell_differences(found: Iterable[Difference]) -> None:
    """One line each: where, what is stored, what it should be."""
    listed = list(found)
    for one in listed[:SHOWN]:
        where = f"{one.collection}/{one.id}" + (f" {one.field}" if one.field else "")
        say(f"! {where}: stored {_short(one.stored)}, folded {_short(one.expected)}", error=True)
    if len(listed) > SHOWN:
        say(f"… and {len(listed) - SHOWN} more (--json names them)", error=True)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:119] + "…"


def plain(found: Iterable[Difference]) -> list[dict[str, Any]]:
    """For JSON."""
    return [one._asdict() for one in list(found)[:KEPT]]
