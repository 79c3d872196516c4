"""What the commands share: asking a running service, and speaking to the person at the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from shared.messaging.rpc import RpcError, call
from shared.settings import Settings, SettingsError, load


def _language(lang: str) -> str:
    if lang not in ("vi", "en"):
        raise typer.BadParameter(f"{lang!r}: write vi or en")
    return lang


Lang = Annotated[str, typer.Option(help="vi or en.", metavar="vi|en", callback=_language)]


def say(what: Any, error: bool = False) -> None:
    """Print for a person: to the terminal, errors to standard error."""
    from rich.console import Console

    Console(stderr=error, highlight=False).print(what, markup=not isinstance(what, str), soft_wrap=True)


def settings() -> Settings:
    """The settings, or one clear sentence and exit code 2."""
    try:
        return load()
    except SettingsError as error:
        say(str(error), error=True)
        raise typer.Exit(2) from None


def ask(service: str, method: str, timeout: float = 20.0, **arguments: Any) -> Any:
    """Call a service; if it cannot answer, say why and what to do, and exit with 1."""
    try:
        return call(settings(), service, method, timeout=timeout, **arguments)
    except RpcError as error:
        say(str(error), error=True)
        raise typer.Exit(1) from None


def walk(method: str, doing: str, quiet: bool, **arguments: Any) -> Iterator[Any]:
    """Page after page of what intake answers, with a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description} {task.completed:.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task(doing, total=None)
        after: str | None = ""
        while after is not None:
            part = ask("intake", method, timeout=120, after=after, limit=500, **arguments)
            after = part["next"]
            progress.advance(task, part["checked"])
            yield part
