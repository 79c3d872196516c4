"""``namtot directory`` and ``namtot teams``: who is there on a day, which names wait for an officer, and what a name means."""

from __future__ import annotations

import json
import uuid
from typing import Annotated, Any

import typer

from shared.commands import overseeing, reorganising
from shared.commands.asking import ask, say
from shared.commands.delivering import COMMAND_LINE, deliver, silent

directory = typer.Typer(no_args_is_help=True, help="Units, teams and their codes, names to confirm.")
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]
On = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day; today if left out.")]
Unit = Annotated[str | None, typer.Option("--unit", metavar="CODE", help="Only the teams that work in this ward or commune.")]

TYPE = "vn.namtot.directory.name.confirmed.v1"


def register(app: typer.Typer) -> None:
    app.add_typer(directory, name="directory")
    app.command("teams")(teams)
    directory.command("reorganise")(reorganising.reorganise)
    overseeing.register(directory)


@directory.command()
def units(on: On = None, json_: Json = False) -> None:
    """The units of a day, each with its code and the day from which the code means it."""
    rows = ask("directory", "units", on=_day(on))
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    _table(
        rows, f"{len(rows)} units", ("code", "name", "level", "since", "until", "parent", "contact"),
        lambda u: (u["code"], u["name"], u["level"], u["valid_from"], u.get("valid_to"), u.get("parent"), u.get("contact")),
        empty="No units are known on that day. A register's snapshot brings them: `namtot publish FILE`.",
    )


@directory.command()
def teams(unit: Unit = None, on: On = None, json_: Json = False) -> None:
    """The teams of a day: code, name, ward, group, members."""
    rows = ask("directory", "teams", unit=unit, on=_day(on))
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    _table(
        rows, f"{len(rows)} teams, {sum(r['members'] for r in rows):,} memberships",
        ("code", "name", "ward", "group", "members"),
        lambda t: (t["code"], t["name"], t["unit"], t["group"], str(t["members"])),
        empty="No teams are known there on that day. `namtot directory units` shows which units there are.",
    )


@directory.command()
def names(json_: Json = False) -> None:
    """Names of teams that wait for an officer, most used first, with the teams that they may mean."""
    rows = ask("directory", "names_to_confirm")
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    _table(
        rows, f"{len(rows)} names to confirm", ("source", "its name for a team", "where", "facts", "may be"),
        lambda n: (
            n["source"], n["name"], " ".join(filter(None, (n["unit"], n["group"]))), str(n["seen"]),
            "\n".join(f"{s['code']}  {s['name']}  ({s['score']}%)" for s in n["suggestions"]) or "no team is like it",
        ),
        empty="No names wait.",
    )
    if rows:
        say("Next: `namtot directory confirm SOURCE NAME CODE`; `--own` instead of a code if it is a team of its own.")


@directory.command()
def confirm(
    source: Annotated[str, typer.Argument(help="The source that uses the name, as `namtot directory names` shows it.")],
    name: Annotated[str, typer.Argument(help="The name that the source uses.")],
    code: Annotated[str | None, typer.Argument(help="Code of the team that is meant.")] = None,
    own: Annotated[bool, typer.Option("--own", help="It is a team of its own, not one that is known.")] = False,
    by: Annotated[str | None, typer.Option(help="Reference of the officer who decided, never a person's name.")] = None,
    speaker: Annotated[str, typer.Option("--as", metavar="URI", help="Source in whose name this is said.")] = COMMAND_LINE,
    json_: Json = False,
) -> None:
    """Say which team a source's name means. Facts that waited for it are then counted with that team."""
    if (code is None) != own:
        say("Give the code of the team that is meant, or --own.", error=True)
        raise typer.Exit(2)
    meant = _own_code(source, name) if code is None else _known_code(code)
    answer = _send(_event(source, name, meant, by, speaker))
    if json_:
        print(json.dumps({**answer, "source": source, "name": name, "team": meant}, ensure_ascii=False))
    outcome = answer["outcome"]
    if outcome in ("refused", "unknown"):
        if not json_:
            say(answer["reason"], error=True)
        raise typer.Exit(1)
    if not json_:
        say(f"{name!r} of {source} now means {meant}. `namtot directory names` shows what still waits.")


def _known_code(code: str) -> str:
    team = ask("directory", "team", code=code)
    if team is None:
        say(f"No team has the code {code}; `namtot teams` lists all codes.", error=True)
        raise typer.Exit(1)
    return str(team["code"])


def _own_code(source: str, name: str) -> str:
    for row in ask("directory", "names_to_confirm"):
        if (row["source"], row["name"]) == (source, name) and row["own"]:
            return str(row["own"])
    say(f"{name!r} of {source} does not wait as a team that could be its own; see `namtot directory names`.", error=True)
    raise typer.Exit(1)


def _event(source: str, name: str, code: str, by: str | None, speaker: str) -> bytes:
    from shared.calendar import day_of
    from shared.contracts import moment, record_id, write
    from shared.naming import fold_name
    from shared.storage import utc_now

    now = utc_now()
    data = {"on": day_of(now).isoformat(), "source": source, "name": name, "code": code}
    return write(
        type=TYPE, source=speaker, id=uuid.uuid4().hex, time=moment(now.replace(microsecond=0)),
        # all that is ever said about one name is one record
        subject=f"namtot://directory/names/{record_id(f'{source} {fold_name(name)}')}",
        data=data if by is None else {**data, "by": by},
    )


def _send(body: bytes) -> dict[str, Any]:
    """Publish and wait for intake's outcome: {"outcome", "reason", …}. ``unknown``: it was published, but intake said nothing."""
    answers = deliver([body])
    return answers[0] if answers else {"outcome": "unknown", "reason": silent()}


def _day(on: str | None) -> str | None:
    from shared.contracts import Day

    try:
        return None if on is None else Day.parse(on)
    except ValueError as error:
        say(f"--on {on}: {error}", error=True)
        raise typer.Exit(2) from None


def _table(rows: list[dict[str, Any]], title: str, headings: tuple[str, ...], cells: Any, *, empty: str) -> None:
    from rich.table import Table

    if not rows:
        say(empty)
        return
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(cell or "" for cell in cells(row)))
    say(table)
