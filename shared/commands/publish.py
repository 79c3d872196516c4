"""``namtot publish``: send a file of events as an outside system does, over a connection of its own."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from shared.commands.asking import say
from shared.settings import SettingsError, local_state

if TYPE_CHECKING:
    from rich.progress import Progress

    from shared.simulation.bookmark import Bookmark
    from shared.simulation.lines import Message

SAVE_EVERY = 0.5
"""Seconds between two writings of the bookmark."""


def register(app: typer.Typer) -> None:
    app.command("publish")(publish)


def publish(
    file: Annotated[Path, typer.Argument(help="Events, one JSON object a line; - reads standard input.")],
    rate: Annotated[float, typer.Option(min=0, help="Events a second at most; 0: as fast as the broker takes them.")] = 0,
    resume: Annotated[bool, typer.Option(help="Go on after the last event that was confirmed before.")] = True,
    raw: Annotated[bool, typer.Option("--raw", help="Send every line as it is, even if it is not JSON.")] = False,
    patience: Annotated[float, typer.Option(min=0, help="Seconds to wait for a broker that went away meanwhile.")] = 600,
    amqp_uri: Annotated[str, typer.Option("--to", envvar="AMQP_URI", help="The broker; else the one `namtot up` started.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="Tell what was sent as JSON on standard output.")] = False,
) -> None:
    """Send events to namtot's door, the exchange namtot.inbound: persistent, and each confirmed by the broker.

    How far it came is kept in FILE.sent. After Ctrl-C or a broken connection the same command goes on from there; what arrives
    twice is counted as a duplicate and does no harm.
    """
    began = time.monotonic()
    try:
        told = send_file(file, amqp_uri, rate=rate or None, resume=resume, raw=raw, patience=patience)
    except PublishFailed as failure:
        if json_:
            print(json.dumps({**failure.told, "error": str(failure), "seconds": round(time.monotonic() - began, 3)}))
        say(str(failure), error=True)
        raise typer.Exit(failure.code) from None
    told["seconds"] = round(time.monotonic() - began, 3)
    if json_:
        print(json.dumps(told))
    else:
        _tell(told)
    if told["stopped"]:
        raise typer.Exit(130)


class PublishFailed(Exception):
    """``told``: what was sent nonetheless. ``code``: 2 for a mistake in the call, 1 for everything else."""

    def __init__(self, message: str, code: int = 1, told: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.told = told or {"sent": 0, "complete": False}


def broker(given: str = "") -> str:
    """The address to send to. An outside system knows the broker only, so no other setting is asked for."""
    try:
        uri = given or os.environ.get("AMQP_URI") or local_state().get("env", {}).get("AMQP_URI")
    except SettingsError as error:
        raise PublishFailed(str(error), 2) from None
    if not uri:
        raise PublishFailed("AMQP_URI is not set and no local servers run; start them with `namtot up`", 2)
    return str(uri)


def send_file(
    file: Path, uri: str, *, rate: float | None = None, resume: bool = True, raw: bool = False, patience: float = 600.0,
    moved: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Send a file and return what was sent, as JSON values. Raise ``PublishFailed``. ``uri``: see ``broker``.

    ``moved`` hears how many lines are confirmed; without it a person at the terminal sees a bar.

    Ctrl-C and SIGTERM end it early: what is under way is waited for, and ``stopped`` is true in the result.
    """
    try:
        return _send_file(file, uri, rate=rate, resume=resume, raw=raw, patience=patience, moved=moved)
    except OSError as error:
        raise PublishFailed(f"{error.filename or file}: {error.strerror or error}") from None


def _send_file(
    file: Path, uri: str, *, rate: float | None, resume: bool, raw: bool, patience: float, moved: Callable[[int], None] | None
) -> dict[str, Any]:
    from shared.simulation import bookmark
    from shared.simulation.lines import LineError, messages
    from shared.simulation.sender import Sender, SendError

    piped = str(file) == "-"
    mark = bookmark.Bookmark()
    with _open(file) as stream:
        if not piped:
            mark = _where(file, resume)
            stream.seek(mark.offset)
        uri = broker(uri)
        with _bar(file, piped, moved is None) as shown, _Keeper(None if piped else file, mark, shown, moved) as keeper:
            sender = Sender(
                uri, rate=rate, patience=patience, confirmed=keeper.confirmed, away=keeper.away, back=keeper.back
            )
            with _stopping(sender.stop):
                try:
                    report = sender.send(messages(stream, lines=mark.lines, offset=mark.offset, raw=raw))
                except LineError as error:
                    raise PublishFailed(
                        f"{file}: {error}. Everything before it was sent; mend the line and run the command again, "
                        "or send every line as it is with --raw", 1, keeper.told(),
                    ) from None
                except SendError as error:
                    raise PublishFailed(str(error), 1, keeper.told()) from None
            if not report.stopped and not piped:
                keeper.finish(file.stat().st_size)
        return {
            **keeper.told(), "complete": not report.stopped, "stopped": report.stopped, "reconnects": report.reconnects,
            "sent": report.sent,
        }


