"""``namtot refused``: what was not taken in, why, and sending it again."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands.acting import Who, acting
from shared.commands.asking import ask, say

refused = typer.Typer(no_args_is_help=True, help="Events that were refused: list them, look at one, send one again.")
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]


def register(app: typer.Typer) -> None:
    app.add_typer(refused, name="refused")


@refused.command("list")
def list_(
    all: Annotated[bool, typer.Option("--all", help="Also those that were replayed already.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    skip: Annotated[int, typer.Option(min=0)] = 0,
    json_: Json = False,
) -> None:
    """The refused events, latest first, each with the field and the reason."""
    answer = ask("intake", "refused", limit=limit, skip=skip, status=None if all else "open")
    if json_:
        print(json.dumps(answer, ensure_ascii=False))
        return
    if not answer["items"]:
        say("No refused events." if all else "No open refused events. `--all` shows those that were replayed.")
        return
    from rich.table import Table

    table = Table(title=f"{len(answer['items'])} of {answer['total']} refused events")
    for heading in ("id", "code", "field", "reason", "source", "event", "last seen", "times"):
        table.add_column(heading, overflow="fold")
    for item in answer["items"]:
        table.add_row(
            item["id"], item["code"], item["field"] or "", item["reason"], item["source"] or "?", item["event_id"] or "?",
            item["last_seen"][:19], str(item["times"]),
        )
    say(table)
    say("Next: `namtot refused show ID`; when the cause is mended, `namtot refused replay ID` (`--with FILE`: a mended body).")


@refused.command()
def show(
    id: str,
    body: Annotated[bool, typer.Option(help="Body and headers, too; the audit trail keeps that they were read.")] = False,
    purpose: Annotated[str, typer.Option(help="Why the body is read, e.g. mend; it goes into the audit trail.")] = "",
    role: Annotated[str, typer.Option(help="As whom: shared/privacy/access.yaml says who may.")] = "data_protection",
    who: Who = "",
    json_: Json = False,
) -> None:
    """One refused event: everything that is known, and its body if asked for, with a purpose."""
    if body and not purpose.strip():
        say("A body may hold private life: say why it is read, e.g. --purpose mend.", error=True)
        raise typer.Exit(2)
    item = ask("intake", "refused_show", id=id)
    if item is None:
        say(f"No refused event {id}; `namtot refused list --all` shows which there are.", error=True)
        raise typer.Exit(1)
    if body:
        item |= ask("intake", "reveal_refused", id=id, purpose=purpose, **acting(who, role, "read_refused", purpose)) or {}
    if json_:
        print(json.dumps(item, ensure_ascii=False))
        return
    for name, value in item.items():
        if name != "body":
            say(f"{name:>12}  {value}")
    if body:
        say("")
        sys.stdout.write(item.get("body", "") + "\n")


@refused.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Which to send again.")] = None,
    all: Annotated[bool, typer.Option("--all", help="Every open one whose body was kept whole.")] = False,
    mended: Annotated[Path | None, typer.Option("--with", help="Send this file's content instead of the kept body.")] = None,
    json_: Json = False,
) -> None:
    """Send refused events in again; each is judged and counted anew, and listed again if it is still refused."""
    if bool(ids) == all or (mended is not None and (all or len(ids or ()) != 1)):
        say("Name the events to replay, or --all; --with goes with exactly one.", error=True)
        raise typer.Exit(2)
    wanted = list(ids or ()) or [i["id"] for i in _open() if not i["truncated"]]
    content = _content(mended)
    done: list[dict[str, Any]] = [ask("intake", "refused_replay", id=id, body=content) for id in wanted]
    if json_:
        print(json.dumps({"replayed": [d["id"] for d in done]}))
        return
    say(f"{len(done)} sent in again. Next: `namtot refused list` shows those that are refused still.")


def _content(mended: Path | None) -> str | None:
    if mended is None:
        return None
    try:
        return mended.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        say(f"{mended} cannot be read: {error}", error=True)
        raise typer.Exit(2) from None


def _open() -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while True:
        page = ask("intake", "refused", limit=1000, skip=len(items), status="open")
        items += page["items"]
        if not page["items"]:
            return items
