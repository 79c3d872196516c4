"""As whom a command acts. A name given by ``--who`` is nobody's proof: the login of the operating system goes into the audit
trail beside it, and where a people file is configured the name must hold the role in it."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands.asking import ask, say, settings

Who = Annotated[str, typer.Option(
    "--who", help="Who acts: a name of the people file, if there is one; the login name if left out. The audit trail keeps both."
)]


def login() -> str:
    """The operating system's name of the user, by the process's own id: no variable can say another."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def acting(who: str, role: str, doing: str, purpose: str, unit: str = "", team: str = "") -> dict[str, Any]:
    """{who, role}, as intake is told. ``unit``, ``team``: whose private parts are to be read, where it is about a place.

    Where the people file knows no such name with that role today, the attempt becomes an entry of the audit trail and the command
    ends.
    """
    name = who.strip() or login()
    witness = name if name == login() else f"{name} (login {login()})"
    file = settings().people_file
    if file and not _holds(Path(file), name, role, unit, team):
        ask("intake", "note", who=witness, role=role, action="command_refused", purpose=f"{doing}: {purpose}", about=[])
        place = f" for {team or unit}" if team or unit else ""
        say(f"{name} does not hold the role {role}{place} today by {file}; the attempt was recorded. Name who acts with --who; "
            "`namtot people list` shows who is in the file.", error=True)
        raise typer.Exit(1)
    return {"who": witness, "role": role}


def _holds(file: Path, name: str, role: str, unit: str, team: str) -> bool:
    from shared.calendar import day_of
    from shared.people import reads_private
    from shared.people.file import PeopleError, read
    from shared.storage import utc_now

    try:
        person = read(file).get(name)
    except PeopleError as error:
        say(str(error), error=True)
        raise typer.Exit(2) from None
    day = day_of(utc_now())
    base, _, place = role.partition("@")
    held = [one for one in (person.roles if person else ()) if one.role == base and one.holds(day)]
    if place:
        held = [one for one in held if place in (one.unit, one.team)]
    return bool(reads_private(held, unit, team, day) if unit or team else held)
