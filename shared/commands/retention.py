"""``namtot retention``: private parts that were kept long enough."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from shared.commands.acting import Who, acting
from shared.commands.asking import say, walk


def register(app: typer.Typer) -> None:
    app.command("retention")(retention)


def retention(
    apply: Annotated[bool, typer.Option("--apply", help="Erase what is past its time; without it nothing is changed.")] = False,
    purpose: Annotated[str, typer.Option(help="Why; it goes into the audit trail.")] = "retention rules",
    who: Who = "",
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
) -> None:
    """Count (or, with --apply, erase) the private parts that the rules of retention no longer keep. The rules that ship with
    namtot keep everything: no source states a time."""
    checked = due = 0
    asked = {**acting(who, "data_protection", "retention", purpose), "purpose": purpose, "apply": apply}
    for part in walk("retire", "retention", json_, **asked):
        checked, due = checked + part["checked"], due + part["due"]
    if json_:
        print(json.dumps({"checked": checked, "due": due, "applied": apply}))
        return
    say(f"{checked} private parts looked at, {due} have passed their time" + (" and are erased." if apply else "."))
    if due and not apply:
        say("Next: `namtot retention --apply` erases them.")