def _open(file: Path) -> BinaryIO:
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise PublishFailed(f"{file} does not exist; write one with `namtot simulate --out {file}`", 2) from None
    except OSError as error:
        raise PublishFailed(f"{file} cannot be read: {error.strerror}", 2) from None


def _where(file: Path, resume: bool) -> Bookmark:
    from shared.simulation import bookmark

    if not resume:
        bookmark.forget(file)
    try:
        return bookmark.load(file)
    except bookmark.BookmarkError as error:
        raise PublishFailed(str(error), 2) from None


class _Keeper:
    """Keeps the bookmark and moves the bar, as confirms come in."""

    def __init__(
        self, file: Path | None, mark: Bookmark, shown: Progress | None, moved: Callable[[int], None] | None
    ) -> None:
        self.file, self.mark, self.before, self.shown, self.moved = file, mark, mark, shown, moved
        self._saved = time.monotonic()

    def __enter__(self) -> _Keeper:
        self._show()
        return self

    def __exit__(self, *_: object) -> None:
        self._save()

    def confirmed(self, message: Message) -> None:
        self._move(message.number, message.end)
        if time.monotonic() - self._saved >= SAVE_EVERY:
            self._save()

    def finish(self, size: int) -> None:
        """All is sent; empty lines at the end count as sent too."""
        self._move(self.mark.lines, size)

    def _move(self, lines: int, offset: int) -> None:
        from shared.simulation.bookmark import HEAD, Bookmark, head_of

        head = self.mark.head
        if self.file is not None and self.mark.offset < HEAD and offset > self.mark.offset:
            head = head_of(self.file, offset)
        self.mark = Bookmark(lines=lines, offset=offset, head=head)
        self._show()

    def _save(self) -> None:
        from shared.simulation import bookmark

        if self.file is not None and self.mark != self.before:
            bookmark.save(self.file, self.mark)
        self._saved = time.monotonic()

    def _show(self) -> None:
        if self.moved is not None:
            self.moved(self.mark.lines)
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], completed=self.mark.offset, lines=f"{self.mark.lines:,}")

    def away(self, reason: str, seconds: float) -> None:
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], state=f"[yellow]broker away, again in {seconds:g} s")
        else:
            say(f"The broker is away ({reason}); trying again in {seconds:g} s.", error=True)

    def back(self) -> None:
        if self.shown is not None:
            self.shown.update(self.shown.task_ids[0], state="")
        else:
            say("The broker is back.", error=True)

    def told(self) -> dict[str, Any]:
        return {
            "file": str(self.file) if self.file else "-", "sent": self.mark.lines - self.before.lines,
            "lines": self.mark.lines, "skipped": self.before.lines, "complete": False,
        }


@contextmanager
def _bar(file: Path, piped: bool, wanted: bool) -> Iterator[Progress | None]:
    """A bar on standard error, where a person can see it."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[lines]} lines"),
        TimeRemainingColumn(), TextColumn("{task.fields[state]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        progress.add_task(file.name, total=None if piped else file.stat().st_size, lines="0", state="")
        yield progress


@contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[None]:
    """While it lasts, the first Ctrl-C or SIGTERM asks to stop, a second Ctrl-C breaks off."""

    def asked(number: int, _: object) -> None:
        stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(told: dict[str, Any]) -> None:
    again = "Run the same command to go on." if told["file"] != "-" else ""
    if told["stopped"]:
        say(f"Stopped. {told['lines']:,} lines are confirmed, {told['sent']:,} of them now. {again}", error=True)
    elif not told["sent"] and told["skipped"]:
        say(f"All {told['lines']:,} lines of {told['file']} were sent before; --no-resume sends them again.")
    else:
        rate = told["sent"] / max(told["seconds"], 0.001)
        say(
            f"{told['sent']:,} events sent and confirmed in {told['seconds']:.1f} s ({rate:,.0f} a second)"
            + (f", after {told['skipped']:,} lines sent before" if told["skipped"] else "")
            + (f"; the broker was away {told['reconnects']} time(s)" if told["reconnects"] else "") + "."
        )


