"""``namtot person``: everything that is kept about one person, across all cases: find it, hand it over, erase it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands.acting import Who, acting
from shared.commands.asking import say, walk

person = typer.Typer(no_args_is_help=True, help="One person across all cases: find, export, erase. Each is in the audit trail.")
Name = Annotated[str, typer.Option("--name", help="The whole name, in any spelling.")]
Born = Annotated[int | None, typer.Option(help="Year of birth: tells people of one name apart.")]
Purpose = Annotated[str, typer.Option(help="Why; it goes into the audit trail.")]
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]
TIMES = 3


def register(app: typer.Typer) -> None:
    app.add_typer(person, name="person")


@person.command()
def find(name: Name, purpose: Purpose, born: Born = None, who: Who = "", json_: Json = False) -> None:
    """Where the person is named: cases, rosters, refused bodies. Nothing of what is said there is shown."""
    _tell(_all("find", name, born, purpose, who, json_), json_)


@person.command()
def export(
    name: Name, purpose: Purpose,
    out: Annotated[Path, typer.Option(help="A new file for the person; one ending in .txt is written beside it.")],
    born: Born = None, who: Who = "",
) -> None:
    """Everything said about the person, as JSON and as text. Other people's words and names stay out of it."""
    items = _all("export", name, born, purpose, who, False)
    content = json.dumps({"name": name, "born": born, "purpose": purpose, "items": items}, ensure_ascii=False, indent=1)
    lines = [f"Dữ liệu cá nhân của {name}", ""]
    for item in items:
        where = item.get("subject") or f"refused {item.get('refused')}"
        lines.append(f"- {item.get('on')}  {item.get('type')}  {where}")
        lines += [f"    {field}: {value}" for said in item.get("said", []) for field, value in said.items()]
        lines += [f"    (được nhắc trong {item['texts']} đoạn văn)"] if item.get("texts") else []
    try:
        for path, text in ((out, content), (out.with_suffix(".txt"), "\n".join(lines))):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text + "\n")
    except OSError as error:
        say(f"cannot write: {error}", error=True)
        raise typer.Exit(1) from None
    say(f"{len(items)} places written to {out} and {out.with_suffix('.txt')}; only you can read them.")


@person.command()
def erase(
    name: Name, purpose: Purpose, born: Born = None, who: Who = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be touched.")] = False, json_: Json = False,
) -> None:
    """Take the person out of every case, roster and refused body: name, address, telephone, mailbox, year of birth. For good."""
    found = _all("find", name, born, purpose, who, json_)
    if not json_ or dry_run:
        _tell(found, json_)
    if dry_run or not found:
        return
    if not yes and not typer.confirm(f"Erase this person in {len(found)} places? It cannot be undone"):
        raise typer.Exit(1)
    # what arrived behind the walk is found by the next one
    for _ in range(TIMES):
        _all("erase", name, born, purpose, who, json_)
        left = _all("find", name, born, purpose, who, json_)
        if not left:
            break
    if json_:
        print(json.dumps({"touched": len(found), "left": len(left)}))
    else:
        say(f"Erased in {len(found)} places; {len(left)} are left.", error=bool(left))
    if left:
        raise typer.Exit(1)


def _all(do: str, name: str, born: int | None, purpose: str, who: str, quiet: bool) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    by = acting(who, "data_protection", f"{do}_person", purpose)
    asked = {"do": do, "name": name, "born": born, "purpose": purpose, **by}
    for part in walk("person", do, quiet, **asked):
        items += part["items"]
    return items


def _tell(items: list[dict[str, Any]], json_: bool) -> None:
    if json_:
        print(json.dumps(items, ensure_ascii=False))
        return
    for item in items:
        where = item.get("subject") or f"refused {item.get('refused')}"
        say(f"{item.get('on') or '':<10}  {item.get('type') or '?'}  {where}")
    say(f"{len(items)} places name this person.")
