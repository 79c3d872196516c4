"""``namtot people``: who may sign in to the console of a commune that has no identity provider."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands.asking import say
from shared.settings import local_state, variable

people = typer.Typer(no_args_is_help=True, help="Who may sign in to the console: add, list, remove.")
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]
File = Annotated[Path | None, typer.Option("--file", help="The people file; NAMTOT_PEOPLE_FILE if left out.")]


def register(app: typer.Typer) -> None:
    app.add_typer(people, name="people")


@people.command()
def add(
    name: Annotated[str, typer.Argument(help="What is typed to sign in: small letters, digits and . _ @ -")],
    shown: Annotated[str, typer.Option(help="The person's name as pages show it.")],
    role: Annotated[list[str], typer.Option(
        metavar="ROLE[@UNIT|TEAM[:FROM[:TO]]]",
        help="E.g. justice_officer@00118:2025-07-01 or team_leader@HG-4T7K2M9Q; several times for several hats.",
    )],
    file: File = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Put in place of a person of that name.")] = False,
) -> None:
    """Add a person, or give one another password or other roles (--replace). The password is asked for, never an argument."""
    from shared.people.file import Person, hashed, read, write

    with _told():
        path = _path(file)
        held = read(path)
        if name in held and not replace:
            raise _Wrong(f"{name} is in {path} already; --replace puts new roles and a new password in place")
        roles = tuple(role_of(text) for text in role)
        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
        else:
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        held[name] = Person(name, shown, hashed(password), roles)
        write(path, held)
        read(path)
    say(f"{name} may sign in. {path} holds {len(held)} people; the gateway reads it again by itself.")


@people.command("list")
def list_(file: File = None, json_: Json = False) -> None:
    """Everybody in the file with their roles; never a password's hash."""
    from shared.people.file import read

    with _told():
        path = _path(file)
        held = read(path)
    if json_:
        rows = [{"name": p.name, "shown": p.shown, "roles": [_plain(r) for r in p.roles]} for p in held.values()]
        print(json.dumps(rows, ensure_ascii=False))
        return
    if not held:
        say(f"Nobody is in {path}. `namtot people add NAME --shown … --role …` adds somebody.")
        return
    from rich.table import Table

    table = Table(title=f"{len(held)} people in {path}")
    for heading in ("name", "shown", "roles"):
        table.add_column(heading, overflow="fold")
    for person in held.values():
        table.add_row(person.name, person.shown, "\n".join(" ".join(str(v) for v in _plain(r).values()) for r in person.roles))
    say(table)


@people.command()
def remove(name: str, file: File = None) -> None:
    """Take a person out: their sessions end at once."""
    from shared.people.file import read, write

    with _told():
        path = _path(file)
        held = read(path)
        if held.pop(name, None) is None:
            raise _Wrong(f"{name} is not in {path}; `namtot people list` shows who is")
        write(path, held)
    say(f"{name} can no longer sign in.")


class _Wrong(ValueError):
    pass


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What is wrong with the wish or the file is told in a line, with status 1."""
    try:
        yield
    except (ValueError, OSError) as error:
        say(str(error), error=True)
        raise typer.Exit(1) from None


def _path(file: Path | None) -> Path:
    name = variable("people_file")
    held = os.environ.get(name) or local_state().get("env", {}).get(name)
    if file is None and not held:
        raise _Wrong(f"no people file: give --file FILE, or set {name} for the gateway and this command")
    return file or Path(str(held))


def role_of(text: str) -> Any:
    """``justice_officer@00118:2025-07-01:2026-06-30`` as a role. Raise ``PeopleError``."""
    from shared.people.file import held

    role, _, rest = text.partition("@")
    place, first, last = [*rest.split(":"), "", ""][:3]
    kind = "team" if place.startswith("HG-") else "unit"
    return held({"role": role, kind: place, "from": first, "to": last})


def _plain(held: Any) -> dict[str, str]:
    row = {"role": held.role, "unit": held.unit, "team": held.team, "from": held.first, "to": held.last}
    return {name: str(value) for name, value in row.items() if value}
