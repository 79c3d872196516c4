"""``namtot keys``: the vault's keys; change the master key, or a month's data key, while the system runs."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from shared.commands.acting import Who, acting
from shared.commands.asking import ask, say, walk

keys = typer.Typer(no_args_is_help=True, help="The vault's keys: list, make a master key, rotate.")
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]


def register(app: typer.Typer) -> None:
    app.add_typer(keys, name="keys")


@keys.command("list")
def list_(json_: Json = False) -> None:
    """The data keys, and which master key wraps each. No key is shown."""
    found = ask("intake", "keys")
    if json_:
        print(json.dumps(found))
        return
    for key in found["keys"]:
        say(f"{key['name']:<12} {key['key']}  made {key['made'][:10]}  under {key['master']}")
    say(f"Present master key: {found['master']}")


@keys.command()
def new(file: Path) -> None:
    """Write a new master key. Then start the services with NAMTOT_KEY_FILE=FILE and NAMTOT_KEY_FILE_BEFORE=the one before, and
    `namtot keys rotate`."""
    from shared.privacy import new_master_key

    try:
        new_master_key(file)
    except OSError as error:
        say(f"{file} cannot be written: {error.strerror}", error=True)
        raise typer.Exit(1) from None
    say(f"{file} holds a new master key. Keep a copy elsewhere: whoever loses it loses the vault.")


@keys.command()
def rotate(
    purpose: Annotated[str, typer.Option(help="Why; it goes into the audit trail.")],
    period: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="A month's data key; without it, the master key.")] = None,
    role: Annotated[str, typer.Option(help="As whom: operator or data_protection.")] = "operator",
    who: Who = "",
    json_: Json = False,
) -> None:
    """Wrap all data keys with the present master key; or give a month another data key and seal its entries anew. Interrupted,
    the same command goes on."""
    from shared.privacy import KNOWN_SECONDS

    changed = 0
    asked = {**acting(who, role, "rotate", purpose), "purpose": purpose, "period": period}
    for part in walk("rotate", "rotating", json_, **asked):
        changed += part["changed"]
    if period is not None:
        # instances that had not yet heard of the new key wrote under the one before
        time.sleep(KNOWN_SECONDS + 1)
        changed += sum(part["changed"] for part in walk("rotate", "once more", json_, **asked, begin=False))
    if json_:
        print(json.dumps({"changed": changed}))
    elif period is None:
        say(f"{changed} data keys wrapped anew.")
        say("Next: `namtot keys list`; when it names one master key only, NAMTOT_KEY_FILE_BEFORE may go.")
    else:
        say(f"{changed} entries of {period} sealed anew.")
