"""``namtot up``, ``down`` and ``status``: everything on this machine, for development and for a look."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from deploy.local.stack import Part, Stack

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]


def register(app: typer.Typer) -> None:
    app.command("up")(up)
    app.command("down")(down)
    app.command("status")(status)


def home() -> Path:
    """The directory of this checkout's servers: ``NAMTOT_HOME``, or ``.namtot`` where one stands."""
    return Path(os.environ.get("NAMTOT_HOME", ".namtot"))


def up(
    only_servers: Annotated[bool, typer.Option("--only-servers", help="Only RabbitMQ and MongoDB, no services.")] = False,
    as_json: Json = False,
) -> None:
    """Start RabbitMQ, MongoDB and the services on this machine, or say where they already run.

    All data is kept below .namtot (or NAMTOT_HOME). AMQP_URI and MONGO_URI, where set, are used instead of servers of our own.
    """
    began = time.monotonic()
    with working() as stack:
        local = stack.up(only_servers=only_servers)
    if as_json:
        _print_json({**local, "seconds": round(time.monotonic() - began, 1)})
        return
    out = _console()
    for what, where in places(local):
        out.print(f"  [bold]{what:<12}[/] {where}", soft_wrap=True, highlight=False)
    out.print("Stop everything with [bold]namtot down[/].")


def down(
    wipe: Annotated[bool, typer.Option("--wipe", help="Delete all data too: cases, queues, mails, metrics.")] = False,
    as_json: Json = False,
) -> None:
    """Stop what `namtot up` started; no process is left behind. Data stays unless --wipe is given."""
    with working() as stack:
        ran = stack.down(wipe=wipe)
    if as_json:
        _print_json({"stopped": ran, "wiped": wipe})
        return
    _console().print(f"Stopped: {', '.join(ran)}." if ran else "Nothing was running.", soft_wrap=True, highlight=False)


def status(as_json: Json = False) -> None:
    """Show what runs. Exit code 0 when everything is ready, else 1."""
    from deploy.local.stack import as_json as listed

    with working() as stack:
        parts = stack.status()
    if as_json:
        _print_json({"parts": listed(parts)})
    else:
        _table(parts)
    if any(part.state in ("stopped", "not ready") for part in parts if part.name not in ("mail", "prometheus")):
        raise typer.Exit(1)


def places(local: dict[str, Any]) -> list[tuple[str, str]]:
    """What to look at and where, for a person; from the content of ``local.json``."""
    found = []
    if "gateway" in local["services"]:
        found.append(("Pages", local["services"]["gateway"]))
    if "prometheus" in local:
        found.append(("Prometheus", local["prometheus"]))
    found += [(name, f"{url}/metrics") for name, url in local["services"].items()]
    if "mail" in local:
        found.append(("Mail", f"{local['mail']} (one file a message)"))
    return [*found, ("RabbitMQ", local["env"]["AMQP_URI"]), ("MongoDB", local["env"]["MONGO_URI"])]


@contextmanager
def working() -> Iterator[Stack]:
    """A stack that tells its progress on standard error. Its errors end the command with one sentence and exit code 1;
    Ctrl-C and SIGTERM undo what was begun, with exit code 130."""
    from deploy.local.errors import LocalServersError
    from deploy.local.stack import Stack

    err = _console(stderr=True)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    spinner = err.status("…") if err.is_terminal else None

    def step(text: str) -> None:
        if spinner is not None:
            spinner.update(f"{text} …")
        else:
            err.print(f"{text} …", soft_wrap=True, highlight=False)

    def say(text: str) -> None:
        err.print(text, soft_wrap=True, highlight=False, markup=False)

    try:
        if spinner is not None:
            spinner.start()
        yield Stack(home(), say=say, step=step)
    except LocalServersError as error:
        if spinner is not None:
            spinner.stop()
        say(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        if spinner is not None:
            spinner.stop()
        say("Interrupted; what this command had started is stopped again.")
        raise typer.Exit(130) from None
    finally:
        if spinner is not None:
            spinner.stop()
        signal.signal(signal.SIGTERM, before)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr)


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _table(parts: list[Part]) -> None:
    from rich.table import Table

    colours = {"ready": "green", "given": "cyan", "stopped": "dim", "not ready": "red"}
    table = Table("what", "state", "process", "where", "reason", box=None, pad_edge=False)
    for part in parts:
        table.add_row(
            part.name, f"[{colours[part.state]}]{part.state}[/]", str(part.pid or ""), part.url or "", part.reason or ""
        )
    _console().print(table)
